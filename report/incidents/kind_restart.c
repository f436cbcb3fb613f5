/* A server that lost what it knew, in one moment. Two signs:
 *
 * Its host rebooted: it answers old connections with bare RSTs, each when its client next speaks. When is told by
 * arithmetic: after each of them was last heard to be known, and before the RST that says that it is not. If there is a
 * moment between all of these, one event explains them all. (Timestamp clocks of different connections are not compared:
 * docs/decisions/0008.)
 *
 * Its process died: its host ends all connections of the service in the same second, with RST where data was unread and
 * with FIN where not.
 *
 * Either way none of the old connections went on; and that new ones were served afterwards tells a restart from a death. */
#include "report/incidents/scope.h"
#include "rules/host/append.h"
#include "rules/host/text.h"
#include "rules/host/vocabulary.h"

static bool is_unknown_to_server(const struct ending *e)
{
	return (e->flags & ENDING_RST_SERVER) && (e->flags & ENDING_BARE_RST) && !(e->flags & (ENDING_ALIEN_RST | ENDING_ATTEMPT)) &&
	       (e->label == HANGUP_LABEL_MIDDLEBOX_IDLE_DROP || e->cause == HANGUP_CAUSE_NO_SUCH_CONNECTION);
}

static bool is_ended_by_server(const struct ending *e)
{
	return e->actor == HANGUP_ACTOR_SERVER && (e->flags & ENDING_RST_SERVER) && !(e->flags & ENDING_ATTEMPT) &&
	       (e->cause == HANGUP_CAUSE_APP_ABORT || e->cause == HANGUP_CAUSE_UNREAD_DATA ||
	        e->cause == HANGUP_CAUSE_LATE_DATA || e->cause == HANGUP_CAUSE_ABORT_AFTER_FIN);
}

struct restart {
	struct scope scope;
	bool process;           /* else the host */
	int64_t from_ns, to_ns; /* it happened between these */
	GPtrArray *members;
	guint seeds;            /* members that showed it by themselves */
	struct testimony said;
};

/* --- the moment that all share -------------------------------------------------------------------------------- */

/* Between which times the server forgot a connection. */
static int64_t known_until(const struct ending *e)
{
	return e->heard_ns[HANGUP_SERVER];
}

static uint64_t by_known(const struct ending *e)
{
	return order_of_time(known_until(e));
}

static uint64_t by_reset(const struct ending *e)
{
	return order_of_time(e->reset.time_ns);
}

/* The moment that lies between the two times of as many as there can be. Both orders are walked at once: one more is
 * open after each beginning, one less after each end. */
static int64_t shared_moment(const GPtrArray *set)
{
	g_autoptr(GPtrArray) begins = g_ptr_array_new(), ends = g_ptr_array_new();
	guint end = 0, open = 0, most = 0;
	int64_t moment = 0;

	for (guint i = 0; i < set->len; i++) {
		g_ptr_array_add(begins, set->pdata[i]);
		g_ptr_array_add(ends, set->pdata[i]);
	}
	endings_sort(begins, by_known);
	endings_sort(ends, by_reset);
	for (guint begin = 0; begin < begins->len; begin++) {
		const int64_t time = known_until(ending_at(begins, begin));

		for (; end < ends->len && ending_at(ends, end)->reset.time_ns <= time; end++)
			open--;
		if (++open > most) {
			most = open;
			moment = time;
		}
	}
	return moment;
}

static bool spans(const struct ending *e, int64_t moment_ns)
{
	return known_until(e) <= moment_ns && e->reset.time_ns > moment_ns;
}

/* --- what belongs to it besides ------------------------------------------------------------------------------ */

/* What asked or waited between the moment and the first that was served again met the same: silence or refusal. */
static bool met_the_gap(const struct restart *r, const struct ending *e)
{
	const int64_t end_ns = r->said.first_served_ns ? r->said.first_served_ns : INT64_MAX;

	if (e->onset.time_ns < r->from_ns || e->onset.time_ns >= end_ns || e->cause == HANGUP_CAUSE_TIMEOUT_PMTU)
		return false;
	return e->stall.number || e->cause == HANGUP_CAUSE_REFUSED;
}

static bool is_seed(const struct restart *r, const struct ending *e)
{
	return r->process ? is_ended_by_server(e) && e->reset.time_ns <= r->to_ns
	                  : is_unknown_to_server(e) && spans(e, r->from_ns);
}

static void add_those_of_the_gap(const struct inquiry *q, struct restart *r)
{
	guint from, to;

	inquiry_of_host(q, ending_at(r->members, 0), &from, &to);
	for (guint i = from; i < to; i++) {
		const struct ending *e = ending_at(q->by_service, i);

		if (!q->taken[e - q->endings] && scope_holds(&r->scope, &e->who) && met_the_gap(r, e) && !is_seed(r, e))
			g_ptr_array_add(r->members, q->by_service->pdata[i]);
	}
}

/* --- what is said --------------------------------------------------------------------------------------------- */

static void append_server(GString *out, const struct restart *r)
{
	text_append_address(out, r->scope.of->address[HANGUP_SERVER]);
	if (r->scope.kind == SCOPE_SERVICE)
		g_string_append_printf(out, " port %u", r->scope.of->port[HANGUP_SERVER]);
}

static void say(struct incident *i, const struct restart *r)
{
	GString *text = g_string_new(r->process ? "the program behind " : "the server ");

	append_server(text, r);
	if (r->said.served_later)
		append_literal(text, " restarted: ");
	else
		append_literal(text, " went down: ");
	words_count(text, r->members->len, "connection", "connections");
	append_literal(text, " from ");
	words_clients(text, r->members);
	append_text(text, r->process ? " ended in the same moment" : " died of the same moment");
	if (r->said.served_later) {
		append_literal(text, ", and new ones were served ");
		text_append_duration(text, r->said.first_served_ns - r->from_ns);
		append_literal(text, " later");
	}
	append_literal(text, ".");
	incident_say(i, text);
}

static const struct ending *first_reset(const GPtrArray *members)
{
	const struct ending *first = NULL;

	for (guint i = 0; i < members->len; i++) {
		const struct ending *e = ending_at(members, i);

		if (e->reset.number && (!first || e->reset.time_ns < first->reset.time_ns))
			first = e;
	}
	return first;
}

static void show_host(struct incident *i, const struct restart *r)
{
	const struct ending *first = first_reset(r->members);
	GString *text = g_string_new(NULL);

	g_string_append_printf(text, "%u old connections were answered with a bare RST: the host knows nothing of them any more", r->seeds);
	incident_show(i, HANGUP_LEVEL_OBSERVED, &first->reset, first, text);
	text = g_string_new("one moment explains them all: every one was still known at ");
	words_time(text, r->from_ns);
	append_literal(text, ", the first was not known at ");
	words_time(text, r->to_ns);
	incident_show(i, HANGUP_LEVEL_DERIVED, NULL, NULL, text);
}

static void show_process(struct incident *i, const struct restart *r)
{
	const struct ending *first = first_reset(r->members);
	GString *text = g_string_new(NULL);

	g_string_append_printf(text, "%u connections of %zu clients were reset by the server within ", r->seeds,
	                       count_clients(r->members));
	words_span(text, r->to_ns - r->from_ns);
	incident_show(i, HANGUP_LEVEL_OBSERVED, &first->reset, first, text);
	if (r->said.closed_with->len == 0)
		return;
	text = g_string_new(NULL);
	g_string_append_printf(text, "%u more were closed in order by it in the same second: they had nothing unread", r->said.closed_with->len);
	incident_show(i, HANGUP_LEVEL_DERIVED, NULL, NULL, text);
}

static guint count_refused(const GPtrArray *members, const struct ending **out_first)
{
	guint count = 0;

	for (guint i = 0; i < members->len; i++)
		if (ending_at(members, i)->cause == HANGUP_CAUSE_REFUSED && count++ == 0)
			*out_first = ending_at(members, i);
	return count;
}

static void show_after(struct incident *i, const struct restart *r)
{
	const struct ending *refused = NULL;
	const guint count = count_refused(r->members, &refused);

	if (count > 0) {
		GString *text = g_string_new(NULL);

		g_string_append_printf(text, "%u attempts were refused meanwhile: the host was there, the program was not", count);
		incident_show(i, HANGUP_LEVEL_OBSERVED, &refused->onset, refused, text);
	}
	GString *text = g_string_new(NULL);
	if (r->said.served_later)
		g_string_append_printf(text, "%" G_GUINT64_FORMAT " connections that were opened afterwards were served, the first of them connection %" G_GUINT64_FORMAT,
		                       r->said.served_later, r->said.first_served);
	else
		append_literal(text, "no connection that was opened afterwards was served while the capture lasted");
	incident_show(i, HANGUP_LEVEL_DERIVED, NULL, NULL, text);
}

/* A program may well end all connections of one client on purpose; not of several, nor does it refuse meanwhile. */
static bool is_perhaps_a_whim(const struct restart *r)
{
	const struct ending *refused;

	return r->process && count_clients(r->members) == 1 && count_refused(r->members, &refused) == 0;
}

static void doubt(struct incident *i, const struct restart *r)
{
	GString *against = g_string_new(NULL);

	if (is_perhaps_a_whim(r)) {
		append_literal(against, "nothing in this capture speaks against it: one at the server, with its other clients, would tell");
		incident_doubt(i, "The program ended all connections of this client on purpose", against);
		return;
	}
	if (r->process) {
		words_count(against, count_clients(r->members), "client", "clients");
		append_literal(against, " were cut off in the same moment, whatever each was doing");
		incident_doubt(i, "The program ended them one by one, for a reason of each", against);
		return;
	}
	append_literal(against, "the host itself answers, with the TTL of its other packets, and it knows new connections");
	incident_doubt(i, "A box on the path lost its state, or a cluster moved to another machine", against);
	against = g_string_new(NULL);
	guint talking = 0;
	for (guint k = 0; k < r->members->len; k++)
		talking += ending_at(r->members, k)->label != HANGUP_LABEL_MIDDLEBOX_IDLE_DROP;
	g_string_append_printf(against, "%u of %u had not been quiet for long", talking, r->members->len);
	incident_doubt(i, "An idle timer on the path", against);
}

static void tell(struct inquiry *q, struct restart *r)
{
	const enum incident_kind kind = r->said.served_later ? INCIDENT_SERVER_RESTART : INCIDENT_SERVER_DEATH;
	struct incident *i = inquiry_begin(q, kind, r->members);

	i->confidence = is_perhaps_a_whim(r) ? less_sure(i->confidence, 0.3) : surer(i->confidence, r->said.flowed->len == 0 ? 0.4 : 0);
	say(i, r);
	if (r->process)
		show_process(i, r);
	else
		show_host(i, r);
	show_after(i, r);
	doubt(i, r);
	incident_leave_out(i, r->said.flowed, "of the same server went on all the while");
	incident_leave_out(i, r->said.closed_with, "were closed in order by the server in the same second: due to the same, and no abnormal endings");
}

/* --- judging ---------------------------------------------------------------------------------------------------- */

static bool nearly_all_died(const struct inquiry *q, const struct restart *r)
{
	const double all = r->members->len + r->said.flowed->len;

	return r->members->len >= all * inquiry_threshold(q, INCIDENT_THRESHOLD_NEARLY_ALL);
}

/* Enough fell together; those that it closed in order in the same second fell with them. */
static bool are_enough(const struct inquiry *q, const struct restart *r)
{
	const guint fell = r->seeds + (r->process ? r->said.closed_with->len : 0);

	return fell >= inquiry_threshold(q, INCIDENT_THRESHOLD_LEAST);
}

/* Was it served afterwards, or did somebody ask in vain? Else nothing is known of what came then. */
static bool is_known_what_came(const struct restart *r)
{
	const struct ending *refused;

	return r->said.served_later > 0 || !r->process || count_refused(r->members, &refused) > 0;
}

static void judge(struct inquiry *q, struct restart *r, int64_t until_ns)
{
	r->seeds = r->members->len;
	r->said = testimony_take(q, &r->scope, r->from_ns, until_ns);
	add_those_of_the_gap(q, r);
	if (are_enough(q, r) && nearly_all_died(q, r) && is_known_what_came(r))
		tell(q, r);
	testimony_clear(&r->said);
}

/* --- hosts ------------------------------------------------------------------------------------------------------ */

static void judge_host(struct inquiry *q, const GPtrArray *set)
{
	const int64_t moment = shared_moment(set);
	struct restart r = {.scope = scope_of(SCOPE_SERVER, ending_at(set, 0)), .members = g_ptr_array_new(), .from_ns = moment,
	                    .to_ns = INT64_MAX};
	guint plain = 0;
	int64_t last = 0;

	for (guint i = 0; i < set->len; i++) {
		const struct ending *e = ending_at(set, i);

		if (!spans(e, moment))
			continue;
		g_ptr_array_add(r.members, set->pdata[i]);
		plain += e->cause == HANGUP_CAUSE_NO_SUCH_CONNECTION;
		r.to_ns = MIN(r.to_ns, e->reset.time_ns);
		last = MAX(last, e->reset.time_ns);
	}
	/* Where most had been quiet for long, a timer explains it before a restart does. */
	if (plain >= inquiry_threshold(q, INCIDENT_THRESHOLD_LEAST) && plain * 2 > r.members->len)
		judge(q, &r, last);
	g_ptr_array_unref(r.members);
}

/* --- processes -------------------------------------------------------------------------------------------------- */

static void judge_moment(struct inquiry *q, const GPtrArray *sorted, guint from, guint to)
{
	struct restart r = {.scope = scope_of(SCOPE_SERVICE, ending_at(sorted, from)), .process = true,
	                    .members = g_ptr_array_new(), .from_ns = ending_at(sorted, from)->reset.time_ns,
	                    .to_ns = ending_at(sorted, to - 1)->reset.time_ns};

	for (guint i = from; i < to; i++)
		g_ptr_array_add(r.members, sorted->pdata[i]);
	judge(q, &r, r.to_ns + inquiry_threshold_ns(q, INCIDENT_THRESHOLD_APART));
	g_ptr_array_unref(r.members);
}

/* Such endings of the same service shortly before and after: where they come all the time, a few within a second are no
 * event. */
static bool stands_out(const struct inquiry *q, const GPtrArray *sorted, guint from, guint to)
{
	const int64_t apart = inquiry_threshold_ns(q, INCIDENT_THRESHOLD_APART);
	guint first = from, end = to;

	while (first > 0 && ending_at(sorted, from)->reset.time_ns - ending_at(sorted, first - 1)->reset.time_ns <= apart)
		first--;
	while (end < sorted->len && ending_at(sorted, end)->reset.time_ns - ending_at(sorted, to - 1)->reset.time_ns <= apart)
		end++;
	return to - from >= inquiry_threshold(q, INCIDENT_THRESHOLD_NEARLY_ALL) * (end - first);
}

static void judge_service(struct inquiry *q, GPtrArray *set)
{
	const int64_t together = inquiry_threshold_ns(q, INCIDENT_THRESHOLD_TOGETHER);
	guint to;

	endings_sort(set, by_reset);
	for (guint from = 0; from < set->len; from = to) {
		for (to = from; to < set->len && ending_at(set, to)->reset.time_ns - ending_at(set, from)->reset.time_ns <= together;)
			to++;
		if (to - from >= inquiry_threshold(q, INCIDENT_THRESHOLD_LEAST_ALIKE) && stands_out(q, set, from, to))
			judge_moment(q, set, from, to);
	}
}

void find_restarts(struct inquiry *q)
{
	g_autoptr(GPtrArray) unknown = inquiry_collect(q, is_unknown_to_server);
	g_autoptr(GPtrArray) servers = endings_split(unknown, ending_by_server);

	for (guint i = 0; i < servers->len; i++)
		judge_host(q, servers->pdata[i]);

	g_autoptr(GPtrArray) ended = inquiry_collect(q, is_ended_by_server);
	g_autoptr(GPtrArray) services = endings_split(ended, ending_by_service);
	for (guint i = 0; i < services->len; i++)
		judge_service(q, services->pdata[i]);
}
