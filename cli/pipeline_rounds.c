/* The two ways to do a round, with the same result: one thread takes small batches straight from the source to the
 * connections, so that nothing leaves its cache on the way; several threads share a round that was read and decoded
 * as a whole, and read the next ones meanwhile. */
#include "capture/decode.h"
#include "cli/pipeline_inside.h"

/* A round of fewer segments is done by one thread: to wake another and to wait for it takes longer. Rounds
 * are short where packets are seconds apart, or their clock jumps. */
enum { SHARED_MIN = 256 };

/* --- frames to segments ------------------------------------------------------------------------------------ */

static void count(struct run_summary *summary, const struct frame *frame, const struct segment *segment)
{
	switch (segment->kind) {
	case SEGMENT_NONE:
		if (decode_knows_linktype(frame->linktype))
			summary->not_tcp++;
		else
			summary->undecoded++;
		break;
	case SEGMENT_FRAGMENT: summary->fragments++; break;
	case SEGMENT_OPAQUE: summary->opaque++; break;
	case SEGMENT_NOTICE: summary->notices++; break;
	case SEGMENT_TRUNCATED: summary->truncated++; break;
	case SEGMENT_INVALID: summary->invalid++; break;
	default: break;
	}
}

/* What takes more than the frame to know, and the frames in their order: few segments ask for it. Fragments are put
 * together by their real addresses and bytes, which go no further. */
static void settle(struct pipeline *p, struct segment *s, uint8_t room[ANONYMIZER_ROOM])
{
	if (s->kind == SEGMENT_FRAGMENT)
		fragments_take(p->fragments, s);
	if (p->anonymizer != NULL)
		anonymizer_segment(p->anonymizer, s, room);
	scopes_settle(p->scopes, s);
	neighbours_note(p->filled != NULL ? &p->filled->heard : &p->heard, s);
}

static __attribute__((noinline)) bool take_rare(struct pipeline *p, const struct frame *frame, struct segment *out,
                                                uint8_t room[ANONYMIZER_ROOM])
{
	if (p->callbacks->frame != NULL)
		p->callbacks->frame(frame, out, p->callbacks->user);
	settle(p, out, room);
	count(p->summary, frame, out);
	return tracker_follows(out);
}

/* Whether it is to be followed. An anonymous one borrows what is left of its bytes from room. Of most nothing more is to be
 * known. */
static inline bool take_frame(struct pipeline *p, const struct frame *frame, struct segment *out,
                              uint8_t room[ANONYMIZER_ROOM])
{
	decode_frame(frame, out);
	if (out->kind == SEGMENT_TCP && out->scope == 0 && !out->has_station && p->takes_as_is)
		return true;
	return take_rare(p, frame, out, room);
}

/* --- one thread -------------------------------------------------------------------------------------------- */

/* Decodes, places and follows a batch; returns how many of the round have been placed. */
static unsigned follow_batch(struct pipeline *p, const struct frame *frames, const int64_t *clocks, size_t frames_len,
                             unsigned place)
{
	_Alignas(SEGMENT_LINE) struct segment segments[FEED_BATCH];
	_Alignas(SEGMENT_LINE) struct placed placed[FEED_BATCH];
	uint8_t rooms[FEED_BATCH][ANONYMIZER_ROOM];
	size_t n = 0;

	for (size_t i = 0; i < frames_len; i++) {
		if (!take_frame(p, &frames[i], &segments[n], rooms[n]))
			continue;
		tracker_place(p->tracker, &segments[n], clocks[i], place + (unsigned)n, &placed[n]);
		n++;
	}
	tracker_follow(p->tracker, segments, placed, NULL, n);
	return place + (unsigned)n;
}

static unsigned follow_round(struct pipeline *p)
{
	const struct frame *frames;
	const int64_t *clocks;
	unsigned place = 0;
	size_t n;

	while (!p->stopped && (n = feed_next(&p->feed, &frames, &clocks)) > 0) {
		place = follow_batch(p, frames, clocks, n, place);
		pipeline_ask_whether_enough(p);
	}
	return place;
}

void pipeline_run_alone(struct pipeline *p)
{
	while (!p->stopped && feed_begin_round(&p->feed)) {
		unsigned placed;

		for (unsigned shard = 0; shard < TRACKER_SHARDS; shard++)
			tracker_leave(p->tracker, shard, p->feed.round_clock_ns, p->feed.round_ns);
		placed = follow_round(p);
		pipeline_begin_once(p);
		tracker_hear(p->tracker, &p->heard);
		if (p->live)
			tracker_lost(p->tracker, source_dropped(p->source), p->feed.now_ns);
		tracker_turn(p->tracker, placed, p->feed.now_ns);
		pipeline_learn_interfaces(p, p->live ? source_interfaces(p->source) : p->feed.interfaces);
		pipeline_judge_all(p);
		if (p->live)
			pipeline_after_live_round(p);
	}
}

/* --- several threads --------------------------------------------------------------------------------------- */

static void read_batch(struct pipeline *p, const struct frame *frames, const int64_t *clocks, size_t frames_len)
{
	struct round *r = p->filled;
	uint8_t room[ANONYMIZER_ROOM]; /* the round takes a copy */

	for (size_t i = 0; i < frames_len; i++) {
		if (!take_frame(p, &frames[i], round_segment(r), room))
			continue;
		tracker_place(p->tracker, round_segment(r), clocks[i], r->len, round_placed(r));
		round_add(r);
	}
}

static void add_address(const uint8_t address[16], void *user)
{
	struct round *r = user;

	g_array_append_vals(r->addresses, address, 1);
}

static void end_reading(struct pipeline *p)
{
	struct round *r = p->filled;

	round_sort(r);
	r->began_clock_ns = p->feed.round_clock_ns;
	r->began_ns = p->feed.round_ns;
	r->now_ns = p->feed.now_ns;
	pipeline_new_addresses(p, p->feed.interfaces, add_address, r);
}

enum reading pipeline_read_some(struct round *round, bool first, void *pipeline)
{
	struct pipeline *p = pipeline;
	const struct frame *frames;
	const int64_t *clocks;
	size_t n;

	p->filled = round;
	if (first) {
		round_clear(round);
		if (p->stopped || !feed_begin_round(&p->feed))
			return READING_OVER;
	}
	if (!p->stopped && (n = feed_next(&p->feed, &frames, &clocks)) > 0) {
		read_batch(p, frames, clocks, n);
		pipeline_ask_whether_enough(p);
		return READING_GOES_ON;
	}
	end_reading(p);
	return READING_WHOLE;
}

static void follow_shard(struct pipeline *p, unsigned shard)
{
	size_t count;
	const uint16_t *which = round_shard(p->now, shard, &count);

	tracker_leave(p->tracker, shard, p->now->began_clock_ns, p->now->began_ns);
	tracker_follow(p->tracker, p->now->segments, p->now->placed, which, count);
}

enum { TASK_READ, TASK_SHARD };

/* Reading comes first, because it takes longest. Of a shard, what the round before left to judge comes first: between the two
 * nobody has to wait for all others once more. */
static void read_or_follow(unsigned task, unsigned member, void *user)
{
	struct pipeline *p = user;

	if (task == TASK_READ) {
		read_ahead_next(p->ahead);
		return;
	}
	if (p->owes)
		pipeline_judge_shard(task - TASK_SHARD, member, p);
	follow_shard(p, task - TASK_SHARD);
}

static void tell_segments(const struct pipeline *p)
{
	for (unsigned i = 0; i < p->now->len; i++) {
		enum hangup_side sender;
		uint64_t id = tracker_owner(p->tracker, &p->now->placed[i], &sender);

		p->callbacks->segment(&p->now->segments[i], id, sender, p->callbacks->user);
	}
}

/* With the next round; but at once where that has to be waited for, where nothing is shared anyway, and where whoever is told of
 * segments may want no more of them because of a verdict. */
static void judge(struct pipeline *p)
{
	p->owes = p->reads_on && !p->short_round;
	if (p->owes)
		pipeline_judge_but_few(p);
	else
		pipeline_judge_all(p);
}

static void learn_addresses(struct pipeline *p)
{
	for (guint i = 0; i < p->now->addresses->len; i++)
		vantage_hints_interface(p->hints, (const uint8_t *)p->now->addresses->data + ROUND_ADDRESS_BYTES * i);
}

static void end_round(struct pipeline *p)
{
	if (p->owes)
		pipeline_told(p);
	tracker_hear(p->tracker, &p->now->heard);
	tracker_turn(p->tracker, p->now->len, p->now->now_ns);
	learn_addresses(p);
	if (p->callbacks->segment != NULL)
		tell_segments(p);
	judge(p);
}

void pipeline_run_together(struct pipeline *p)
{
	read_ahead_begin(p->ahead);
	read_ahead_next(p->ahead);
	while ((p->now = read_ahead_take(p->ahead)) != NULL) {
		p->short_round = p->now->len < SHARED_MIN;
		pipeline_begin_once(p);
		pipeline_share(p, TASK_SHARD + TRACKER_SHARDS, read_or_follow);
		end_round(p);
	}
	if (p->owes)
		pipeline_judge_all(p);
}
