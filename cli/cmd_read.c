/* hangup read: judges every connection of a capture and hands the verdicts to one of the outputs. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/diagnostic.h"
#include "cli/error_asked.h"
#include "cli/input_options.h"
#include "cli/judging.h"
#include "cli/result.h"
#include "cli/rules_in_force.h"
#include "cli/selection.h"
#include "cli/terminal.h"
#include "cli/timer_files.h"
#include "report/column.h"
#include "report/report.h"

/* ------------------------------------------------------------------------------------------------- options */

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
static uint32_t fail_on; /* set of 1u << HANGUP_LABEL_... */
static double max_loss_percent = 100;

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

/* What -o fields=help asks for. */
static bool list_columns(GString *out)
{
	enum { WIDTH = 80 };

	if (columns_listed)
		column_append_all(out, WIDTH);
	return columns_listed;
}

static gboolean take_fail_on(const gchar *option, const gchar *value, gpointer data, GError **error)
{
	(void)option;
	(void)data;
	return selection_parse_labels(value, &fail_on, error);
}

static gboolean take_max_loss(const gchar *option, const gchar *value, gpointer data, GError **error)
{
	char *end;

	(void)option;
	(void)data;
	max_loss_percent = g_ascii_strtod(value, &end);
	if (end != value && (g_str_equal(end, "") || g_str_equal(end, "%")) && max_loss_percent >= 0 &&
	    max_loss_percent <= 100)
		return TRUE;
	g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "\"%s\" is no percentage", value);
	return FALSE;
}

#define CALLBACK G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK

static const GOptionEntry output_entries[] = {
	{"output", 'o', CALLBACK, (gpointer)take_format,
	 "text: what went wrong, for people; ndjson: every connection, one JSON object a line, for programs; "
	 "fields=NAME,...: every connection, these fields of it separated by tabs (fields=help lists them); "
	 "csv[=NAME,...]: for spreadsheets; ecs: NDJSON in the Elastic Common Schema", "FORMAT"},
	{"all", 'a', 0, G_OPTION_ARG_NONE, &every_connection,
	 "With text: tell of every connection, not only of abnormal endings", NULL},
	{"header", 0, 0, G_OPTION_ARG_NONE, &header, "With fields: their names in the first line", NULL},
	{0}
};
static const GOptionEntry status_entries[] = {
	{"fail-on", 0, CALLBACK, (gpointer)take_fail_on,
	 "Exit with 1 when a connection that is told of ended abnormally with one of these labels (repeatable)",
	 "LABEL[,LABEL...]"},
	{"max-loss", 0, CALLBACK, (gpointer)take_max_loss, "Exit with 4 when the capture lost more than this", "PERCENT"},
	{0}
};
static const struct option_section output_section = {"Output", output_entries};
static const struct option_section status_section = {"Exit status", status_entries};

G_STATIC_ASSERT((int)PIPELINE_LANES <= (int)REPORT_LANES_MAX);

/* --------------------------------------------------------------------------------------------------- a run */

struct reading {
	struct report_options options;
	struct report_sink *sink; /* from the first packet on */
	struct lane {
		uint64_t payload; /* bytes, over all connections */
		bool found;       /* what --fail-on asks for */
	} lane[PIPELINE_LANES];
};

static sink_new_fn sink_new_for(const struct report_options *options)
{
	return options->asked && format->sink_new == report_text_new ? report_candidates_new : format->sink_new;
}

/* The first packet tells the capture's day, which the selection may need. */
static void on_begin(int64_t first_ns, void *user)
{
	struct reading *r = user;

	selection_get(&r->options.selection, first_ns);
	r->options.first_ns = first_ns;
	r->options.asked = error_asked_get(first_ns);
	r->sink = sink_new_for(&r->options)(stdout, &r->options);
}

static bool matches_fail_on(const struct hangup_claim *verdict)
{
	return verdict->severity == HANGUP_SEVERITY_ABNORMAL && (fail_on & (1u << verdict->label));
}

static void on_verdict(const struct hangup_case *c, unsigned lane, void *user)
{
	struct reading *r = user;
	struct lane *l = &r->lane[lane];

	report_verdict(r->sink, lane, c);
	l->payload += (uint64_t)facts_value(c->facts, HANGUP_FACT_PAYLOAD, HANGUP_CLIENT) +
	              (uint64_t)facts_value(c->facts, HANGUP_FACT_PAYLOAD, HANGUP_SERVER);
	l->found |= matches_fail_on(case_verdict(c)) && report_selected(&r->options.selection, c);
}

static void on_turn(void *user)
{
	struct reading *r = user;

	report_turn(r->sink);
}

static uint64_t payload_of(const struct reading *r)
{
	uint64_t sum = 0;

	for (unsigned lane = 0; lane < PIPELINE_LANES; lane++)
		sum += r->lane[lane].payload;
	return sum;
}

static bool found_in(const struct reading *r)
{
	bool found = false;

	for (unsigned lane = 0; lane < PIPELINE_LANES; lane++)
		found |= r->lane[lane].found;
	return found;
}

static double percent_of(uint64_t lost, uint64_t seen)
{
	return lost ? 100.0 * (double)lost / ((double)lost + (double)seen) : 0;
}

/* Two witnesses: the file's own drop counters, and bytes that were acknowledged but never captured. */
static double loss_percent(const struct run_summary *summary, uint64_t payload)
{
	double counted = percent_of(summary->capture_dropped, summary->frames);
	double missed = percent_of(summary->acked_unseen, payload);

	return counted > missed ? counted : missed;
}

static enum exit_status status_of(const struct reading *r, const struct run_summary *summary)
{
	double loss = loss_percent(summary, payload_of(r));

	if (loss > max_loss_percent) {
		diagnostic_error("%s: the capture lost %.3g%%, more than %g%%", r->options.input_name, loss,
		                 max_loss_percent);
		return EXIT_LOSS;
	}
	return found_in(r) ? EXIT_FOUND : EXIT_DONE;
}

static enum exit_status finish(struct reading *r, enum exit_status status, const struct run_summary *summary)
{
	g_autoptr(GError) error = NULL;

	if (status == EXIT_USAGE || (status != EXIT_DONE && !summary->frames))
		return status; /* nothing was read, or not what was asked for */
	if (!r->sink)
		on_begin(0, r);
	if (!report_finish(r->sink, summary, &error))
		return result_failed(error);
	return status == EXIT_DONE ? status_of(r, summary) : status;
}

static enum exit_status run_read(char **arguments)
{
	struct reading reading = {
		.options = {
			.every_connection = every_connection,
			.columns = columns,
			.header = header,
			.colour = terminal_colour(),
			.ascii = terminal_ascii(),
			.width = terminal_width(),
		},
	};
	struct judging judging = {
		.begin = on_begin,
		.verdict = on_verdict,
		.turn = on_turn,
		.streams = (format->streams || every_connection) && !error_asked_given(),
		.has_summary = !format->streams,
		.user = &reading,
	};
	struct inputs inputs;
	struct run_summary summary;
	enum exit_status status;
	g_autoptr(GError) error = NULL;

	if (!selection_check(&error) || !error_asked_check(&error)) {
		diagnostic_error("read: %s", error->message);
		return EXIT_USAGE;
	}
	status = inputs_init(&inputs, arguments, g_strv_length(arguments));
	if (status == EXIT_USAGE || inputs.len == 0) {
		inputs_clear(&inputs);
		return status;
	}
	inputs_describe(&inputs, &reading.options);
	status = exit_graver(status, judging_run(&inputs, &judging, &summary));
	status = finish(&reading, status, &summary);
	inputs_clear(&inputs);
	return status;
}

static const struct option_section *const sections[] = {
	&output_section, &selection_section, &error_section, &input_section, &reading_section, &rules_section, &timers_section,
	&status_section, &terminal_section, NULL
};

const struct command command_read = {
	.name = "read",
	.arguments = "FILE...",
	.summary = "Says how every connection in a capture ended",
	.help = "Judges every TCP connection in a capture (pcap, pcapng or snoop, compressed or not; - for standard input) "
	        "and says who ended it and why: the abnormal endings first, each with the packets that prove it. Several "
	        "files, the captures in a folder and a quoted pattern are merged by time.",
	.arguments_min = 1,
	.arguments_max = INT_MAX,
	.sections = sections,
	.list = list_columns,
	.run = run_read,
};
