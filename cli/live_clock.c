#include "cli/live_clock.h"

#include <glib.h>

void live_clock_init(struct live_clock *c, int64_t system_ns, int64_t even_ns)
{
	int64_t ahead_ns = system_ns - even_ns;

	*c = (struct live_clock){.base_ns = ahead_ns, .before_ns = ahead_ns, .ahead_ns = ahead_ns, .seen_ns = even_ns};
}

int64_t live_clock_look(struct live_clock *c, int64_t system_ns, int64_t even_ns)
{
	int64_t ahead_ns = system_ns - even_ns, step_ns = ahead_ns - c->ahead_ns;

	c->seen_ns = even_ns;
	if (ABS(step_ns) < LIVE_CLOCK_STEP_NS)
		return 0;
	c->before_ns = c->ahead_ns;
	c->ahead_ns = ahead_ns;
	c->steps++;
	return step_ns;
}

static int64_t distance(const struct live_clock *c, int64_t stamp_ns, int64_t ahead_ns)
{
	return ABS(stamp_ns - ahead_ns - c->seen_ns);
}

/* Of the two readings that which is nearer to the last look: packets wait in the kernel for seconds at most. */
int64_t live_clock_stamp(const struct live_clock *c, int64_t stamp_ns)
{
	int64_t ahead_ns =
		distance(c, stamp_ns, c->before_ns) < distance(c, stamp_ns, c->ahead_ns) ? c->before_ns : c->ahead_ns;

	return stamp_ns - ahead_ns + c->base_ns;
}

bool live_clock_is_stale(const struct live_clock *c, int64_t stamp_ns)
{
	return distance(c, stamp_ns, c->ahead_ns) > LIVE_CLOCK_STEP_NS / 2;
}
