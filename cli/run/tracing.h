/* What is known of a command under trace and of its threads, and how it is told: what tracer.c, which takes the stops, and
 * call_end.c, which looks at what a call returned, share. */
#ifndef CLI_RUN_TRACING_H
#define CLI_RUN_TRACING_H

#include <stdbool.h>
#include <stdint.h>

#include <sys/types.h>
#include <time.h>

#include "cli/run/event.h"
#include "cli/run/far_ends.h"
#include "cli/run/socket_numbers.h"
#include "cli/run/tracee.h"
#include "cli/run/watched_call.h"

struct traced_thread {
	pid_t process;         /* 0 not asked for yet */
	bool alone;            /* is under the second filter, its process not */
	bool in_call;          /* stands between its beginning and its end */
	struct tracee_call call;
	int64_t began_ns;
	struct facts_end target; /* of connect() */
	bool has_target;
};

struct tracing {
	int events; /* -1 once nobody reads them */
	struct far_ends *ends;
	struct socket_numbers sockets;
};

pid_t traced_thread_process(struct traced_thread *thread, pid_t id);
/* sendto(MSG_FASTOPEN) is a connect() too. */
bool traced_thread_connects(const struct traced_thread *thread, const struct watched_call *call);

void tracing_tell(struct tracing *t, const struct run_event *event);
/* With the time it is. */
struct run_event tracing_event(enum run_event_kind kind, struct traced_thread *thread, pid_t id);

int64_t tracing_now_ns(clockid_t clock);

#endif
