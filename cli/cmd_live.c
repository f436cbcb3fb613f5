/* hangup live: the same while it happens. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "capture/live_interface.h"
#include "cli/capturing.h"
#include "cli/command.h"
#include "cli/count_argument.h"
#include "cli/diagnostic.h"
#include "cli/duration_argument.h"
#include "cli/flight_recorder.h"
#include "cli/input_options.h"
#include "cli/interrupt.h"
#include "cli/live_status.h"
#include "cli/metrics_file.h"
#include "cli/privileges.h"
#include "cli/result.h"
#include "cli/rules_in_force.h"
#include "cli/selection.h"
#include "cli/size_argument.h"
#include "cli/terminal.h"
#include "cli/timer_files.h"
#include "report/escape.h"
#include "report/report.h"
#include "rules/host/text.h"

/* --- options ------------------------------------------------------------------------------------------- */

enum output { OUTPUT_BY_TERMINAL, OUTPUT_TEXT, OUTPUT_NDJSON };

static enum output output = OUTPUT_BY_TERMINAL;
static gboolean every_connection, list_wanted;
static int64_t duration_ns;
static gint64 packets_most;
static char *save_dir, *metrics_path;
static uint64_t save_limit = SAVE_LIMIT_DEFAULT;
static uint32_t until; /* set of 1u << HANGUP_LABEL_... */

static gboolean take_output(const gchar *option, const gchar *value, gpointer data, GError **error)
{
	(void)option;
	(void)data;
	if (g_str_equal(value, "text"))
		output = OUTPUT_TEXT;
	else if (g_str_equal(value, "ndjson"))
		output = OUTPUT_NDJSON;
	else
		g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "\"%s\" is none of text, ndjson", value);
	return output != OUTPUT_BY_TERMINAL;
}

static gboolean take_duration(const gchar *option, const gchar *value, gpointer data, GError **error)
{
	(void)option;
	(void)data;
	return duration_argument_parse(value, &duration_ns, error);
}

static gboolean take_count(const gchar *option, const gchar *value, gpointer data, GError **error)
{
	(void)data;
	return count_argument_parse(option, value, G_MAXINT64, &packets_most, error);
}

static gboolean take_until(const gchar *option, const gchar *value, gpointer data, GError **error)
{
	(void)option;
	(void)data;
	return selection_parse_labels(value, &until, error);
}

static gboolean take_save_limit(const gchar *option, const gchar *value, gpointer data, GError **error)
{
	(void)option;
	(void)data;
	return size_argument_parse(value, &save_limit, error);
}

#define CALLBACK G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK

static const GOptionEntry output_entries[] = {
	{"output", 'o', CALLBACK, (gpointer)take_output,
	 "text: abnormal endings as they happen, for people (default on a terminal); ndjson: every ending, one JSON object "
	 "a line (default elsewhere)", "FORMAT"},
	{"all", 'a', 0, G_OPTION_ARG_NONE, &every_connection,
	 "With text: tell of every connection, not only of abnormal endings", NULL},
	{"list", 0, 0, G_OPTION_ARG_NONE, &list_wanted, "List the interfaces, and end", NULL},
	{0}
};
static const GOptionEntry end_entries[] = {
	{"duration", 0, CALLBACK, (gpointer)take_duration, "End after so long: 30s, 10m, 2h", "TIME"},
	{"count", 0, CALLBACK, (gpointer)take_count, "End after exactly so many packets (that -f lets pass)", "N"},
	{"until", 0, CALLBACK, (gpointer)take_until,
	 "End when a connection ended with one of these labels, with exit status 1 (repeatable)", "LABEL[,LABEL...]"},
	{0}
};
static const GOptionEntry record_entries[] = {
	{"save-dir", 0, 0, G_OPTION_ARG_FILENAME, &save_dir,
	 "Save the packets of each abnormal ending in this folder, as pcapng with comments", "DIR"},
	{"save-limit", 0, CALLBACK, (gpointer)take_save_limit,
	 "Keep what is saved there within so many bytes (default 256M): the oldest make room", "SIZE"},
	{"metrics", 0, 0, G_OPTION_ARG_FILENAME, &metrics_path,
	 "Keep counters in this file, as OpenMetrics text for the node exporter's textfile collector", "FILE"},
	{0}
};
static const struct option_section record_section = {"What is kept", record_entries};
static const struct option_section output_section = {"Output", output_entries};
static const struct option_section end_section = {"When to end", end_entries};

/* --- --list --------------------------------------------------------------------------------------------- */

static void append_interface(const char *name, const char *description, bool is_up, const struct interface *addresses,
                             void *user)
{
	GString *out = user;

	escape_append(out, name, strlen(name), false);
	g_string_append(out, is_up ? "" : "  (down)");
	for (size_t i = 0; i < addresses->addresses_len; i++) {
		g_string_append(out, "  ");
		text_append_address(out, addresses->addresses[i].address);
	}
	if (description) {
		g_string_append(out, "  ");
		escape_append(out, description, strlen(description), false);
	}
	g_string_append_c(out, '\n');
}

static bool list_interfaces(GString *out)
{
	g_autoptr(GError) error = NULL;

	if (list_wanted && !live_interface_each(append_interface, out, &error))
		diagnostic_error("%s", error->message);
	return list_wanted;
}

/* --- a run ---------------------------------------------------------------------------------------------- */

/* At the end: what may still be written, and how long a hung disk is waited for. */
enum { END_WAIT_MS = 1000, METRICS_INTERVAL_US = 5000000 };

struct live {
	struct report_options options;
	bool text;
	struct report_sink *teller;  /* endings as they happen; NULL before it begins, as is the next */
	struct report_sink *summary; /* with text: what read would say of the same packets */
	struct live_status status;
	struct source *source;
	struct flight_recorder *recorder; /* or NULL */
	gint64 end_us;               /* monotonic clock; 0 when nobody said */
	gint64 metrics_us;           /* when they are due */
	bool metrics_failed;
	bool found;                  /* what --until asks for */
};

static void on_words(void *user)
{
	live_status_wipe(&((struct live *)user)->status);
}

/* What the summary will say need not be said just before it. */
static bool is_told(const struct live *l, bool news)
{
	return !l->text || (news && !capturing_is_over());
}

/* When there is something to tell, or the first round is over: of a capture that never began there is no summary. */
static void begin_telling(struct live *l)
{
	struct report_options summary = l->options;

	if (l->teller)
		return;
	l->teller = (l->text ? report_live_text_new : report_ndjson_new)(stdout, &l->options);
	summary.every_connection = false; /* they were told */
	if (l->text)
		l->summary = report_text_new(stdout, &summary);
}

static void on_tell(const struct hangup_case *c, const struct report_told *told, bool news, int64_t now_ns, void *user)
{
	struct live *l = user;
	const bool selected = report_selected(&l->options.selection, c);
	g_autofree char *saved = l->recorder && selected ? flight_recorder_tell(l->recorder, c, told, now_ns) : NULL;
	struct report_told with_name = *told;

	with_name.saved = saved;
	begin_telling(l);
	if (is_told(l, news)) {
		live_status_wipe(&l->status);
		report_tell(l->teller, c, &with_name);
	}
	if (l->summary && told->final)
		report_verdict(l->summary, 0, c);
	if (selected && (until & 1u << case_verdict(c)->label))
		l->found = true;
}

static void on_frame(const struct frame *frame, const struct segment *segment, void *user)
{
	flight_recorder_frame(((struct live *)user)->recorder, frame, segment);
}

/* --- folders, when there is still a right to make them --------------------------------------------------- */

static gboolean on_prepare(void *user, GError **error)
{
	g_autofree char *metrics_dir = metrics_path ? g_path_get_dirname(metrics_path) : NULL;

	(void)user;
	return (!save_dir || privileges_own_folder(save_dir, error)) &&
	       (!metrics_dir || privileges_own_folder(metrics_dir, error));
}

/* The first ones, all zero: what cannot be written now is said before anything is captured. */
static gboolean can_write_metrics(const struct live *l, GError **error)
{
	const struct run_summary nothing = {0};
	const struct told_counts none = {0};
	const struct metrics metrics = {.summary = &nothing, .told = &none, .source = l->source,
	                                .start_ns = l->options.first_ns};

	return !metrics_path || metrics_file_write(metrics_path, &metrics, error);
}

static gboolean on_opened(struct source *source, void *user, GError **error)
{
	struct live *l = user;

	l->source = source;
	if (save_dir)
		l->recorder = flight_recorder_new(source, save_dir, save_limit, error);
	return (!save_dir || l->recorder != NULL) && can_write_metrics(l, error);
}

/* --- now and then ------------------------------------------------------------------------------------------ */

static void answer(const struct run_summary *so_far, const struct told_counts *told)
{
	g_autoptr(GString) line = g_string_new(NULL);

	live_status_append(line, so_far, told);
	fprintf(stderr, "hangup: %s\n", line->str);
}

static void tell_trouble(struct live *l)
{
	g_autofree char *trouble = l->recorder ? flight_recorder_take_trouble(l->recorder) : NULL;

	if (!trouble)
		return;
	live_status_wipe(&l->status);
	diagnostic_warning("%s", trouble);
}

/* A failure is told once, until it works again. */
static void write_metrics(struct live *l, const struct run_summary *so_far, const struct told_counts *told)
{
	const struct save_counts recordings = l->recorder ? flight_recorder_counts(l->recorder) : (struct save_counts){0};
	const struct metrics metrics = {.summary = so_far, .told = told, .source = l->source,
	                                .recordings = l->recorder ? &recordings : NULL, .start_ns = l->options.first_ns};
	g_autoptr(GError) error = NULL;
	gboolean written;

	if (!metrics_path || (!capturing_is_over() && g_get_monotonic_time() < l->metrics_us))
		return;
	l->metrics_us = g_get_monotonic_time() + METRICS_INTERVAL_US;
	written = metrics_file_write(metrics_path, &metrics, &error);
	if (!written && !l->metrics_failed) {
		live_status_wipe(&l->status);
		diagnostic_warning("%s", error->message);
	}
	l->metrics_failed = !written;
}

static bool is_enough(const struct live *l, const struct run_summary *so_far)
{
	return l->found || report_failed(l->teller) || (packets_most > 0 && so_far->frames >= (uint64_t)packets_most) ||
	       (l->end_us > 0 && g_get_monotonic_time() >= l->end_us);
}

static bool on_round(const struct run_summary *so_far, const struct told_counts *told, void *user)
{
	struct live *l = user;

	begin_telling(l);
	if (l->summary)
		report_turn(l->summary);
	tell_trouble(l);
	write_metrics(l, so_far, told);
	if (capturing_is_over())
		live_status_wipe(&l->status);
	else
		live_status_update(&l->status, so_far, told);
	if (interrupt_take_question() || (capturing_is_over() && !l->text)) {
		live_status_wipe(&l->status);
		answer(so_far, told);
	}
	return !is_enough(l, so_far);
}

/* --- beginning and end -------------------------------------------------------------------------------------- */

static struct live live_begin(char *title)
{
	struct live l = {
		.options = {
			.every_connection = every_connection,
			.colour = terminal_colour(),
			.ascii = terminal_ascii(),
			.width = terminal_width(),
			.input_name = title,
			.live = true,
			.first_ns = g_get_real_time() * 1000,
		},
		.text = output == OUTPUT_TEXT || (output == OUTPUT_BY_TERMINAL && isatty(STDOUT_FILENO)),
	};

	selection_get(&l.options.selection, l.options.first_ns);
	if (duration_ns > 0)
		l.end_us = g_get_monotonic_time() + duration_ns / 1000;
	live_status_init(&l.status);
	return l;
}

static void tell_saved(const struct save_counts *counts)
{
	if (counts->saved > 0)
		fprintf(stderr, "hangup: %" PRIu64 " recording%s saved in %s\n", counts->saved, counts->saved == 1 ? "" : "s",
		        save_dir);
	if (counts->removed > 0)
		diagnostic_warning("%" PRIu64 " older ones made room; see --save-limit", counts->removed);
	if (counts->failed > 0)
		diagnostic_warning("%" PRIu64 " could not be saved", counts->failed);
}

static void end_recorder(struct live *l)
{
	struct save_counts counts;
	g_autofree char *trouble = NULL;

	if (!l->recorder)
		return;
	counts = flight_recorder_end(l->recorder, END_WAIT_MS, &trouble);
	if (trouble)
		diagnostic_warning("%s", trouble);
	tell_saved(&counts);
}

static enum exit_status live_end(struct live *l, enum exit_status status, const struct run_summary *summary)
{
	g_autoptr(GError) error = NULL;
	gboolean written;

	if (!l->teller)
		return status;
	written = report_finish(l->teller, summary, &error);
	if (l->summary)
		written &= report_finish(l->summary, summary, error ? NULL : &error);
	if (status != EXIT_DONE)
		return status;
	if (!written)
		return result_failed(error);
	return l->found ? EXIT_FOUND : EXIT_DONE;
}

static enum exit_status run_live(char **arguments)
{
	g_autofree char *title = capturing_title();
	struct live l;
	struct run_summary summary;
	struct capturing capturing = {
		.prepare = on_prepare, .opened = on_opened, .tell = on_tell, .frame = save_dir ? on_frame : NULL,
		.round = on_round, .before_words = on_words, .packets_most = (uint64_t)packets_most, .user = &l,
	};
	enum exit_status status;
	g_autoptr(GError) error = NULL;

	(void)arguments;
	if (!selection_check(&error)) {
		diagnostic_error("live: %s", error->message);
		return EXIT_USAGE;
	}
	l = live_begin(title);
	interrupt_catch_question();
	status = capturing_run(&capturing, &summary);
	end_recorder(&l);
	return live_end(&l, status, &summary);
}

static const struct option_section *const sections[] = {
	&capture_section, &output_section, &record_section, &end_section, &selection_section, &input_section, &rules_section,
	&timers_section, &privileges_section, &terminal_section, NULL
};

const struct command command_live = {
	.name = "live",
	.arguments = "",
	.summary = "Says how connections end while they do",
	.help = "Captures on network interfaces and tells of every ending as soon as it can be judged, in the words of read, "
	        "until Control-C, which prints what read would say of the same packets. An abnormal ending is told at most "
	        "2 s after it is decidable, or 1/32 of the silence that decides it where that is more (over a minute); what is "
	        "seen later may correct it, with the same number. SIGUSR1 prints how things stand.",
	.arguments_min = 0,
	.arguments_max = 0,
	.sections = sections,
	.list = list_interfaces,
	.run = run_live,
};
