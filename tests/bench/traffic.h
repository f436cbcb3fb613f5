/* All connections together, in the order of time. */
#ifndef BENCH_TRAFFIC_H
#define BENCH_TRAFFIC_H

#include <stdint.h>

#include "tests/bench/capture_writer.h"
#include "tests/bench/settings.h"

/* What came out. */
struct traffic_counts {
	uint64_t connections;   /* TCP connections with at least one packet */
	uint64_t live, live_peak; /* those of which nothing yet says that they are over */
	int64_t first_ns, last_ns;
	uint64_t taken[COURSES];
};

void traffic_write(const struct settings *s, struct capture_writer *w, struct traffic_counts *out);

#endif
