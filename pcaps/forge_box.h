/* Somebody else on the path: a firewall, NAT, load balancer, router or forger, who speaks in the ends' names or
 * about their packets. */
#ifndef PCAPS_FORGE_BOX_H
#define PCAPS_FORGE_BOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pcaps/forge_conn.h"

/* A box on the path, on one side of the capture point or (0 hops, 0 ns) at it. */
struct box {
	enum side side;   /* of the capture point */
	int64_t ns;       /* from it */
	uint8_t hops;
	uint8_t ttl;      /* as sent */
	uint16_t ip_id;   /* of all it sends */
	uint16_t window;
	bool dont_fragment;
};
/* Now is when the packet has reached the box. */
void box_meets(struct conn *c, const struct box *box, const struct packet *p);
/* Forges a segment in the name of one end, with the next number due, to the other; not delivered.
 * It is captured when it passes the capture point on its way. */
struct packet *box_send(struct conn *c, const struct box *box, enum side as, uint8_t flags);

/* An ICMP error by a router where the box stands, about a packet that reached it, quoting quote_len bytes
 * of it; not delivered. */
struct packet *box_icmp(struct conn *c, const struct box *box, const char *address, const struct packet *about,
                        uint8_t type, uint8_t code, size_t quote_len);

#endif
