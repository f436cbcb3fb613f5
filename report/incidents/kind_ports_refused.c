/* Connecting fails from one range of source ports. Ports are chosen by the client's system more or less at random, so
 * that failures which lie side by side among all ports tried are no accident: how little, is told by arithmetic. With k
 * failures among n attempts, r of them in a row in the order of ports: C(n-r, k-r) / C(n, k) for each place at which the
 * row may begin. Systems that count ports upwards would make every outage such a row: so it takes attempts that
 * succeeded between the failures in time. */
#include <string.h>

#include "analyzers/radix.h"
#include "report/incidents/inquiry.h"
#include "rules/host/append.h"
#include "rules/host/text.h"

static bool has_failed(const struct ending *e)
{
	return (e->flags & ENDING_ATTEMPT) && (e->cause == HANGUP_CAUSE_REFUSED || e->cause == HANGUP_CAUSE_REJECTED ||
	                                       e->cause == HANGUP_CAUSE_TIMEOUT_SYN);
}

/* An attempt to connect to the service. */
struct try {
	uint16_t port;
	int64_t when_ns;
	uint64_t id;
	struct ending *failed; /* NULL: it succeeded */
};

/* By port, then by id: nobody counts connections to 2^48. */
static void sort_tries(GArray *tries)
{
	g_autofree struct radix_item *items = g_new(struct radix_item, tries->len);
	g_autofree struct try *before = g_memdup2(tries->data, tries->len * sizeof *before);

	for (guint i = 0; i < tries->len; i++)
		items[i] = (struct radix_item){.key = (uint64_t)before[i].port << 48 | before[i].id, .place = i};
	radix_sort(items, tries->len);
	for (guint i = 0; i < tries->len; i++)
		g_array_index(tries, struct try, i) = before[items[i].place];
}

static GArray *tries_of(const struct inquiry *q, const GPtrArray *failed)
{
	const struct ending *first = ending_at(failed, 0);
	GArray *tries = g_array_new(FALSE, FALSE, sizeof(struct try));
	size_t from, to;

	inquiry_of_server(q, first->who.address[HANGUP_SERVER], first->who.port[HANGUP_SERVER], &from, &to);
	for (size_t i = from; i < to; i++) {
		const struct witness *w = &q->witnesses[q->by_server[i]];
		const struct try t = {.port = w->who.port[HANGUP_CLIENT], .when_ns = w->who.began_ns, .id = w->who.id};

		if (w->flags & WITNESS_OPENED)
			g_array_append_val(tries, t);
	}
	for (guint i = 0; i < failed->len; i++) {
		struct ending *e = failed->pdata[i];
		const struct try t = {e->who.port[HANGUP_CLIENT], e->who.began_ns, e->who.id, e};

		g_array_append_val(tries, t);
	}
	sort_tries(tries);
	return tries;
}

/* --- a row --------------------------------------------------------------------------------------------------- */

/* Tries [from, to), all failed. */
struct row {
	guint from, to;
};

static const struct try *try_at(const GArray *tries, guint i)
{
	return &g_array_index(tries, struct try, i);
}

static struct row longest_row(const GArray *tries)
{
	struct row longest = {0, 0};

	for (guint from = 0, to; from < tries->len; from = MAX(to, from + 1)) {
		for (to = from; to < tries->len && try_at(tries, to)->failed;)
			to++;
		if (to - from > longest.to - longest.from)
			longest = (struct row){from, to};
	}
	return longest;
}

static double chance_of(guint tries, guint failed, guint in_row)
{
	double chance = tries - in_row + 1;

	for (guint i = 0; i < in_row; i++)
		chance *= (double)(failed - i) / (double)(tries - i);
	return MIN(chance, 1);
}

/* Successes between the first and the last failure of the row, in time. */
static guint count_between(const GArray *tries, const struct row *row)
{
	int64_t first = INT64_MAX, last = INT64_MIN;
	guint count = 0;

	for (guint i = row->from; i < row->to; i++) {
		first = MIN(first, try_at(tries, i)->when_ns);
		last = MAX(last, try_at(tries, i)->when_ns);
	}
	for (guint i = 0; i < tries->len; i++)
		count += !try_at(tries, i)->failed && try_at(tries, i)->when_ns > first && try_at(tries, i)->when_ns < last;
	return count;
}

/* --- what is said --------------------------------------------------------------------------------------------- */

static void say(struct incident *i, const GPtrArray *members, const GArray *tries, const struct row *row)
{
	GString *text = g_string_new(NULL);

	words_count(text, members->len, "connection", "connections");
	append_literal(text, " from ");
	words_clients(text, members);
	append_literal(text, " to ");
	words_servers(text, members);
	g_string_append_printf(text, " failed, all from source ports %u to %u, while others worked: a firewall, NAT or load balancer on the "
	                       "path treats that range differently.", try_at(tries, row->from)->port, try_at(tries, row->to - 1)->port);
	incident_say(i, text);
}

static void show_edges(struct incident *i, const GArray *tries, const struct row *row)
{
	GString *text = g_string_new("the nearest ports that worked: ");

	if (row->from > 0)
		g_string_append_printf(text, "%u below", try_at(tries, row->from - 1)->port);
	else
		append_literal(text, "none below");
	if (row->to < tries->len)
		g_string_append_printf(text, ", %u above", try_at(tries, row->to)->port);
	else
		append_literal(text, ", none above");
	incident_show(i, HANGUP_LEVEL_DERIVED, NULL, NULL, text);
}

static void show(struct incident *i, const GArray *tries, const struct row *row, double chance)
{
	const struct ending *first = try_at(tries, row->from)->failed;
	GString *text = g_string_new(NULL);

	g_string_append_printf(text, "%u of %u attempts failed, %u of them side by side in the order of ports", i->connections_len > 0 ? (guint)i->connections_len : 0,
	                       tries->len, row->to - row->from);
	incident_show(i, HANGUP_LEVEL_DERIVED, &first->onset, first, text);
	show_edges(i, tries, row);
	text = g_string_new(NULL);
	g_string_append_printf(text, "%u attempts from other ports succeeded in between; by chance such a row comes once in %.0f", count_between(tries, row),
	                       1 / chance);
	incident_doubt(i, "The service was down for a time, or failures fell so by chance", text);
}

static void judge(struct inquiry *q, const GPtrArray *failed)
{
	const double least = inquiry_threshold(q, INCIDENT_THRESHOLD_LEAST);
	g_autoptr(GArray) tries = tries_of(q, failed);
	const struct row row = longest_row(tries);
	const double chance = chance_of(tries->len, failed->len, row.to - row.from);
	g_autoptr(GPtrArray) members = g_ptr_array_new();

	if (row.to - row.from < least || tries->len - failed->len < least || count_between(tries, &row) < least ||
	    chance > inquiry_threshold(q, INCIDENT_THRESHOLD_CHANCE))
		return;
	for (guint i = row.from; i < row.to; i++)
		g_ptr_array_add(members, try_at(tries, i)->failed);
	struct incident *i = inquiry_begin(q, INCIDENT_PORTS_REFUSED, members);
	i->confidence = surer(i->confidence, 0.5);
	say(i, members, tries, &row);
	show(i, tries, &row, chance);
}

void find_ports_refused(struct inquiry *q)
{
	g_autoptr(GPtrArray) failed = inquiry_collect(q, has_failed);
	g_autoptr(GPtrArray) services = endings_split(failed, ending_by_service);

	for (guint i = 0; i < services->len; i++)
		if (((GPtrArray *)services->pdata[i])->len >= inquiry_threshold(q, INCIDENT_THRESHOLD_LEAST))
			judge(q, services->pdata[i]);
}
