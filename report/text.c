/* Text for people. The summary line stands first, but it is known last, so the endings wait: at most
 * TEXT_ENDINGS_MAX of them, the most telling ones, whatever the number of connections. When every connection is
 * asked for nothing can wait: they are written in order of id as soon as that order allows, the summary last. */
#include "report/report.h"

#include <string.h>

#include "report/sink.h"
#include "report/sorter.h"
#include "report/text_entry.h"
#include "report/text_summary.h"

enum { TEXT_ENDINGS_MAX = 200 }; /* more than anybody reads; --all and -o ndjson have no such bound */

/* What makes one ending more telling than another. */
struct rank {
	enum hangup_severity severity;
	double confidence;
	uint64_t id;
};

struct ending {
	struct rank rank;
	char *text;
};

struct text_sink {
	struct report_sink base;
	struct text_counts counts;
	GArray *endings;       /* of struct ending: those shown so far, the least telling first (a heap) */
	struct sorter *sorter; /* only when every connection is listed */
	int64_t day_ns;        /* first packet of the first verdict, 0 before */
};

static bool tells_more(const struct rank *a, const struct rank *b)
{
	if (a->severity != b->severity)
		return a->severity > b->severity;
	if (a->confidence != b->confidence)
		return a->confidence > b->confidence;
	return a->id < b->id;
}

static struct ending *ending_at(const struct text_sink *t, guint i)
{
	return &g_array_index(t->endings, struct ending, i);
}

static void swap(struct text_sink *t, guint i, guint k)
{
	struct ending ending = *ending_at(t, i);

	*ending_at(t, i) = *ending_at(t, k);
	*ending_at(t, k) = ending;
}

static void push(struct text_sink *t, struct ending ending)
{
	guint i = t->endings->len;

	g_array_append_val(t->endings, ending);
	for (; i > 0 && tells_more(&ending_at(t, (i - 1) / 2)->rank, &ending_at(t, i)->rank); i = (i - 1) / 2)
		swap(t, i, (i - 1) / 2);
}

static void replace_least(struct text_sink *t, struct ending ending)
{
	guint len = t->endings->len;

	g_free(ending_at(t, 0)->text);
	*ending_at(t, 0) = ending;
	for (guint i = 0, child; (child = 2 * i + 1) < len; i = child) {
		if (child + 1 < len && tells_more(&ending_at(t, child)->rank, &ending_at(t, child + 1)->rank))
			child++;
		if (tells_more(&ending_at(t, child)->rank, &ending_at(t, i)->rank))
			break;
		swap(t, i, child);
	}
}

static char *render(const struct text_sink *t, const struct hangup_case *c)
{
	GString *text = g_string_new(NULL);

	text_entry_append(text, c, &t->base.options, t->day_ns);
	return g_string_free(text, FALSE);
}

static void keep_if_telling(struct text_sink *t, const struct hangup_case *c)
{
	const struct hangup_claim *verdict = case_verdict(c);
	struct ending ending = {.rank = {verdict->severity, verdict->confidence, c->facts->id}};
	bool room = t->endings->len < TEXT_ENDINGS_MAX;

	if (!room && !tells_more(&ending.rank, &ending_at(t, 0)->rank))
		return;
	ending.text = render(t, c);
	if (room)
		push(t, ending);
	else
		replace_least(t, ending);
}

static void list_in_order(struct text_sink *t, const struct hangup_case *c)
{
	g_autoptr(GString) text = g_string_new(NULL);

	text_entry_append(text, c, &t->base.options, t->day_ns);
	sorter_add(t->sorter, c->facts->id, text->str, text->len);
}

static void count(struct text_counts *counts, const struct hangup_claim *verdict)
{
	counts->told++;
	counts->label[verdict->label]++;
	counts->severity[verdict->severity]++;
	counts->idle += verdict->cause == HANGUP_CAUSE_OPEN_IDLE;
	if (verdict->severity == HANGUP_SEVERITY_HARMLESS)
		counts->harmless[verdict->label][verdict->cause]++;
}

static void take_verdict(struct report_sink *sink, const struct hangup_case *c)
{
	struct text_sink *t = (struct text_sink *)sink;

	if (t->counts.told == 0)
		t->day_ns = c->facts->packet[HANGUP_PACKET_FIRST][HANGUP_CLIENT].time_ns;
	count(&t->counts, case_verdict(c));
	if (t->sorter) {
		list_in_order(t, c);
	} else if (text_summary_lists(&sink->options, case_verdict(c))) {
		t->counts.listable++;
		keep_if_telling(t, c);
	}
}

static void skip(struct report_sink *sink, uint64_t id)
{
	struct text_sink *t = (struct text_sink *)sink;

	if (t->sorter)
		sorter_skip(t->sorter, id);
}

static gint compare_endings(gconstpointer a, gconstpointer b)
{
	const struct ending *left = a, *right = b;

	return tells_more(&left->rank, &right->rank) ? -1 : tells_more(&right->rank, &left->rank);
}

static void write_endings(struct text_sink *t)
{
	g_array_sort(t->endings, compare_endings);
	for (guint i = 0; i < t->endings->len; i++)
		output_write(&t->base.out, ending_at(t, i)->text, strlen(ending_at(t, i)->text));
}

static gboolean finish(struct report_sink *sink, const struct run_summary *summary, GError **error)
{
	struct text_sink *t = (struct text_sink *)sink;
	g_autoptr(GString) head = g_string_new(NULL), tail = g_string_new(NULL);
	gboolean sorted = !t->sorter || sorter_finish(t->sorter, error);

	t->counts.listed = t->endings->len;
	text_summary_append_head(head, &t->counts, summary, &sink->options);
	output_string(&sink->out, head);
	write_endings(t);
	if (t->endings->len)
		t->counts.example = ending_at(t, 0)->rank.id;
	text_summary_append_tail(tail, &t->counts, summary, &sink->options);
	output_string(&sink->out, tail);
	return sorted;
}

static void sink_free(struct report_sink *sink)
{
	struct text_sink *t = (struct text_sink *)sink;

	for (guint i = 0; i < t->endings->len; i++)
		g_free(ending_at(t, i)->text);
	g_array_free(t->endings, TRUE);
	sorter_free(t->sorter);
	g_free(t);
}

struct report_sink *report_text_new(FILE *out, const struct report_options *options)
{
	static const struct report_sink_class class = {
		.verdict = take_verdict, .skip = skip, .finish = finish, .free = sink_free};
	struct text_sink *t = g_new0(struct text_sink, 1);

	report_sink_init(&t->base, &class, out, options);
	t->endings = g_array_new(FALSE, FALSE, sizeof(struct ending));
	if (options->every_connection)
		t->sorter = sorter_new(&t->base.out, SORTER_MEMORY_MAX);
	return &t->base;
}
