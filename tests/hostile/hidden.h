/* The real connections that are hidden in a flood: a few dozen, of all kinds of endings, with silence in the middle, from
 * 192.0.2.0/24 to port 443 of 198.51.100.2. */
#ifndef TESTS_HOSTILE_HIDDEN_H
#define TESTS_HOSTILE_HIDDEN_H

#include <stddef.h>
#include <stdint.h>

#include "tests/hostile/frames.h"

enum { HIDDEN_CONNECTIONS = 40, HIDDEN_PACKETS_MAX = 40 * HIDDEN_CONNECTIONS };
#define HIDDEN_SERVER UINT32_C(0xc6336402)
enum { HIDDEN_PORT = 443 };
/* All of it lies within so many microseconds from the first packet. */
#define HIDDEN_SPAN_US (INT64_C(100) * 1000000)

struct hidden_packet {
	int64_t time_us; /* since the capture began */
	struct tcp tcp;
};

/* In the order of their times. Returns how many. */
size_t hidden_packets(struct hidden_packet out[HIDDEN_PACKETS_MAX]);

#endif
