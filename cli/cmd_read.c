/* hangup read: judges every connection of a capture and hands the verdicts to one of the outputs. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "cli/anonymize.h"
#include "cli/command.h"
#include "cli/diagnostic.h"
#include "cli/error_asked.h"
#include "cli/evidence_file.h"
#include "cli/input_options.h"
#include "cli/judging.h"
#include "cli/output_format.h"
#include "cli/result.h"
#include "cli/rules_in_force.h"
#include "cli/selection.h"
#include "cli/terminal.h"
#include "cli/timer_files.h"
#include "report/incidents/incident.h"
#include "report/incidents/incident_rule.h"
#include "report/report.h"

/* ------------------------------------------------------------------------------------------------- options */

static uint32_t fail_on; /* set of 1u << HANGUP_LABEL_... */
static double max_loss_percent = 100;

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

static const GOptionEntry status_entries[] = {
	{"fail-on", 0, CALLBACK, (gpointer)take_fail_on,
	 "Exit with 1 when a connection that is told of ended abnormally with one of these labels (repeatable), and is not part "
	 "of a harmless incident",
	 "LABEL[,LABEL...]"},
	{"max-loss", 0, CALLBACK, (gpointer)take_max_loss, "Exit with 4 when the capture lost more than this", "PERCENT"},
	{0}
};
static const struct option_section status_section = {"Exit status", status_entries};

G_STATIC_ASSERT((int)PIPELINE_LANES <= (int)REPORT_LANES_MAX);

/* --------------------------------------------------------------------------------------------------- a run */

struct reading {
	struct report_options options;
	double incident_thresholds[INCIDENT_THRESHOLD_COUNT];
	struct report_sink *sink; /* from the first packet on */
	struct evidence *evidence; /* NULL when none is asked for */
	bool found; /* what --fail-on asks for */
	struct lane {
		uint64_t payload; /* bytes, over all connections */
		uint64_t bad[HANGUP_LABEL_COUNT]; /* told of, and abnormal by its own verdict */
		char apart[64];   /* from the next lane's cache line */
	} lane[PIPELINE_LANES];
};

/* The set is gone when the sink finishes. */
static void on_rules(const struct rule_set *rules, void *user)
{
	struct reading *r = user;

	memcpy(r->incident_thresholds, rule_set_find(rules, incident_rule.name)->thresholds, sizeof r->incident_thresholds);
	r->options.incident_thresholds = r->incident_thresholds;
}

/* The first packet tells the capture's day, which the selection may need. */
static void on_begin(int64_t first_ns, void *user)
{
	struct reading *r = user;

	selection_get(&r->options.selection, first_ns);
	r->options.first_ns = first_ns;
	r->options.asked = error_asked_get(first_ns);
	r->sink = output_format_sink(stdout, &r->options);
}

static void on_verdict(const struct hangup_case *c, unsigned lane, void *user)
{
	struct reading *r = user;
	struct lane *l = &r->lane[lane];

	report_verdict(r->sink, lane, c);
	if (r->evidence)
		evidence_verdict(r->evidence, lane, c);
	l->payload += (uint64_t)facts_value(c->facts, HANGUP_FACT_PAYLOAD, HANGUP_CLIENT) +
	              (uint64_t)facts_value(c->facts, HANGUP_FACT_PAYLOAD, HANGUP_SERVER);
	l->bad[case_verdict(c)->label] += case_verdict(c)->severity == HANGUP_SEVERITY_ABNORMAL &&
	                                  report_selected(&r->options.selection, c);
}

static void on_turn(void *user)
{
	struct reading *r = user;

	report_turn(r->sink);
}

static void on_read(const struct source *source, const struct run_summary *summary, void *user)
{
	struct reading *r = user;

	(void)source;
	(void)summary;
	evidence_choose(r->evidence, r->sink ? report_conclude(r->sink) : NULL);
}

static uint64_t payload_of(const struct reading *r)
{
	uint64_t sum = 0;

	for (unsigned lane = 0; lane < PIPELINE_LANES; lane++)
		sum += r->lane[lane].payload;
	return sum;
}

static uint64_t bad_with(const struct reading *r, enum hangup_label label)
{
	uint64_t sum = 0;

	for (unsigned lane = 0; lane < PIPELINE_LANES; lane++)
		sum += r->lane[lane].bad[label];
	return sum;
}

/* What incidents excuse was not what --fail-on asks for. */
static bool found_in(const struct reading *r, const struct incident_list *incidents)
{
	for (enum hangup_label label = 0; label < HANGUP_LABEL_COUNT; label++) {
		uint64_t excused = 0;

		for (size_t cause = 0; incidents && cause < HANGUP_CAUSE_COUNT; cause++)
			excused += incidents->excused[label][cause];
		if ((fail_on >> label & 1) && bad_with(r, label) > excused)
			return true;
	}
	return false;
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
	return r->found ? EXIT_FOUND : EXIT_DONE;
}

static enum exit_status finish(struct reading *r, enum exit_status status, const struct run_summary *summary)
{
	g_autoptr(GError) error = NULL;

	if (status == EXIT_USAGE || (status != EXIT_DONE && !summary->frames))
		return status; /* nothing was read, or not what was asked for */
	if (!r->sink)
		on_begin(0, r);
	r->found = found_in(r, report_conclude(r->sink));
	if (!report_finish(r->sink, summary, &error))
		return result_failed(error);
	return status == EXIT_DONE ? status_of(r, summary) : status;
}

static enum exit_status run_read(char **arguments)
{
	struct reading reading = {
		.options = {
			.colour = terminal_colour(),
			.ascii = terminal_ascii(),
			.width = terminal_width(),
		},
	};
	struct judging judging = {
		.ruled = on_rules,
		.begin = on_begin,
		.verdict = on_verdict,
		.turn = on_turn,
		.streams = (output_format_streams() || output_format_lists_all()) && !error_asked_given(),
		.has_summary = !output_format_streams(),
		.user = &reading,
	};
	struct judging again;
	struct inputs inputs;
	struct run_summary summary;
	enum exit_status status;
	g_autoptr(GError) error = NULL;

	if (!selection_check(&error) || !error_asked_check(&error)) {
		diagnostic_error("read: %s", error->message);
		return EXIT_USAGE;
	}
	if (!anonymize_prepare())
		return EXIT_USAGE;
	status = inputs_init(&inputs, arguments, g_strv_length(arguments));
	if (status != EXIT_USAGE && inputs.len > 0)
		status = exit_graver(status, evidence_file_begin(&inputs, &reading.options, true, &reading.evidence));
	if (status == EXIT_USAGE || inputs.len == 0) {
		inputs_clear(&inputs);
		return status;
	}
	anonymize_inputs(&inputs);
	inputs_describe(&inputs, &reading.options);
	reading.options.incidents = fail_on || reading.evidence;
	again = evidence_file_reading(reading.evidence);
	judging.read = reading.evidence ? on_read : NULL;
	judging.again = reading.evidence ? &again : NULL;
	status = exit_graver(status, judging_run(&inputs, &judging, &summary));
	status = finish(&reading, status, &summary);
	status = exit_graver(status, evidence_file_finish(reading.evidence, &inputs));
	inputs_clear(&inputs);
	return status;
}

static const struct option_section *const sections[] = {
	&output_section, &selection_section, &error_section, &evidence_section, &input_section, &reading_section,
	&anonymize_section, &rules_section, &timers_section, &status_section, &terminal_section, NULL
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
	.list = output_format_list,
	.run = run_read,
};
