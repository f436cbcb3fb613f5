/* Hears what the keeper tells, on a thread of its own, so that the command never waits for us to read packets. */
#ifndef CLI_RUN_LISTENER_H
#define CLI_RUN_LISTENER_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/run/event.h"
#include "report/calls.h"

struct listener;

/* events: read until its end. Starts a thread. */
struct listener *listener_new(int events);
/* Waits for the thread, which ends when the keeper has told the command's end, or is gone. */
void listener_free(struct listener *l);

/* How the command stands. */
struct hearing {
	bool ended;      /* it has, or never began */
	bool started;
	bool not_found;  /* could not be started; number: errno */
	bool gone;       /* the keeper is, without having told the command's end */
	bool unseen;     /* the command uses io_uring */
	char rightless[CALL_PROCESS_MAX]; /* a program that did not get the rights of its file, raw; empty: none */
	int number;      /* once ended: as waitpid() tells it */
	enum run_watching watching;
};
struct hearing listener_hear(struct listener *l);

/* Whether any socket of the command is still busy in the kernel: open, or not yet done with closing. */
bool listener_is_busy(struct listener *l);

/* All that was heard; only once it has ended. Stays the listener's. */
struct calls *listener_calls(struct listener *l);

#endif
