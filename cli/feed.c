#include "cli/feed.h"

#include "analyzers/round_clock.h"
#include "analyzers/run_summary.h"

void feed_init(struct feed *f, struct source *source)
{
	*f = (struct feed){.source = source};
}

void feed_init_live(struct feed *f, struct source *source, feed_now_fn now, void *user)
{
	int64_t now_ns = now(user);

	*f = (struct feed){.source = source, .now = now, .user = user, .begun = true, .first_ns = now_ns,
	                   .last_ns = now_ns, .now_ns = now_ns};
}

void feed_clear(struct feed *f)
{
	g_clear_error(&f->error);
}

/* What a batch holds in all. True when time only goes forward in it, and by nothing that the round clock cuts: as in nearly
 * every one. */
static bool sum_up(const struct feed *f, int64_t before_ns, struct feed_sum *out)
{
	int64_t last_ns = before_ns, step;
	bool forward = true;

	for (size_t i = 0; i < f->len; i++) {
		const struct frame *frame = &f->frames[i];

		forward &= frame->time_ns >= last_ns;
		last_ns = frame->time_ns;
		out->bytes += frame->bytes_len;
		out->interfaces = MAX(out->interfaces, frame->interface + 1u);
	}
	out->last_ns = last_ns;
	return forward && !__builtin_sub_overflow(last_ns, before_ns, &step) && step <= ROUND_CLOCK_STEP_NS &&
	       f->clock_ns < ROUND_CLOCK_MOST_NS - step;
}

static void set_clocks(struct feed *f, int64_t before_ns)
{
	for (size_t i = 0; i < f->len; i++)
		f->clocks[i] = f->clock_ns + (f->frames[i].time_ns - before_ns);
}

/* The same one by one; returns the latest time. */
static int64_t follow_clock(struct feed *f, int64_t before_ns)
{
	int64_t clock_ns = f->clock_ns, last_ns = before_ns;

	for (size_t i = 0; i < f->len; i++) {
		const int64_t now_ns = f->frames[i].time_ns;

		clock_ns = round_clock_after(clock_ns, before_ns, now_ns);
		f->clocks[i] = clock_ns;
		f->clock_steps += now_ns <= before_ns - RUN_CLOCK_STEP_NS;
		before_ns = now_ns;
		last_ns = MAX(last_ns, now_ns);
	}
	return last_ns;
}

/* The clocks of a batch, and what it holds in all. */
static void look_over(struct feed *f)
{
	const int64_t before_ns = f->begun ? f->now_ns : f->frames[0].time_ns;
	struct feed_sum sum = {0};

	if (sum_up(f, before_ns, &sum))
		set_clocks(f, before_ns);
	else
		sum.last_ns = follow_clock(f, before_ns);
	f->batch = sum;
}

void feed_pass(struct feed *f, int64_t now_ns)
{
	if (now_ns <= f->now_ns)
		return;
	f->clock_ns = round_clock_after(f->clock_ns, f->now_ns, now_ns);
	f->now_ns = now_ns;
	f->last_ns = MAX(f->last_ns, now_ns);
}

/* False when there is nothing: at the end, or of a live source for now. */
static bool refill(struct feed *f)
{
	if (f->at < f->len)
		return true;
	f->at = 0;
	f->len = f->ended ? 0 : source_next_batch(f->source, f->frames, FEED_BATCH, &f->error);
	f->ended = f->len == 0 && source_ended(f->source);
	f->paused = f->len == 0 && !f->ended;
	if (f->len > 0)
		look_over(f);
	else if (f->paused)
		feed_pass(f, f->now(f->user) - FEED_LIVE_LAG_NS);
	return f->len > 0;
}

bool feed_begin_round(struct feed *f)
{
	bool any = refill(f);

	f->round_frames = f->round_bytes = 0;
	if (f->ended)
		return false;
	f->round_clock_ns = any ? f->clocks[f->at] : f->clock_ns;
	f->round_ns = any ? f->frames[f->at].time_ns : f->now_ns;
	if (f->now != NULL)
		f->round_began_ns = f->now(f->user);
	return true;
}

/* Whether all of a batch does, of which none was handed out yet: clocks never go back, so the last one speaks for all. */
static bool all_belong(const struct feed *f)
{
	return f->at == 0 && f->round_frames + f->len <= FEED_ROUND_FRAMES && f->round_bytes + f->batch.bytes <= FEED_ROUND_BYTES &&
	       f->clocks[f->len - 1] < f->round_clock_ns + FEED_ROUND_NS;
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

/* Of `count` frames from the next one on. */
static struct feed_sum sum_of(const struct feed *f, size_t count)
{
	struct feed_sum sum = {.last_ns = f->frames[f->at].time_ns};

	for (size_t i = f->at; i < f->at + count; i++) {
		sum.bytes += f->frames[i].bytes_len;
		sum.interfaces = MAX(sum.interfaces, f->frames[i].interface + 1u);
		sum.last_ns = MAX(sum.last_ns, f->frames[i].time_ns);
	}
	return sum;
}

static void hand_out(struct feed *f, size_t count, const struct feed_sum *sum)
{
	if (!f->begun)
		f->first_ns = f->last_ns = f->frames[f->at].time_ns;
	f->begun = true;
	f->last_ns = MAX(f->last_ns, sum->last_ns);
	f->interfaces = MAX(f->interfaces, sum->interfaces);
	f->round_bytes += sum->bytes;
	f->round_frames += count;
	f->at += count;
	f->now_ns = f->frames[f->at - 1].time_ns;
	f->clock_ns = f->clocks[f->at - 1];
}

/* Rounds are some hundred batches long, so that nearly all batches belong whole. */
static size_t hand_out_next(struct feed *f)
{
	const bool all = all_belong(f);
	const size_t count = all ? f->len : belong(f);
	struct feed_sum sum;

	if (count == 0)
		return 0;
	sum = all ? f->batch : sum_of(f, count);
	hand_out(f, count, &sum);
	return count;
}

static bool is_late(const struct feed *f)
{
	return f->now != NULL && f->round_frames > 0 && f->now(f->user) - f->round_began_ns >= FEED_LIVE_ROUND_NS;
}

size_t feed_next(struct feed *f, const struct frame **out_frames, const int64_t **out_clocks)
{
	if (f->paused || is_late(f) || !refill(f)) {
		f->paused = false;
		return 0;
	}
	*out_frames = &f->frames[f->at];
	*out_clocks = &f->clocks[f->at];
	return hand_out_next(f);
}
