/* From a table of options to a parsed command line, and to a help page that fits a terminal. GOption parses;
 * the page is written here, because GOption's own does not wrap and hides groups behind --help-GROUP. */
#include "cli/command.h"

#include "cli/diagnostic.h"
#include "cli/given_options.h"
#include "cli/result.h"
#include "report/paragraph.h"

enum { HELP_WIDTH = 80, HELP_INDENT = 26 };

#define COMMAND(name) extern const struct command command_##name;
#include "cli/commands.def"
#undef COMMAND

const struct command *const commands[] = {
#define COMMAND(name) &command_##name,
#include "cli/commands.def"
#undef COMMAND
	NULL
};

static gboolean help_wanted;
static const GOptionEntry help_entries[] = {
	{"help", 'h', 0, G_OPTION_ARG_NONE, &help_wanted, "This page", NULL},
	{0}
};
static const struct option_section help_section = {"Help", help_entries};

const struct command *command_find(const char *name)
{
	for (size_t i = 0; commands[i]; i++)
		if (g_str_equal(commands[i]->name, name))
			return commands[i];
	return NULL;
}

/* ------------------------------------------------------------------------------------------------ help */

/* Beside the option if it is short, else below it. */
static void append_description(GString *line, const char *text)
{
	if (line->len + 2 > HELP_INDENT) {
		g_string_append_c(line, '\n');
		g_string_append_printf(line, "%*s", HELP_INDENT, "");
	} else {
		g_string_append_printf(line, "%*s", HELP_INDENT - (int)line->len, "");
	}
	paragraph_append(line, text, HELP_INDENT, HELP_INDENT, HELP_WIDTH);
}

static void append_entry(GString *out, const GOptionEntry *entry)
{
	g_autoptr(GString) line = g_string_new("  ");

	if (entry->short_name)
		g_string_append_printf(line, "-%c, ", entry->short_name);
	else
		g_string_append(line, "    ");
	g_string_append_printf(line, "--%s", entry->long_name);
	if (entry->arg_description)
		g_string_append_printf(line, "=%s", entry->arg_description);
	append_description(line, entry->description);
	g_string_append(out, line->str);
}

static void append_section(GString *out, const struct option_section *section)
{
	g_string_append_printf(out, "\n%s:\n", section->title);
	for (const GOptionEntry *entry = section->entries; entry->long_name; entry++)
		append_entry(out, entry);
}

static void append_help(GString *out, const struct command *command)
{
	g_string_append_printf(out, "Usage: hangup %s [OPTION...]%s%s\n\n", command->name,
	                       *command->arguments ? " " : "", command->arguments);
	paragraph_append(out, command->help, 0, 0, HELP_WIDTH);
	for (size_t i = 0; command->sections[i]; i++)
		append_section(out, command->sections[i]);
	append_section(out, &help_section);
}

void command_append_overview(GString *out)
{
	g_string_append(out, "Usage: hangup FILE...\n"
	                     "       hangup COMMAND [OPTION...] ...\n"
	                     "\n"
	                     "Says who ended each TCP connection in a packet capture, and why.\n"
	                     "\n"
	                     "Commands (a bare FILE means read):\n");
	for (size_t i = 0; commands[i]; i++)
		g_string_append_printf(out, "  %-8s %-10s %s\n", commands[i]->name, commands[i]->arguments,
		                       commands[i]->summary);
	g_string_append(out, "  help     COMMAND    Shows the options of a command\n"
	                     "\n"
	                     "\"hangup --version\" says which one this is, \"man hangup\" says it all.\n");
}

enum exit_status command_help(const struct command *command)
{
	g_autoptr(GString) page = g_string_new(NULL);

	if (command)
		append_help(page, command);
	else
		command_append_overview(page);
	return result_write(page);
}

/* --------------------------------------------------------------------------------------------- parsing */

static GOptionContext *option_context(const struct command *command, char ***out_arguments)
{
	GOptionContext *context = g_option_context_new(NULL);
	GOptionEntry rest[] = {
		{G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, out_arguments, NULL, NULL},
		{0}
	};

	g_option_context_set_help_enabled(context, FALSE);
	g_option_context_set_strict_posix(context, command->prefix_status != 0);
	g_option_context_add_main_entries(context, help_entries, NULL);
	g_option_context_add_main_entries(context, rest, NULL);
	for (size_t i = 0; command->sections[i]; i++)
		g_option_context_add_main_entries(context, command->sections[i]->entries, NULL);
	return context;
}

static enum exit_status usage_error(const struct command *command, const char *sentence)
{
	diagnostic_error("%s: %s (see \"hangup help %s\")", command->name, sentence, command->name);
	return command->prefix_status != 0 ? (enum exit_status)command->prefix_status : EXIT_USAGE;
}

static enum exit_status run_with(const struct command *command, char **arguments)
{
	int count = (int)g_strv_length(arguments);
	g_autofree char *sentence = NULL;

	if (count >= command->arguments_min && count <= command->arguments_max)
		return command->run(arguments);
	if (count < command->arguments_min)
		sentence = g_strdup_printf("wants %s", command->arguments);
	else
		sentence = g_strdup_printf("does not know what to do with \"%s\"", arguments[command->arguments_max]);
	return usage_error(command, sentence);
}

enum exit_status command_start(const struct command *command, int argc, char **argv)
{
	static char *none[] = {NULL};
	g_auto(GStrv) arguments = NULL;
	g_autoptr(GOptionContext) context = option_context(command, &arguments);
	g_autoptr(GString) list = g_string_new(NULL);
	g_autoptr(GError) error = NULL;

	given_options_keep(argv);
	if (!g_option_context_parse(context, &argc, &argv, &error)) {
		error->message[0] = g_ascii_tolower(error->message[0]);
		return usage_error(command, error->message);
	}
	if (help_wanted)
		return command_help(command);
	if (command->list && command->list(list))
		return result_write(list);
	return run_with(command, arguments ? arguments : none);
}
