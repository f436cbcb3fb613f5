/* What looks like trouble and is none: health checks, one line a checker and service; scans, one line a scanner. A scan
 * is known by how many different services a host tries in vain; one in which it was served is none of them. */
#include "report/incidents/inquiry.h"
#include "rules/host/append.h"
#include "rules/host/text.h"
#include "rules/host/vocabulary.h"

/* --- scans --------------------------------------------------------------------------------------------------- */

static bool is_try(const struct ending *e)
{
	return (e->flags & ENDING_ATTEMPT) && (e->flags & ENDING_SPOKEN) == 0;
}

/* A client was served by this service, or had a connection to it that it used: no target of a scan. */
static bool is_used(const struct inquiry *q, const struct ending *e)
{
	size_t from, to;
	guint first, last;

	inquiry_of_server(q, e->who.address[HANGUP_SERVER], e->who.port[HANGUP_SERVER], &from, &to);
	for (size_t i = from; i < to; i++)
		if (same_address(q->witnesses[q->by_server[i]].who.address[HANGUP_CLIENT], e->who.address[HANGUP_CLIENT]))
			return true;
	inquiry_of_service(q, e, &first, &last);
	for (guint i = first; i < last; i++)
		if (ending_by_client(ending_at(q->by_service, i)) == ending_by_client(e) && !is_try(ending_at(q->by_service, i)))
			return true;
	return false;
}

/* Those at services that this client never used. */
static GPtrArray *targets_of(const struct inquiry *q, const GPtrArray *tries)
{
	g_autoptr(GPtrArray) services = endings_split(tries, ending_by_service);
	GPtrArray *targets = g_ptr_array_new();

	for (guint i = 0; i < services->len; i++) {
		const GPtrArray *service = services->pdata[i];

		if (is_used(q, ending_at(service, 0)))
			continue;
		for (guint k = 0; k < service->len; k++)
			g_ptr_array_add(targets, service->pdata[k]);
	}
	return targets;
}

struct results {
	guint refused, accepted, silent;
};

static struct results count_results(const GPtrArray *targets)
{
	struct results r = {0, 0, 0};

	for (guint i = 0; i < targets->len; i++) {
		const enum hangup_cause cause = ending_at(targets, i)->cause;

		if (cause == HANGUP_CAUSE_PROBE || cause == HANGUP_CAUSE_CONNECT_CANCELLED)
			r.accepted++;
		else if (cause == HANGUP_CAUSE_REFUSED || cause == HANGUP_CAUSE_REJECTED)
			r.refused++;
		else
			r.silent++;
	}
	return r;
}

/* Many ports of one host, whatever came back; or many hosts, most of which answered: a host whose own link is out asks
 * many others in vain, and no one scans by that. */
static bool is_scan(const struct inquiry *q, const GPtrArray *targets, const struct results *r)
{
	const double least = inquiry_threshold(q, INCIDENT_THRESHOLD_TARGETS);
	const size_t services = count_services(targets), servers = count_servers(targets);

	return services >= least && (services >= least * servers || r->silent * 2 <= targets->len);
}

static void say_scan(struct incident *i, const GPtrArray *targets, const struct results *r)
{
	GString *text = g_string_new(NULL);

	text_append_address(text, ending_at(targets, 0)->who.address[HANGUP_CLIENT]);
	append_literal(text, " tried ");
	words_servers(text, targets);
	if (count_servers(targets) > 1)
		g_string_append_printf(text, " (%zu services)", count_services(targets));
	g_string_append_printf(text, " in %u attempts and used none: %u refused, %u open and reset at once, %u without an answer. A scan, "
	                       "which hurts nobody.", targets->len, r->refused, r->accepted, r->silent);
	incident_say(i, text);
}

static void judge_scanner(struct inquiry *q, const GPtrArray *tries)
{
	g_autoptr(GPtrArray) targets = targets_of(q, tries);
	const struct results r = count_results(targets);

	if (targets->len == 0 || !is_scan(q, targets, &r))
		return;
	struct incident *i = inquiry_begin(q, INCIDENT_SCAN, targets);
	i->confidence = 0.9;
	say_scan(i, targets, &r);
	GString *text = g_string_new(NULL);
	g_string_append_printf(text, "%zu different services were tried, and no data was sent to any", count_services(targets));
	incident_show(i, HANGUP_LEVEL_DERIVED, &i->first, ending_at(targets, 0), text);
	incident_doubt(i, "A client that looks for its server", g_string_new("no client tries so many services without using one"));
}

void find_scans(struct inquiry *q)
{
	g_autoptr(GPtrArray) tries = inquiry_collect(q, is_try);
	g_autoptr(GPtrArray) clients = endings_split(tries, ending_by_client);

	for (guint i = 0; i < clients->len; i++)
		if (((GPtrArray *)clients->pdata[i])->len >= inquiry_threshold(q, INCIDENT_THRESHOLD_TARGETS))
			judge_scanner(q, clients->pdata[i]);
}

/* --- health checks ------------------------------------------------------------------------------------------- */

static bool is_probe(const struct ending *e)
{
	return e->cause == HANGUP_CAUSE_PROBE;
}

static gint compare_times(gconstpointer a, gconstpointer b)
{
	const int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

	return left < right ? -1 : left > right;
}

/* Between beginnings: the middle one of all waits; 0 when there are fewer than two waits. */
static int64_t usual_wait_ns(const GPtrArray *probes)
{
	g_autofree int64_t *waits = g_new(int64_t, probes->len);

	for (guint i = 1; i < probes->len; i++)
		waits[i - 1] = ending_at(probes, i)->who.began_ns - ending_at(probes, i - 1)->who.began_ns;
	if (probes->len < 3)
		return 0;
	qsort(waits, probes->len - 1, sizeof *waits, compare_times);
	return waits[(probes->len - 1) / 2];
}

static void judge_checker(struct inquiry *q, const GPtrArray *probes)
{
	struct incident *i = inquiry_begin(q, INCIDENT_HEALTH_CHECKS, probes);
	const int64_t wait_ns = usual_wait_ns(probes);
	GString *text = g_string_new(NULL);

	text_append_address(text, ending_at(probes, 0)->who.address[HANGUP_CLIENT]);
	append_literal(text, " checked ");
	words_servers(text, probes);
	g_string_append_printf(text, " %u times", probes->len);
	if (wait_ns > 0) {
		append_literal(text, ", about every ");
		text_append_duration(text, wait_ns);
	}
	append_literal(text, ": connect, then reset without sending anything, as health checks do; it hurts nobody.");
	incident_say(i, text);
	text = g_string_new(NULL);
	g_string_append_printf(text, "%u handshakes were reset with no data sent", probes->len);
	incident_show(i, HANGUP_LEVEL_OBSERVED, &i->first, ending_at(probes, 0), text);
	incident_doubt(i, "A scan", g_string_new("it is one service, again and again"));
}

void find_health_checks(struct inquiry *q)
{
	g_autoptr(GPtrArray) probes = inquiry_collect(q, is_probe);
	g_autoptr(GPtrArray) pairs = endings_split(probes, ending_by_pair);

	for (guint i = 0; i < pairs->len; i++)
		if (((GPtrArray *)pairs->pdata[i])->len >= inquiry_threshold(q, INCIDENT_THRESHOLD_LEAST_ALIKE))
			judge_checker(q, pairs->pdata[i]);
}
