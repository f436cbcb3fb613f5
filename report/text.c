/* Text for people. The summary line stands first, but it is known last, so the endings wait: at most
 * TEXT_ENDINGS_MAX of them, the most telling ones, whatever the number of connections. So do those that may turn out to
 * hurt nobody once incidents are known: beside the others, so that a scan does not take their place. A connection on which a
 * call of the program failed is told however it ended. When every connection is asked for nothing can wait: they are written
 * in order of id as soon as that order allows, the summary last. */
#include "report/report.h"

#include <string.h>

#include "report/order.h"
#include "report/sink.h"
#include "report/telling.h"
#include "report/text_entry.h"
#include "report/text_incidents.h"
#include "report/text_summary.h"

enum { TEXT_ENDINGS_MAX = 200 }; /* more than anybody reads; --all and -o ndjson have no such bound */

/* An abnormal ending with a call that failed: it stays listed though an incident may come to excuse it. */
struct failed {
	uint64_t id;
	enum hangup_label label;
	enum hangup_cause cause;
};

/* What came since the last turn. */
struct lane {
	struct text_counts counts;
	struct telling *telling, *doubtful;
	GArray *failed; /* struct failed */
	char apart[64]; /* from the next lane's cache line */
};

struct text_sink {
	struct report_sink base;
	struct text_counts counts;
	struct telling *telling;  /* changes in turns only, as the next does */
	struct telling *doubtful; /* an incident may come to excuse these */
	GArray *failed;           /* and of these only what is counted; at most one a call that is kept */
	struct order *order;     /* only when every connection is listed */
	struct lane lanes[REPORT_LANES_MAX];
};

/* --- a verdict ------------------------------------------------------------------------------------- */
/* What is asked for by label or severity is listed, excused or not. */
static bool lists_excused(const struct text_sink *t)
{
	return t->base.options.selection.labels || t->base.options.selection.severities;
}

/* The program was given an error on it. */
static bool has_failed(const struct text_sink *t, const struct hangup_case *c)
{
	return t->base.options.calls && calls_has(t->base.options.calls, c->facts);
}

static void count_failed(struct lane *l, const struct hangup_case *c)
{
	const struct hangup_claim *verdict = case_verdict(c);
	const struct failed failed = {.id = c->facts->id, .label = verdict->label, .cause = verdict->cause};

	if (verdict->severity != HANGUP_SEVERITY_ABNORMAL)
		text_counts_add_failed(&l->counts, verdict->label, verdict->cause, verdict->severity == HANGUP_SEVERITY_HARMLESS);
	else if (incidents_may_excuse(c))
		g_array_append_val(l->failed, failed);
}

static void keep_if_telling(struct text_sink *t, struct lane *l, const struct hangup_case *c, bool failed)
{
	const struct rank rank = rank_of(c);
	const bool doubtful = !failed && !lists_excused(t) && incidents_may_excuse(c);
	struct telling *all = doubtful ? t->doubtful : t->telling, *mine = doubtful ? l->doubtful : l->telling;

	l->counts.listable++;
	if (!telling_wants(all, &rank) || !telling_wants(mine, &rank))
		return;
	GString *entry = g_string_new(NULL);
	text_entry_append(entry, c, &t->base.options, t->base.options.first_ns);
	telling_take(mine, &rank, g_string_free(entry, FALSE));
}

static void take_verdict(struct report_sink *sink, unsigned lane, const struct hangup_case *c)
{
	struct text_sink *t = (struct text_sink *)sink;
	struct lane *l = &t->lanes[lane];
	const bool failed = has_failed(t, c);

	text_counts_add(&l->counts, case_verdict(c));
	if (failed)
		count_failed(l, c);
	if (t->order) {
		text_entry_append(order_line(t->order, lane), c, &sink->options, sink->options.first_ns);
		order_end_line(t->order, lane, c->facts->id);
	} else if (failed || text_summary_lists(&sink->options, case_verdict(c))) {
		keep_if_telling(t, l, c, failed);
	}
}

static void skip(struct report_sink *sink, unsigned lane, uint64_t id)
{
	struct text_sink *t = (struct text_sink *)sink;

	if (t->order)
		order_end_line(t->order, lane, id);
}

/* --- a turn, and the end ---------------------------------------------------------------------------- */
static void turn(struct report_sink *sink)
{
	struct text_sink *t = (struct text_sink *)sink;

	for (unsigned lane = 0; lane < REPORT_LANES_MAX; lane++) {
		text_counts_move(&t->counts, &t->lanes[lane].counts);
		telling_move(t->telling, t->lanes[lane].telling);
		telling_move(t->doubtful, t->lanes[lane].doubtful);
		g_array_append_vals(t->failed, t->lanes[lane].failed->data, t->lanes[lane].failed->len);
		g_array_set_size(t->lanes[lane].failed, 0);
	}
	if (t->order)
		order_turn(t->order);
}

static bool is_excused(uint64_t id, const void *incidents)
{
	return incident_excuses(incidents, id);
}

/* Returns how many are listed all the same. */
static uint64_t excuse_failed(struct text_sink *t)
{
	uint64_t excused = 0;

	for (guint i = 0; i < t->failed->len; i++) {
		const struct failed *failed = &g_array_index(t->failed, struct failed, i);

		if (!is_excused(failed->id, t->base.found))
			continue;
		text_counts_add_failed(&t->counts, failed->label, failed->cause, true);
		excused++;
	}
	return excused;
}

static void excuse(struct text_sink *t)
{
	const uint64_t excused = text_counts_excuse(&t->counts, t->base.found), all_the_same = excuse_failed(t);

	if (!lists_excused(t) && !t->order)
		t->counts.listable -= excused - all_the_same;
	telling_leave_out(t->doubtful, is_excused, t->base.found);
	telling_move(t->telling, t->doubtful);
}

static void write_endings(struct text_sink *t)
{
	telling_sort(t->telling);
	for (guint i = 0; i < telling_len(t->telling); i++)
		output_write(&t->base.out, telling_text(t->telling, i), strlen(telling_text(t->telling, i)));
}

static void finish(struct report_sink *sink, const struct run_summary *summary)
{
	struct text_sink *t = (struct text_sink *)sink;
	g_autoptr(GString) head = g_string_new(NULL), tail = g_string_new(NULL);

	if (t->order)
		order_finish(t->order);
	excuse(t);
	t->counts.listed = telling_len(t->telling);
	text_summary_append_head(head, &t->counts, summary, &sink->options);
	if (!t->order)
		text_incidents_append(head, sink->found, t->counts.listed > 0, &sink->options);
	output_string(&sink->out, head);
	write_endings(t);
	if (t->counts.listed)
		t->counts.example = telling_id(t->telling, 0);
	text_summary_append_tail(tail, &t->counts, summary, &sink->options);
	output_string(&sink->out, tail);
}

static void lane_clear(struct lane *l)
{
	telling_free(l->telling);
	telling_free(l->doubtful);
	g_array_unref(l->failed);
}

static void lane_init(struct lane *l)
{
	l->telling = telling_new(TEXT_ENDINGS_MAX);
	l->doubtful = telling_new(INCIDENT_EXCUSABLE_KEPT);
	l->failed = g_array_new(FALSE, FALSE, sizeof(struct failed));
}

static void sink_free(struct report_sink *sink)
{
	struct text_sink *t = (struct text_sink *)sink;

	for (unsigned lane = 0; lane < REPORT_LANES_MAX; lane++)
		lane_clear(&t->lanes[lane]);
	telling_free(t->telling);
	telling_free(t->doubtful);
	g_array_unref(t->failed);
	order_free(t->order);
	g_free(t);
}

struct report_sink *report_text_new(FILE *out, const struct report_options *options)
{
	static const struct report_sink_class class = {
		.verdict = take_verdict, .skip = skip, .turn = turn, .finish = finish, .free = sink_free};
	struct text_sink *t = g_new0(struct text_sink, 1);

	report_sink_init(&t->base, &class, out, options);
	report_sink_collect_incidents(&t->base); /* listed or not, they say what hurts nobody */
	t->telling = telling_new(TEXT_ENDINGS_MAX);
	t->doubtful = telling_new(INCIDENT_EXCUSABLE_KEPT);
	t->failed = g_array_new(FALSE, FALSE, sizeof(struct failed));
	if (options->every_connection)
		t->order = order_new(&t->base.out, ORDER_WAITING_MAX);
	for (unsigned lane = 0; lane < REPORT_LANES_MAX; lane++)
		lane_init(&t->lanes[lane]);
	return &t->base;
}
