#include "cli/feed.h"

#include "analyzers/round_clock.h"
#include "analyzers/run_summary.h"

void feed_init(struct feed *f, struct source *source)
{
	*f = (struct feed){.source = source};
}

void feed_clear(struct feed *f)
{
	g_clear_error(&f->error);
}

static void set_clocks(struct feed *f)
{
	int64_t clock_ns = f->clock_ns, before_ns = f->begun ? f->now_ns : f->frames[0].time_ns;

	for (size_t i = 0; i < f->len; i++) {
		clock_ns = round_clock_after(clock_ns, before_ns, f->frames[i].time_ns);
		f->clocks[i] = clock_ns;
		f->clock_steps += f->frames[i].time_ns <= before_ns - RUN_CLOCK_STEP_NS;
		before_ns = f->frames[i].time_ns;
	}
}

/* False at the end. */
static bool refill(struct feed *f)
{
	if (f->at < f->len)
		return true;
	f->at = 0;
	f->len = f->ended ? 0 : source_next_batch(f->source, f->frames, FEED_BATCH, &f->error);
	f->ended = f->len == 0;
	if (!f->ended)
		set_clocks(f);
	return !f->ended;
}

bool feed_begin_round(struct feed *f)
{
	f->round_frames = f->round_bytes = 0;
	if (!refill(f))
		return false;
	f->round_clock_ns = f->clocks[f->at];
	f->round_ns = f->frames[f->at].time_ns;
	return true;
}

/* How many of the frames at hand still belong to this round: at least the round's first one. */
static size_t belong(const struct feed *f)
{
	const size_t most = MIN(f->len, f->at + FEED_ROUND_FRAMES - f->round_frames);
	const int64_t over_ns = f->round_clock_ns + FEED_ROUND_NS;
	size_t bytes = f->round_bytes, at = f->at;

	for (; at < most; at++) {
		bytes += f->frames[at].bytes_len;
		if (f->clocks[at] >= over_ns || bytes > FEED_ROUND_BYTES)
			break;
	}
	return at == f->at && f->round_frames == 0 ? 1 : at - f->at;
}

static void hand_out(struct feed *f, size_t count)
{
	int64_t last_ns = f->begun ? f->last_ns : f->frames[f->at].time_ns;
	size_t bytes = 0, interfaces = f->interfaces;

	if (!f->begun)
		f->first_ns = f->frames[f->at].time_ns;
	for (size_t i = f->at; i < f->at + count; i++) {
		bytes += f->frames[i].bytes_len;
		interfaces = MAX(interfaces, f->frames[i].interface + 1u);
		last_ns = MAX(last_ns, f->frames[i].time_ns);
	}
	f->begun = true;
	f->last_ns = last_ns;
	f->interfaces = interfaces;
	f->round_bytes += bytes;
	f->round_frames += count;
	f->at += count;
	f->now_ns = f->frames[f->at - 1].time_ns;
	f->clock_ns = f->clocks[f->at - 1];
}

size_t feed_next(struct feed *f, const struct frame **out_frames, const int64_t **out_clocks)
{
	size_t count;

	if (!refill(f))
		return 0;
	*out_frames = &f->frames[f->at];
	*out_clocks = &f->clocks[f->at];
	count = belong(f);
	if (count > 0)
		hand_out(f, count);
	return count;
}
