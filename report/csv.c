/* CSV for spreadsheets (RFC 4180): one connection a line, a header, lines that end in CR LF, UTF-8 without a byte order
 * mark. Spreadsheets run text that begins like a formula, so such text is marked as text with an apostrophe; numbers are
 * left alone. */
#include "report/report.h"

#include <string.h>

#include "report/cell.h"
#include "report/column.h"
#include "report/lines.h"
#include "rules/host/append.h"

struct csv_sink {
	struct lines_sink base;
	const struct field **every; /* columns, when none are asked for */
};

static const struct field *const *columns_of(const struct lines_sink *sink)
{
	const struct csv_sink *csv = (const struct csv_sink *)sink;

	return sink->base.options.columns ? sink->base.options.columns : csv->every;
}

/* --- a cell ---------------------------------------------------------------------------------------- */
/* "-3.2", "+1": a number, and no formula; nor is "-", standard input, one. */
static bool is_number(const char *text)
{
	if (strcmp(text, "-") == 0)
		return true;
	text += *text == '-' || *text == '+';
	const size_t digits = strspn(text, "0123456789");
	const char *rest = text + digits;

	if (*rest == '.')
		rest += 1 + strspn(rest + 1, "0123456789");
	return digits > 0 && *rest == '\0';
}

/* What spreadsheets take for the beginning of a formula, in full width too. */
static bool begins_formula(const char *text)
{
	static const char *const full_width[] = {"\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"}; /* = + - @ */

	for (size_t i = 0; i < G_N_ELEMENTS(full_width); i++) {
		if (g_str_has_prefix(text, full_width[i]))
			return true;
	}
	return *text && strchr("=+-@|%", *text) && !is_number(text);
}

static void quote_from(GString *out, gsize start)
{
	g_autofree char *raw = g_strdup(out->str + start);

	g_string_truncate(out, start);
	append_char(out, '"');
	for (const char *c = raw; *c; c++) {
		if (*c == '"')
			append_char(out, '"');
		append_char(out, *c);
	}
	append_char(out, '"');
}

/* Some spreadsheets separate by semicolons, and trim spaces that no quotes protect. */
static bool needs_quotes(const char *text)
{
	return strpbrk(text, "\",; '") != NULL;
}

static void finish_cell(GString *out, gsize start)
{
	cell_escape_from(out, start);
	if (begins_formula(out->str + start))
		g_string_insert_c(out, (gssize)start, '\'');
	if (needs_quotes(out->str + start))
		quote_from(out, start);
}

/* --- lines ----------------------------------------------------------------------------------------- */
static void put_line(const struct lines_sink *sink, GString *out, struct subject *s)
{
	const struct field *const *columns = columns_of(sink);

	for (size_t i = 0; columns[i]; i++) {
		if (i > 0)
			append_char(out, ',');
		const gsize start = out->len;
		if (columns[i]->put(out, s) && columns[i]->kind != FIELD_BARE)
			finish_cell(out, start);
	}
	append_literal(out, "\r\n");
}

static void write_header(struct lines_sink *sink)
{
	const struct field *const *columns = columns_of(sink);
	g_autoptr(GString) line = g_string_new(NULL);

	for (size_t i = 0; columns[i]; i++)
		g_string_append_printf(line, "%s%s", i ? "," : "", columns[i]->path);
	append_literal(line, "\r\n");
	output_string(&sink->base.out, line);
}

/* Where a cell ends: at a comma, or the line's end, that no quotes protect. */
static const char *cell_end(const char *at, const char *end)
{
	bool quoted = false;

	for (; at < end && (quoted || (*at != ',' && *at != '\r')); at++)
		quoted ^= *at == '"';
	return at;
}

/* The incident's number goes into its cells, which are empty so far. */
static void mark(const struct lines_sink *sink, GString *out, const char *line, size_t len, const struct incident *incident)
{
	const struct field *const *columns = columns_of(sink);
	const char *at = line, *end = line + len;

	for (size_t i = 0; columns[i]; i++) {
		const char *next = cell_end(at, end);

		append_bytes(out, at, (gsize)(next - at));
		if (columns[i]->put == field_incident)
			append_unsigned(out, incident->id);
		append_bytes(out, next, columns[i + 1] ? 1 : 2);
		at = next + 1;
	}
}

static bool asks_for_incidents(const struct lines_sink *sink)
{
	const struct field *const *columns = columns_of(sink);

	for (size_t i = 0; columns[i]; i++)
		if (columns[i]->put == field_incident)
			return true;
	return false;
}

static void clear(struct lines_sink *sink)
{
	g_free(((struct csv_sink *)sink)->every);
}

struct report_sink *report_csv_new(FILE *out, const struct report_options *options)
{
	static const struct lines_class lines = {.put = put_line, .mark = mark, .clear = clear};
	struct csv_sink *csv = g_new0(struct csv_sink, 1);

	lines_init(&csv->base, &lines, out, options);
	csv->every = column_all(options->asked != NULL);
	csv->base.marks = asks_for_incidents(&csv->base);
	if (csv->base.marks)
		report_sink_collect_incidents(&csv->base.base);
	write_header(&csv->base);
	return &csv->base.base;
}
