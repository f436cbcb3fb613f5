/* What a call on a socket returned, at its end. */
#ifndef CLI_RUN_CALL_END_H
#define CLI_RUN_CALL_END_H

#include "cli/run/tracing.h"

/* The thread stands at the end of a call that it was seen to begin: tells of its socket, and of its failure. */
void call_end_take(struct tracing *t, struct traced_thread *thread, pid_t id);

#endif
