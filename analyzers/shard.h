/* One part of the tracker's connections, shared by the files that make it up: shard.c (segments), arrivals.c (new
 * connections), departures.c (endings), looks.c (first looks at endings). Internal to the tracker. */
#ifndef ANALYZERS_SHARD_H
#define ANALYZERS_SHARD_H

#include <stdbool.h>

#include <glib.h>

#include "analyzers/context.h"
#include "analyzers/fetch.h"
#include "analyzers/remains.h"
#include "analyzers/settling.h"
#include "analyzers/step.h"
#include "analyzers/table.h"
#include "analyzers/tracker.h"

/* A connection that left the table and waits to be judged. */
struct leaving {
	uint32_t index;
	uint32_t remains; /* SLAB_NONE when it leaves none */
	uint8_t why;      /* enum ending_why */
	struct vantage vantage;
};

/* Of a round: by which of its segments, and whose. */
struct birth {
	uint32_t index;
	uint16_t place;
};
/* What ids come from: of which places of the round a connection was born, a bit each, and how many before each word. */
struct births_seen {
	uint64_t at[TRACKER_ROUND_MAX / 64];
	uint64_t ids_before[TRACKER_ROUND_MAX / 64];
};

/* Where a pass over the records is, and the time at which it and the one before it began. */
struct look {
	uint32_t at;
	int64_t before_ns, now_ns;
};
/* What may still be done in this round. */
struct look_budget {
	size_t records, looks;
};

struct shard {
	struct slab connections, remains;
	struct teardown_slabs slabs;
	struct table table;
	struct settling settling; /* ended connections */
	struct settling fading;   /* remains, by number there */
	struct context_log log;
	struct vantage_learnt learnt;
	const struct vantage_hints *hints;
	uint32_t *owners;         /* of the round: by place, the connection or remains a segment was given to; or NULL */
	GArray *births;           /* struct birth, of this round, until they have their ids */
	GArray *leaving;          /* struct leaving */
	size_t judged;            /* of leaving, so far */
	int64_t settle_ns;
	int64_t clock_ns;         /* at the segment being followed */
	uint16_t place;           /* of that segment in its round */
	uint32_t lone;            /* live connections with CONNECTION_LONE */
	uint32_t over;            /* live connections that are over, and have not left */
	uint32_t hand;            /* of the clock that evicts */
	struct look look;
	bool never_predict;       /* see struct tracker_options */
	struct tracker_counts counts; /* but for connections and segments */
	char apart[CACHE_LINE];   /* from the next shard's, at which another thread may be */
};

static inline struct connection *connection_at(const struct shard *t, uint32_t index)
{
	return slab_at_sized(&t->connections, index, CONNECTION_BYTES);
}

static inline struct teardown *teardown_of(const struct shard *t, const struct connection *c)
{
	return teardown_at(&t->slabs, c->teardown);
}

static inline struct teardown *teardown_make(struct shard *t, struct connection *c)
{
	struct step k = {.c = c, .td = teardown_of(t, c), .slabs = &t->slabs};

	return step_teardown(&k);
}

/* A record in use. Its first packet tells it from any other that had or will have its place. */
static inline bool connection_is_live(const struct connection *c)
{
	return c->first.number != 0;
}

void shard_init(struct shard *t, struct arena *arena, const struct key_seed *seed, const struct vantage_hints *hints,
                uint32_t *owners, int64_t settle_ns);
void shard_clear(struct shard *t);

/* Gives those born in the round their ids: connections count in the order of their first packets, whichever shard is
 * theirs. */
void shard_number(struct shard *t, const struct births_seen *seen);

/* Follows one segment; guess is what shard_fetch() returned for it in the same round, or SLAB_NONE. */
void shard_follow(struct shard *t, const struct segment *s, const struct placed *placed, uint32_t guess);
/* Fetches what that will touch of the connection's record: what the common packet touches. Returns which it is, going by
 * its tag alone: a connection's, or SLAB_NONE. */
enum { SHARD_BYTES_FETCHED = 6 * CACHE_LINE };
FETCHING uint32_t shard_fetch(const struct shard *t, const struct placed *placed)
{
	uint32_t guess = table_guess(&t->table, placed->hash);

	if (guess & TABLE_OTHER)
		return SLAB_NONE;
	if (guess != SLAB_NONE)
		fetch_bytes(connection_at(t, guess), SHARD_BYTES_FETCHED);
	return guess;
}

static inline size_t teardown_bytes(const struct teardown_slabs *s)
{
	return slab_live_bytes(&s->teardowns) + slab_live_bytes(&s->retries) + slab_live_bytes(&s->resets) +
	       slab_live_bytes(&s->oddities);
}

/* What the live records, the table and the queues take. */
static inline size_t shard_bytes(const struct shard *t)
{
	return slab_live_bytes(&t->connections) + teardown_bytes(&t->slabs) + slab_live_bytes(&t->remains) +
	       table_live_bytes(&t->table) + settling_bytes(&t->settling) + settling_bytes(&t->fading);
}

/* --- arrivals.c ---------------------------------------------------------------------------------------- */

/* The connection a segment belongs to, when `found` is what the table has under its key: made if need be; or, with
 * TABLE_OTHER set, the remains of one that was judged. */
uint32_t arrivals_settle(struct shard *t, uint32_t found, const struct connection_key *key, uint64_t hash,
                         const struct segment *s, uint8_t side);

/* --- looks.c ------------------------------------------------------------------------------------------- */

/* See tracker_look(). Goes on where the last one stopped, while the budget lasts; ending has what is common to all. */
void shard_look(struct shard *t, struct look_budget *budget, struct ending *ending, tracker_ending_fn look, void *user);

/* --- departures.c -------------------------------------------------------------------------------------- */

/* Counts a connection among those that are over, or no longer, and puts it into the settling queue, if it is over and not
 * there. */
void departures_note(struct shard *t, uint32_t index);
/* Lets those leave that have settled by the clock, when a packet of now_ns comes; all, in order of their ids. */
void departures_due(struct shard *t, int64_t clock_ns, int64_t now_ns);
void departures_finish(struct shard *t);
/* Each gives up one thing to make room: the remains of a connection that was judged; one that may well go on. False when
 * there is none. */
bool departures_fade(struct shard *t);
bool departures_evict(struct shard *t);
/* As well: one that has ended, before it has settled; those that came back to life leave the queue on the way. */
void departures_hurry(struct shard *t);
/* Hands out up to `most` of those that left, and forgets them. False when no more are left. */
bool departures_judge(struct shard *t, size_t most, struct ending *ending, tracker_ending_fn judge, void *user);

#endif
