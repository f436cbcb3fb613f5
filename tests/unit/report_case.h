/* Cases made by hand, for tests of the report: facts, one verdict, evidence. */
#ifndef TESTS_UNIT_REPORT_CASE_H
#define TESTS_UNIT_REPORT_CASE_H

#include <stdio.h>

#include "report/report.h"

/* 2026-03-01T10:02:13.123456789Z */
#define REPORT_CASE_START_NS INT64_C(1772359333123456789)

struct report_case {
	struct facts facts;
	struct hangup_case c;
};

/* 192.0.2.5:51234 to 198.51.100.10:443, id 1, handshake complete, some data, packets 1 to 20 over 2 s; the verdict is
 * of that label and cause, by that actor, with confidence 0.95 and the cause's own severity. */
void report_case_init(struct report_case *r, enum hangup_label label, enum hangup_cause cause, enum hangup_actor actor);

void report_case_fact(struct report_case *r, enum hangup_fact fact, enum hangup_side side, int64_t value);
/* At number milliseconds after the start. */
void report_case_packet(struct report_case *r, enum hangup_packet_role role, enum hangup_side side, uint64_t number);
void report_case_evidence(struct report_case *r, enum hangup_packet_role role, enum hangup_side side,
                          enum hangup_fact fact, const char *text);
/* A losing claim. */
void report_case_alternative(struct report_case *r, enum hangup_label label, enum hangup_cause cause,
                             const char *against);
/* "192.0.2.1" or "2001:db8::1". */
void report_case_ends(struct report_case *r, const char *client, uint16_t client_port, const char *server,
                      uint16_t server_port);

/* What a function writes to a FILE; free with g_free. Usage: FILE *out = report_case_open(); ...;
 * char *text = report_case_close(out); */
FILE *report_case_open(void);
char *report_case_close(FILE *file);

#endif
