/* Several connections cease to be answered in the same moment: their common host, or what is between their hosts, was
 * cut off. It begins with a burst of connections that were talking; to it belongs whatever of the same hosts went
 * unanswered from then on until one of them was answered again, connection attempts too: they all met the same silence.
 * That a connection had been quiet before says nothing, so such ones join a burst and make none. */
#include <string.h>

#include "report/incidents/scope.h"
#include "rules/host/append.h"
#include "rules/host/text.h"

static bool is_unanswered(const struct ending *e)
{
	return e->cause != HANGUP_CAUSE_TIMEOUT_PMTU && e->cause != HANGUP_CAUSE_REJECTED &&
	       (e->stall.number || e->cause == HANGUP_CAUSE_VANISHED);
}

/* Was in the middle of a conversation: only such ones make a burst. */
static bool is_firm(const struct inquiry *q, const struct ending *e)
{
	return !(e->flags & ENDING_ATTEMPT) && e->idle_ns < inquiry_threshold_ns(q, INCIDENT_THRESHOLD_IDLE);
}

/* --- a burst ----------------------------------------------------------------------------------------------- */

/* Endings of a set, in order of onset, from place to place. */
struct burst {
	guint from, to;
};

/* When whoever no longer answers was last heard. */
static int64_t last_heard(const struct ending *e)
{
	return e->heard_ns[!e->waiter];
}

/* One moment lies between the last word heard and the first unanswered one of each. */
static bool share_a_moment(const struct inquiry *q, const GPtrArray *sorted, guint from, guint to)
{
	for (guint i = from; i < to; i++)
		if (is_firm(q, ending_at(sorted, i)) && last_heard(ending_at(sorted, i)) > ending_at(sorted, from)->onset.time_ns)
			return false;
	return true;
}

/* The first run of as many firm ones as it takes within that time, from this place on; and all until that time ends. */
static bool find_run(const struct inquiry *q, const GPtrArray *sorted, guint start, int64_t together, bool one_moment,
                     struct burst *out)
{
	const double least = inquiry_threshold(q, INCIDENT_THRESHOLD_LEAST);
	guint from = start, firm = 0;

	for (guint to = start; to < sorted->len; to++) {
		firm += is_firm(q, ending_at(sorted, to));
		for (; ending_at(sorted, to)->onset.time_ns - ending_at(sorted, from)->onset.time_ns > together; from++)
			firm -= is_firm(q, ending_at(sorted, from));
		if (firm < least || (one_moment && !share_a_moment(q, sorted, from, to + 1)))
			continue;
		*out = (struct burst){from, to + 1};
		while (out->to < sorted->len &&
		       ending_at(sorted, out->to)->onset.time_ns - ending_at(sorted, from)->onset.time_ns <= together)
			out->to++;
		return true;
	}
	return false;
}

/* Within a second nobody asks further; who talks more slowly notices later. */
static bool find_burst(const struct inquiry *q, const GPtrArray *sorted, guint start, struct burst *out)
{
	struct burst slow;
	const bool at_once = find_run(q, sorted, start, inquiry_threshold_ns(q, INCIDENT_THRESHOLD_TOGETHER), false, out);

	if (!find_run(q, sorted, start, inquiry_threshold_ns(q, INCIDENT_THRESHOLD_NOTICED), true, &slow) ||
	    (at_once && out->from <= slow.from))
		return at_once;
	*out = slow;
	return true;
}

/* --- who it befell ----------------------------------------------------------------------------------------- */

static guint largest_set(const GPtrArray *sets)
{
	guint largest = 0;

	for (guint i = 1; i < sets->len; i++)
		if (((GPtrArray *)sets->pdata[i])->len > ((GPtrArray *)sets->pdata[largest])->len)
			largest = i;
	return largest;
}

static GPtrArray *part(const GPtrArray *sorted, const struct burst *b)
{
	GPtrArray *some = g_ptr_array_new();

	for (guint i = b->from; i < b->to; i++)
		g_ptr_array_add(some, sorted->pdata[i]);
	return some;
}

/* One of this set to that server: two sets that are each nearly all have one in common. */
static const struct ending *one_between(const GPtrArray *client, const struct ending *server)
{
	for (guint i = 0; i < client->len; i++)
		if (ending_by_server(ending_at(client, i)) == ending_by_server(server))
			return ending_at(client, i);
	return NULL;
}

/* The one host that nearly all of them share, if there is one; both, when that is so on either side. */
static struct scope scope_of_burst(const struct inquiry *q, const GPtrArray *some)
{
	const double nearly_all = inquiry_threshold(q, INCIDENT_THRESHOLD_NEARLY_ALL) * some->len;
	g_autoptr(GPtrArray) clients = endings_split(some, ending_by_client);
	g_autoptr(GPtrArray) servers = endings_split(some, ending_by_server);
	const GPtrArray *client = clients->pdata[largest_set(clients)], *server = servers->pdata[largest_set(servers)];

	const struct ending *both = one_between(client, ending_at(server, 0));

	if (both && client->len >= nearly_all && server->len >= nearly_all)
		return scope_of(SCOPE_PAIR, both);
	if (client->len >= nearly_all)
		return scope_of(SCOPE_CLIENT, ending_at(client, 0));
	if (server->len >= nearly_all)
		return scope_of(SCOPE_SERVER, ending_at(server, 0));
	return scope_between(some);
}

/* --- until when -------------------------------------------------------------------------------------------- */

struct outage {
	struct scope scope;
	size_t went_on[2]; /* of a pair: connections of each of the two with others that went on, or were opened, meanwhile */
	int64_t from_ns;
	int64_t until_ns; /* when one of them was answered again; INT64_MAX when that was not seen */
	GPtrArray *members;
	struct testimony said;
};

struct answer {
	int64_t after_ns, first_ns;
};

static void see_answer(const struct witness *w, void *user)
{
	struct answer *a = user;

	if (w->who.began_ns > a->after_ns && (w->flags & WITNESS_OPENED) && (w->flags & WITNESS_SERVED))
		a->first_ns = MIN(a->first_ns, w->who.began_ns);
}

static bool was_opened_and_accepted(const struct ending *e)
{
	return (e->flags & ENDING_OPENED) && (e->flags & ENDING_ESTABLISHED);
}

/* Whoever was accepted shows that it was over. */
static int64_t until(const struct inquiry *q, const struct scope *s, int64_t from_ns)
{
	struct answer a = {.after_ns = from_ns + inquiry_threshold_ns(q, INCIDENT_THRESHOLD_TOGETHER), .first_ns = INT64_MAX};

	scope_ask(q, s, see_answer, &a);
	for (size_t i = 0; i < q->endings_len; i++) {
		const struct ending *e = &q->endings[i];

		if (e->who.began_ns > a.after_ns && e->who.began_ns < a.first_ns && was_opened_and_accepted(e) &&
		    scope_holds(s, &e->who))
			a.first_ns = e->who.began_ns;
	}
	return a.first_ns;
}

static int64_t last_try(const GPtrArray *members)
{
	int64_t last = 0;

	for (guint i = 0; i < members->len; i++)
		last = MAX(last, ending_at(members, i)->who.ended_ns);
	return last;
}

/* --- what is said ------------------------------------------------------------------------------------------ */

static void append_host(GString *out, const struct outage *o, enum hangup_side side)
{
	text_append_address(out, ending_at(o->members, 0)->who.address[side]);
}

/* Of two hosts the one that went on with others is cleared, and the other one not accused: from here nobody knows whether
 * it was that one or the path. */
static enum incident_kind kind_of(const struct outage *o)
{
	switch (o->scope.kind) {
	case SCOPE_CLIENT:
		return INCIDENT_LINK_OUTAGE;
	case SCOPE_SERVER:
		return o->said.served_later ? INCIDENT_LINK_OUTAGE : INCIDENT_SERVER_DEATH;
	default:
		return INCIDENT_PATH_OUTAGE;
	}
}

static void append_between(GString *out, const struct outage *o)
{
	const bool cleared[] = {[HANGUP_CLIENT] = o->went_on[HANGUP_CLIENT] > 0, [HANGUP_SERVER] = o->went_on[HANGUP_SERVER] > 0};

	append_literal(out, "what is between them");
	if (!cleared[HANGUP_CLIENT] && !cleared[HANGUP_SERVER]) {
		append_literal(out, ", or one of them,");
	} else if (!cleared[HANGUP_CLIENT] || !cleared[HANGUP_SERVER]) {
		append_literal(out, ", or ");
		append_host(out, o, cleared[HANGUP_CLIENT] ? HANGUP_SERVER : HANGUP_CLIENT);
		append_literal(out, " itself,");
	}
	append_literal(out, " was gone.");
}

static void say(struct incident *i, const struct outage *o)
{
	GString *text = g_string_new(NULL);

	words_count(text, o->members->len, "connection", "connections");
	append_literal(text, " of ");
	words_clients(text, o->members);
	append_literal(text, " to ");
	words_servers(text, o->members);
	append_literal(text, " ceased to be answered at the same moment: ");
	if (o->scope.kind == SCOPE_CLIENT) {
		append_literal(text, "the link of ");
		append_host(text, o, HANGUP_CLIENT);
		append_literal(text, " (cable, Wi-Fi, first router) or the host itself was gone.");
	} else if (o->scope.kind == SCOPE_SERVER) {
		append_host(text, o, HANGUP_SERVER);
		append_text(text, o->said.served_later ? " was cut off for a time." : ", or its link, was gone and did not come back.");
	} else {
		append_between(text, o);
	}
	incident_say(i, text);
}

static void show_moment(struct incident *i, const struct outage *o, guint firm, int64_t span_ns)
{
	const struct ending *first = ending_at(o->members, 0);
	GString *text = g_string_new(NULL);

	g_string_append_printf(text, "%u of them were talking, and all ceased to be answered within ", firm);
	words_span(text, span_ns);
	incident_show(i, HANGUP_LEVEL_DERIVED, &first->onset, first, text);
}

static void show_others(struct incident *i, const struct outage *o)
{
	GString *text = g_string_new(NULL);

	if (o->said.flowed->len == 0)
		append_literal(text, "no connection of theirs is known to have gone on meanwhile");
	else
		g_string_append_printf(text, "%u of %u that would have noticed went unanswered", o->members->len,
		                       o->members->len + o->said.flowed->len);
	incident_show(i, HANGUP_LEVEL_DERIVED, NULL, NULL, text);
	if (o->until_ns == INT64_MAX)
		return;
	text = g_string_new("a new connection was answered again ");
	text_append_duration(text, o->until_ns - o->from_ns);
	append_literal(text, " after the first sign");
	incident_show(i, HANGUP_LEVEL_DERIVED, NULL, NULL, text);
}

/* Of each sign of the local network, the first packet. */
static void show_absence(struct incident *i, const struct outage *o)
{
	static const struct {
		enum hangup_packet_role role;
		const char *text;
	} signs[] = {
		{HANGUP_PACKET_THROWN_OUT, " lost its place in the network: deauthenticated, disassociated, or its login failed"},
		{HANGUP_PACKET_ADDRESS_GONE, " gave its address back, or was refused it (DHCP)"},
		{HANGUP_PACKET_SOUGHT, " was asked for on its own network (ARP, neighbour discovery) and did not answer"},
	};

	for (size_t k = 0; k < G_N_ELEMENTS(signs); k++) {
		const struct ending *found = NULL;

		for (guint m = 0; m < o->members->len && !found; m++)
			if (ending_at(o->members, m)->absence.packet.number && ending_at(o->members, m)->absence.role == signs[k].role)
				found = ending_at(o->members, m);
		if (!found)
			continue;
		GString *text = g_string_new(NULL);
		text_append_address(text, found->who.address[found->absence.side]);
		append_text(text, signs[k].text);
		if (found->absence.questions)
			g_string_append_printf(text, ", %u times", found->absence.questions);
		incident_show(i, HANGUP_LEVEL_OBSERVED, &found->absence.packet, found, text);
		i->confidence = surer(i->confidence, 0.5);
	}
}

/* Between two hosts: what each of them did with others at that time. */
static void look_at_each(const struct inquiry *q, struct outage *o)
{
	static const enum scope_kind kinds[] = {[HANGUP_CLIENT] = SCOPE_CLIENT, [HANGUP_SERVER] = SCOPE_SERVER};

	if (o->scope.kind != SCOPE_PAIR)
		return;
	for (enum hangup_side side = HANGUP_CLIENT; side <= HANGUP_SERVER; side++) {
		const struct scope s = scope_of(kinds[side], ending_at(o->members, 0));
		struct testimony said = testimony_take(q, &s, o->from_ns, last_try(o->members));

		o->went_on[side] = said.flowed->len + said.served_meanwhile;
		testimony_clear(&said);
	}
}

static void doubt_host(struct incident *i, const struct outage *o, enum hangup_side side)
{
	GString *against = g_string_new(NULL);

	if (o->went_on[side] > 0) {
		words_count(against, o->went_on[side], "other connection of ", "other connections of ");
		append_host(against, o, side);
		append_literal(against, " went on, or were opened, meanwhile");
	} else {
		append_literal(against, "nothing in this capture speaks against it: a capture at that host would tell");
	}
	incident_doubt(i, side == HANGUP_CLIENT ? "The client or its link" : "The server or its link", against);
}

static void doubt(struct incident *i, const struct outage *o)
{
	if (o->scope.kind == SCOPE_CLIENT) {
		GString *against = g_string_new(NULL);

		words_count(against, count_servers(o->members), "server", "different servers");
		append_literal(against, " do not fail in the same moment");
		incident_doubt(i, "The servers failed", against);
	} else if (o->scope.kind == SCOPE_SERVER) {
		GString *against = g_string_new(NULL);

		words_count(against, count_clients(o->members), "client", "different clients");
		append_literal(against, " do not fail in the same moment");
		incident_doubt(i, "The clients failed", against);
	} else if (o->scope.kind == SCOPE_PAIR) {
		doubt_host(i, o, HANGUP_CLIENT);
		doubt_host(i, o, HANGUP_SERVER);
	}
}

static void leave_out(struct incident *i, const struct outage *o)
{
	incident_leave_out(i, o->said.flowed, "went on meanwhile: they reach their servers another way, or were spared");
	incident_leave_out(i, o->said.quiet, "were open and quiet at that time: they show nothing of it");
}

static void tell(struct inquiry *q, struct outage *o, const struct burst *b, const GPtrArray *sorted)
{
	const int64_t span_ns = ending_at(sorted, b->to - 1)->onset.time_ns - ending_at(sorted, b->from)->onset.time_ns;
	guint firm = 0;
	struct incident *i;

	for (guint k = b->from; k < b->to; k++)
		firm += is_firm(q, ending_at(sorted, k)) && scope_holds(&o->scope, &ending_at(sorted, k)->who);
	endings_sort(o->members, ending_by_onset);
	look_at_each(q, o);
	i = inquiry_begin(q, kind_of(o), o->members);
	/* That so many fall together is known better than why each of them fell. */
	i->confidence = surer(MIN(i->confidence, 0.9), o->said.flowed->len == 0 ? 0.3 : 0);
	say(i, o);
	show_moment(i, o, firm, span_ns);
	show_others(i, o);
	show_absence(i, o);
	doubt(i, o);
	leave_out(i, o);
}

/* --- the kind ---------------------------------------------------------------------------------------------- */

static GPtrArray *members_of(const struct outage *o, const GPtrArray *sorted, guint from)
{
	GPtrArray *members = g_ptr_array_new();

	for (guint i = from; i < sorted->len && ending_at(sorted, i)->onset.time_ns < o->until_ns; i++)
		if (scope_holds(&o->scope, &ending_at(sorted, i)->who))
			g_ptr_array_add(members, sorted->pdata[i]);
	return members;
}

/* At least half ended abnormally: of those that only wait when the capture ends it is not known that they will. */
static bool is_serious(const struct inquiry *q, const struct outage *o)
{
	guint abnormal = 0, firm = 0;

	for (guint i = 0; i < o->members->len; i++) {
		abnormal += ending_at(o->members, i)->severity == HANGUP_SEVERITY_ABNORMAL;
		firm += is_firm(q, ending_at(o->members, i));
	}
	return abnormal * 2 >= o->members->len && firm >= inquiry_threshold(q, INCIDENT_THRESHOLD_LEAST);
}

static bool nearly_all_died(const struct inquiry *q, const struct outage *o)
{
	const double all = o->members->len + o->said.flowed->len;

	return o->members->len >= all * inquiry_threshold(q, INCIDENT_THRESHOLD_NEARLY_ALL);
}

static bool judge_scope(struct inquiry *q, struct scope scope, const struct burst *b, const GPtrArray *sorted)
{
	struct outage o = {.scope = scope, .from_ns = ending_at(sorted, b->from)->onset.time_ns};
	bool told;

	o.until_ns = until(q, &scope, o.from_ns);
	o.members = members_of(&o, sorted, b->from);
	o.said = testimony_take(q, &scope, o.from_ns, MIN(o.until_ns, last_try(o.members)));
	told = is_serious(q, &o) && nearly_all_died(q, &o);
	if (told)
		tell(q, &o, b, sorted);
	testimony_clear(&o.said);
	g_ptr_array_unref(o.members);
	return told;
}

/* A host whose other connections went on is not what failed; but the way from it to one other host may be. */
static bool judge_burst(struct inquiry *q, const struct burst *b, const GPtrArray *sorted)
{
	g_autoptr(GPtrArray) some = part(sorted, b);
	struct scope scope = scope_of_burst(q, some);
	bool told = judge_scope(q, scope, b, sorted);

	if (!told && (scope.kind == SCOPE_CLIENT || scope.kind == SCOPE_SERVER)) {
		scope.kind = SCOPE_PAIR;
		told = judge_scope(q, scope, b, sorted);
	}
	scope_clear(&scope);
	return told;
}

/* What is left in order of onset, from this place on. */
static GPtrArray *not_taken(const struct inquiry *q, const GPtrArray *sorted, guint from)
{
	GPtrArray *left = g_ptr_array_new();

	for (guint i = from; i < sorted->len; i++)
		if (!q->taken[ending_at(sorted, i) - q->endings])
			g_ptr_array_add(left, sorted->pdata[i]);
	return left;
}

static void judge_set(struct inquiry *q, const GPtrArray *set)
{
	g_autoptr(GPtrArray) left = not_taken(q, set, 0);
	struct burst b;
	guint start = 0;

	endings_sort(left, ending_by_onset);
	while (find_burst(q, left, start, &b)) {
		start = b.to;
		if (!judge_burst(q, &b, left))
			continue;
		GPtrArray *rest = not_taken(q, left, b.from);
		g_ptr_array_unref(left);
		left = rest;
		start = 0;
	}
}

void find_outages(struct inquiry *q)
{
	g_autoptr(GPtrArray) unanswered = inquiry_collect(q, is_unanswered);
	g_autoptr(GPtrArray) sets = endings_split_connected(unanswered);

	for (guint i = 0; i < sets->len; i++)
		judge_set(q, sets->pdata[i]);
}
