/* Incidents: endings that share a fate, and why they are taken to. This is what outputs read; docs/incidents.md says
 * how each kind is found. Plain values and strings, for any format.
 *
 * A collector sees every verdict of a run by lanes and turns, exactly as a sink does (report/report.h), and keeps a
 * fixed record of each ending that may be part of an incident, and of those that did well what there is room for. At
 * the end it concludes. What it says depends on the verdicts alone, not on lanes or threads. */
#ifndef REPORT_INCIDENTS_INCIDENT_H
#define REPORT_INCIDENTS_INCIDENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rules/host/case.h"

enum incident_kind {
#define INCIDENT(id, severity, name, title, meaning) INCIDENT_##id,
#include "report/incidents/incident.def"
#undef INCIDENT
	INCIDENT_KIND_COUNT
};
const char *incident_name(enum incident_kind kind);    /* "idle-timer": the word in NDJSON */
const char *incident_title(enum incident_kind kind);   /* "Idle timer on the path" */
const char *incident_meaning(enum incident_kind kind);
enum hangup_severity incident_severity(enum incident_kind kind);

/* Records kept, some 200 bytes each: beyond them endings are counted and not grouped. In two stores, so that a flood of
 * attempts cannot push out what matters more. */
enum {
	INCIDENT_ENDINGS_MAX = 1 << 15,  /* of connections that had been established */
	INCIDENT_ATTEMPTS_MAX = 1 << 14, /* of those that never were: refused, unanswered, probes */
	INCIDENT_WELL_MAX = 1 << 15,     /* that did well: of these the last ones are known */
	INCIDENT_MISFITS_NAMED = 16,     /* ids named of those that did not fit */
	INCIDENT_EXCUSABLE_KEPT = 1 << 12, /* of whoever keeps texts of endings until it is known whether they are excused */
	INCIDENT_QUIET_MAX = 500,        /* quiet times that killed, and as many lived through: those nearest to the timer */
};

/* All texts here are UTF-8 sentences of ours: numbers, addresses and words, with no byte from a packet. Those marked
 * UNESCAPED may besides hold a device's name from a timer file of the user's. */

/* What speaks for it. */
struct incident_evidence {
	enum hangup_level level;
	struct hangup_packet packet; /* that shows it; number 0 when no single one does */
	uint64_t connection;         /* whose packet it is; 0 without one */
	char *text;                  /* UNESCAPED */
};

/* What else it could be. */
struct incident_alternative {
	char *text;
	char *against; /* why it lost */
};

/* Connections that look as if they belonged, and do not. */
struct incident_misfit {
	uint64_t count;
	uint64_t connections[INCIDENT_MISFITS_NAMED]; /* the first of them by id */
	size_t connections_len;
	char *text; /* why not; without the count */
};

/* A quiet time, and what became of the connection after it. */
struct incident_quiet {
	uint64_t connection;
	int64_t quiet_ns;
	bool died; /* else it went on */
};

struct incident {
	uint64_t id; /* 1.. in order of from_ns */
	enum incident_kind kind;
	enum hangup_severity severity; /* abnormal, or harmless */
	double confidence;             /* 0 to 1 */
	int64_t from_ns, to_ns;        /* the first and the last sign of trouble; the connections are older */
	struct hangup_packet first;    /* the packet of from_ns */
	char *sentence;                /* UNESCAPED: what happened, for people who never saw a packet */

	uint64_t *connections; /* ids, ascending, each in no other incident */
	size_t connections_len;
	bool wanted; /* an output tells of a member: true of all in a list */

	/* What they have in common. */
	bool has_client, has_server;
	uint8_t client[16];      /* address, IPv4 as ::ffff:a.b.c.d */
	uint8_t server[16];
	uint16_t server_port;    /* 0: several */
	/* Kinds with a number that lies between two: idle timers and lifetimes, in ns; PMTU, in bytes of payload. Not known
	 * where 0. */
	int64_t above, at_most;
	/* Idle timers: the quiet times around it, those that killed first, the shortest of them first; then those that
	 * connections between the same hosts lived through, the longest first. */
	struct incident_quiet *quiet;
	size_t quiet_len;

	struct incident_evidence *evidence;
	size_t evidence_len;
	struct incident_alternative *alternatives;
	size_t alternatives_len;
	struct incident_misfit *misfits;
	size_t misfits_len;
};

/* What a run came to. */
struct incident_list {
	struct incident *incidents;
	size_t len;
	uint64_t endings_left, attempts_left; /* not grouped, for lack of room; exact */
	uint64_t well_left;                   /* did well, and were forgotten for lack of room */
	/* Wanted connections that their own verdict calls abnormal, and that are part of an incident that hurts nobody. */
	uint64_t excused[HANGUP_LABEL_COUNT][HANGUP_CAUSE_COUNT];
	struct incident_member *members;      /* of all incidents, in order of connection */
	size_t members_len;
};
struct incident_member {
	uint64_t connection;
	const struct incident *incident;
};

/* The incident that a connection is part of; NULL when it is in none. */
const struct incident *incident_of(const struct incident_list *list, uint64_t connection);
/* Whether that is one that hurts nobody: then nor does this connection, whatever its verdict says. */
bool incident_excuses(const struct incident_list *list, uint64_t connection);

struct incidents;

/* thresholds in the order of incident_thresholds (incident_rule.h); NULL: as shipped. */
struct incidents *incidents_new(const double *thresholds);
void incidents_free(struct incidents *x);

/* Whether this ending can come to be part of an incident. */
bool incidents_may_include(const struct hangup_case *c);
/* Whether one that hurts nobody can come to include this ending, which its verdict calls abnormal. */
bool incidents_may_excuse(const struct hangup_case *c);
/* Takes one verdict; what report_verdict() says of lanes holds. Not wanted: it is a witness only, and an incident of
 * none but such is not told. */
void incidents_take(struct incidents *x, unsigned lane, const struct hangup_case *c, bool wanted);
void incidents_turn(struct incidents *x);
/* After the last turn, once. Good until incidents_free(). */
const struct incident_list *incidents_conclude(struct incidents *x);

#endif
