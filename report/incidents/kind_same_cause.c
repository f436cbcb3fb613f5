/* The rest: endings of one cause at one service, close in time. It claims no more than that they are alike; and only
 * when they are a part of what ended there that is worth a word, because a busy server has its everyday rate of
 * everything. */
#include "report/incidents/inquiry.h"
#include "rules/host/append.h"
#include "rules/host/text.h"
#include "rules/host/vocabulary.h"

static bool is_abnormal(const struct ending *e)
{
	return e->severity == HANGUP_SEVERITY_ABNORMAL;
}

static uint64_t by_likeness(const struct ending *e)
{
	return (uint64_t)e->label << 56 | (uint64_t)e->cause << 48 | (uint64_t)e->actor << 40 | ending_by_service(e);
}

/* Connections to the service that ended otherwise between these two moments. */
struct others {
	uint64_t well, badly;
};

static struct others count_others(const struct inquiry *q, const GPtrArray *members, int64_t from_ns, int64_t to_ns)
{
	const struct ending *first = ending_at(members, 0);
	struct others others = {0, 0};
	size_t from, to;
	guint first_place, last_place;

	inquiry_of_server(q, first->who.address[HANGUP_SERVER], first->who.port[HANGUP_SERVER], &from, &to);
	for (size_t i = from; i < to; i++) {
		const struct witness *w = &q->witnesses[q->by_server[i]];

		others.well += !(w->flags & WITNESS_OPEN) && w->who.ended_ns >= from_ns && w->who.ended_ns <= to_ns;
	}
	inquiry_of_service(q, first, &first_place, &last_place);
	for (guint i = first_place; i < last_place; i++) {
		const struct ending *e = ending_at(q->by_service, i);

		others.badly += is_abnormal(e) && by_likeness(e) != by_likeness(first) && e->onset.time_ns >= from_ns &&
		                e->onset.time_ns <= to_ns;
	}
	return others;
}

static void say(struct incident *i, const GPtrArray *members)
{
	const struct ending *first = ending_at(members, 0);
	GString *sentence = g_string_new(NULL);

	words_count(sentence, members->len, "connection", "connections");
	append_literal(sentence, " from ");
	words_clients(sentence, members);
	append_literal(sentence, " to ");
	words_servers(sentence, members);
	append_literal(sentence, " ended alike within ");
	words_span(sentence, i->to_ns - i->from_ns);
	g_string_append_printf(sentence, " (%s/%s): %s.", label_name(first->label), cause_name(first->cause),
	                       cause_meaning(first->cause));
	incident_say(i, sentence);
}

static void show(struct incident *i, const GPtrArray *members, const struct others *others)
{
	GString *share = g_string_new(NULL), *against = g_string_new(NULL);

	g_string_append_printf(share, "%u of the %" G_GUINT64_FORMAT " connections to this service that ended in that time ended so",
	                       members->len, members->len + others->well + others->badly);
	append_text(against, share->str);
	incident_show(i, HANGUP_LEVEL_DERIVED, &i->first, ending_at(members, 0), share);
	incident_doubt(i, "Each may have a reason of its own", against);
}

static void judge(struct inquiry *q, const GPtrArray *members)
{
	int64_t from_ns = ending_at(members, 0)->onset.time_ns, to_ns = ending_at(members, members->len - 1)->onset.time_ns;
	struct others others = count_others(q, members, from_ns, to_ns);
	double share = members->len / (double)(members->len + others.well + others.badly);
	struct incident *i;

	if (share < inquiry_threshold(q, INCIDENT_THRESHOLD_SHARE_ALIKE))
		return;
	i = inquiry_begin(q, INCIDENT_SAME_CAUSE, members);
	say(i, members);
	show(i, members, &others);
}

void find_same_causes(struct inquiry *q)
{
	g_autoptr(GPtrArray) left = inquiry_collect(q, is_abnormal);
	g_autoptr(GPtrArray) alike = endings_split(left, by_likeness);

	for (guint a = 0; a < alike->len; a++) {
		g_autoptr(GPtrArray) bursts = endings_split_by_time(alike->pdata[a], inquiry_threshold_ns(q, INCIDENT_THRESHOLD_APART));

		for (guint b = 0; b < bursts->len; b++) {
			const GPtrArray *members = bursts->pdata[b];

			if (members->len >= inquiry_threshold(q, INCIDENT_THRESHOLD_LEAST))
				judge(q, members);
		}
	}
}
