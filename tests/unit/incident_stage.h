/* Connections as incidents are made of: who, when, and how it ended. Times are seconds since the stage began. */
#ifndef TESTS_UNIT_INCIDENT_STAGE_H
#define TESTS_UNIT_INCIDENT_STAGE_H

#include "report/incidents/incident.h"
#include "tests/unit/report_case.h"

struct stage {
	struct incidents *incidents;
	uint64_t connections; /* so far: ids are given in order, from 1 */
};

/* One of a stage. Each call takes another port of the client's, unless `port` names one. */
struct staged {
	const char *client, *server;
	uint16_t service, port; /* service: the server's port */
	double began, ended;
};

void stage_begin(struct stage *s);
const struct incident_list *stage_end(struct stage *s); /* good until stage_clear() */
void stage_clear(struct stage *s);

/* Each returns the id. */
uint64_t stage_well(struct stage *s, struct staged who);     /* opened, served, closed in order by its client */
uint64_t stage_refused(struct stage *s, struct staged who);  /* at `began` */
uint64_t stage_no_answer(struct stage *s, struct staged who);/* to its SYN, at `began` */
uint64_t stage_probe(struct stage *s, struct staged who);    /* handshake, then reset by the client */
/* Talked until `heard`, and what its client sent at `asked` was repeated until it ended. `idle`: quiet time before that. */
uint64_t stage_stalled(struct stage *s, struct staged who, double heard, double asked, double idle);
/* The same in full flow; and then the local network said of that side how it went: thrown out, its address gone, sought. */
uint64_t stage_stalled_as(struct stage *s, struct staged who, double asked, enum hangup_packet_role sign, enum hangup_side of);
/* The server was last heard at `heard`, and answers with a bare RST when it ended. */
uint64_t stage_unknown(struct stage *s, struct staged who, double heard);
/* The server's program aborted it when it ended, after so long a quiet time. */
uint64_t stage_aborted(struct stage *s, struct staged who, double quiet);
/* Segments of `lost` bytes were lost again and again, of `passed` bytes arrived; known: the verdict says that it is that. */
uint64_t stage_large_lost(struct stage *s, struct staged who, int64_t lost, int64_t passed, bool known);

/* The incident of a kind: the first; NULL without. */
const struct incident *stage_find(const struct incident_list *list, enum incident_kind kind);

#endif
