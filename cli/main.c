/* The front door: finds the command, and leaves. Everything else is a table (command.c) or a command
 * (cmd_*.c). Nothing here asks for a locale: the same bytes come out everywhere. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <glib.h>
#include <pcap/pcap.h>

#include <hangup/rule.h>

#include "cli/command.h"
#include "cli/diagnostic.h"

static bool is_any(const char *word, const char *one, const char *other)
{
	return g_str_equal(word, one) || g_str_equal(word, other);
}

static enum exit_status help(int argc, char **argv)
{
	const struct command *command;

	if (argc < 3) {
		command_print_overview(stdout);
		return EXIT_DONE;
	}
	command = command_find(argv[2]);
	if (!command) {
		diagnostic_error("there is no command \"%s\" (see \"hangup help\")", argv[2]);
		return EXIT_USAGE;
	}
	command_print_help(command);
	return EXIT_DONE;
}

static enum exit_status version(void)
{
	printf("hangup %s\nrule ABI %d.%d, GLib %u.%u.%u, %s\n", HANGUP_VERSION, HANGUP_RULE_ABI_MAJOR,
	       HANGUP_RULE_ABI_MINOR, glib_major_version, glib_minor_version, glib_micro_version,
	       pcap_lib_version());
	return EXIT_DONE;
}

/* A word that is neither a command nor looks like a path: most likely a mistyped command. */
static bool is_mistyped(const char *word)
{
	return word[0] != '-' && !strpbrk(word, "./\\") && !g_file_test(word, G_FILE_TEST_EXISTS);
}

static enum exit_status dispatch(int argc, char **argv)
{
	const struct command *command;

	if (argc < 2) {
		command_print_overview(stderr);
		return EXIT_USAGE;
	}
	if (is_any(argv[1], "--help", "-h") || g_str_equal(argv[1], "help"))
		return help(argc, argv);
	if (is_any(argv[1], "--version", "-V"))
		return version();
	command = command_find(argv[1]);
	if (command)
		return command_run(command, argc - 1, argv + 1);
	if (is_mistyped(argv[1])) {
		diagnostic_error("\"%s\" is neither a command nor a file (see \"hangup help\")", argv[1]);
		return EXIT_USAGE;
	}
	return command_run(command_find("read"), argc, argv); /* a bare file name */
}

/* What is still buffered may yet fail to be written. A reader that had enough (| head) is no failure; usually
 * SIGPIPE ended us by then, but whoever started us may have had it ignored. */
static enum exit_status flush(enum exit_status status)
{
	if (!fflush(stdout) || errno == EPIPE || status != EXIT_DONE)
		return status;
	diagnostic_error("standard output: %s", g_strerror(errno));
	return EXIT_INPUT;
}

int main(int argc, char **argv)
{
	return (int)flush(dispatch(argc, argv));
}
