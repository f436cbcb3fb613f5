#include "cli/run/event.h"

#include <errno.h>
#include <unistd.h>

bool run_event_send(int fd, const struct run_event *event)
{
	ssize_t written;

	do
		written = write(fd, event, sizeof(*event));
	while (written < 0 && errno == EINTR);
	return written == (ssize_t)sizeof(*event);
}
