/* The process that starts the command, stays its parent, and watches it; forked before the capture is opened, so that
 * neither it nor the command has any part in that. The command is the user's: environment, descriptors, directory,
 * signal dispositions, terminal, user; with hangup's own limits (cli/privileges.h) it has nothing to do.
 *
 *   main ----fork----> keeper ----fork----> command
 *    |  <---events----   |                    |
 *    |  ----control-->   |  ptrace, waitpid   |
 */
#ifndef CLI_RUN_KEEPER_H
#define CLI_RUN_KEEPER_H

#include <stdbool.h>

#include <sys/types.h>

#include <glib.h>

#include "cli/privileges.h"

struct keeper {
	pid_t pid;
	int events;  /* to read struct run_event from; at its end the keeper has no more to say */
	int control; /* to write to */
};

struct keeper_options {
	char **arguments;           /* the command, NULL-terminated */
	const struct identity *who; /* as whom it runs, or NULL: as who we are */
	bool trace;
};

/* Forks: call it while there is one thread only, before any signal is caught or ignored. FALSE when it cannot be. */
gboolean keeper_start(struct keeper *out, const struct keeper_options *options, GError **error);
/* Lets the command begin. */
void keeper_go(const struct keeper *k);
/* Sends the command a signal. */
void keeper_signal(const struct keeper *k, int signal);
/* What it was let go for is over, or never began: a command that has not begun never will. What the command left
 * running goes on. */
void keeper_leave(struct keeper *k);

#endif
