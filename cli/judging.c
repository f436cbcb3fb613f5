#include "cli/judging.h"

#include <inttypes.h>
#include <string.h>

#include "cli/anonymize.h"
#include "cli/count_argument.h"
#include "cli/diagnostic.h"
#include "cli/input_options.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/rules_in_force.h"
#include "cli/timer_files.h"

static gboolean strict;
static gint64 threads;

static gboolean take_threads(const gchar *option, const gchar *value, gpointer data, GError **error)
{
	(void)data;
	return count_argument_parse(option, value, PIPELINE_THREADS_MAX, &threads, error);
}

static const GOptionEntry entries[] = {
	{"threads", 0, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, (gpointer)take_threads,
	 "Share the work among so many threads (default: as many as there are cores); the output is the same", "N"},
	{"strict", 0, 0, G_OPTION_ARG_NONE, &strict, "Exit with 3 when only part of the input could be read", NULL},
	{0}
};
const struct option_section reading_section = {"Reading", entries};

struct run {
	const struct judging *judging;
	struct progress progress;
};

static void on_begin(int64_t first_ns, void *user)
{
	struct run *run = user;

	run->judging->begin(first_ns, run->judging->user);
}

static void on_verdict(const struct hangup_case *c, unsigned lane, void *user)
{
	struct run *run = user;

	run->judging->verdict(c, lane, run->judging->user);
}

static void on_turn(void *user)
{
	struct run *run = user;

	run->judging->turn(run->judging->user);
}

static void on_segment(const struct segment *segment, uint64_t id, enum hangup_side sender, void *user)
{
	struct run *run = user;

	run->judging->segment(segment, id, sender, run->judging->user);
}

static bool on_progress(const struct source *source, void *user)
{
	struct run *run = user;
	const struct judging *judging = run->judging;

	progress_update(&run->progress, source);
	return !interrupt_requested() && !(judging->enough && judging->enough(judging->user));
}

static bool is_partial(const GError *error)
{
	return g_error_matches(error, SOURCE_ERROR, SOURCE_ERROR_TRUNCATED) ||
	       g_error_matches(error, SOURCE_ERROR, SOURCE_ERROR_CORRUPT);
}

static enum exit_status read_failed(const GError *error)
{
	if (is_partial(error) && !strict) {
		diagnostic_warning("%s", error->message);
		return EXIT_DONE;
	}
	diagnostic_error("%s", error->message);
	return g_error_matches(error, SOURCE_ERROR, SOURCE_ERROR_FILTER) ? EXIT_USAGE : EXIT_INPUT;
}

/* Of several files: what each of them had, and the worst of it. */
static enum exit_status files_failed(const struct source *source)
{
	const GPtrArray *problems = source_problems(source);
	enum exit_status status = EXIT_DONE;

	for (guint i = 0; problems && i < problems->len; i++)
		status = exit_graver(status, read_failed(problems->pdata[i]));
	return status;
}

/* Where no summary does. */
static void tell_evicted(const struct source *source, const struct judging *judging, const struct run_summary *summary)
{
	if (!judging->has_summary && summary->evicted > 0)
		diagnostic_warning("%s: %" PRIu64 " connections were judged early, because memory was short; "
		                   "see --max-connections and --max-memory", source_name(source), summary->evicted);
}

static gboolean run_pipeline(struct source *source, const struct rule_set *rules, struct run *run,
                             struct run_summary *out_summary, GError **error)
{
	struct pipeline_options options = {.threads = (unsigned)threads, .anonymizer = anonymize_with()};
	struct pipeline_callbacks callbacks = {
		.begin = run->judging->begin ? on_begin : NULL,
		.verdict = on_verdict,
		.turn = run->judging->turn ? on_turn : NULL,
		.progress = on_progress,
		.segment = run->judging->segment ? on_segment : NULL,
		.user = run,
	};
	gboolean whole;

	input_options_get(&options);
	if (run->judging->opened)
		run->judging->opened(source, run->judging->user);
	if (anonymize_with())
		source_anonymize(source, anonymize_with());
	progress_init(&run->progress, run->judging->streams);
	interrupt_catch();
	whole = pipeline_run(source, rules, &options, &callbacks, out_summary, error);
	progress_wipe(&run->progress);
	if (run->judging->read)
		run->judging->read(source, out_summary, run->judging->user);
	return whole;
}

static enum exit_status run_source(struct source *source, const struct rule_set *rules, struct run *run,
                                   struct run_summary *out_summary)
{
	g_autoptr(GError) error = NULL;
	const gboolean whole = run_pipeline(source, rules, run, out_summary, &error);
	enum exit_status status = files_failed(source);

	tell_evicted(source, run->judging, out_summary);
	if (!whole && !(interrupt_requested() && is_partial(error)))
		return exit_graver(status, read_failed(error));
	if (!interrupt_requested())
		return status;
	diagnostic_warning("%s: interrupted; only the first %" PRIu64 " packets were judged", source_name(source),
	                   out_summary->frames);
	return strict ? EXIT_INPUT : status;
}

/* What is wrong with the input was said of the first reading, but for a file that is gone since. */
static enum exit_status read_again(const struct inputs *inputs, const struct judging *judging, const struct rule_set *rules)
{
	struct run run = {.judging = judging};
	struct run_summary summary = {0};
	g_autoptr(GError) error = NULL, known = NULL;
	struct source *source = source_open_many((const char *const *)inputs->names, inputs->len, &error);

	if (!source) {
		diagnostic_error("%s", error->message);
		return EXIT_INPUT;
	}
	run_pipeline(source, rules, &run, &summary, &known);
	source_free(source);
	return EXIT_DONE;
}

enum exit_status judging_run_by(const struct rule_set *rules, const struct inputs *inputs, const struct judging *judging,
                                struct run_summary *out_summary)
{
	struct run run = {.judging = judging};
	struct source *source;
	enum exit_status status;
	g_autoptr(GError) error = NULL;

	memset(out_summary, 0, sizeof(*out_summary));
	if (judging->ruled)
		judging->ruled(rules, judging->user);
	source = source_open_many((const char *const *)inputs->names, inputs->len, &error);
	if (source) {
		status = run_source(source, rules, &run, out_summary);
	} else {
		diagnostic_error("%s", error->message);
		status = EXIT_INPUT;
	}
	source_free(source);
	if (judging->again && out_summary->frames && !interrupt_requested())
		status = exit_graver(status, read_again(inputs, judging->again, rules));
	return status;
}

enum exit_status judging_run(const struct inputs *inputs, const struct judging *judging, struct run_summary *out_summary)
{
	struct rule_set *rules;
	enum exit_status status;

	memset(out_summary, 0, sizeof(*out_summary));
	if (!timer_files_add())
		return EXIT_USAGE;
	rules = rules_in_force_new(&status);
	if (!rules)
		return status;
	status = judging_run_by(rules, inputs, judging, out_summary);
	rule_set_free(rules);
	return status;
}

struct source *judging_open(const struct inputs *inputs)
{
	g_autoptr(GError) error = NULL;
	struct source *source = source_open_many((const char *const *)inputs->names, inputs->len, &error);
	struct pipeline_options options = {0};

	input_options_get(&options);
	if (source && anonymize_with())
		source_anonymize(source, anonymize_with());
	if (source && (!options.filter || source_set_filter(source, options.filter, &error)))
		return source;
	diagnostic_error("%s", error->message);
	source_free(source);
	return NULL;
}
