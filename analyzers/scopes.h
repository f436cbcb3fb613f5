/* When the addresses and ports of two connections are the same, and what tells them apart is the network they are in: a
 * VLAN tag, an MPLS label, a VXLAN or GENEVE network, a tunnel's key (docs/decisions/0012-scope.md).
 *
 * None of these may simply be part of a connection's key. Tunnel endpoints and labels differ by direction; so do VLANs
 * and networks where routing is asymmetric; and captures on several interfaces show the same packet with and without
 * them. So a segment's scope becomes 0 as long as its numbers fit the conversation that is there, from wherever it
 * comes; a second conversation with the same addresses and ports at the same time keeps the scope it has.
 *
 * A bounded memory of conversations within scopes; where two fall on one place the older is forgotten, and taken for
 * new when it goes on. Segments without a scope are not looked at. On the one thread that has the segments in order. */
#ifndef ANALYZERS_SCOPES_H
#define ANALYZERS_SCOPES_H

#include <stdint.h>

#include "capture/segment.h"

/* Conversations remembered: 2.5 MB at most, taken as they are needed. */
enum { SCOPES_REMEMBERED = 1 << 16 };

struct scopes;

struct scopes *scopes_new(void);
void scopes_free(struct scopes *x);

/* Settles the scope of a TCP segment or ICMP error, if it has one. */
void scopes_settle(struct scopes *x, struct segment *s);

/* Conversations that only their scope told apart from another one. */
uint64_t scopes_apart(const struct scopes *x);

#endif
