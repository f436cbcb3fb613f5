/* When a live capture lost packets, and how many: a connection that lived then may miss some of its own. Bounded: of very
 * many losses the oldest are told together. */
#ifndef ANALYZERS_LOSSES_H
#define ANALYZERS_LOSSES_H

#include <stddef.h>
#include <stdint.h>

enum { LOSSES_MAX = 256 };
/* Counters are asked for about once a second: what they moved by may have been lost so long before. */
#define LOSSES_LAG_NS (INT64_C(1500) * 1000000)

struct losses {
	struct loss {
		int64_t from_ns, until_ns; /* somewhere in between */
		uint64_t count;
	} all[LOSSES_MAX];
	size_t len;
	uint64_t total;
	int64_t noted_ns;
};

/* The capture has lost so many packets in all, as of now. */
void losses_note(struct losses *l, uint64_t total, int64_t now_ns);
/* How many it lost in a time that overlaps with this one. */
uint64_t losses_between(const struct losses *l, int64_t from_ns, int64_t until_ns);

#endif
