/* Follows every TCP connection: segments in, endings out. Time is the packets' own; the same segments give the
 * same endings in the same order. Memory is bounded by max_connections whatever comes. */
#ifndef ANALYZERS_TRACKER_H
#define ANALYZERS_TRACKER_H

#include <stddef.h>
#include <stdint.h>

#include "analyzers/connection.h"
#include "analyzers/context.h"
#include "capture/segment.h"

enum ending_why {
	ENDING_SETTLED,     /* closed or reset, and the settling time passed */
	ENDING_REUSED,      /* its key was taken over by a new connection */
	ENDING_EVICTED,     /* memory was short */
	ENDING_CAPTURE_END, /* nothing more will come */
};

/* A connection to be judged; borrowed until the callback returns. */
struct ending {
	const struct connection *connection;
	const struct teardown *teardown; /* NULL when nothing ever went wrong and nobody closed */
	enum ending_why why;
	int64_t now_ns;                  /* time of the last packet of the whole capture so far */
	const struct context *context;   /* what other connections said until now */
};
typedef void (*tracker_ending_fn)(const struct ending *ending, void *user);

struct tracker_options {
	uint64_t max_connections; /* live ones; the least recently used is judged early beyond it; 0 = default */
	int64_t settle_ns;        /* wait after an ending before it is judged; 0 = default */
};

enum { TRACKER_MAX_CONNECTIONS_DEFAULT = 2 * 1024 * 1024 };
/* Long enough for a client to come back and for the server to answer others: a few of the SYN waits of RFC 6298. */
#define TRACKER_SETTLE_NS_DEFAULT (INT64_C(10) * 1000000000)
/* A TIME-WAIT of Linux and FreeBSD (60 s), once more: late packets of a judged pair are still known as such. */
#define TRACKER_FADE_NS (INT64_C(60) * 1000000000)

struct tracker_counts {
	uint64_t connections;
	uint64_t segments;
	uint64_t evicted;
	uint64_t acked_unseen; /* bytes, of connections that have ended */
	uint64_t late;         /* segments of connections that had been judged */
};

struct tracker;
struct tracker *tracker_new(const struct tracker_options *options, tracker_ending_fn ending, void *user);
void tracker_free(struct tracker *t);

/* Follows a batch, in order. kind must be SEGMENT_TCP or SEGMENT_ICMP_ERROR; others are skipped. Where out_ids is
 * not NULL it gets each segment's connection (0 for none), and out_sides its sender (enum hangup_side). */
enum { TRACKER_BATCH_MAX = 128 };
void tracker_follow(struct tracker *t, const struct segment *segments, size_t count, uint64_t *out_ids,
                    uint8_t *out_sides);

/* Hands out everything that is left, in order of id. */
void tracker_finish(struct tracker *t);
const struct tracker_counts *tracker_counts(const struct tracker *t);

#endif
