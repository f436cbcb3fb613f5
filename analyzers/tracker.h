/* Follows every TCP connection: segments in, endings out. Time is the packets' own; the same segments in the same rounds
 * give the same endings. Memory is bounded whatever comes.
 *
 * The connections are kept in shards, by their key and nothing else, and the input is taken in rounds. Within a round
 * each shard's segments are followed, and then its endings judged, by one thread at a time, and no two shards share
 * anything that is written; between the two, one thread does what concerns all of them. So any number of threads gives
 * what one does (docs/decisions/0010-shards-and-rounds.md):
 *
 *     for each round
 *         tracker_place()   each segment, in the order of the input      one thread
 *         tracker_leave()   what has settled before the round            a thread a shard
 *         tracker_follow()  the segments of each shard, in that order    a thread a shard
 *         tracker_turn()    limits, what connections say of others       one thread
 *         tracker_judge()   what left, while there is some; ids          a thread a shard
 *     at the end, once more with tracker_leave_all() instead of tracker_leave()
 *
 * A shard that has been judged may go on to the next round's tracker_leave() while others are still being judged. */
#ifndef ANALYZERS_TRACKER_H
#define ANALYZERS_TRACKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzers/connection.h"
#include "analyzers/context.h"
#include "analyzers/key.h"
#include "analyzers/losses.h"
#include "analyzers/neighbours.h"
#include "analyzers/vantage.h"
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
	const struct teardown_slabs *slabs; /* where its records are */
	struct vantage vantage;
	enum ending_why why;
	int64_t now_ns;                  /* time of the last packet of the whole capture so far */
	const struct context *context;   /* what other connections said until now */
	const struct neighbours *neighbours; /* and the local network; NULL: nothing */
	const struct losses *losses;     /* what a live capture lost, and when; NULL: nothing is known of when */
};
typedef void (*tracker_ending_fn)(const struct ending *ending, void *user);

struct tracker_options {
	uint64_t max_connections; /* live ones; beyond it some are judged early, see departures.c; 0 = default */
	uint64_t max_memory;      /* bytes of all records and tables; as well; 0 = default */
	int64_t settle_ns;        /* wait after an ending before it is judged; 0 = default */
	bool tells_owners;        /* tracker_owner() will be asked */
	bool never_predict;       /* every segment goes the general way: slower, and the same; for the test that says so */
};

enum { TRACKER_MAX_CONNECTIONS_DEFAULT = 2 * 1024 * 1024 };
#define TRACKER_MAX_MEMORY_DEFAULT (UINT64_C(1) << 30)
/* Long enough for a client to come back and for the server to answer others: a few of the SYN waits of RFC 6298. */
#define TRACKER_SETTLE_NS_DEFAULT (INT64_C(10) * 1000000000)
/* A TIME-WAIT of Linux and FreeBSD (60 s), once more: late packets of a judged pair are still known as such. */
#define TRACKER_FADE_NS (INT64_C(60) * 1000000000)

struct tracker_counts {
	uint64_t connections;
	uint64_t segments;
	uint64_t open;         /* now: neither over nor judged */
	uint64_t settling;     /* now: over, and not judged yet */
	uint64_t evicted;      /* cut off, and judged early */
	uint64_t hurried;      /* over, and judged before they had settled */
	uint64_t acked_unseen; /* bytes, of connections that have ended */
	uint64_t predicted;    /* segments that took the short way: see predicted.h */
	uint64_t copies;       /* segments that the capture has twice */
	uint64_t late;         /* segments of connections that had been judged */
};

struct tracker;
/* hints must outlive it; what connections show of the vantage is added to them. */
struct tracker *tracker_new(const struct tracker_options *options, struct vantage_hints *hints);
void tracker_free(struct tracker *t);

enum {
	TRACKER_SHARDS = KEY_SHARDS,
	TRACKER_ROUND_MAX = 1 << 14, /* segments a round */
};

/* Where a segment belongs. */
struct placed {
	struct connection_key key;
	uint64_t hash;
	int64_t clock_ns; /* the round clock at the segment: never goes back */
	uint16_t place;   /* in its round: 0, 1, ... below TRACKER_ROUND_MAX, over the followed segments of all shards */
	uint8_t side;     /* of its sender in the key */
	uint8_t shard;
};

/* False for a segment that belongs to no connection (kind is neither SEGMENT_TCP nor SEGMENT_ICMP_ERROR). */
static inline bool tracker_follows(const struct segment *s)
{
	return s->kind == SEGMENT_TCP || s->kind == SEGMENT_ICMP_ERROR;
}
/* For a segment that is followed. */
void tracker_place(const struct tracker *t, const struct segment *s, int64_t clock_ns, unsigned place,
                   struct placed *out);

/* Lets those go that have settled, by the round clock, when a packet of now_ns comes: the first of the round. */
void tracker_leave(struct tracker *t, unsigned shard, int64_t clock_ns, int64_t now_ns);
/* Between a turn and the last one: lets all go. */
void tracker_leave_all(struct tracker *t, unsigned shard);

/* Follows segments, of one shard or of several where no other thread is at it: segments[which[i]] for each i below
 * count, or segments[i] where which is NULL. placed goes with segments. All of them are followed ones. */
void tracker_follow(struct tracker *t, const struct segment *segments, const struct placed *placed,
                    const uint16_t *which, size_t count);

/* Takes what the local network said in the round, before its turn. */
void tracker_hear(struct tracker *t, struct neighbours_log *log);

/* Live: the capture has lost so many packets in all, as of now. Before the turn. */
void tracker_lost(struct tracker *t, uint64_t total, int64_t now_ns);

/* Ends the round: `placed` segments were followed in it, and the last packet was of now_ns. */
void tracker_turn(struct tracker *t, unsigned placed, int64_t now_ns);

/* Hands out up to `most` of the shard's endings, and forgets them. False when no more are left. After a turn, and before
 * more is followed, of each shard until none are left. */
bool tracker_judge(struct tracker *t, unsigned shard, size_t most, tracker_ending_fn ending, void *user);

/* How many endings the shard that has most of them has yet to hand out. */
size_t tracker_waiting(const struct tracker *t);

/* Live, between two rounds and at now_ns: hands out connections that have fallen silent, so that they can be judged as if
 * the capture ended now, and keeps them. Each is handed out after a second of silence, and after every second or 32nd
 * part of it that is added; after 30 s only, where nothing is outstanding, closed or odd; once, when it is over; not at
 * all when both ends closed in order. What one round does is bounded, so that with very many of them it takes longer. */
void tracker_look(struct tracker *t, int64_t now_ns, tracker_ending_fn look, void *user);

/* The connection a segment of this round was given to, 0 for none; between tracker_turn() and tracker_judge(), and only
 * where options said so. */
uint64_t tracker_owner(const struct tracker *t, const struct placed *placed, enum hangup_side *out_sender);

/* Of all shards; while no thread is at one. */
struct tracker_counts tracker_counts(const struct tracker *t);
/* Bytes that records, tables and queues take now. */
uint64_t tracker_bytes(const struct tracker *t);

#endif
