/* The front door: finds the command, and leaves. Everything else is a table (command.c) or a command
 * (cmd_*.c). Nothing here asks for a locale: the same bytes come out everywhere. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <glib.h>
#include <pcap/pcap.h>

#include <hangup/rule.h>

#include "cli/command.h"
#include "cli/diagnostic.h"
#include "cli/result.h"

static bool is_any(const char *word, const char *one, const char *other)
{
	return g_str_equal(word, one) || g_str_equal(word, other);
}

static bool asks_for_help(const char *word)
{
	return is_any(word, "--help", "-h") || g_str_equal(word, "help");
}

static enum exit_status help(int argc, char **argv)
{
	const struct command *command = argc > 2 ? command_find(argv[2]) : NULL;

	if (argc <= 2 || command || asks_for_help(argv[2]))
		return command_help(command);
	diagnostic_error("there is no command \"%s\" (see \"hangup help\")", argv[2]);
	return EXIT_USAGE;
}

static enum exit_status version(void)
{
	g_autoptr(GString) text = g_string_new(NULL);

	g_string_printf(text, "hangup %s\nrule ABI %d.%d, GLib %u.%u.%u, %s\n", HANGUP_VERSION, HANGUP_RULE_ABI_MAJOR,
	                HANGUP_RULE_ABI_MINOR, glib_major_version, glib_minor_version, glib_micro_version,
	                pcap_lib_version());
	return result_write(text);
}

static enum exit_status nothing_asked(void)
{
	g_autoptr(GString) overview = g_string_new(NULL);

	command_append_overview(overview);
	fputs(overview->str, stderr);
	return EXIT_USAGE;
}

/* A word that is neither a command nor looks like a path: most likely a mistyped command. */
static bool is_mistyped(const char *word)
{
	return word[0] != '-' && !strpbrk(word, "./\\*?[") && !g_file_test(word, G_FILE_TEST_EXISTS);
}

static enum exit_status dispatch(int argc, char **argv)
{
	const struct command *command;

	if (argc < 2)
		return nothing_asked();
	if (asks_for_help(argv[1]))
		return help(argc, argv);
	if (is_any(argv[1], "--version", "-V"))
		return version();
	command = command_find(argv[1]);
	if (command)
		return command_start(command, argc - 1, argv + 1);
	if (is_mistyped(argv[1])) {
		diagnostic_error("\"%s\" is neither a command nor a file (see \"hangup help\")", argv[1]);
		return EXIT_USAGE;
	}
	return command_start(command_find("read"), argc, argv); /* a bare file name */
}

int main(int argc, char **argv)
{
	return (int)dispatch(argc, argv);
}
