/* The clock that waiting goes by: it follows the packets' stamps, but a clock that was set back makes nobody wait longer,
 * and one packet from the future ends nothing but what had ended. */
#ifndef ANALYZERS_ROUND_CLOCK_H
#define ANALYZERS_ROUND_CLOCK_H

#include <stdint.h>

/* The longest step it follows: any that makes all that waits due. */
#define ROUND_CLOCK_STEP_NS (INT64_C(3600) * 1000000000)
/* Where it stops, for a capture whose stamps jump to and fro for ever: waits added to it do not overflow. */
#define ROUND_CLOCK_MOST_NS (INT64_C(1) << 61)

/* What it shows at a packet of after_ns when it showed clock_ns at the packet before, of before_ns. */
static inline int64_t round_clock_after(int64_t clock_ns, int64_t before_ns, int64_t after_ns)
{
	int64_t step;

	if (after_ns <= before_ns)
		return clock_ns;
	if (__builtin_sub_overflow(after_ns, before_ns, &step) || step > ROUND_CLOCK_STEP_NS)
		step = ROUND_CLOCK_STEP_NS;
	return clock_ns < ROUND_CLOCK_MOST_NS - step ? clock_ns + step : ROUND_CLOCK_MOST_NS;
}

#endif
