/* From the ticks of a pcapng interface to nanoseconds since 1970: integers only, and never an overflow,
 * whatever resolution and offset a file claims. What does not fit stops at the nearest time that does. */
#ifndef CAPTURE_TIMESCALE_H
#define CAPTURE_TIMESCALE_H

#include <stdbool.h>
#include <stdint.h>

/* 146 years before and after 1970: the difference of any two times still fits, and so does a wait added to one. */
#define TIMESCALE_MOST_NS (INT64_MAX / 2)

/* ns = ticks * multiply / divide + offset, or ticks * 10^9 / 2^shift + offset when shift > 0. */
struct timescale {
	uint64_t multiply;
	uint64_t divide;
	uint8_t shift;
	int64_t offset_s;
};

/* if_tsresol: the top bit clear, ticks of 10^-value seconds; set, of 2^-value. if_tsoffset: seconds. */
struct timescale timescale_new(uint8_t tsresol, int64_t offset_s);
int64_t timescale_ns(const struct timescale *t, uint64_t ticks);

#endif
