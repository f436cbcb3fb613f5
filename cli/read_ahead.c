#include "cli/read_ahead.h"

#include <stdatomic.h>

#include <glib.h>

#include "cli/relax.h"

/* One is followed, one is whole when that is done, and one is for those who have nothing to do until then. */
enum { ROUNDS = 3 };

struct read_ahead {
	struct round *rounds[ROUNDS]; /* a ring */
	read_ahead_fn read;
	void *user;
	atomic_uint whole; /* rounds, counted from the first one on */
	atomic_uint taken; /* of these */
	atomic_bool over;  /* nothing is to be read */
	atomic_flag busy;  /* somebody reads */
	bool begun;        /* of the round that is being read; for whom it is busy */
};

struct read_ahead *read_ahead_new(read_ahead_fn read, void *user)
{
	struct read_ahead *r = g_new0(struct read_ahead, 1);

	r->read = read;
	r->user = user;
	atomic_flag_clear(&r->busy);
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
	g_free(r);
}

void read_ahead_begin(struct read_ahead *r)
{
	atomic_store(&r->over, false);
}

static unsigned waiting(struct read_ahead *r)
{
	return atomic_load(&r->whole) - atomic_load(&r->taken);
}

/* Beside those that wait there is the one that was taken. */
static bool has_room(struct read_ahead *r)
{
	return !atomic_load(&r->over) && waiting(r) + 1 < ROUNDS;
}

static void read_batch(struct read_ahead *r)
{
	const enum reading what = r->read(r->rounds[atomic_load(&r->whole) % ROUNDS], !r->begun, r->user);

	r->begun = what == READING_GOES_ON;
	if (what == READING_WHOLE)
		atomic_fetch_add(&r->whole, 1);
	else if (what == READING_OVER)
		atomic_store(&r->over, true);
}

bool read_ahead_some(struct read_ahead *r)
{
	bool reads;

	if (!has_room(r) || atomic_flag_test_and_set(&r->busy))
		return false;
	reads = has_room(r);
	if (reads)
		read_batch(r);
	atomic_flag_clear(&r->busy);
	return reads;
}

void read_ahead_next(struct read_ahead *r)
{
	while (waiting(r) == 0 && !atomic_load(&r->over))
		if (!read_ahead_some(r))
			relax();
}

struct round *read_ahead_take(struct read_ahead *r)
{
	if (waiting(r) == 0)
		return NULL;
	return r->rounds[atomic_fetch_add(&r->taken, 1) % ROUNDS];
}
