/* What stands before the IP header: one function a link type. */
#ifndef PCAPS_FORGE_LINK_H
#define PCAPS_FORGE_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "pcaps/forge_packet.h"
#include "pcaps/forge_wrap.h"

/* LINKTYPE_ values, www.tcpdump.org/linktypes.html */
enum {
	LINK_NULL = 0, LINK_ETHERNET = 1, LINK_TOKEN_RING = 6, LINK_ARCNET = 7, LINK_SLIP = 8, LINK_PPP = 9, LINK_FDDI = 10,
	LINK_RAW_BSD = 12, LINK_RAW_OPENBSD = 14, LINK_PPP_HDLC = 50, LINK_PPP_ETHER = 51, LINK_ATM = 100, LINK_RAW = 101,
	LINK_C_HDLC = 104, LINK_80211 = 105, LINK_FRAME_RELAY = 107, LINK_LOOP = 108, LINK_ENC = 109, LINK_SLL = 113,
	LINK_PFLOG = 117, LINK_PRISM = 119, LINK_RADIOTAP = 127, LINK_ARCNET_LINUX = 129, LINK_IEEE1394 = 138,
	LINK_USER2 = 149, LINK_AVS = 163, LINK_PPP_PPPD = 166, LINK_PPI = 192, LINK_PPP_WITH_DIR = 204, LINK_MPLS = 219,
	LINK_IPNET = 226, LINK_IPV4 = 228, LINK_IPV6 = 229, LINK_NFLOG = 239, LINK_NETANALYZER = 240,
	LINK_NETANALYZER_PREAMBLE = 241, LINK_IPOIB = 242, LINK_PKTAP = 258, LINK_MPACKET = 274, LINK_SLL2 = 276,
	LINK_DSA = 284, LINK_EDSA = 285,
};

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
	wrap_fn *wraps[4];       /* around the packet, from the inside out; the first NULL ends them */
};

/* Appends the link header of a packet, which by then is wrapped. */
void link_append(const struct link *link, const struct packet *p, const struct wrapped *wrapped, GByteArray *out);

/* Appends what stands after the IP packet. */
void link_append_trailer(const struct link *link, const struct packet *p, GByteArray *frame);

#endif
