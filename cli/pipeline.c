/* Rounds of frames (cli/feed.h) are decoded, followed and judged, and nothing else is kept from one to the next. There
 * are two ways to do a round, with the same result: one thread takes small batches straight from the source to the
 * connections, so that nothing leaves its cache on the way; several threads share a round that was read and decoded
 * as a whole, while one of them reads the next. */
#include "cli/pipeline.h"

#include "analyzers/address.h"
#include "analyzers/facts_fill.h"
#include "analyzers/scopes.h"
#include "analyzers/tracker.h"
#include "analyzers/vantage.h"
#include "capture/decode.h"
#include "capture/fragments.h"
#include "cli/crew.h"
#include "cli/feed.h"
#include "cli/round.h"
#include "rules/host/engine.h"

G_STATIC_ASSERT((int)FEED_ROUND_FRAMES <= (int)TRACKER_ROUND_MAX);
G_STATIC_ASSERT((int)PIPELINE_LANES == (int)TRACKER_SHARDS);
G_STATIC_ASSERT((int)PIPELINE_THREADS_MAX <= (int)CREW_MOST);

/* Verdicts of one shard between two turns: what outputs hold meanwhile is bounded by it. */
enum { JUDGED_MOST = 1024 };
/* A round of fewer segments is done by one thread: to wake another and to wait for it takes longer. Rounds
 * are short where packets are seconds apart, or their clock jumps. */
enum { SHARED_MIN = 256 };

/* What one thread judges in. */
struct bench {
	struct pipeline *pipeline;
	unsigned lane;
	struct facts facts;
	struct hangup_case judged;
};

struct pipeline {
	const struct rule_set *rules;
	const struct pipeline_callbacks *callbacks;
	struct anonymizer *anonymizer; /* or NULL */
	struct run_summary *summary;
	struct vantage_hints *hints;
	struct tracker *tracker;
	struct fragments *fragments;
	struct scopes *scopes;
	struct neighbours_log heard; /* in this round, where one thread does it all */
	struct source *source;
	struct feed feed;
	size_t interfaces_known;
	bool live;
	bool begun;
	bool stopped; /* no more are wanted */
	bool short_round; /* not worth sharing */
	struct crew *crew;
	struct bench *benches;    /* one a member */
	struct round *now, *next; /* NULL where one thread does it all */
	gint more;                /* shards that have more to judge */
};

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
	neighbours_note(p->next != NULL ? &p->next->heard : &p->heard, s);
}

/* Whether it is to be followed. An anonymous one borrows what is left of its bytes from room. */
static bool take_frame(struct pipeline *p, const struct frame *frame, struct segment *out, uint8_t room[ANONYMIZER_ROOM])
{
	decode_frame(frame, out);
	if (p->callbacks->frame != NULL)
		p->callbacks->frame(frame, out, p->callbacks->user);
	if (out->kind == SEGMENT_TCP && out->scope == 0 && !out->has_station && p->anonymizer == NULL)
		return true;
	settle(p, out, room);
	count(p->summary, frame, out);
	return tracker_follows(out);
}

static void ask_whether_enough(struct pipeline *p)
{
	const struct pipeline_callbacks *c = p->callbacks;

	p->stopped = c->progress != NULL && !c->progress(p->source, c->user);
	p->summary->interrupted |= p->stopped;
}

/* --- between rounds ---------------------------------------------------------------------------------------- */

static void begin_once(struct pipeline *p)
{
	if (p->begun)
		return;
	p->begun = true;
	p->summary->first_ns = p->feed.first_ns;
	if (p->callbacks->begin != NULL)
		p->callbacks->begin(p->feed.first_ns, p->callbacks->user);
}

/* An interface of a pcapng counts from its first frame on; its addresses tell the vantage. */
static void learn_interfaces(struct pipeline *p, size_t known)
{
	for (; p->interfaces_known < known; p->interfaces_known++) {
		const struct interface *i = source_interface(p->source, p->interfaces_known);

		for (size_t a = 0; a < i->addresses_len; a++)
			vantage_hints_interface(p->hints, i->addresses[a].address);
	}
}

static void judge(const struct ending *ending, void *user)
{
	struct bench *b = user;
	struct pipeline *p = b->pipeline;

	facts_fill(ending, &b->facts);
	engine_judge(p->rules, &b->facts, &b->judged);
	p->callbacks->verdict(&b->judged, b->lane, p->callbacks->user);
}

static void judge_shard(unsigned shard, unsigned member, void *user)
{
	struct pipeline *p = user;
	struct bench *b = &p->benches[member];

	b->lane = shard;
	if (tracker_judge(p->tracker, shard, JUDGED_MOST, judge, b))
		g_atomic_int_inc(&p->more);
}

/* Work is shared unless the round is too short for that. */
static void share(struct pipeline *p, unsigned count, crew_task_fn task)
{
	if (!p->short_round) {
		crew_do(p->crew, count, task, p);
		return;
	}
	for (unsigned i = 0; i < count; i++)
		task(i, 0, p);
}

static void judge_all(struct pipeline *p)
{
	do {
		p->more = 0;
		share(p, TRACKER_SHARDS, judge_shard);
		if (p->begun && p->callbacks->turn != NULL)
			p->callbacks->turn(p->callbacks->user);
	} while (p->more > 0);
}

static void fill_summary(struct pipeline *p)
{
	const struct tracker_counts counts = tracker_counts(p->tracker);
	struct run_summary *s = p->summary;

	s->frames = source_frames(p->source);
	s->incomplete = fragments_incomplete(p->fragments);
	s->capture_dropped = source_dropped(p->source);
	s->comments = source_comments(p->source);
	s->odd_times = source_odd_times(p->source);
	s->out_of_order = source_out_of_order(p->source);
	s->clock_steps = p->feed.clock_steps;
	s->copies = counts.copies;
	s->segments = counts.segments;
	s->connections = counts.connections;
	s->evicted = counts.evicted;
	s->hurried = counts.hurried;
	s->acked_unseen = counts.acked_unseen;
	s->last_ns = p->feed.last_ns;
}

/* --- live -------------------------------------------------------------------------------------------------- */

static void look_at(const struct ending *ending, void *user)
{
	struct pipeline *p = user;
	struct bench *b = &p->benches[0];

	facts_fill(ending, &b->facts);
	engine_judge(p->rules, &b->facts, &b->judged);
	p->callbacks->look(&b->judged, p->callbacks->user);
}

static void after_round_live(struct pipeline *p)
{
	if (p->callbacks->look != NULL)
		tracker_look(p->tracker, p->feed.now_ns, look_at, p);
	fill_summary(p);
	if (p->callbacks->round != NULL)
		p->callbacks->round(p->summary, p->callbacks->user);
	if (!p->stopped)
		ask_whether_enough(p);
}

/* --- one thread -------------------------------------------------------------------------------------------- */

/* Decodes, places and follows a batch; returns how many of the round have been placed. */
static unsigned follow_batch(struct pipeline *p, const struct frame *frames, const int64_t *clocks, size_t frames_len,
                             unsigned place)
{
	struct segment segments[FEED_BATCH];
	struct placed placed[FEED_BATCH];
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
		ask_whether_enough(p);
	}
	return place;
}

static void run_alone(struct pipeline *p)
{
	while (!p->stopped && feed_begin_round(&p->feed)) {
		unsigned placed;

		for (unsigned shard = 0; shard < TRACKER_SHARDS; shard++)
			tracker_leave(p->tracker, shard, p->feed.round_clock_ns, p->feed.round_ns);
		placed = follow_round(p);
		begin_once(p);
		tracker_hear(p->tracker, &p->heard);
		if (p->live)
			tracker_lost(p->tracker, source_dropped(p->source), p->feed.now_ns);
		tracker_turn(p->tracker, placed, p->feed.now_ns);
		judge_all(p);
		learn_interfaces(p, p->live ? source_interfaces(p->source) : p->feed.interfaces);
		if (p->live)
			after_round_live(p);
	}
}

/* --- several threads --------------------------------------------------------------------------------------- */

static void read_batch(struct pipeline *p, const struct frame *frames, const int64_t *clocks, size_t frames_len)
{
	struct round *r = p->next;
	uint8_t room[ANONYMIZER_ROOM]; /* the round takes a copy */

	for (size_t i = 0; i < frames_len; i++) {
		if (!take_frame(p, &frames[i], round_segment(r), room))
			continue;
		tracker_place(p->tracker, round_segment(r), clocks[i], r->len, round_placed(r));
		round_add(r);
	}
}

static void read_round(struct pipeline *p)
{
	struct round *r = p->next;
	const struct frame *frames;
	const int64_t *clocks;
	size_t n;

	round_clear(r);
	r->is_there = !p->stopped && feed_begin_round(&p->feed);
	if (!r->is_there)
		return;
	while (!p->stopped && (n = feed_next(&p->feed, &frames, &clocks)) > 0) {
		read_batch(p, frames, clocks, n);
		ask_whether_enough(p);
	}
	round_sort(r);
	r->began_clock_ns = p->feed.round_clock_ns;
	r->began_ns = p->feed.round_ns;
	r->now_ns = p->feed.now_ns;
	r->interfaces = p->feed.interfaces;
}

enum { TASK_READ, TASK_FOLLOW };

/* Reading comes first, because it takes longest. */
static void follow_or_read(unsigned task, unsigned member, void *user)
{
	struct pipeline *p = user;
	const uint16_t *which;
	size_t count;

	(void)member;
	if (task == TASK_READ) {
		read_round(p);
		return;
	}
	which = round_shard(p->now, task - TASK_FOLLOW, &count);
	tracker_leave(p->tracker, task - TASK_FOLLOW, p->now->began_clock_ns, p->now->began_ns);
	tracker_follow(p->tracker, p->now->segments, p->now->placed, which, count);
}

static void tell_segments(const struct pipeline *p)
{
	for (unsigned i = 0; i < p->now->len; i++) {
		enum hangup_side sender;
		uint64_t id = tracker_owner(p->tracker, &p->now->placed[i], &sender);

		p->callbacks->segment(&p->now->segments[i], id, sender, p->callbacks->user);
	}
}

static void swap_rounds(struct pipeline *p)
{
	struct round *read = p->next;

	p->next = p->now;
	p->now = read;
}

static void run_together(struct pipeline *p)
{
	read_round(p);
	for (swap_rounds(p); p->now->is_there; swap_rounds(p)) {
		p->short_round = p->now->len < SHARED_MIN;
		begin_once(p);
		share(p, TASK_FOLLOW + TRACKER_SHARDS, follow_or_read);
		tracker_hear(p->tracker, &p->now->heard);
		tracker_turn(p->tracker, p->now->len, p->now->now_ns);
		if (p->callbacks->segment != NULL)
			tell_segments(p);
		judge_all(p);
		learn_interfaces(p, p->now->interfaces);
	}
}

/* --- the end ----------------------------------------------------------------------------------------------- */

static void leave_all(unsigned shard, unsigned member, void *user)
{
	struct pipeline *p = user;

	(void)member;
	tracker_leave_all(p->tracker, shard);
}

static void finish(struct pipeline *p)
{
	p->short_round = false;
	if (p->begun && !p->stopped)
		feed_pass(&p->feed, source_until(p->source));
	share(p, TRACKER_SHARDS, leave_all);
	tracker_turn(p->tracker, 0, p->feed.now_ns);
	judge_all(p);
}

static bool is_cut(const GError *failure)
{
	return g_error_matches(failure, SOURCE_ERROR, SOURCE_ERROR_TRUNCATED) ||
	       g_error_matches(failure, SOURCE_ERROR, SOURCE_ERROR_CORRUPT) ||
	       g_error_matches(failure, SOURCE_ERROR, SOURCE_ERROR_READ);
}

/* Of one file the failure that ended it; of several, what went wrong with any. */
static bool any_cut(const struct source *source, const GError *failure)
{
	const GPtrArray *problems = source_problems(source);
	bool any = is_cut(failure);

	for (guint i = 0; problems != NULL && i < problems->len; i++)
		any |= is_cut(g_ptr_array_index(problems, i));
	return any;
}

/* --- a run ------------------------------------------------------------------------------------------------- */

static gboolean tell_local(struct pipeline *p, const char *const *local, GError **error)
{
	uint8_t address[16];
	unsigned prefix;

	for (; local != NULL && *local != NULL; local++) {
		if (!address_parse(*local, address, &prefix, error))
			return FALSE;
		if (p->anonymizer != NULL)
			anonymizer_address(p->anonymizer, address, address);
		vantage_hints_tell_net(p->hints, address, prefix);
	}
	return TRUE;
}

static unsigned threads_wanted(const struct pipeline_options *options)
{
	return CLAMP(options->threads ? options->threads : g_get_num_processors(), 1, PIPELINE_THREADS_MAX);
}

static void hire(struct pipeline *p, unsigned threads)
{
	p->crew = crew_new(threads);
	p->benches = g_new0(struct bench, threads);
	for (unsigned i = 0; i < threads; i++)
		p->benches[i].pipeline = p;
	if (threads == 1 && p->callbacks->segment == NULL)
		return;
	p->now = round_new();
	p->next = round_new();
}

static struct pipeline *pipeline_new(struct source *source, const struct rule_set *rules,
                                     const struct pipeline_options *options,
                                     const struct pipeline_callbacks *callbacks, struct run_summary *summary)
{
	struct pipeline *p = g_new0(struct pipeline, 1);
	struct tracker_options tracking = {.max_connections = options->max_connections,
	                                   .max_memory = options->max_memory, .settle_ns = options->settle_ns};

	*summary = (struct run_summary){0};
	p->source = source;
	p->rules = rules;
	p->callbacks = callbacks;
	p->anonymizer = options->anonymizer;
	p->summary = summary;
	p->hints = vantage_hints_new();
	p->fragments = fragments_new();
	p->scopes = scopes_new();
	p->tracker = tracker_new(&tracking, p->hints);
	p->live = options->now != NULL;
	if (p->live) {
		feed_init_live(&p->feed, source, options->now, callbacks->user);
		learn_interfaces(p, source_interfaces(source));
	} else {
		feed_init(&p->feed, source);
	}
	hire(p, p->live ? 1 : threads_wanted(options));
	return p;
}

static void pipeline_free(struct pipeline *p)
{
	round_free(p->next);
	round_free(p->now);
	g_free(p->benches);
	crew_free(p->crew);
	feed_clear(&p->feed);
	neighbours_log_clear(&p->heard);
	scopes_free(p->scopes);
	fragments_free(p->fragments);
	tracker_free(p->tracker);
	vantage_hints_free(p->hints);
	g_free(p);
}

static gboolean run(struct pipeline *p, const struct pipeline_options *options, GError **error)
{
	if (!tell_local(p, options->local, error) ||
	    (options->filter != NULL && !source_set_filter(p->source, options->filter, error)))
		return FALSE;
	if (p->now != NULL)
		run_together(p);
	else
		run_alone(p);
	if (!p->stopped) /* a silent input ends when it is told to */
		ask_whether_enough(p);
	finish(p);
	if (p->feed.error == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&p->feed.error));
	return FALSE;
}

gboolean pipeline_run(struct source *source, const struct rule_set *rules, const struct pipeline_options *options,
                      const struct pipeline_callbacks *callbacks, struct run_summary *out_summary, GError **error)
{
	struct pipeline *p = pipeline_new(source, rules, options, callbacks, out_summary);
	GError *failure = NULL;
	gboolean whole = run(p, options, &failure);

	fill_summary(p);
	out_summary->input_cut = any_cut(source, failure);
	pipeline_free(p);
	if (!whole)
		g_propagate_error(error, failure);
	return whole;
}
