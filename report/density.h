/* How many connections were open when: a fixed number of intervals, whatever the length of the capture. What it says does
 * not depend on the order in which connections were added. */
#ifndef REPORT_DENSITY_H
#define REPORT_DENSITY_H

#include <stddef.h>
#include <stdint.h>

enum { DENSITY_BUCKETS = 512 };

struct density {
	int64_t from_ns;  /* times before count as this */
	int64_t width_ns; /* of an interval */
	uint32_t opened[DENSITY_BUCKETS], closed[DENSITY_BUCKETS];
};

void density_init(struct density *d, int64_t from_ns);
/* A connection whose first and last packets were then. */
void density_add(struct density *d, int64_t first_ns, int64_t last_ns);
/* Adds what is in `from`, which begins at the same time, and empties it. */
void density_move(struct density *d, struct density *from);

/* Connections that were open some time in each interval, into out[DENSITY_BUCKETS]; returns the most of them. */
uint64_t density_open(const struct density *d, uint64_t *out);

#endif
