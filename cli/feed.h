/* The source's frames in rounds (analyzers/tracker.h). A round ends after so many packets, so many bytes, or so much
 * packet time, whichever comes first: properties of the input, so that rounds are the same however it is read.
 *
 * A live source has a clock as well: its rounds are over after FEED_LIVE_ROUND_NS at the latest, with packets or
 * without, and while none come packet time goes on by the clock. */
#ifndef CLI_FEED_H
#define CLI_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "capture/source.h"

enum {
	FEED_BATCH = 64,              /* frames: what stays in a core's own cache on its way to the connections */
	FEED_ROUND_FRAMES = 1 << 14,
	FEED_ROUND_BYTES = 4 << 20,   /* captured ones; more only for a single larger frame */
};
/* What judgements may be late by, beside the settling time: the price of looking at the clock once a round. */
#define FEED_ROUND_NS (INT64_C(2) * 1000000000)

/* The same for a live source, by its clock. */
#define FEED_LIVE_ROUND_NS (INT64_C(250) * 1000000)
/* A packet may be known so late: what is silent for longer is silent. */
#define FEED_LIVE_LAG_NS (INT64_C(250) * 1000000)

/* What the time is now, by the clock that stamps are of. */
typedef int64_t (*feed_now_fn)(void *user);

/* What some frames are together. */
struct feed_sum {
	size_t bytes;       /* captured ones */
	size_t interfaces;  /* the highest index, plus one */
	int64_t last_ns;    /* the latest stamp */
};

struct feed {
	struct source *source; /* borrowed */
	feed_now_fn now;       /* of a live source, else NULL */
	void *user;
	int64_t round_began_ns; /* by that clock */
	struct frame frames[FEED_BATCH];
	int64_t clocks[FEED_BATCH];
	struct feed_sum batch; /* of all of them */
	size_t at, len;        /* of frames: those not yet handed out are [at, len) */
	int64_t now_ns;        /* stamp of the last frame handed out */
	int64_t clock_ns;      /* round clock there: never back, and no further ahead than an hour at once */
	int64_t round_clock_ns, round_ns; /* both at the first frame of the round */
	size_t round_frames, round_bytes;
	int64_t first_ns, last_ns; /* of all frames: the first one's stamp, and the latest */
	uint64_t clock_steps;  /* frames stamped RUN_CLOCK_STEP_NS or more before the one ahead of them */
	size_t interfaces;     /* that frames handed out came from: the highest index, plus one */
	bool begun, ended;
	bool paused;           /* a live source has nothing now */
	GError *error;         /* why it ended, when not well */
};

void feed_init(struct feed *f, struct source *source);
/* The same for a live source. */
void feed_init_live(struct feed *f, struct source *source, feed_now_fn now, void *user);
void feed_clear(struct feed *f);

/* The capture went on until then, without a packet. */
void feed_pass(struct feed *f, int64_t now_ns);

/* Begins the next round. False when nothing is left to read. */
bool feed_begin_round(struct feed *f);
/* The next frames of this round, at most FEED_BATCH, with the round clock at each; borrowed until the next call. 0 when
 * the round is over. */
size_t feed_next(struct feed *f, const struct frame **out_frames, const int64_t **out_clocks);

#endif
