/* Time for live capture: it begins as the system's clock shows it, and goes on evenly when that is set, or the machine
 * sleeps. So no connection looks silent for an hour because the clock was set ahead, and none waits for one because it was
 * set back. The price: after that, times are told by the clock as it was. */
#ifndef CLI_LIVE_CLOCK_H
#define CLI_LIVE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* A clock is set when it moves by this much against the one that nobody sets. Less is time synchronisation at work, and
 * harmless: packets of several queues are as much out of order. */
#define LIVE_CLOCK_STEP_NS INT64_C(500000000)

struct live_clock {
	int64_t base_ns;   /* what the system's clock is ahead of the even one, at the start */
	int64_t before_ns; /* and before it was last set */
	int64_t ahead_ns;  /* and now */
	int64_t seen_ns;   /* the even clock at the last look */
	uint64_t steps;
};

/* system_ns: since 1970, may be set; even_ns: since whenever, goes on. */
void live_clock_init(struct live_clock *c, int64_t system_ns, int64_t even_ns);
/* Looks at both clocks. Returns by how much the system's was set since the last look, 0 when it was not. */
int64_t live_clock_look(struct live_clock *c, int64_t system_ns, int64_t even_ns);

/* Since 1970, by the clock as it was at the start. */
static inline int64_t live_clock_now(const struct live_clock *c, int64_t even_ns)
{
	return even_ns + c->base_ns;
}
/* The same of a stamp that the kernel gave lately, before or after the clock was last set. */
int64_t live_clock_stamp(const struct live_clock *c, int64_t stamp_ns);
/* Whether a stamp is so far from the last look that another look is due first. */
bool live_clock_is_stale(const struct live_clock *c, int64_t stamp_ns);

#endif
