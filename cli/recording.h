/* What a live capture still has in its ring of one connection, as a pcapng file with the verdict in its comments. */
#ifndef CLI_RECORDING_H
#define CLI_RECORDING_H

#include <stdint.h>

#include <glib.h>

#include "analyzers/key.h"
#include "capture/packet_ring.h"
#include "capture/segment.h"
#include "capture/source.h"
#include "rules/host/case.h"

/* Notices (ARP, neighbour discovery, DHCP) of its hosts are kept from so long before its last packet on. */
#define RECORDING_NOTICES_NS (INT64_C(60) * 1000000000)

/* Files a frame of the ring under the connection, or the kind of notice, that it belongs to. */
void recording_note(struct packet_ring *ring, const struct key_seed *seed, const struct frame *frame,
                    const struct segment *segment);

/* The file: all packets of the connection that are in the ring, and the notices about its hosts; comments on those that
 * are evidence; the interfaces with their addresses; the time until which nothing more came. To be freed. */
GByteArray *recording_make(const struct source *source, const struct key_seed *seed, const struct hangup_case *c,
                           int64_t now_ns);

/* "20261127T040803.105Z-17-rst-192.0.2.1.40490-198.51.100.2.443.pcapng": sorts by the time of its last packet. To be
 * freed. */
char *recording_name(const struct hangup_case *c);

#endif
