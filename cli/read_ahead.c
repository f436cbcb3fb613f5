#include "cli/read_ahead.h"

#include <stdatomic.h>

#include <glib.h>

/* One is followed, one is whole when that is done, and one is for those who have nothing to do until then. */
enum { ROUNDS = 3 };

struct read_ahead {
	struct round *rounds[ROUNDS]; /* a ring */
	read_ahead_fn read;
	void *user;
	atomic_ullong whole; /* rounds, counted from the first one on */
	atomic_ullong taken; /* of these */
	atomic_bool over;  /* nothing is to be read */
	atomic_bool busy;  /* somebody reads: a hint, so that nobody tries the lock in vain again and again */
	atomic_bool wanted; /* the next round, by somebody who waits for the lock: whoever only helps steps back */
	GMutex lock;       /* of the source, and of: */
	bool begun;        /* the round that is being read */
};

struct read_ahead *read_ahead_new(read_ahead_fn read, void *user)
{
	struct read_ahead *r = g_new0(struct read_ahead, 1);

	r->read = read;
	r->user = user;
	g_mutex_init(&r->lock);
	atomic_store(&r->over, true);
	for (unsigned i = 0; i < ROUNDS; i++)
		r->rounds[i] = round_new();
	return r;
}

void read_ahead_free(struct read_ahead *r)
{
	if (r == NULL)
		return;
	for (unsigned i = 0; i < ROUNDS; i++)
		round_free(r->rounds[i]);
	g_mutex_clear(&r->lock);
	g_free(r);
}

void read_ahead_begin(struct read_ahead *r)
{
	atomic_store(&r->over, false);
}

static unsigned long long waiting(struct read_ahead *r)
{
	return atomic_load(&r->whole) - atomic_load(&r->taken);
}

/* Beside those that wait there is the one that was taken. */
static bool has_room(struct read_ahead *r)
{
	return !atomic_load(&r->over) && waiting(r) + 1 < ROUNDS;
}

static void take_batch(struct read_ahead *r)
{
	const enum reading what = r->read(r->rounds[atomic_load(&r->whole) % ROUNDS], !r->begun, r->user);

	r->begun = what == READING_GOES_ON;
	if (what == READING_WHOLE)
		atomic_fetch_add(&r->whole, 1);
	else if (what == READING_OVER)
		atomic_store(&r->over, true);
}

/* With the lock, which is given back. */
static bool read_batch(struct read_ahead *r)
{
	const bool reads = has_room(r);

	atomic_store(&r->busy, true);
	if (reads)
		take_batch(r);
	atomic_store(&r->busy, false);
	g_mutex_unlock(&r->lock);
	return reads;
}

bool read_ahead_some(struct read_ahead *r)
{
	return has_room(r) && !atomic_load(&r->busy) && !atomic_load(&r->wanted) && g_mutex_trylock(&r->lock) && read_batch(r);
}

/* Whoever finds another one at it sleeps until that one's batch is there, which may take as long as a writer takes. */
void read_ahead_next(struct read_ahead *r)
{
	while (waiting(r) == 0 && !atomic_load(&r->over)) {
		atomic_store(&r->wanted, true);
		g_mutex_lock(&r->lock);
		atomic_store(&r->wanted, false);
		read_batch(r);
	}
}

struct round *read_ahead_take(struct read_ahead *r)
{
	if (waiting(r) == 0)
		return NULL;
	return r->rounds[atomic_fetch_add(&r->taken, 1) % ROUNDS];
}
