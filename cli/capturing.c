#include "cli/capturing.h"

#include <inttypes.h>
#include <string.h>

#include "capture/live.h"
#include "cli/count_argument.h"
#include "cli/diagnostic.h"
#include "cli/input_options.h"
#include "cli/interrupt.h"
#include "cli/live_clock.h"
#include "cli/privileges.h"
#include "cli/rules_in_force.h"
#include "cli/size_argument.h"
#include "cli/timer_files.h"

enum { REFRESH_US = 1000000 };

/* --- options ------------------------------------------------------------------------------------------- */

static char **interfaces;
static gint64 snaplen = LIVE_SNAPLEN_DEFAULT;
static uint64_t buffer_bytes = LIVE_BUFFER_DEFAULT, ring_bytes = LIVE_RING_DEFAULT;
static gboolean promiscuous;

static gboolean take_snaplen(const gchar *option, const gchar *value, gpointer data, GError **error)
{
	(void)data;
	if (!count_argument_parse(option, value, LIVE_SNAPLEN_MOST, &snaplen, error))
		return FALSE;
	snaplen = MAX(snaplen, LIVE_SNAPLEN_LEAST);
	return TRUE;
}

static gboolean take_buffer(const gchar *option, const gchar *value, gpointer data, GError **error)
{
	(void)data;
	if (!size_argument_parse(value, &buffer_bytes, error))
		return FALSE;
	if (buffer_bytes <= LIVE_BUFFER_MOST)
		return TRUE;
	g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s takes less than 2G", option);
	return FALSE;
}

static gboolean take_ring(const gchar *option, const gchar *value, gpointer data, GError **error)
{
	(void)option;
	(void)data;
	return size_argument_parse(value, &ring_bytes, error);
}

#define CALLBACK G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK

#define INTERFACE_AND_SIZES \
	{"interface", 'i', 0, G_OPTION_ARG_FILENAME_ARRAY, &interfaces, \
	 "Capture on this interface; any: on all of them (default; repeatable, hangup live --list lists them)", "IF"}, \
	{"snaplen", 0, CALLBACK, (gpointer)take_snaplen, \
	 "Keep so many bytes of each packet (default 320: all headers, tunnels and options, and little content)", "BYTES"}, \
	{"buffer", 0, CALLBACK, (gpointer)take_buffer, \
	 "Let the kernel keep so much for each interface while we are busy (default 64M)", "SIZE"}
#define PROMISCUOUS \
	{"promiscuous", 0, 0, G_OPTION_ARG_NONE, &promiscuous, \
	 "Take packets that are not for this host too: for a mirror port", NULL}

static const GOptionEntry entries[] = {
	INTERFACE_AND_SIZES,
	{"ring", 0, CALLBACK, (gpointer)take_ring,
	 "Keep so much of the latest packets in memory, for --save-dir (default 64M)", "SIZE"},
	PROMISCUOUS,
	{0}
};
const struct option_section capture_section = {"Capture", entries};

static const GOptionEntry run_entries[] = {INTERFACE_AND_SIZES, PROMISCUOUS, {0}};
const struct option_section capture_run_section = {"Capture", run_entries};

static const char *const *names(void)
{
	static const char *const all[] = {"any", NULL};

	return interfaces ? (const char *const *)interfaces : all;
}

char *capturing_title(void)
{
	return g_strjoinv(", ", (char **)(gpointer)(uintptr_t)names());
}

/* FALSE after saying why. */
static gboolean check_names(void)
{
	const char *const *all = names();
	const size_t len = g_strv_length((char **)(gpointer)(uintptr_t)all);

	if (len > LIVE_INTERFACES_MAX) {
		diagnostic_error("-i: at most %d interfaces at a time; \"any\" is all of them", LIVE_INTERFACES_MAX);
		return FALSE;
	}
	for (size_t i = 0; i < len; i++) {
		for (size_t k = 0; k < i; k++) {
			if (g_str_equal(all[i], all[k])) {
				diagnostic_error("-i: %s is named twice", all[i]);
				return FALSE;
			}
		}
	}
	return TRUE;
}

/* --- the clock ----------------------------------------------------------------------------------------- */

static bool over;

struct run {
	const struct capturing *capturing;
	struct source *source;
	struct told_book *book;
	struct live_clock clock;
	gint64 refresh_us;
	bool stopped;
};

static int64_t even_ns(void)
{
	return g_get_monotonic_time() * 1000;
}

static void say(struct run *r)
{
	if (r->capturing->before_words)
		r->capturing->before_words(r->capturing->user);
}

static void look_at_clock(struct run *r)
{
	int64_t step_ns = live_clock_look(&r->clock, g_get_real_time() * 1000, even_ns());

	if (step_ns == 0)
		return;
	say(r);
	diagnostic_warning("the clock was set %s by %.1f s, or the machine slept; times go on by the clock as it was",
	                   step_ns < 0 ? "back" : "ahead", ABS((double)step_ns) / 1e9);
}

static int64_t on_stamp(int64_t stamp_ns, void *user)
{
	struct run *r = user;

	if (live_clock_is_stale(&r->clock, stamp_ns))
		look_at_clock(r);
	return live_clock_stamp(&r->clock, stamp_ns);
}

static int64_t on_now(void *user)
{
	struct run *r = user;

	return live_clock_now(&r->clock, even_ns());
}

/* --- interfaces that come and go ------------------------------------------------------------------------- */

void capturing_tell_interface(enum live_event event, const char *name, const GError *why, void *unused)
{
	(void)unused;
	switch (event) {
	case LIVE_GONE: diagnostic_warning("%s; it is looked for until it is back", why->message); break;
	case LIVE_DENIED: diagnostic_warning("%s", why->message); break;
	case LIVE_BACK: diagnostic_warning("%s: is back", name); break;
	}
}

static void on_interface(enum live_event event, const char *name, const GError *why, void *user)
{
	say(user);
	capturing_tell_interface(event, name, why, NULL);
}

/* --- the run ------------------------------------------------------------------------------------------- */

static void on_verdict(const struct hangup_case *c, unsigned lane, void *user)
{
	struct run *r = user;
	struct report_told told;
	bool news;

	(void)lane;
	told_book_close(r->book, c, &told, &news);
	told.more = over;
	r->capturing->tell(c, &told, news, on_now(r), r->capturing->user);
}

static void on_look(const struct hangup_case *c, void *user)
{
	struct run *r = user;
	struct report_told told;

	if (told_book_look(r->book, c, &told))
		r->capturing->tell(c, &told, true, on_now(r), r->capturing->user);
}

static void on_frame(const struct frame *frame, const struct segment *segment, void *user)
{
	struct run *r = user;

	r->capturing->frame(frame, segment, r->capturing->user);
}

static void refresh(struct run *r)
{
	gint64 now_us = g_get_monotonic_time();

	if (now_us < r->refresh_us)
		return;
	r->refresh_us = now_us + REFRESH_US;
	look_at_clock(r);
	source_refresh(r->source);
}

static void on_round(const struct run_summary *so_far, void *user)
{
	struct run *r = user;

	refresh(r);
	if (!r->capturing->round(so_far, told_book_counts(r->book), r->capturing->user))
		r->stopped = true;
}

static bool on_progress(const struct source *source, void *user)
{
	struct run *r = user;

	(void)source;
	over = interrupt_requested() || r->stopped;
	return !over;
}

bool capturing_is_over(void)
{
	return over;
}

gboolean capturing_options(struct live_options *out)
{
	static char *grant; /* for good */

	if (!grant)
		grant = privileges_advice();
	*out = (struct live_options){
		.interfaces = names(), .snaplen = (uint32_t)snaplen, .buffer_bytes = buffer_bytes, .ring_bytes = ring_bytes,
		.promiscuous = promiscuous, .grant = grant, .tell = capturing_tell_interface,
	};
	return check_names();
}

static struct source *open_source(struct run *r, const char *filter, GError **error)
{
	struct live_options options;

	capturing_options(&options);
	options.frames_most = r->capturing->packets_most;
	options.filter = filter;
	options.stamp = on_stamp;
	options.tell = on_interface;
	options.user = r;

	return source_open_live(&options, error);
}

static enum exit_status failed(const GError *error)
{
	diagnostic_error("%s", error->message);
	return g_error_matches(error, SOURCE_ERROR, SOURCE_ERROR_FILTER) ? EXIT_USAGE : EXIT_INPUT;
}

/* What takes rights, and then without them. */
static gboolean open_capture(struct run *r, struct pipeline_options *options, GError **error)
{
	const struct capturing *c = r->capturing;
	const char *filter = g_steal_pointer(&options->filter); /* the kernel's work */

	if (!privileges_choose(error) || (c->prepare && !c->prepare(c->user, error)))
		return FALSE;
	live_clock_init(&r->clock, g_get_real_time() * 1000, even_ns());
	r->source = open_source(r, filter, error);
	return r->source && privileges_drop(error) && (!c->opened || c->opened(r->source, c->user, error));
}

static enum exit_status run_source(struct run *r, const struct rule_set *rules, struct pipeline_options *options,
                                   struct run_summary *out_summary, GError **error)
{
	const struct capturing *c = r->capturing;
	const struct pipeline_callbacks callbacks = {
		.verdict = on_verdict, .look = on_look, .progress = on_progress, .round = on_round,
		.frame = c->frame ? on_frame : NULL, .user = r,
	};

	r->book = told_book_new();
	if (!pipeline_run(r->source, rules, options, &callbacks, out_summary, error))
		return failed(*error);
	out_summary->interrupted = false; /* there is no other end */
	c->round(out_summary, told_book_counts(r->book), c->user);
	return EXIT_DONE;
}

/* Rules are somebody else's code: they are loaded when there is nothing left to lose. */
static enum exit_status run_open(struct run *r, struct pipeline_options *options, struct run_summary *out_summary,
                                 GError **error)
{
	enum exit_status status;
	struct rule_set *rules = rules_in_force_new(&status);

	if (rules)
		status = run_source(r, rules, options, out_summary, error);
	rule_set_free(rules);
	return status;
}

enum exit_status capturing_run(const struct capturing *capturing, struct run_summary *out_summary)
{
	struct run r = {.capturing = capturing};
	struct pipeline_options options = {.now = on_now};
	enum exit_status status;
	g_autoptr(GError) error = NULL;

	memset(out_summary, 0, sizeof *out_summary);
	if (!check_names() || !timer_files_add())
		return EXIT_USAGE;
	input_options_get(&options);
	interrupt_catch();
	status = open_capture(&r, &options, &error) ? run_open(&r, &options, out_summary, &error) : failed(error);
	told_book_free(r.book);
	source_free(r.source);
	return status;
}
