/* Rounds of frames (cli/feed.h) are decoded, followed and judged (pipeline_rounds.c), and nothing else is kept from one
 * to the next. Here is what is done between them, and at the end. */
#include "cli/pipeline.h"

#include "analyzers/address.h"
#include "analyzers/facts_fill.h"
#include "cli/pipeline_inside.h"
#include "rules/host/engine.h"

G_STATIC_ASSERT((int)FEED_ROUND_FRAMES <= (int)TRACKER_ROUND_MAX);
G_STATIC_ASSERT((int)PIPELINE_LANES == (int)TRACKER_SHARDS);
G_STATIC_ASSERT((int)PIPELINE_THREADS_MAX <= (int)CREW_MOST);

/* Verdicts of one shard between two turns: what outputs hold meanwhile is bounded by it. */
enum { JUDGED_MOST = 1024 };

/* --- between rounds ---------------------------------------------------------------------------------------- */

void pipeline_ask_whether_enough(struct pipeline *p)
{
	const struct pipeline_callbacks *c = p->callbacks;

	p->stopped = c->progress != NULL && !c->progress(p->source, c->user);
	p->summary->interrupted |= p->stopped;
}

/* Whoever is told of segments may want no more of them because of a verdict; and whoever has to wait for a writer does that
 * when it is his turn. */
static bool may_read_on(const struct pipeline *p)
{
	return p->ahead != NULL && p->callbacks->segment == NULL && !source_may_wait(p->source);
}

void pipeline_begin_once(struct pipeline *p)
{
	if (p->begun)
		return;
	p->begun = true;
	p->summary->first_ns = p->feed.first_ns;
	if (p->callbacks->begin != NULL)
		p->callbacks->begin(p->feed.first_ns, p->callbacks->user);
	g_atomic_int_set(&p->reads_on, may_read_on(p));
}

/* An interface of a pcapng counts from its first frame on; its addresses tell the vantage. */
void pipeline_new_addresses(struct pipeline *p, size_t known, pipeline_address_fn tell, void *user)
{
	for (; p->interfaces_known < known; p->interfaces_known++) {
		const struct interface *i = source_interface(p->source, p->interfaces_known);

		for (size_t a = 0; a < i->addresses_len; a++)
			tell(i->addresses[a].address, user);
	}
}

static void learn_address(const uint8_t address[16], void *user)
{
	vantage_hints_interface(user, address);
}

void pipeline_learn_interfaces(struct pipeline *p, size_t known)
{
	pipeline_new_addresses(p, known, learn_address, p->hints);
}

static void judge(const struct ending *ending, void *user)
{
	struct bench *b = user;
	struct pipeline *p = b->pipeline;

	facts_fill(ending, &b->facts);
	engine_judge(p->rules, &b->facts, &b->judged);
	p->callbacks->verdict(&b->judged, b->lane, p->callbacks->user);
}

void pipeline_judge_shard(unsigned shard, unsigned member, void *user)
{
	struct pipeline *p = user;
	struct bench *b = &p->benches[member];

	b->lane = shard;
	if (tracker_judge(p->tracker, shard, JUDGED_MOST, judge, b))
		g_atomic_int_inc(&p->more);
}

/* Work is shared unless the round is too short for that. */
void pipeline_share(struct pipeline *p, unsigned count, crew_task_fn task)
{
	if (!p->short_round) {
		crew_do(p->crew, count, task, p);
		return;
	}
	for (unsigned i = 0; i < count; i++)
		task(i, 0, p);
}

void pipeline_told(struct pipeline *p)
{
	if (p->begun && p->callbacks->turn != NULL)
		p->callbacks->turn(p->callbacks->user);
}

static void judge_some(struct pipeline *p)
{
	p->more = 0;
	pipeline_share(p, TRACKER_SHARDS, pipeline_judge_shard);
	pipeline_told(p);
}

void pipeline_judge_all(struct pipeline *p)
{
	do
		judge_some(p);
	while (p->more > 0);
}

void pipeline_judge_but_few(struct pipeline *p)
{
	while (tracker_waiting(p->tracker) > JUDGED_MOST)
		judge_some(p);
}

static void fill_losses(const struct source *source, struct run_summary *s)
{
	const uint64_t by_cards = source_dropped_by_cards(source);

	s->capture_dropped = source_dropped(source);
	s->drops_told_apart = by_cards != UINT64_MAX;
	s->dropped_by_cards = s->drops_told_apart ? MIN(by_cards, s->capture_dropped) : 0;
}

static void fill_summary(struct pipeline *p)
{
	const struct tracker_counts counts = tracker_counts(p->tracker);
	struct run_summary *s = p->summary;

	s->frames = source_frames(p->source);
	s->incomplete = fragments_incomplete(p->fragments);
	fill_losses(p->source, s);
	s->comments = source_comments(p->source);
	s->odd_times = source_odd_times(p->source);
	s->out_of_order = source_out_of_order(p->source);
	s->clock_steps = p->feed.clock_steps;
	s->copies = counts.copies;
	s->segments = counts.segments;
	s->connections = counts.connections;
	s->open = counts.open;
	s->settling = counts.settling;
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

void pipeline_after_live_round(struct pipeline *p)
{
	if (p->callbacks->look != NULL)
		tracker_look(p->tracker, p->feed.now_ns, look_at, p);
	fill_summary(p);
	if (p->callbacks->round != NULL)
		p->callbacks->round(p->summary, p->callbacks->user);
	if (!p->stopped)
		pipeline_ask_whether_enough(p);
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
	pipeline_share(p, TRACKER_SHARDS, leave_all);
	tracker_turn(p->tracker, 0, p->feed.now_ns);
	pipeline_judge_all(p);
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

static bool read_on(void *user)
{
	struct pipeline *p = user;

	return g_atomic_int_get(&p->reads_on) && read_ahead_some(p->ahead);
}

static void hire(struct pipeline *p, unsigned threads)
{
	if (threads > 1 || p->callbacks->segment != NULL)
		p->ahead = read_ahead_new(pipeline_read_some, p);
	p->crew = crew_new(threads, read_on, p);
	p->benches = g_new0(struct bench, threads);
	for (unsigned i = 0; i < threads; i++)
		p->benches[i].pipeline = p;
}

static struct pipeline *pipeline_new(struct source *source, const struct rule_set *rules,
                                     const struct pipeline_options *options,
                                     const struct pipeline_callbacks *callbacks, struct run_summary *summary)
{
	struct pipeline *p = g_new0(struct pipeline, 1);
	struct tracker_options tracking = {.max_connections = options->max_connections,
	                                   .max_memory = options->max_memory, .settle_ns = options->settle_ns,
	                                   .tells_owners = callbacks->segment != NULL,
	                                   .never_predict = options->never_predict};

	*summary = (struct run_summary){0};
	p->source = source;
	p->rules = rules;
	p->callbacks = callbacks;
	p->anonymizer = options->anonymizer;
	p->takes_as_is = callbacks->frame == NULL && options->anonymizer == NULL;
	p->summary = summary;
	p->hints = vantage_hints_new();
	p->fragments = fragments_new();
	p->scopes = scopes_new();
	p->tracker = tracker_new(&tracking, p->hints);
	p->live = options->now != NULL;
	if (p->live) {
		feed_init_live(&p->feed, source, options->now, callbacks->user);
		pipeline_learn_interfaces(p, source_interfaces(source));
	} else {
		feed_init(&p->feed, source);
	}
	hire(p, p->live ? 1 : threads_wanted(options));
	return p;
}

static void pipeline_free(struct pipeline *p)
{
	crew_free(p->crew);
	g_free(p->benches);
	read_ahead_free(p->ahead);
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
	if (p->ahead != NULL)
		pipeline_run_together(p);
	else
		pipeline_run_alone(p);
	if (!p->stopped) /* a silent input ends when it is told to */
		pipeline_ask_whether_enough(p);
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
