/* The layers of a packet, as the decode files see each other: every layer reads its header from the cursor,
 * notes what matters in the segment, and calls the layer that its header names.
 *
 * A layer that ends without result leaves kind as it was: SEGMENT_NONE, nothing to look into. */
#ifndef CAPTURE_LAYERS_H
#define CAPTURE_LAYERS_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/cursor.h"
#include "capture/segment.h"

/* One packet on its way through the layers. */
struct layers {
	struct cursor at;    /* what is left of it, inside all headers read so far */
	struct segment *out;
	unsigned depth;      /* link layers entered, at most LAYERS_MAX */
	bool tagged;         /* a VLAN tag was seen: scope is set */
	bool quoted;         /* inside an ICMP error: the packet is somebody else's, and cut */
};

typedef void layer_fn(struct layers *l);

/* A row of a dispatch table. */
struct layer_row {
	uint16_t number;
	const char *name;
	layer_fn *decode;
};

/* Encapsulations within each other. Nobody has more than three or four; a made-up packet may. */
enum { LAYERS_MAX = 16 };

/* Says how reading a header failed: nothing when it was only cut, SEGMENT_INVALID when it lies. */
void layers_failed(struct layers *l);
const struct layer_row *layer_find(const struct layer_row *rows, size_t len, uint16_t number);

/* link: decode_link.c, decode_ppp.c */
layer_fn decode_ethernet, decode_linux_sll, decode_linux_sll2, decode_null, decode_raw, decode_mpls;
layer_fn decode_ppp, decode_ppp_hdlc, decode_ppp_pppd, decode_ppp_with_dir, decode_pppoe, decode_c_hdlc;
layer_fn decode_nflog;
/* By EtherType: any stack of VLAN tags, then the protocol; up to 1500 it is a length, and LLC follows. */
void decode_ethertype(struct layers *l, uint16_t type);

/* network: decode_ip.c */
layer_fn decode_ipv4, decode_ipv6;

/* transport: decode_tcp.c, decode_icmp.c */
layer_fn decode_tcp, decode_icmp, decode_icmpv6;

#endif
