/* What others show of the hosts of connections that are told of: that a server answered somebody else, that its host was
 * asked for in vain. The verdict may rest on it. */
#ifndef REPORT_EVIDENCE_WITNESS_H
#define REPORT_EVIDENCE_WITNESS_H

#include <stdbool.h>

#include <glib.h>

#include "capture/segment.h"
#include "report/evidence_told.h"

struct witness;

struct witness *witness_new(void);
void witness_free(struct witness *w);

/* Before anything is asked, in any order; borrowed. */
void witness_add(struct witness *w, const struct told *t);
/* When all were added. */
void witness_begin(struct witness *w);

/* Whether a segment of another connection shows something of a server: opening and refusing, and that it is alive. Few
 * for each connection that is told of. Segments come in the order of the input. */
bool witness_shows(struct witness *w, const struct segment *segment);
/* The last SYN-ACK of the host until now, of any connection and port: what its packets look like. 0: none. */
uint64_t witness_answer(const struct witness *w, const uint8_t host[16]);
/* Whether what is no connection's speaks of a host: ARP, neighbour discovery, DHCP, and what throws a station out,
 * which has no address; fragments of its TCP. */
bool witness_speaks_of(struct witness *w, const struct segment *segment);

#endif
