/* The tracker's own state, shared by the files that make it up: tracker.c (segments), arrivals.c (new connections),
 * departures.c (endings). Internal to the tracker. */
#ifndef ANALYZERS_TRACKER_STATE_H
#define ANALYZERS_TRACKER_STATE_H

#include <stdbool.h>

#include <glib.h>

#include "analyzers/context.h"
#include "analyzers/remains.h"
#include "analyzers/settling.h"
#include "analyzers/step.h"
#include "analyzers/table.h"
#include "analyzers/tracker.h"

struct tracker {
	struct slab connections, teardowns;
	struct table table;
	struct context *context;
	struct tracker_options options;
	tracker_ending_fn ending;
	void *user;
	struct tracker_counts counts;
	int64_t now_ns;         /* stamp of the last packet */
	int64_t clock_ns;       /* what queues go by: never back, and no further ahead than CLOCK_STEP_NS at once */
	struct settling settling;
	int64_t judged_due_ns;  /* when the one that is being judged was due */
	struct slab remains;
	struct settling fading; /* of remains, by number there */
	uint32_t hand; /* of the clock */
};

static inline struct connection *connection_at(const struct tracker *t, uint32_t index)
{
	return slab_at(&t->connections, index);
}

static inline struct teardown *teardown_of(const struct tracker *t, const struct connection *c)
{
	return c->teardown != SLAB_NONE ? slab_at(&t->teardowns, c->teardown) : NULL;
}

static inline struct teardown *teardown_make(struct tracker *t, struct connection *c)
{
	struct step k = {.c = c, .td = teardown_of(t, c), .teardowns = &t->teardowns};

	return step_teardown(&k);
}

static inline int64_t connection_last_ns(const struct connection *c)
{
	return MAX(c->half[0].last_ns, c->half[1].last_ns);
}

enum { CACHE_LINE = 64 };

static inline void tracker_prefetch(const char *record, size_t bytes)
{
	for (size_t at = 0; at < bytes; at += CACHE_LINE)
		__builtin_prefetch(record + at, 1);
}

/* --- arrivals.c ---------------------------------------------------------------------------------------- */

/* The connection a segment belongs to, made if need be; or, with TABLE_OTHER set, the remains of one that was judged. */
uint32_t arrivals_find(struct tracker *t, const struct connection_key *key, uint64_t hash, const struct segment *s,
                       uint8_t side);

/* --- departures.c -------------------------------------------------------------------------------------- */

/* Puts a connection that is over into the settling queue, if it is not there. */
void departures_note(struct tracker *t, uint32_t index);
/* Judges what has settled by now. */
void departures_due(struct tracker *t);
/* Judges one connection early when there are as many as may be. */
void departures_make_room(struct tracker *t);
/* Judges all that are left, in order of id. */
void departures_finish(struct tracker *t);

#endif
