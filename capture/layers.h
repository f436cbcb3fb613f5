/* The layers of a packet, as the decode files see each other: every layer reads its header from the cursor,
 * notes what matters in the segment, and calls the layer that its header names.
 *
 * A layer that ends without result leaves kind as it was: SEGMENT_NONE, nothing to look into. */
#ifndef CAPTURE_LAYERS_H
#define CAPTURE_LAYERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/cursor.h"
#include "capture/segment.h"

/* One packet on its way through the layers. */
struct layers {
	struct cursor at;    /* what is left of it, inside all headers read so far */
	struct segment *out;
	const uint8_t *mac_target, *mac_source; /* of the Ethernet header last read; borrowed, NULL without */
	unsigned depth;      /* packets within packets so far, at most LAYERS_MAX */
	bool quoted;         /* inside an ICMP error: the packet is somebody else's, and cut */
	bool guessed;        /* inside what only a UDP port says: bytes that do not fit are no tunnel, and no lie */
	bool over_atm;       /* bridged frames are padded in front */
	bool in_fragment;    /* inside the first fragment of an outer packet: what is missing is in the others */
};

typedef void layer_fn(struct layers *l);

/* A row of a dispatch table. */
struct layer_row {
	uint16_t number;
	const char *name;
	layer_fn *decode;
};

#define LAYERS_LEN(rows) (sizeof(rows) / sizeof((rows)[0]))

/* Packets within packets: each tunnel, pseudowire or wrapped capture format is one more. Real networks have three
 * or four. Tags and labels of one header chain do not count; they are read in a loop. */
enum { LAYERS_MAX = 8 };

/* Says how reading a header failed: nothing when it was only cut, SEGMENT_INVALID when it lies. */
void layers_failed(struct layers *l);
const struct layer_row *layer_find(const struct layer_row *rows, size_t len, uint16_t number);
/* Goes on with the row's layer, if there is one, unless reading failed before. */
void layers_go_on(struct layers *l, const struct layer_row *rows, size_t len, uint16_t number);

/* Before a layer that begins another packet within this one. False when that is not to be looked into: it is
 * nested too deeply (SEGMENT_INVALID), or quoted by an ICMP error, which is about the outer packet. */
bool layers_nest(struct layers *l);

/* What keeps overlapping address plans apart. All that a packet passes on its way in make up its scope. */
enum layers_scope { SCOPE_VLAN, SCOPE_MPLS, SCOPE_VXLAN, SCOPE_GENEVE, SCOPE_GRE, SCOPE_GTP, SCOPE_L2TP, SCOPE_PBB };
/* A VLAN tag alone makes its ID the scope. */
void layers_scope(struct layers *l, enum layers_scope what, uint32_t id);

/* by link type: decode.c */
void decode_linktype(struct layers *l, uint32_t number);

/* link: decode_ethertype.c, decode_link.c, decode_wrapped.c, decode_wifi.c, decode_wan.c, decode_ppp.c */
layer_fn decode_ethernet, decode_mpacket, decode_netanalyzer, decode_netanalyzer_preamble, decode_dsa, decode_edsa;
layer_fn decode_linux_sll, decode_linux_sll2, decode_raw, decode_mpls, decode_nflog;
layer_fn decode_null, decode_enc, decode_pflog, decode_ipnet, decode_ipoib, decode_slip;
layer_fn decode_fddi, decode_token_ring, decode_arcnet, decode_arcnet_linux, decode_ieee1394;
layer_fn decode_pktap, decode_user2, decode_ppi, decode_juniper_ethernet;
layer_fn decode_80211, decode_radiotap, decode_prism, decode_avs;
layer_fn decode_frame_relay, decode_atm, decode_c_hdlc;
layer_fn decode_ppp, decode_ppp_hdlc, decode_ppp_pppd, decode_ppp_with_dir, decode_pppoe;
/* By EtherType: any stack of tags, then the protocol; up to 1500 it is a length, and LLC follows. */
void decode_ethertype(struct layers *l, uint16_t type);
/* LLC, and its part for other protocols' types alone. */
layer_fn decode_llc, decode_snap;

/* network: decode_ip.c */
layer_fn decode_ipv4, decode_ipv6;

/* transport: decode_tcp.c, decode_icmp.c */
layer_fn decode_tcp, decode_icmp, decode_icmpv6;

/* packets within packets: decode_gre.c, decode_udp.c, decode_tunnel.c */
layer_fn decode_gre, decode_udp, decode_ip_in_ip, decode_ipv6_in_ip, decode_mpls_in_ip, decode_etherip;
layer_fn decode_l2tpv3, decode_opaque;
layer_fn decode_vxlan, decode_vxlan_gpe, decode_geneve, decode_gtp, decode_l2tp, decode_teredo, decode_wireguard;
layer_fn decode_nat_t, decode_tzsp, decode_lisp;

/* what explains endings without being TCP: decode_notice.c */
layer_fn decode_arp, decode_eapol, decode_dhcp;
/* A neighbour solicitation (135) or advertisement (136), behind its checksum. */
void decode_neighbour(struct layers *l, uint8_t type);

#endif
