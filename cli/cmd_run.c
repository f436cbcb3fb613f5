/* hangup run: captures around a command, and tells of its own connections, with the errors that it really got.
 *
 * In this order, and each step for a reason: what the command line asks for is checked; the keeper is forked, which has
 * nothing of the capture (cli/run/keeper.h); the capture is opened; what is more than an ordinary user's is given up; the
 * command begins. Packets go to a file and are judged once the command is over: an error may be told to a program long
 * after the packet, and stands beside it. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/capturing.h"
#include "cli/command.h"
#include "cli/diagnostic.h"
#include "cli/duration_argument.h"
#include "cli/input_options.h"
#include "cli/judging.h"
#include "cli/output_format.h"
#include "cli/privileges.h"
#include "cli/rules_in_force.h"
#include "cli/run/keeper.h"
#include "cli/run/kept_file.h"
#include "cli/run/listener.h"
#include "cli/run/recording.h"
#include "cli/selection.h"
#include "cli/size_argument.h"
#include "cli/terminal.h"
#include "cli/timer_files.h"
#include "report/escape.h"

/* As env(1) and timeout(1) have it, so that a script can tell our failures from the command's. */
enum { STATUS_OURS = 125, STATUS_NOT_RUNNABLE = 126, STATUS_NOT_FOUND = 127, STATUS_SIGNAL = 128 };

/* How long we wait for packets at a time while the command runs. */
enum { WAIT_MS = 20 };
/* After its end, and that of its sockets: the kernel hands packets over within LIVE_TIMEOUT_MS, so what was on its way
 * comes within twice that. */
enum { ON_ITS_WAY_MS = 200 };
/* Its sockets are asked for so often. */
enum { AFTER_LOOK_MS = 50 };
#define AFTER_DEFAULT_NS INT64_C(2000000000)
#define RECORD_DEFAULT (UINT64_C(1) << 30)

/* ------------------------------------------------------------------------------------------------- options */

static char *result_path, *save_path;
static gboolean no_trace, everybody;
static int64_t after_ns = AFTER_DEFAULT_NS;
static uint64_t record_most = RECORD_DEFAULT;

static gboolean take_after(const gchar *option, const gchar *value, gpointer data, GError **error)
{
	(void)option;
	(void)data;
	return duration_argument_parse(value, &after_ns, error);
}

static gboolean take_limit(const gchar *option, const gchar *value, gpointer data, GError **error)
{
	(void)option;
	(void)data;
	return size_argument_parse(value, &record_most, error);
}

#define CALLBACK G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK

static const GOptionEntry run_entries[] = {
	{"no-trace", 0, 0, G_OPTION_ARG_NONE, &no_trace,
	 "Do not watch the command's calls: no errors, and whose the shortest connections were may stay unknown", NULL},
	{"everybody", 0, 0, G_OPTION_ARG_NONE, &everybody,
	 "Tell of everybody's connections in the capture, not only of the command's own; to list those that ended well too is "
	 "--all", NULL},
	{"result", 0, 0, G_OPTION_ARG_FILENAME, &result_path, "Write the result there, not to standard error", "FILE"},
	{"save", 0, 0, G_OPTION_ARG_FILENAME, &save_path, "Keep the capture there, as pcapng", "FILE"},
	{"save-most", 0, CALLBACK, (gpointer)take_limit, "Record at most so much (default 1G); what is more is told", "SIZE"},
	{"after", 0, CALLBACK, (gpointer)take_after,
	 "Go on for so long after the command's end, at most, while its connections still close (default 2s)", "TIME"},
	{0}
};
static const struct option_section run_section = {"The command", run_entries};

/* ------------------------------------------------------------------------------------------------- signals */

static volatile sig_atomic_t asked_to_end; /* a signal for the command */

static void note_signal(int number)
{
	asked_to_end = number;
}

/* Keys go to the command by themselves: it is in our process group. What somebody sends to us is meant for it. */
static void mind_signals(void)
{
	const struct sigaction pass_on = {.sa_handler = note_signal};

	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a limit on files is told like a full disk */
	sigaction(SIGTERM, &pass_on, NULL);
	sigaction(SIGHUP, &pass_on, NULL);
}

static void pass_signal_on(const struct keeper *k)
{
	const int number = asked_to_end;

	asked_to_end = 0;
	if (number != 0)
		keeper_signal(k, number);
}

/* ---------------------------------------------------------------------------------------------- the command */

struct run {
	char *what; /* the command's name: its arguments may hold what is nobody's business */
	struct keeper keeper;
	struct kept_file *kept; /* or NULL */
	struct recording *recording;
	struct rule_set *rules;
	struct listener *listener;
	struct hearing hearing;
	FILE *result;
	struct report_options options;
	struct report_sink *sink;
	gint unsure;             /* connections that may be the command's */
};

static gboolean load_rules(struct run *r)
{
	enum exit_status status;

	if (!timer_files_add())
		return FALSE;
	r->rules = rules_in_force_new(&status);
	return r->rules != NULL;
}

/* Root's home is closed to whom we become; and whoever is not root may have brought the rules along. */
static gboolean drop_and_load_rules(struct run *r, GError **error)
{
	const bool is_root = geteuid() == 0;

	return privileges_drop(error) && (is_root || load_rules(r));
}

static void give_to_caller(int fd)
{
	const struct identity *caller = privileges_other_user();

	if (caller && fchown(fd, caller->uid, caller->gid) != 0)
		return; /* it stays root's, as everything that sudo writes */
}

/* What is there already stays until there is a result. */
static gboolean open_result(struct run *r, GError **error)
{
	const int fd = result_path ? open(result_path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666) : -1;

	r->result = result_path ? (fd < 0 ? NULL : fdopen(fd, "w")) : stderr;
	if (r->result) {
		terminal_result_is(fileno(r->result));
		if (result_path)
			give_to_caller(fileno(r->result));
		return TRUE;
	}
	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "%s: cannot be written: %s", result_path,
	            g_strerror(errno));
	return FALSE;
}

static gboolean open_recording(struct run *r, GError **error)
{
	g_autofree char *grant = privileges_advice();
	struct recording_options options = {
		.kept = r->kept, .most = record_most, .program = "hangup " HANGUP_VERSION};

	if (!capturing_options(&options.live))
		return FALSE;
	options.live.grant = grant;
	r->recording = recording_new(&options, error);
	return r->recording != NULL;
}

/* Forks, and so comes before the capture: nobody else is to have that. */
static gboolean open_kept(struct run *r, GError **error)
{
	r->kept = save_path ? kept_file_new(save_path, error) : NULL;
	if (r->kept && !kept_file_streams(r->kept))
		give_to_caller(kept_file_fd(r->kept));
	return !save_path || r->kept != NULL;
}

static gboolean open_files(struct run *r, GError **error)
{
	return open_kept(r, error) && open_recording(r, error) && open_result(r, error);
}

/* FALSE, and *error when it was not said yet. */
static gboolean begin(struct run *r, char **arguments, GError **error)
{
	struct keeper_options options = {.arguments = arguments, .trace = !no_trace};

	if (!privileges_choose(error) || !selection_check(error) || (geteuid() == 0 && !load_rules(r)))
		return FALSE;
	options.who = privileges_other_user();
	if (!keeper_start(&r->keeper, &options, error))
		return FALSE;
	mind_signals();
	if (!open_files(r, error) || !drop_and_load_rules(r, error))
		return FALSE;
	r->listener = listener_new(r->keeper.events);
	keeper_go(&r->keeper);
	return TRUE;
}

static void take_packets(struct run *r, int wait_ms)
{
	g_autoptr(GError) error = NULL;

	if (!recording_take(r->recording, wait_ms, &error))
		diagnostic_warning("%s", error->message);
}

static void capture_until_end(struct run *r)
{
	do {
		pass_signal_on(&r->keeper);
		take_packets(r, WAIT_MS);
		r->hearing = listener_hear(r->listener);
	} while (!r->hearing.ended);
}

/* The closing of what it had open, and then what is on its way: the packets that closed the last one, too. */
static void capture_after_end(struct run *r)
{
	const gint64 most_us = g_get_monotonic_time() + after_ns / 1000;
	gint64 until_us;

	while (g_get_monotonic_time() < most_us && asked_to_end == 0 && listener_is_busy(r->listener))
		take_packets(r, AFTER_LOOK_MS);
	until_us = g_get_monotonic_time() + ON_ITS_WAY_MS * G_GINT64_CONSTANT(1000);
	do
		take_packets(r, AFTER_LOOK_MS);
	while (g_get_monotonic_time() < until_us);
}

static void finish_recording(struct run *r)
{
	g_autoptr(GError) error = NULL, not_kept = NULL;

	if (!recording_finish(r->recording, &error))
		diagnostic_warning("%s", error->message);
	if (r->kept && !recording_is_empty(r->recording) && !kept_file_keep(r->kept, &not_kept))
		diagnostic_error("%s", not_kept->message);
	if (recording_left_out(r->recording) > 0)
		diagnostic_warning("%" PRIu64 " packets were left out, because the recording was as large as it may be; see "
		                   "--save-most", recording_left_out(r->recording));
}

/* ------------------------------------------------------------------------------------------------ the report */

/* The reader knows it as standard input; nobody else gave it any. */
static void on_opened(struct source *source, void *user)
{
	source_rename(source, ((struct run *)user)->what);
}

static void on_begin(int64_t first_ns, void *user)
{
	struct run *r = user;

	selection_get(&r->options.selection, first_ns);
	r->options.selection.owner = everybody ? NULL : r->options.calls;
	r->options.first_ns = first_ns;
	r->sink = output_format_sink(r->result, &r->options);
}

static void on_verdict(const struct hangup_case *c, unsigned lane, void *user)
{
	struct run *r = user;

	if (calls_unsure(r->options.calls, c->facts))
		g_atomic_int_inc(&r->unsure);
	report_verdict(r->sink, lane, c);
}

static void on_turn(void *user)
{
	report_turn(((struct run *)user)->sink);
}

/* The command has had its standard input, so that ours is free: the recording is read as that, from its start. Whom we have
 * become by now need not be allowed to open it by a name. */
static gboolean offer_recording(const struct run *r)
{
	const int fd = recording_fd(r->recording);

	return lseek(fd, 0, SEEK_SET) == 0 && dup2(fd, STDIN_FILENO) == STDIN_FILENO;
}

static void tell_rightless(const char *name, size_t len)
{
	g_autoptr(GString) safe = g_string_new(NULL);

	escape_append(safe, name, strnlen(name, len), terminal_ascii());
	if (safe->len > 0)
		diagnostic_warning("%s: its file gives it rights (set-user-ID, set-group-ID or capabilities), which the system does "
		                   "not let it have under trace; with --no-trace it has them", safe->str);
}

static void tell_how_it_was_watched(const struct run *r)
{
	if (r->hearing.watching == RUN_MAY_NOT_TRACE)
		diagnostic_warning("this system does not let the command be traced: its errors are not known");
	tell_rightless(r->hearing.rightless, sizeof(r->hearing.rightless));
	if (r->hearing.unseen)
		diagnostic_warning("the command uses io_uring: calls that it makes there are not seen");
	if (calls_dropped(r->options.calls) > 0)
		diagnostic_warning("%" PRIu64 " sockets and failed calls of the command were too many to be kept",
		                   calls_dropped(r->options.calls));
}

/* Where calls are seen, what is not the command's is known not to be. */
static void tell_what_is_unsure(const struct run *r)
{
	if (r->hearing.watching == RUN_TRACED || everybody || r->unsure == 0)
		return;
	diagnostic_warning("%d connection%s of this host came and went too fast to see whose, and may be the command's: "
	                   "--everybody tells of all", r->unsure, r->unsure == 1 ? "" : "s");
}

/* A pipe has no length to be cut. */
static void empty_result(const struct run *r)
{
	if (result_path && ftruncate(fileno(r->result), 0) != 0 && errno != EINVAL)
		diagnostic_warning("%s: cannot be emptied: %s", result_path, g_strerror(errno));
}

static void judge(struct run *r, struct run_summary *out_summary)
{
	char *names[] = {(char *)(gpointer)(uintptr_t)"-", NULL};
	const struct inputs inputs = {.names = names, .len = 1};
	struct judging judging = {
		.opened = on_opened, .begin = on_begin, .verdict = on_verdict, .turn = on_turn, .streams = true,
		.has_summary = !output_format_streams(), .user = r,
	};

	if (recording_is_empty(r->recording)) /* which was told */
		*out_summary = (struct run_summary){0};
	else
		judging_run_by(r->rules, &inputs, &judging, out_summary);
}

static void report(struct run *r)
{
	struct run_summary summary;
	g_autoptr(GError) error = NULL;

	tell_how_it_was_watched(r);
	empty_result(r);
	if (!offer_recording(r)) {
		diagnostic_error("the capture cannot be read: %s", g_strerror(errno));
		return;
	}
	judge(r, &summary);
	if (!r->sink)
		on_begin(0, r);
	if (!report_finish(r->sink, &summary, &error))
		diagnostic_error("%s", error->message);
	tell_what_is_unsure(r);
}

static void prepare_report(struct run *r)
{
	r->options.input_name = r->what;
	r->options.input_again = r->kept && !kept_file_streams(r->kept) ? save_path : NULL;
	r->options.calls = listener_calls(r->listener);
	r->options.colour = terminal_colour();
	r->options.ascii = terminal_ascii();
	r->options.width = terminal_width();
}

/* ------------------------------------------------------------------------------------------------ its status */

static int status_of(const struct hearing *h, const char *name)
{
	if (h->not_found) {
		diagnostic_error("%s: cannot be run: %s", name, g_strerror(h->number));
		return h->number == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_RUNNABLE;
	}
	if (h->gone) {
		diagnostic_error("the process that watches the command has gone");
		return STATUS_OURS;
	}
	return WIFSIGNALED(h->number) ? STATUS_SIGNAL + WTERMSIG(h->number) : WEXITSTATUS(h->number);
}

static int run_to_end(struct run *r, const char *name)
{
	capture_until_end(r);
	if (!r->hearing.not_found) {
		capture_after_end(r);
		finish_recording(r);
	}
	if (!r->hearing.not_found && !r->hearing.gone) {
		prepare_report(r);
		report(r);
	}
	return status_of(&r->hearing, name);
}

static void run_clear(struct run *r)
{
	keeper_leave(&r->keeper);
	listener_free(r->listener);
	recording_free(r->recording);
	kept_file_free(r->kept);
	if (r->rules)
		rule_set_free(r->rules);
	if (r->result && r->result != stderr)
		fclose(r->result);
	g_free(r->what);
}

static enum exit_status run_run(char **arguments)
{
	struct run run = {.what = g_path_get_basename(arguments[0]), .keeper = {.events = -1, .control = -1}};
	g_autoptr(GError) error = NULL;
	int status = STATUS_OURS;

	if (begin(&run, arguments, &error))
		status = run_to_end(&run, arguments[0]);
	else if (error)
		diagnostic_error("%s", error->message);
	run_clear(&run);
	return (enum exit_status)status;
}

static const struct option_section *const sections[] = {
	&run_section, &output_section, &capture_run_section, &selection_section, &input_section, &reading_section, &rules_section,
	&timers_section, &privileges_section, &terminal_section, NULL
};

const struct command command_run = {
	.name = "run",
	.arguments = "CMD ARGS...",
	.summary = "Says how the connections of a command ended",
	.help = "Captures while it runs a command, and tells of the connections that were the command's own, with the socket "
	        "calls that failed and the errors that they really returned. The command has its own standard input, output "
	        "and error, and its exit status is ours; the result goes to standard error, after it. What follows the "
	        "command's name is for the command: no -- is needed.",
	.prefix_status = STATUS_OURS,
	.arguments_min = 1,
	.arguments_max = INT_MAX,
	.sections = sections,
	.list = output_format_list,
	.run = run_run,
};
