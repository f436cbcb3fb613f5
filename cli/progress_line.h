/* How far a run is, in words: "42%  12.3 M packets, 8.1 M/s, 780 MB/s, 12 s left". */
#ifndef CLI_PROGRESS_LINE_H
#define CLI_PROGRESS_LINE_H

#include <stdint.h>

#include <glib.h>

/* How far it is at some moment. */
struct progress_state {
	gint64 at_us; /* monotonic clock */
	uint64_t packets;
	uint64_t bytes;
};

/* How fast, smoothed over some seconds. Begins with the moment at which the run did, the rest zeroed. */
struct progress_rates {
	struct progress_state last; /* when they were last taken */
	double packets_s, bytes_s;
};

/* Appends the line. total is the input's size in bytes, 0 when it is not known: then there is no percentage and no time
 * left, but how much came. */
void progress_line_append(GString *out, struct progress_rates *rates, const struct progress_state *now, uint64_t total);

#endif
