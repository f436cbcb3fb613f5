/* What both ways of watching a command share: cli/run/tracer.h, cli/run/onlooker.h. */
#ifndef CLI_RUN_WATCH_H
#define CLI_RUN_WATCH_H

#include <sys/types.h>

struct watch {
	pid_t command;
	int events; /* to main */
	int failed; /* from the command: an errno where it did not become another program, else nothing */
};

/* The command has ended, as waitpid() told: tells so, and before that when it had never begun. */
void watch_tell_end(const struct watch *w, int status);

#endif
