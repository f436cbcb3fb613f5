/* hangup explain: one connection told whole. One pass is enough: the ladder takes this connection's packets as
 * they go by, and is complete when the verdict comes. */
#include <inttypes.h>
#include <limits.h>

#include "cli/anonymize.h"
#include "cli/command.h"
#include "cli/diagnostic.h"
#include "cli/input_options.h"
#include "cli/judging.h"
#include "cli/result.h"
#include "cli/rules_in_force.h"
#include "cli/terminal.h"
#include "cli/timer_files.h"
#include "report/explain.h"
#include "report/remarks.h"

enum { LADDER_ROWS = 24 };

struct explaining {
	struct report_options options;
	uint64_t id;
	struct ladder *ladder;
	struct remarks *remarks;
	GString *text; /* NULL until it is found */
};

static void on_segment(const struct segment *segment, uint64_t id, enum hangup_side sender, void *user)
{
	struct explaining *e = user;

	if (id != e->id)
		return;
	ladder_add(e->ladder, segment, sender);
	remarks_add_packet(e->remarks, segment->number);
}

static void on_comment(uint64_t number, const char *text, size_t text_len, void *user)
{
	remarks_add_comment(((struct explaining *)user)->remarks, number, text, text_len);
}

static void on_name(const uint8_t address[16], const char *text, size_t text_len, void *user)
{
	remarks_add_name(((struct explaining *)user)->remarks, address, text, text_len);
}

static void on_opened(struct source *source, void *user)
{
	source_on_comment(source, on_comment, user);
	source_on_name(source, on_name, user);
}

static void on_verdict(const struct hangup_case *c, unsigned lane, void *user)
{
	struct explaining *e = user;

	(void)lane;
	if (c->facts->id != e->id)
		return;
	e->text = g_string_new(NULL);
	remarks_set_ends(e->remarks, c->facts->end);
	explain_append(e->text, c, e->ladder, &e->options);
}

static bool has_enough(void *user)
{
	const struct explaining *e = user;

	return e->text != NULL;
}

/* Told when the reading is over, but whatever became of it. */
static enum exit_status tell(struct explaining *e, const struct run_summary *summary)
{
	if (e->text) {
		remarks_append(e->text, e->remarks, &e->options);
		return result_write(e->text);
	}
	diagnostic_error("%s: there is no connection %" PRIu64 "; it has %" PRIu64, e->options.input_name, e->id,
	                 summary->connections);
	return EXIT_USAGE;
}

static enum exit_status judge(struct explaining *e, const struct inputs *inputs, const struct judging *judging)
{
	struct run_summary summary;
	enum exit_status status = judging_run(inputs, judging, &summary);

	if (status != EXIT_DONE && !summary.frames)
		return status;
	return exit_graver(status, tell(e, &summary));
}

static enum exit_status run_explain(char **arguments)
{
	struct explaining explaining = {
		.options = {
			.colour = terminal_colour(),
			.ascii = terminal_ascii(),
			.width = terminal_width(),
		},
	};
	struct judging judging = {
		.verdict = on_verdict, .segment = on_segment, .enough = has_enough, .opened = on_opened, .user = &explaining};
	const size_t files = g_strv_length(arguments) - 1;
	struct inputs inputs;
	enum exit_status status;

	if (!g_ascii_string_to_unsigned(arguments[files], 10, 1, G_MAXUINT64, &explaining.id, NULL)) {
		diagnostic_error("explain: \"%s\" is no number of a connection", arguments[files]);
		return EXIT_USAGE;
	}
	if (!anonymize_prepare())
		return EXIT_USAGE;
	status = inputs_init(&inputs, arguments, files);
	if (status != EXIT_USAGE && inputs.len > 0) {
		anonymize_inputs(&inputs);
		inputs_describe(&inputs, &explaining.options);
		explaining.ladder = ladder_new(LADDER_ROWS);
		explaining.remarks = remarks_new();
		status = exit_graver(status, judge(&explaining, &inputs, &judging));
		ladder_free(explaining.ladder);
		remarks_free(explaining.remarks);
		if (explaining.text)
			g_string_free(explaining.text, TRUE);
	}
	inputs_clear(&inputs);
	return status;
}

static const struct option_section *const sections[] = {
	&input_section, &reading_section, &anonymize_section, &rules_section, &timers_section, &terminal_section, NULL
};

const struct command command_explain = {
	.name = "explain",
	.arguments = "FILE... ID",
	.summary = "Tells one connection whole",
	.help = "Tells one connection whole: the verdict and what it rests on, the packets, what the application at "
	        "each end most likely saw, what else it could have been, and what to do next. ID is the number that "
	        "\"hangup read\" gives the connection; give the same files and the same -f here.",
	.arguments_min = 2,
	.arguments_max = INT_MAX,
	.sections = sections,
	.run = run_explain,
};
