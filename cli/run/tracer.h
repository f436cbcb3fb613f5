/* Watches a command through ptrace: stops it and its children at the calls of watched_calls.def only, and tells what TCP sockets
 * they have and which calls on them failed. */
#ifndef CLI_RUN_TRACER_H
#define CLI_RUN_TRACER_H

#include <stdbool.h>

#include <sys/types.h>

#include <glib.h>

#include "cli/run/watch.h"

/* Both filters, made before the command is started. */
struct tracer_filters {
	GArray *first;   /* NULL where calls cannot be looked at on this machine */
	GArray *sockets;
	bool inherited;  /* it is started with sockets: the second from the start */
};
void tracer_filters_init(struct tracer_filters *f);
void tracer_filters_clear(struct tracer_filters *f);
/* Puts the calling process, to become the command, under them, once it is attached. False with errno. */
bool tracer_filters_enter(const struct tracer_filters *f);

/* Takes hold of a child that waits to be started. False with errno when the system does not let us. */
bool tracer_attach(pid_t command);

/* Goes along until the command and all it has started are gone; once nobody reads the events any more all goes on,
 * unwatched. */
void tracer_run(const struct watch *watch, const struct tracer_filters *filters);

#endif
