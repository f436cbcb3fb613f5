/* A frame made anew from what decode said of another one: decode says the same of it. Nothing of the first frame's bytes
 * goes into it, so what was not decoded (options that carry addresses, tunnels, trailers, names in DHCP) cannot be in it.
 *
 *     Ethernet, IEEE 802.11 where a station is told | VLAN tags for the scope | IPv4, IPv6 or ARP | TCP, ICMP, DHCP
 *
 * What came in fragments is whole. TCP options are those that segment.h has values for. A checksum is good, bad or partial as the segment's was; where the
 * payload is not there to be summed, it is 0 unless it was partial. */
#ifndef CAPTURE_REBUILD_H
#define CAPTURE_REBUILD_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/frame.h"
#include "capture/segment.h"

enum { REBUILD_BYTES = 512 };

/* Fills in bytes, lengths, link type, direction, number and time of *out; bytes are in room. False for kinds that are
 * neither TCP, ICMP error nor notice. */
bool rebuild_frame(const struct segment *s, uint8_t room[REBUILD_BYTES], struct frame *out);

#endif
