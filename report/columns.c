/* Columns: one connection a line, fields separated by tabs as tshark's -T fields does. What is not known is empty. */
#include "report/report.h"

#include "report/escape.h"
#include "report/lines.h"
#include "rules/host/append.h"

/* --- escapes: a value stays between two tabs ----------------------------------------------------------- */
static bool needs_none(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		const unsigned char c = (unsigned char)text[i];

		if (c < 0x20 || c >= 0x7f || c == '\\')
			return false;
	}
	return true;
}

/* The letter that stands after a backslash for this character; 0 when none does. */
static char short_of(char c)
{
	switch (c) {
	case '\t':
		return 't';
	case '\n':
		return 'n';
	case '\r':
		return 'r';
	case '\\':
		return '\\';
	default:
		return '\0';
	}
}

static void escape_from(GString *out, gsize start)
{
	if (needs_none(out->str + start, out->len - start))
		return;
	g_autoptr(GString) raw = g_string_new_len(out->str + start, (gssize)(out->len - start));
	const char *text = raw->str, *end = text + raw->len;

	g_string_truncate(out, start);
	while (text < end) {
		const char *piece = text;

		while (text < end && !short_of(*text))
			text++;
		escape_append(out, piece, (size_t)(text - piece), false);
		if (text < end) {
			append_char(out, '\\');
			append_char(out, short_of(*text++));
		}
	}
}

/* --- lines ----------------------------------------------------------------------------------------- */
static void put_line(const struct lines_sink *sink, GString *out, struct subject *s)
{
	const struct field *const *columns = sink->base.options.columns;

	for (size_t i = 0; columns[i]; i++) {
		const struct field *column = columns[i];

		if (i > 0)
			append_char(out, '\t');
		const gsize start = out->len;
		if (column->put(out, s) && column->kind != FIELD_BARE)
			escape_from(out, start);
	}
	append_char(out, '\n');
}

static void write_header(struct lines_sink *sink)
{
	const struct field *const *columns = sink->base.options.columns;
	g_autoptr(GString) line = g_string_new(NULL);

	for (size_t i = 0; columns[i]; i++)
		g_string_append_printf(line, "%s%s", i ? "\t" : "", columns[i]->path);
	append_char(line, '\n');
	output_string(&sink->base.out, line);
}

struct report_sink *report_columns_new(FILE *out, const struct report_options *options)
{
	static const struct lines_class lines = {.put = put_line};
	struct lines_sink *sink = g_new0(struct lines_sink, 1);

	lines_init(sink, &lines, out, options);
	if (options->header)
		write_header(sink);
	return &sink->base;
}
