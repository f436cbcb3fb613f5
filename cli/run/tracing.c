#include "cli/run/tracing.h"

#include <sys/socket.h>
#include <sys/syscall.h>

pid_t traced_thread_process(struct traced_thread *thread, pid_t id)
{
	if (thread->process == 0)
		thread->process = tracee_process(id);
	return thread->process;
}

bool traced_thread_connects(const struct traced_thread *thread, const struct watched_call *call)
{
	return call->number == SYS_sendto && (thread->call.arguments[3] & MSG_FASTOPEN) != 0;
}

int64_t tracing_now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void tracing_tell(struct tracing *t, const struct run_event *event)
{
	if (t->events >= 0 && !run_event_send(t->events, event))
		t->events = -1;
}

struct run_event tracing_event(enum run_event_kind kind, struct traced_thread *thread, pid_t id)
{
	return (struct run_event){.kind = (uint8_t)kind, .time_ns = tracing_now_ns(CLOCK_REALTIME),
	                          .pid = traced_thread_process(thread, id), .tid = id, .fd = -1};
}
