/* Frames come in batches, segments go through the tracker in batches, and endings are judged one by one as they
 * come; nothing here is kept from one to the next. */
#include "cli/pipeline.h"

#include "analyzers/facts_fill.h"
#include "analyzers/tracker.h"
#include "analyzers/vantage.h"
#include "capture/decode.h"
#include "rules/host/engine.h"

enum { BATCH = 64 };
G_STATIC_ASSERT((int)BATCH <= (int)TRACKER_BATCH_MAX);

struct pipeline {
	struct source *source;
	const struct rule_set *rules;
	const struct pipeline_callbacks *callbacks;
	struct run_summary *summary;
	struct vantage_hints *hints;
	struct tracker *tracker;
	size_t interfaces_known;
	bool begun;

	struct frame frames[BATCH];
	struct segment segments[BATCH];
	uint64_t ids[BATCH];
	uint8_t sides[BATCH];

	struct facts facts;
	struct hangup_case judged;
};

static void judge(const struct ending *ending, void *user)
{
	struct pipeline *p = user;

	facts_fill(ending, p->hints, &p->facts);
	engine_judge(p->rules, &p->facts, &p->judged);
	p->callbacks->verdict(&p->judged, p->callbacks->user);
}

/* --- batches ------------------------------------------------------------------------------------------- */

/* Interfaces turn up while a pcapng is read; their addresses tell the vantage. */
static void learn_interfaces(struct pipeline *p)
{
	for (size_t known = source_interfaces(p->source); p->interfaces_known < known; p->interfaces_known++) {
		const struct interface *i = source_interface(p->source, p->interfaces_known);

		for (size_t a = 0; a < i->addresses_len; a++)
			vantage_hints_interface(p->hints, i->addresses[a].address);
	}
}

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
	case SEGMENT_TRUNCATED: summary->truncated++; break;
	case SEGMENT_INVALID: summary->invalid++; break;
	default: break;
	}
}

static void note_times(struct run_summary *summary, const struct frame *frames, size_t frames_len)
{
	for (size_t i = 0; i < frames_len; i++)
		summary->last_ns = MAX(summary->last_ns, frames[i].time_ns);
}

static void begin(struct pipeline *p, int64_t first_ns)
{
	p->begun = true;
	p->summary->first_ns = first_ns;
	if (p->callbacks->begin != NULL)
		p->callbacks->begin(first_ns, p->callbacks->user);
}

static void tell_segment(const struct pipeline *p, size_t i)
{
	if (p->segments[i].kind == SEGMENT_TCP || p->segments[i].kind == SEGMENT_ICMP_ERROR)
		p->callbacks->segment(&p->segments[i], p->ids[i], (enum hangup_side)p->sides[i], p->callbacks->user);
}

/* Whoever listens to segments hears all of a connection before its verdict, so then it is one at a time. */
static void follow(struct pipeline *p, size_t segments_len)
{
	if (p->callbacks->segment == NULL) {
		tracker_follow(p->tracker, p->segments, segments_len, p->ids, p->sides);
		return;
	}
	for (size_t i = 0; i < segments_len; i++) {
		tracker_follow(p->tracker, &p->segments[i], 1, &p->ids[i], &p->sides[i]);
		tell_segment(p, i);
	}
}

static void take_batch(struct pipeline *p, size_t frames_len)
{
	for (size_t i = 0; i < frames_len; i++) {
		decode_frame(&p->frames[i], &p->segments[i]);
		p->segments[i].input = 0;
		if (p->segments[i].kind != SEGMENT_TCP)
			count(p->summary, &p->frames[i], &p->segments[i]);
	}
	note_times(p->summary, p->frames, frames_len);
	follow(p, frames_len);
}

/* --- a run --------------------------------------------------------------------------------------------- */

static gboolean tell_local(struct pipeline *p, const char *const *local, GError **error)
{
	for (; local != NULL && *local != NULL; local++)
		if (!vantage_hints_tell(p->hints, *local, error))
			return FALSE;
	return TRUE;
}

static void read_all(struct pipeline *p, GError **error)
{
	const struct pipeline_callbacks *c = p->callbacks;
	size_t frames_len;

	while ((frames_len = source_next_batch(p->source, p->frames, BATCH, error)) > 0) {
		learn_interfaces(p);
		if (!p->begun)
			begin(p, p->frames[0].time_ns);
		take_batch(p, frames_len);
		if (c->progress != NULL && !c->progress(p->source, c->user)) {
			p->summary->interrupted = true;
			return;
		}
	}
}

static bool is_cut(const GError *failure)
{
	return g_error_matches(failure, SOURCE_ERROR, SOURCE_ERROR_TRUNCATED) ||
	       g_error_matches(failure, SOURCE_ERROR, SOURCE_ERROR_CORRUPT) ||
	       g_error_matches(failure, SOURCE_ERROR, SOURCE_ERROR_READ);
}

static void fill_summary(struct pipeline *p)
{
	const struct tracker_counts *counts = tracker_counts(p->tracker);
	struct run_summary *s = p->summary;

	s->frames = source_frames(p->source);
	s->capture_dropped = source_dropped(p->source);
	s->segments = counts->segments;
	s->connections = counts->connections;
	s->evicted = counts->evicted;
	s->acked_unseen = counts->acked_unseen;
}

static struct pipeline *pipeline_new(struct source *source, const struct rule_set *rules,
                                     const struct pipeline_options *options,
                                     const struct pipeline_callbacks *callbacks, struct run_summary *summary)
{
	struct pipeline *p = g_new0(struct pipeline, 1);
	struct tracker_options tracking = {.max_connections = options->max_connections,
	                                   .settle_ns = options->settle_ns};

	*summary = (struct run_summary){0};
	p->source = source;
	p->rules = rules;
	p->callbacks = callbacks;
	p->summary = summary;
	p->hints = vantage_hints_new();
	p->tracker = tracker_new(&tracking, judge, p);
	return p;
}

static void pipeline_free(struct pipeline *p)
{
	tracker_free(p->tracker);
	vantage_hints_free(p->hints);
	g_free(p);
}

gboolean pipeline_run(struct source *source, const struct rule_set *rules, const struct pipeline_options *options,
                      const struct pipeline_callbacks *callbacks, struct run_summary *out_summary, GError **error)
{
	struct pipeline *p = pipeline_new(source, rules, options, callbacks, out_summary);
	GError *failure = NULL;

	if (tell_local(p, options->local, &failure) &&
	    (options->filter == NULL || source_set_filter(source, options->filter, &failure))) {
		read_all(p, &failure);
		tracker_finish(p->tracker);
	}
	fill_summary(p);
	out_summary->input_cut = is_cut(failure);
	pipeline_free(p);
	if (failure == NULL)
		return TRUE;
	g_propagate_error(error, failure);
	return FALSE;
}
