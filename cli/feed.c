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

static bool fits(const struct feed *f, size_t i)
{
	return f->round_frames == 0 ||
	       (f->round_frames < FEED_ROUND_FRAMES && f->clocks[i] - f->round_clock_ns < FEED_ROUND_NS &&
	        f->round_bytes + f->frames[i].bytes_len <= FEED_ROUND_BYTES);
}

static void hand_out(struct feed *f, size_t i)
{
	const struct frame *frame = &f->frames[i];

	f->round_frames++;
	f->round_bytes += frame->bytes_len;
	f->interfaces = MAX(f->interfaces, frame->interface + 1u);
	f->last_ns = f->begun ? MAX(f->last_ns, frame->time_ns) : frame->time_ns;
	f->clock_steps += f->begun && frame->time_ns <= f->now_ns - RUN_CLOCK_STEP_NS;
	if (!f->begun)
		f->first_ns = frame->time_ns;
	f->begun = true;
	f->now_ns = frame->time_ns;
	f->clock_ns = f->clocks[i];
}

size_t feed_next(struct feed *f, const struct frame **out_frames, const int64_t **out_clocks)
{
	size_t from;

	if (!refill(f))
		return 0;
	from = f->at;
	*out_frames = &f->frames[from];
	*out_clocks = &f->clocks[from];
	while (f->at < f->len && fits(f, f->at))
		hand_out(f, f->at++);
	return f->at - from;
}
