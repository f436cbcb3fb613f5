/* Whom something may have befallen: all connections of a host, of a service, or between some hosts. And who of them
 * went on as if nothing had been. */
#ifndef REPORT_INCIDENTS_SCOPE_H
#define REPORT_INCIDENTS_SCOPE_H

#include "report/incidents/inquiry.h"

enum scope_kind { SCOPE_CLIENT, SCOPE_SERVER, SCOPE_SERVICE, SCOPE_PAIR, SCOPE_BETWEEN };

struct scope {
	enum scope_kind kind;
	const struct meeting *of; /* whose client, server, service or both */
	GPtrArray *clients, *servers; /* SCOPE_BETWEEN: sets of endings in order of the host's address */
};

struct scope scope_of(enum scope_kind kind, const struct ending *e);
/* Between the clients and the servers of these. Clear it. */
struct scope scope_between(const GPtrArray *endings);
void scope_clear(struct scope *s);
bool scope_holds(const struct scope *s, const struct meeting *m);

/* Witnesses of the scope that may be asked: calls `see` for each, in order of id within a host. */
typedef void (*witness_fn)(const struct witness *w, void *user);
void scope_ask(const struct inquiry *q, const struct scope *s, witness_fn see, void *user);

/* What the witnesses say of a moment: connections that were open then. */
struct testimony {
	int64_t moment_ns, until_ns; /* given: of what befell them, and when that was over at the latest */
	GArray *flowed;              /* ids: exchanged packets in that time without a loss */
	GArray *quiet;               /* ids: open, but they say nothing of that time */
	GArray *closed_with;         /* ids: closed in order by the server within a second of the moment */
	uint64_t served_later;       /* opened afterwards and served */
	uint64_t served_meanwhile;   /* of them, before that was over */
	int64_t first_served_ns;     /* when the first of those was opened; 0 without one */
	uint64_t first_served;       /* its id */
};
struct testimony testimony_take(const struct inquiry *q, const struct scope *s, int64_t moment_ns, int64_t until_ns);
void testimony_clear(struct testimony *t);

#endif
