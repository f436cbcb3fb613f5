/* What stands before the IP header: one function a link type. */
#ifndef PCAPS_FORGE_LINK_H
#define PCAPS_FORGE_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "pcaps/forge_packet.h"

/* LINKTYPE_ values, www.tcpdump.org/linktypes.html */
enum { LINK_NULL = 0, LINK_ETHERNET = 1, LINK_RAW = 101, LINK_LOOP = 108, LINK_SLL = 113, LINK_SLL2 = 276 };

struct vlan_tag {
	uint16_t ethertype; /* 0x8100, or 0x88a8 for the outer of two */
	uint16_t id;        /* 0 = no tag */
};

struct link {
	uint16_t type;           /* LINK_ETHERNET ... */
	struct vlan_tag tags[2]; /* Ethernet only, outer first */
	bool big_endian;         /* of the host that wrote the file: the NULL header is in its order */
	bool padded;             /* Ethernet only: incoming frames keep the padding to their 60 bytes */
	uint32_t ifindex;        /* SLL2 only */
};

/* Appends the link header of a packet. */
void link_append(const struct link *link, const struct packet *p, GByteArray *out);

/* Appends what stands after the IP packet. */
void link_append_trailer(const struct link *link, const struct packet *p, GByteArray *frame);

#endif
