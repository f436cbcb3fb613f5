/* Only large segments are lost: a link on the path takes smaller packets than the sender's network, and the word of it
 * (ICMP) does not reach the sender. What was lost and what arrived have the limit between them. */
#include "report/incidents/scope.h"
#include "rules/host/append.h"
#include "rules/host/text.h"

static bool is_black_hole(const struct ending *e)
{
	return e->cause == HANGUP_CAUSE_TIMEOUT_PMTU;
}

/* Waits for data larger than any that arrived: a black hole that is not yet known as one. */
static bool may_be_one(const struct ending *e)
{
	return e->stall.number && e->waiting == HANGUP_RETRY_DATA && e->cause != HANGUP_CAUSE_TIMEOUT_PMTU &&
	       e->label != HANGUP_LABEL_MIDDLEBOX_IDLE_DROP && e->retry_size > e->largest_acked;
}

static bool is_or_may_be_one(const struct ending *e)
{
	return is_black_hole(e) || may_be_one(e);
}

struct hole {
	GPtrArray *members;
	enum hangup_side sender; /* of most of them */
	struct scope scope;
	const struct ending *smallest; /* that was lost */
	int64_t passed;                /* payload of the largest segment that arrived the same way; 0 unknown */
	uint64_t passed_id;
	GArray *passed_well;           /* ids: others on the same way that lost nothing */
	guint waiting;                 /* members that are no verdict of their own yet */
};

static void take_passed(struct hole *h, uint64_t id, int64_t size)
{
	if (size > h->passed && size < h->smallest->retry_size) {
		h->passed = size;
		h->passed_id = id;
	}
}

static void see(const struct witness *w, void *user)
{
	struct hole *h = user;

	take_passed(h, w->who.id, w->largest_acked[h->sender]);
	g_array_append_val(h->passed_well, w->who.id);
}

static void find_sizes(struct hole *h)
{
	guint servers = 0;

	for (guint i = 0; i < h->members->len; i++) {
		const struct ending *e = ending_at(h->members, i);

		servers += e->waiter == HANGUP_SERVER;
		if (!h->smallest || e->retry_size < h->smallest->retry_size)
			h->smallest = e;
	}
	h->sender = servers * 2 > h->members->len ? HANGUP_SERVER : HANGUP_CLIENT;
	for (guint i = 0; i < h->members->len; i++)
		take_passed(h, ending_at(h->members, i)->who.id, ending_at(h->members, i)->largest_acked);
}

/* The same way, the same direction, too large for what arrives. */
static void add_waiting(const struct inquiry *q, struct hole *h)
{
	g_autoptr(GPtrArray) candidates = inquiry_collect(q, may_be_one);

	for (guint i = 0; i < candidates->len; i++) {
		const struct ending *e = ending_at(candidates, i);

		if (e->waiter != h->sender || e->retry_size < h->smallest->retry_size || !scope_holds(&h->scope, &e->who))
			continue;
		g_ptr_array_add(h->members, candidates->pdata[i]);
		h->waiting++;
	}
}

/* The limit is at least what arrived, and less than what was lost. */
static void say_limit(GString *text, const struct hole *h)
{
	if (h->passed > 0)
		g_string_append_printf(text, "the most that a link on the path takes is between %" G_GINT64_FORMAT " and %u bytes",
		                       h->passed, h->smallest->retry_size);
	else
		g_string_append_printf(text, "a link on the path takes less than %u bytes", h->smallest->retry_size);
}

static void say(struct incident *i, const struct hole *h)
{
	GString *text = g_string_new("large packets from ");

	append_text(text, h->sender == HANGUP_CLIENT ? "the client" : "the server");
	append_literal(text, " are lost between ");
	words_clients(text, h->members);
	append_literal(text, " and ");
	words_servers(text, h->members);
	append_literal(text, ", small ones arrive: ");
	say_limit(text, h);
	append_literal(text, " of data in a packet, and the sender is not told; ");
	words_count(text, h->members->len, "connection", "connections");
	append_literal(text, " died of it.");
	incident_say(i, text);
}

static void show_mtu(struct incident *i, const struct hole *h)
{
	for (guint k = 0; k < h->members->len; k++) {
		const struct ending *e = ending_at(h->members, k);

		if (e->icmp_mtu == 0)
			continue;
		GString *text = g_string_new(NULL);
		g_string_append_printf(text, "a router asked for packets of at most %u bytes (connection %" G_GUINT64_FORMAT ")", e->icmp_mtu,
		                       e->who.id);
		incident_show(i, HANGUP_LEVEL_OBSERVED, NULL, e, text);
		return;
	}
}

static void show(struct incident *i, const struct hole *h)
{
	GString *text = g_string_new(NULL);

	g_string_append_printf(text, "the smallest that was lost again and again: %u bytes of data in one segment (connection %" G_GUINT64_FORMAT ")",
	                       h->smallest->retry_size, h->smallest->who.id);
	incident_show(i, HANGUP_LEVEL_DERIVED, &h->smallest->stall, h->smallest, text);
	if (h->passed > 0) {
		text = g_string_new(NULL);
		g_string_append_printf(text, "the largest that arrived the same way: %" G_GINT64_FORMAT " bytes (connection %" G_GUINT64_FORMAT ")",
		                       h->passed, h->passed_id);
		incident_show(i, HANGUP_LEVEL_DERIVED, NULL, NULL, text);
	}
	show_mtu(i, h);
	if (h->waiting == 0)
		return;
	text = g_string_new(NULL);
	g_string_append_printf(text, "%u of them were lost too early, or too little of them was seen, to be known by themselves", h->waiting);
	incident_show(i, HANGUP_LEVEL_INFERRED, NULL, NULL, text);
}

static void tell(struct inquiry *q, struct hole *h)
{
	struct incident *i = inquiry_begin(q, INCIDENT_PMTU, h->members);
	GString *against = g_string_new(NULL);

	i->above = h->passed;
	i->at_most = h->smallest->retry_size;
	if (h->waiting < h->members->len)
		i->confidence = surer(i->confidence, h->passed > 0 ? 0.5 : 0.2);
	say(i, h);
	show(i, h);
	words_count(against, h->passed_well->len, "connection", "connections");
	append_literal(against, " between the same hosts with smaller segments went on");
	incident_doubt(i, "Ordinary loss, or an outage", against);
}

static void judge(struct inquiry *q, GPtrArray *set, bool known)
{
	struct hole h = {.members = set, .passed_well = g_array_new(FALSE, FALSE, sizeof(uint64_t))};

	h.scope = scope_between(set);
	find_sizes(&h);
	if (known)
		add_waiting(q, &h);
	else
		h.waiting = set->len;
	scope_ask(q, &h.scope, see, &h);
	tell(q, &h);
	scope_clear(&h.scope);
	g_array_free(h.passed_well, TRUE);
}

/* Verdicts that say so themselves are enough. */
static void find_known(struct inquiry *q)
{
	g_autoptr(GPtrArray) holes = inquiry_collect(q, is_black_hole);
	g_autoptr(GPtrArray) sets = endings_split_connected(holes);

	for (guint i = 0; i < sets->len; i++)
		if (((GPtrArray *)sets->pdata[i])->len >= inquiry_threshold(q, INCIDENT_THRESHOLD_LEAST_ALIKE))
			judge(q, sets->pdata[i], true);
}

/* Those of the larger part that wait on the same side for something large. */
static GPtrArray *large_ones(const struct inquiry *q, const GPtrArray *set)
{
	GPtrArray *sides[2] = {g_ptr_array_new(), g_ptr_array_new()};

	for (guint i = 0; i < set->len; i++)
		if (ending_at(set, i)->retry_size >= inquiry_threshold(q, INCIDENT_THRESHOLD_LARGE))
			g_ptr_array_add(sides[ending_at(set, i)->waiter], set->pdata[i]);
	const unsigned larger = sides[1]->len > sides[0]->len;
	g_ptr_array_unref(sides[!larger]);
	return sides[larger];
}

static int64_t last_try(const GPtrArray *set)
{
	int64_t last = 0;

	for (guint i = 0; i < set->len; i++)
		last = MAX(last, ending_at(set, i)->who.ended_ns);
	return last;
}

/* Smaller ones went through between the same hosts after the first of these was lost. */
static bool others_went_on(const struct inquiry *q, const GPtrArray *set)
{
	struct scope s = scope_between(set);
	int64_t first = INT64_MAX;

	for (guint i = 0; i < set->len; i++)
		first = MIN(first, ending_at(set, i)->onset.time_ns);
	struct testimony said = testimony_take(q, &s, first, last_try(set));
	const bool went_on = said.flowed->len > 0;
	testimony_clear(&said);
	scope_clear(&s);
	return went_on;
}

/* From where large segments are sent, their loss looks like any other until something smaller is seen to arrive: on the
 * same connection, or on others. */
static void find_suspected(struct inquiry *q)
{
	g_autoptr(GPtrArray) all = inquiry_collect(q, is_or_may_be_one);
	g_autoptr(GPtrArray) sets = endings_split_connected(all);

	for (guint i = 0; i < sets->len; i++) {
		g_autoptr(GPtrArray) large = large_ones(q, sets->pdata[i]);

		if (large->len >= inquiry_threshold(q, INCIDENT_THRESHOLD_LEAST) && others_went_on(q, large))
			judge(q, large, false);
	}
}

void find_path_mtu(struct inquiry *q)
{
	find_known(q);
	find_suspected(q);
}
