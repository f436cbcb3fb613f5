/* The end of a run: every record is here, and each kind of incident (kind_*.c) looks for its own among the endings that
 * none before it has taken. What a kind says is put together with the functions below. */
#ifndef REPORT_INCIDENTS_INQUIRY_H
#define REPORT_INCIDENTS_INQUIRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "report/incidents/incident.h"
#include "report/incidents/incident_rule.h"
#include "report/incidents/record.h"

struct inquiry {
	/* In order of id. */
	struct ending *endings;
	size_t endings_len;
	struct witness *witnesses;
	size_t witnesses_len;
	/* Places in witnesses, by the server's address, then its port; and by the client's address. */
	uint32_t *by_server, *by_client;
	GPtrArray *by_service; /* all endings, by the server's address and port */
	const double *thresholds;
	bool *taken;       /* endings that are part of an incident, or that a kind wants nobody else to look at */
	GArray *incidents; /* of struct incident, in the order in which they were found */
	uint64_t excused[HANGUP_LABEL_COUNT][HANGUP_CAUSE_COUNT]; /* as in struct incident_list */
};

double inquiry_threshold(const struct inquiry *q, enum incident_threshold which);
int64_t inquiry_threshold_ns(const struct inquiry *q, enum incident_threshold which);

/* All kinds, one after the other, and what they found in order of time. The endings are put in order of id. */
struct incident_list *inquiry_hold(struct ending *endings, size_t endings_len, struct witness *witnesses,
                                   size_t witnesses_len, const double *thresholds);
void incident_list_free(struct incident_list *list);

/* --- sets of endings ------------------------------------------------------------------------------------- */

/* Pointers to endings; those of `wanted`, not yet taken, in order of id. Free with g_ptr_array_unref(). */
typedef bool (*ending_test)(const struct ending *e);
GPtrArray *inquiry_collect(const struct inquiry *q, ending_test wanted);
static inline const struct ending *ending_at(const GPtrArray *endings, guint i)
{
	return endings->pdata[i];
}

/* All endings of this one's service, taken or not: places [*from, *to) in by_service. */
void inquiry_of_service(const struct inquiry *q, const struct ending *e, guint *from, guint *to);
/* The same of its server, whatever the port. */
void inquiry_of_host(const struct inquiry *q, const struct ending *e, guint *from, guint *to);
/* An order: the number of an ending in it. Endings of equal numbers are in order of id. */
typedef uint64_t (*ending_order)(const struct ending *e);
/* Splits into sets of equal numbers. Returns sets of endings (GPtrArray of GPtrArray), in that order. */
GPtrArray *endings_split(const GPtrArray *endings, ending_order order);
/* Splits where the onsets of neighbours in time are further apart than that. */
GPtrArray *endings_split_by_time(const GPtrArray *endings, int64_t apart_ns);
/* Joins what shares a client or a server, and so on: what may have crossed the same box. */
GPtrArray *endings_split_connected(const GPtrArray *endings);
void endings_sort(GPtrArray *endings, ending_order order);

uint64_t ending_by_service(const struct ending *e); /* server's address and port */
uint64_t ending_by_pair(const struct ending *e);    /* service, and client's address */
uint64_t ending_by_client(const struct ending *e);
uint64_t ending_by_server(const struct ending *e); /* its address */
uint64_t ending_by_onset(const struct ending *e);
/* A time, as a number that orders as times do. */
static inline uint64_t order_of_time(int64_t ns)
{
	return (uint64_t)ns ^ UINT64_C(1) << 63;
}

/* --- witnesses ------------------------------------------------------------------------------------------- */

/* Those of a server (port 0: of any port) or of a client: places [*from, *to) in by_server or by_client. */
void inquiry_of_server(const struct inquiry *q, const uint8_t address[16], uint16_t port, size_t *from, size_t *to);
void inquiry_of_client(const struct inquiry *q, const uint8_t address[16], size_t *from, size_t *to);

/* --- making an incident ---------------------------------------------------------------------------------- */

/* Begins one of these members, which are taken by it: their ids, time span, what hosts they have in common. Its texts
 * are added to it. Good until the next one is begun. */
struct incident *inquiry_begin(struct inquiry *q, enum incident_kind kind, const GPtrArray *members);
/* Takes the sentence over, which begins in lower case; how sure it is must be known, because it is said. */
void incident_say(struct incident *i, GString *sentence);
/* The packet's connection is `of`; both may be NULL. Takes the text over. */
void incident_show(struct incident *i, enum hangup_level level, const struct hangup_packet *packet,
                   const struct ending *of, GString *text);
void incident_doubt(struct incident *i, const char *text, GString *against);
/* `connections`: of uint64_t, in any order; nothing is added when there are none. */
void incident_leave_out(struct incident *i, GArray *connections, const char *text);

/* --- words ------------------------------------------------------------------------------------------------ */

/* "12 connections", "1 connection". */
void words_count(GString *out, uint64_t count, const char *one, const char *many);
/* As text_append_duration(), so that one connection's time is the number that its verdict has; "a millisecond" when it is
 * less: for "within". */
void words_span(GString *out, int64_t ns);
void words_time(GString *out, int64_t ns); /* "10:02:13.500 UTC" */
/* "192.0.2.1 port 443": of the service of the first, when they have it in common; else "3 services on 192.0.2.1",
 * "4 servers". */
void words_servers(GString *out, const GPtrArray *members);
void words_clients(GString *out, const GPtrArray *members); /* "192.0.2.7", "3 clients" */
/* Numbers of different ones among members. */
size_t count_clients(const GPtrArray *members);
size_t count_servers(const GPtrArray *members);
size_t count_services(const GPtrArray *members);

/* --- how sure ----------------------------------------------------------------------------------------------- */

/* Mean confidence of the members' verdicts. */
double mean_confidence(const GPtrArray *members);
/* Nearer to 1 by that share of the way, or that share less. */
static inline double surer(double confidence, double by)
{
	return confidence + (1 - confidence) * by;
}
static inline double less_sure(double confidence, double by)
{
	return confidence * (1 - by);
}

/* --- kinds ------------------------------------------------------------------------------------------------- */

void find_scans(struct inquiry *q);
void find_health_checks(struct inquiry *q);
void find_path_mtu(struct inquiry *q);
void find_restarts(struct inquiry *q);
void find_outages(struct inquiry *q);
void find_idle_timers(struct inquiry *q);
void find_ports_refused(struct inquiry *q);
void find_refused(struct inquiry *q);
void find_lifetimes(struct inquiry *q);
void find_same_causes(struct inquiry *q);

#endif
