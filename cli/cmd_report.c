/* hangup report: a write-up of one or more captures, as files. The captures are read twice: which connections are worth
 * telling whole is known only after the first reading, and only the packets of those are kept in the second. */
#include <limits.h>
#include <string.h>

#include <glib/gstdio.h>

#include "cli/anonymize.h"
#include "cli/command.h"
#include "cli/diagnostic.h"
#include "cli/error_asked.h"
#include "cli/evidence_file.h"
#include "cli/given_options.h"
#include "cli/input_options.h"
#include "cli/judging.h"
#include "cli/measure.h"
#include "cli/result.h"
#include "cli/result_file.h"
#include "cli/rules_in_force.h"
#include "cli/selection.h"
#include "cli/table_file.h"
#include "cli/timer_files.h"
#include "report/incidents/incident_rule.h"
#include "report/markdown/markdown.h"
#include "report/page/page.h"
#include "report/writeup/limits.h"
#include "report/writeup/writing.h"

/* -------------------------------------------------------------------------------------------------- options */

/* Every rendering of a write-up: a new one is a row. */
static const struct rendering {
	const char *name;      /* --format */
	const char *endings[3]; /* of a file's name */
	const char *in_folder; /* its name where all are written into a folder */
	void (*append)(GString *out, const struct writeup *w);
} renderings[] = {
	{"html", {".html", ".htm"}, "index.html", page_append},
	{"md", {".md", ".markdown"}, "report.md", markdown_append},
};

static char *output;
static char *title;
static int details = WRITEUP_DETAILS;
static gboolean no_mermaid;
static const struct rendering *rendering; /* NULL: by the output's name */

static gboolean take_format(const gchar *option, const gchar *value, gpointer data, GError **error)
{
	(void)option;
	(void)data;
	for (size_t i = 0; i < G_N_ELEMENTS(renderings); i++) {
		if (g_str_equal(renderings[i].name, value))
			rendering = &renderings[i];
	}
	if (rendering)
		return TRUE;
	g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "\"%s\" is no format of a report", value);
	return FALSE;
}

static const GOptionEntry entries[] = {
	{"output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
	 "Where to: FILE.html, FILE.md; a folder for these two, evidence.pcapng and connections.csv (one that exists, or a name "
	 "that ends in /); - for standard output",
	 "PATH"},
	{"format", 0, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, (gpointer)take_format,
	 "html or md, where the name of the output does not tell", "FORMAT"},
	{"title", 0, 0, G_OPTION_ARG_FILENAME, &title, "What stands above it all", "TEXT"},
	{"details", 0, 0, G_OPTION_ARG_INT, &details,
	 "Tell so many connections whole (default 200), at least one of each incident; the others have a line in the table",
	 "N"},
	{"no-mermaid", 0, 0, G_OPTION_ARG_NONE, &no_mermaid,
	 "Leave the sequence diagrams out of Markdown: Jira and Confluence show their source", NULL},
	{0}
};
static const struct option_section output_section = {"Output", entries};

static bool is_folder(const char *path)
{
	return g_str_has_suffix(path, "/") || g_file_test(path, G_FILE_TEST_IS_DIR);
}

static const struct rendering *by_ending(const char *path)
{
	for (size_t i = 0; i < G_N_ELEMENTS(renderings); i++) {
		for (size_t k = 0; renderings[i].endings[k]; k++) {
			if (g_str_has_suffix(path, renderings[i].endings[k]))
				return &renderings[i];
		}
	}
	return NULL;
}

/* FALSE after saying why it is not known what to write, and where. */
static bool settle_output(void)
{
	if (!output) {
		diagnostic_error("report: -o says where to: out.html, or a folder (see \"hangup help report\")");
		return false;
	}
	if (is_folder(output)) {
		evidence_file_default(g_build_filename(output, "evidence.pcapng", NULL));
		return true;
	}
	if (evidence_file_is(output)) {
		diagnostic_error("report: -o and --evidence both name \"%s\"", output);
		return false;
	}
	rendering = rendering ? rendering : by_ending(output);
	if (!rendering)
		diagnostic_error("report: the ending of \"%s\" does not tell what to write; .html and .md do, and so does --format",
		                 output);
	return rendering != NULL;
}

/* FALSE after saying which input cannot be read twice. */
static bool can_read_twice(const struct inputs *inputs)
{
	for (size_t i = 0; i < inputs->len; i++) {
		const char *name = inputs->names[i];

		if (!g_str_equal(name, "-") &&
		    (g_file_test(name, G_FILE_TEST_IS_REGULAR) || !g_file_test(name, G_FILE_TEST_EXISTS)))
			continue; /* missing: whoever opens it says so */
		diagnostic_error("%s: a report reads its input twice, which only a file allows; save it first", name);
		return false;
	}
	return true;
}

/* -------------------------------------------------------------------------------------------------- readings */

struct reporting {
	struct report_options options;
	double incident_thresholds[INCIDENT_THRESHOLD_COUNT];
	struct writing *writing; /* once the rules are known */
	struct table_file *table; /* of a folder, from the first packet on; NULL without, or when it cannot be written */
	enum exit_status table_status;
	struct evidence *evidence; /* NULL when none is asked for */
	GPtrArray *thresholds; /* of char *: those that are not as shipped */
	GPtrArray *interfaces; /* of struct writeup_interface */
};

static void add_threshold(GPtrArray *out, const struct rule_entry *entry, uint32_t i)
{
	const struct hangup_threshold *threshold = &entry->rule->thresholds[i];

	if (entry->thresholds[i] != threshold->value)
		g_ptr_array_add(out, g_strdup_printf("%s.%s = %.12g %s (default %.12g)", entry->rule->name, threshold->name,
		                                     entry->thresholds[i], threshold->unit, threshold->value));
}

static void on_rules(const struct rule_set *rules, void *user)
{
	struct reporting *r = user;

	memcpy(r->incident_thresholds, rule_set_find(rules, incident_rule.name)->thresholds, sizeof r->incident_thresholds);
	r->options.incident_thresholds = r->incident_thresholds;
	r->writing = writing_new(&r->options, (size_t)MAX(details, 0));
	for (size_t i = 0; i < rule_set_len(rules); i++) {
		const struct rule_entry *entry = rule_set_entry(rules, i);

		for (uint32_t k = 0; k < entry->rule->thresholds_count; k++)
			add_threshold(r->thresholds, entry, k);
	}
}

static enum exit_status make_folder(void)
{
	if (g_mkdir_with_parents(output, 0777) == 0)
		return EXIT_DONE;
	diagnostic_error("%s: cannot be made: %s", output, g_strerror(errno));
	return EXIT_INPUT;
}

static void begin_table(struct reporting *r)
{
	r->table_status = make_folder();
	if (r->table_status == EXIT_DONE)
		r->table = table_file_begin(output, &r->options);
	if (!r->table)
		r->table_status = EXIT_INPUT;
}

static void on_begin(int64_t first_ns, void *user)
{
	struct reporting *r = user;

	selection_get(&r->options.selection, first_ns);
	r->options.asked = error_asked_get(first_ns);
	r->options.first_ns = first_ns;
	writing_begin(r->writing, first_ns);
	if (is_folder(output))
		begin_table(r);
}

static void on_verdict(const struct hangup_case *c, unsigned lane, void *user)
{
	struct reporting *r = user;

	writing_count(r->writing, lane, c);
	if (r->table)
		table_file_verdict(r->table, lane, c);
	if (r->evidence)
		evidence_verdict(r->evidence, lane, c);
}

static void on_turn(void *user)
{
	struct reporting *r = user;

	writing_turn(r->writing);
	if (r->table)
		table_file_turn(r->table);
}

static void add_interface(GPtrArray *out, const struct interface *seen)
{
	struct writeup_interface *interface = g_new0(struct writeup_interface, 1);

	interface->name = g_strdup(seen->name);
	interface->description = g_strdup(seen->description);
	interface->os = g_strdup(seen->os);
	interface->filter = g_strdup(seen->filter);
	interface->snaplen = seen->snaplen;
	interface->received = seen->received;
	interface->dropped = seen->dropped;
	g_ptr_array_add(out, interface);
}

static void on_read(const struct source *source, const struct run_summary *summary, void *user)
{
	struct reporting *r = user;

	for (size_t i = 0; i < source_interfaces(source); i++)
		add_interface(r->interfaces, source_interface(source, i));
	writing_choose(r->writing, summary);
	if (r->evidence)
		evidence_choose(r->evidence, writing_incidents(r->writing));
}

static void on_segment_again(const struct segment *segment, uint64_t id, enum hangup_side sender, void *user)
{
	struct reporting *r = user;

	writing_segment(r->writing, segment, id, sender);
	if (r->evidence)
		evidence_segment(r->evidence, segment, id);
}

static void on_verdict_again(const struct hangup_case *c, unsigned lane, void *user)
{
	(void)lane;
	writing_tell(((struct reporting *)user)->writing, c);
}

/* ---------------------------------------------------------------------------------------------------- results */

extern const struct command command_report;

static void add_file(GPtrArray *out, const struct inputs *inputs, size_t i)
{
	struct writeup_file *file = g_new0(struct writeup_file, 1);

	file->name = g_strdup(inputs->told ? inputs->told[i] : inputs->names[i]);
	file->brief = file->name + inputs->common;
	file->measured = !inputs->told && measure_file(inputs->names[i], &file->bytes, file->sha256); /* which finds it again */
	g_ptr_array_add(out, file);
}

static struct writeup *finish(struct reporting *r, const struct inputs *inputs)
{
	struct writeup *w = writing_finish(r->writing);

	r->writing = NULL;
	if (title) {
		g_free(w->title);
		w->title = g_strdup(title);
	}
	w->version = g_strdup(HANGUP_VERSION);
	w->no_mermaid = no_mermaid;
	for (size_t i = 0; i < inputs->len; i++)
		add_file(w->files, inputs, i);
	g_ptr_array_extend_and_steal(w->thresholds, r->thresholds);
	g_ptr_array_extend_and_steal(w->interfaces, r->interfaces);
	if (inputs->told)
		g_ptr_array_add(w->options, g_strdup("--anonymize")); /* the others may tell addresses and names */
	else
		g_ptr_array_extend_and_steal(w->options, given_options(&command_report));
	limits_write(w);
	return w;
}

static enum exit_status write_one(const struct rendering *how, const char *path, const struct writeup *w)
{
	g_autoptr(GString) text = g_string_new(NULL);

	how->append(text, w);
	return g_str_equal(path, "-") ? result_write(text) : result_file_write(path, text);
}

static enum exit_status write_folder(const struct writeup *w)
{
	enum exit_status status = EXIT_DONE;

	for (size_t i = 0; i < G_N_ELEMENTS(renderings); i++) {
		g_autofree char *path = g_build_filename(output, renderings[i].in_folder, NULL);

		status = exit_graver(status, write_one(&renderings[i], path, w));
	}
	return status;
}

static enum exit_status write_results(const struct writeup *w)
{
	return is_folder(output) ? write_folder(w) : write_one(rendering, output, w);
}

static enum exit_status report(struct reporting *r, const struct inputs *inputs)
{
	const struct judging again = {.segment = on_segment_again, .verdict = on_verdict_again, .user = r};
	const struct judging judging = {
		.ruled = on_rules,
		.begin = on_begin,
		.verdict = on_verdict,
		.turn = on_turn,
		.read = on_read,
		.has_summary = true,
		.again = &again,
		.user = r,
	};
	struct run_summary summary;
	enum exit_status status = judging_run(inputs, &judging, &summary);
	struct writeup *w = NULL;

	if (r->writing && status == EXIT_DONE && !summary.frames && is_folder(output))
		begin_table(r); /* of nothing */
	if (r->table)
		r->table_status = table_file_finish(r->table, &summary);
	if (r->writing)
		w = finish(r, inputs);
	if (w && r->table_status == EXIT_DONE && status != EXIT_USAGE && (status == EXIT_DONE || summary.frames))
		status = exit_graver(status, write_results(w));
	status = exit_graver(status, r->table_status);
	writeup_free(w);
	return exit_graver(status, evidence_file_finish(r->evidence, inputs));
}

static enum exit_status run_report(char **arguments)
{
	struct reporting reporting = {0};
	struct inputs inputs;
	enum exit_status status;
	g_autoptr(GError) error = NULL;

	if (!selection_check(&error) || !error_asked_check(&error)) {
		diagnostic_error("report: %s", error->message);
		return EXIT_USAGE;
	}
	if (!settle_output() || !anonymize_prepare())
		return EXIT_USAGE;
	status = inputs_init(&inputs, arguments, g_strv_length(arguments));
	if (status != EXIT_USAGE && inputs.len > 0 && !can_read_twice(&inputs))
		status = EXIT_USAGE;
	if (status != EXIT_USAGE && inputs.len > 0)
		status = exit_graver(status, evidence_file_begin(&inputs, &reporting.options, g_str_equal(output, "-"),
		                                                  &reporting.evidence));
	if (status != EXIT_USAGE && inputs.len > 0) {
		anonymize_inputs(&inputs);
		inputs_describe(&inputs, &reporting.options);
		reporting.thresholds = g_ptr_array_new();
		reporting.interfaces = g_ptr_array_new();
		status = exit_graver(status, report(&reporting, &inputs));
	}
	inputs_clear(&inputs);
	return status;
}

static const struct option_section *const sections[] = {
	&output_section, &selection_section, &error_section, &evidence_section, &input_section, &reading_section,
	&anonymize_section, &rules_section, &timers_section, NULL
};

const struct command command_report = {
	.name = "report",
	.arguments = "FILE...",
	.summary = "Writes it all up as a page that anybody can read",
	.help = "Writes up how the connections in a capture ended, for people who have never opened Wireshark and for those who "
	        "live in it: what happened in one sentence, when, what ended together, and each abnormal connection with its "
	        "evidence, its packets, what the applications saw, and what to do next. -o out.html is one file that needs "
	        "nothing else: mail it, print it, open it on a telephone. -o out.md is for GitHub, GitLab, Jira and Confluence. The captures are read twice, so they must be files.",
	.arguments_min = 1,
	.arguments_max = INT_MAX,
	.sections = sections,
	.run = run_report,
};
