#include "cli/output_format.h"

#include <string.h>

#include "report/column.h"

typedef struct report_sink *(*sink_new_fn)(FILE *out, const struct report_options *options);

/* Every output: a new one is a row. */
static const struct format {
	const char *name;
	sink_new_fn sink_new;
	enum { NAMES_NONE, NAMES_MAY, NAMES_MUST } names; /* "=NAME,..." follows */
	bool streams; /* writes while it reads */
} formats[] = {
	{"text", report_text_new, NAMES_NONE, false},
	{"ndjson", report_ndjson_new, NAMES_NONE, true},
	{"fields", report_columns_new, NAMES_MUST, true},
	{"csv", report_csv_new, NAMES_MAY, true},
	{"ecs", report_ecs_new, NAMES_NONE, true},
};

static const struct format *format = &formats[0];
static const struct field **columns;
static gboolean columns_listed, header;
static gboolean every_connection;

static gboolean take_columns(const char *names, GError **error)
{
	columns_listed = g_str_equal(names, "help");
	g_clear_pointer(&columns, g_free);
	if (!columns_listed)
		columns = column_parse(names, error);
	return columns_listed || columns;
}

static gboolean bad_format(const char *value, GError **error)
{
	static const char *const names_shown[] = {"", "[=NAME,...]", "=NAME,..."};
	g_autoptr(GString) names = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
		g_string_append_printf(names, "%s%s%s", i ? ", " : "", formats[i].name, names_shown[formats[i].names]);
	g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "\"%s\" is none of %s", value, names->str);
	return FALSE;
}

static gboolean take_format(const gchar *option, const gchar *value, gpointer data, GError **error)
{
	const char *names = strchr(value, '=');
	const size_t len = names ? (size_t)(names - value) : strlen(value);

	(void)option;
	(void)data;
	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
		if (strlen(formats[i].name) != len || memcmp(formats[i].name, value, len) != 0)
			continue;
		if (names ? formats[i].names == NAMES_NONE : formats[i].names == NAMES_MUST)
			break;
		format = &formats[i];
		return names ? take_columns(names + 1, error) : TRUE;
	}
	return bad_format(value, error);
}

bool output_format_list(GString *out)
{
	enum { WIDTH = 80 };

	if (columns_listed)
		column_append_all(out, WIDTH);
	return columns_listed;
}

#define CALLBACK G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK

static const GOptionEntry output_entries[] = {
	{"output", 'o', CALLBACK, (gpointer)take_format,
	 "text: what went wrong, for people; ndjson: every connection, one JSON object a line, for programs; "
	 "fields=NAME,...: every connection, these fields of it separated by tabs (fields=help lists them); "
	 "csv[=NAME,...]: for spreadsheets; ecs: NDJSON in the Elastic Common Schema", "FORMAT"},
	{"all", 'a', 0, G_OPTION_ARG_NONE, &every_connection,
	 "With text: tell of every connection, not only of abnormal endings; with hangup run, of the command's own still, see "
	 "--everybody", NULL},
	{"header", 0, 0, G_OPTION_ARG_NONE, &header, "With fields: their names in the first line", NULL},
	{0}
};
const struct option_section output_section = {"Output", output_entries};

bool output_format_streams(void)
{
	return format->streams;
}

bool output_format_lists_all(void)
{
	return every_connection;
}

static sink_new_fn sink_new_for(const struct report_options *options)
{
	return options->asked && format->sink_new == report_text_new ? report_candidates_new : format->sink_new;
}

struct report_sink *output_format_sink(FILE *out, struct report_options *options)
{
	options->every_connection = every_connection;
	options->columns = columns;
	options->header = header;
	return sink_new_for(options)(out, options);
}
