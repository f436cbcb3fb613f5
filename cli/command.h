/* A subcommand: its options as tables, from which both the parsing and the help come. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>

#include <glib.h>

#include "cli/exit_status.h"

/* Options that belong together, listed under one heading. Entries end with {0}; where they
 * store values is static and set before run() is called. */
struct option_section {
	const char *title; /* "Which connections" */
	const GOptionEntry *entries;
};

struct command {
	const char *name;
	const char *arguments; /* "FILE ID" */
	const char *summary;   /* one line for the list of commands */
	const char *help;      /* a paragraph or two; wrapped when shown */
	/* What follows the first argument is another program's, no option of ours, and so is the exit status: then ours is
	 * this when the command line makes no sense. 0: neither. */
	int prefix_status;
	int arguments_min;
	int arguments_max;
	const struct option_section *const *sections; /* NULL-terminated */
	/* Or NULL: whether options ask for a list instead of a run (-o fields=help); appends it. */
	bool (*list)(GString *out);
	enum exit_status (*run)(char **arguments);
};

/* Every subcommand, in the order of the list; NULL-terminated. cli/commands.def is the table. */
extern const struct command *const commands[];

const struct command *command_find(const char *name);
/* Parses the options in argv, whose first word is skipped, and runs. */
enum exit_status command_start(const struct command *command, int argc, char **argv);

/* Prints the help of a command, or without one the list of commands: pages of at most 80 columns. */
enum exit_status command_help(const struct command *command);
void command_append_overview(GString *out);

#endif
