/* Columns: one connection a line, fields separated by tabs as tshark's -T fields does. What is not known is empty. */
#include "report/report.h"

#include <string.h>

#include "report/cell.h"
#include "report/lines.h"
#include "rules/host/append.h"

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
			cell_escape_from(out, start);
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

/* The incident's number goes into its columns, which are empty so far. */
static void mark(const struct lines_sink *sink, GString *out, const char *line, size_t len, const struct incident *incident)
{
	const struct field *const *columns = sink->base.options.columns;
	const char *end = line + len;

	for (size_t i = 0; columns[i]; i++) {
		const char *next = memchr(line, columns[i + 1] ? '\t' : '\n', (size_t)(end - line));

		g_assert(next);
		append_bytes(out, line, (gsize)(next - line));
		if (columns[i]->put == field_incident)
			append_unsigned(out, incident->id);
		append_char(out, *next);
		line = next + 1;
	}
}

static bool asks_for_incidents(const struct report_options *options)
{
	for (size_t i = 0; options->columns[i]; i++)
		if (options->columns[i]->put == field_incident)
			return true;
	return false;
}

struct report_sink *report_columns_new(FILE *out, const struct report_options *options)
{
	static const struct lines_class lines = {.put = put_line, .mark = mark};
	struct lines_sink *sink = g_new0(struct lines_sink, 1);

	lines_init(sink, &lines, out, options);
	sink->marks = asks_for_incidents(options);
	if (sink->marks)
		report_sink_collect_incidents(&sink->base);
	if (options->header)
		write_header(sink);
	return &sink->base;
}
