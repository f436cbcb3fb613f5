#include "cli/run/watch.h"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "cli/run/event.h"

/* It holds the other end of the pipe, and is gone: there is something in it, or there never will be. */
static void tell_failure(const struct watch *w)
{
	struct run_event event = {.kind = RUN_NOT_FOUND, .pid = w->command, .fd = -1};

	if (read(w->failed, &event.number, sizeof(event.number)) == sizeof(event.number))
		run_event_send(w->events, &event);
}

void watch_tell_end(const struct watch *w, int status)
{
	struct run_event event = {.kind = RUN_ENDED, .number = status, .pid = w->command, .tid = w->command, .fd = -1};
	struct timespec now;

	tell_failure(w);
	clock_gettime(CLOCK_REALTIME, &now);
	event.time_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
	run_event_send(w->events, &event);
	fcntl(w->events, F_SETFL, fcntl(w->events, F_GETFL) | O_NONBLOCK); /* what is left must not wait for a reader */
}
