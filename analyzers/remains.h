/* What is left of a connection after it was judged: enough to know its late packets (a FIN repeated, a RST to it, an
 * acknowledgement of a TIME-WAIT) from the first ones of a new connection. One cache line instead of a whole record,
 * which is what makes it cheap to wait for them as long as hosts keep a number pair. */
#ifndef ANALYZERS_REMAINS_H
#define ANALYZERS_REMAINS_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzers/connection.h"
#include "capture/segment.h"

struct remains {
	struct connection_key key;
	uint64_t id;
	uint32_t initial_seq[2];
	bool syn_seen[2];
	uint8_t client;
	bool off_table; /* a new connection has the key */
};
_Static_assert(sizeof(struct remains) == 64, "remains are one cache line");

static inline void remains_init(struct remains *r, const struct connection *c)
{
	*r = (struct remains){.key = c->key, .id = c->id, .client = c->client};
	for (unsigned side = 0; side < 2; side++) {
		r->initial_seq[side] = c->initial_seq[side];
		r->syn_seen[side] = c->half[side].flags & HALF_SYN;
	}
}

/* Only a SYN with numbers of its own begins anew, or a SYN-ACK that answers such a one. A server that was reset and asked
 * again takes new numbers each time: those answer the old SYN. */
static inline bool remains_own(const struct remains *r, const struct segment *s, unsigned side)
{
	/* Where the SYN itself was not seen, the first acknowledgement stands for it. */
	uint32_t acked = r->initial_seq[!side] + r->syn_seen[!side];
	bool answers_it = (s->flags & TCP_ACK) && s->ack == acked;

	return !(s->flags & TCP_SYN) || answers_it || (r->syn_seen[side] && s->seq == r->initial_seq[side]);
}

#endif
