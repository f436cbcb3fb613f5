/* hangup errors: what an error that a program reports means on the wire, and which endings can produce it. */
#include "cli/command.h"
#include "cli/diagnostic.h"
#include "cli/result.h"
#include "report/error_page.h"

enum { WIDTH = 80 };

static enum exit_status run_errors(char **arguments)
{
	struct error_query query;
	g_autofree char *text = g_strjoinv(" ", arguments); /* a message needs no quotes */
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GError) error = NULL;

	if (!*arguments) {
		error_page_append_list(out, WIDTH);
		return result_write(out);
	}
	if (!error_query_parse(text, &query, &error)) {
		diagnostic_error("%s", error->message);
		return EXIT_USAGE;
	}
	error_page_append(out, &query, WIDTH);
	return result_write(out);
}

static const struct option_section *const sections[] = {NULL};

const struct command command_errors = {
	.name = "errors",
	.arguments = "[ERROR]",
	.summary = "Says what an error means on the wire",
	.help = "Says what an error that a program reports means: on each system, at which call, which endings of a "
	        "connection can produce it, and which cannot. ERROR is a code (10053, ECONNRESET), the words of a runtime "
	        "(BrokenPipeError, socket hang up), or a whole line of a log. Without one, lists those that are known.",
	.arguments_max = G_MAXINT,
	.sections = sections,
	.run = run_errors,
};
