/* The general way through a frame: link layer by number, then whatever its headers name. decode_fast.c has
 * the short cut that most frames take. */
#include "capture/decode.h"

#include <string.h>

#include "capture/layers.h"
#include "capture/linktype.h"

static const struct layer_row linktypes[] = {
	{ LINKTYPE_ETHERNET, "Ethernet", decode_ethernet },
	{ LINKTYPE_LINUX_SLL, "Linux cooked v1", decode_linux_sll },
	{ LINKTYPE_LINUX_SLL2, "Linux cooked v2", decode_linux_sll2 },
	{ LINKTYPE_NULL, "BSD loopback", decode_null },
	{ LINKTYPE_LOOP, "OpenBSD loopback", decode_null },
	{ LINKTYPE_RAW, "raw IP", decode_raw },
	{ LINKTYPE_RAW_BSD, "raw IP", decode_raw },
	{ LINKTYPE_RAW_OPENBSD, "raw IP", decode_raw },
	{ LINKTYPE_IPV4, "raw IPv4", decode_ipv4 },
	{ LINKTYPE_IPV6, "raw IPv6", decode_ipv6 },
	{ LINKTYPE_IEEE802_11, "IEEE 802.11", decode_80211 },
	{ LINKTYPE_RADIOTAP, "IEEE 802.11 with radiotap", decode_radiotap },
	{ LINKTYPE_PRISM, "IEEE 802.11 with Prism header", decode_prism },
	{ LINKTYPE_AVS, "IEEE 802.11 with AVS header", decode_avs },
	{ LINKTYPE_PPI, "per-packet information", decode_ppi },
	{ LINKTYPE_PKTAP, "Apple PKTAP", decode_pktap },
	{ LINKTYPE_USER2, "Apple PKTAP, old number", decode_user2 },
	{ LINKTYPE_JUNIPER_ETHER, "Juniper Ethernet", decode_juniper_ethernet },
	{ LINKTYPE_PPP, "PPP", decode_ppp },
	{ LINKTYPE_PPP_HDLC, "PPP in HDLC framing", decode_ppp_hdlc },
	{ LINKTYPE_PPP_ETHER, "PPP over Ethernet", decode_pppoe },
	{ LINKTYPE_PPP_PPPD, "PPP with direction (pppd)", decode_ppp_pppd },
	{ LINKTYPE_PPP_WITH_DIR, "PPP with direction", decode_ppp_with_dir },
	{ LINKTYPE_C_HDLC, "Cisco HDLC", decode_c_hdlc },
	{ LINKTYPE_FRELAY, "frame relay", decode_frame_relay },
	{ LINKTYPE_ATM_RFC1483, "ATM, LLC-encapsulated", decode_atm },
	{ LINKTYPE_SLIP, "SLIP", decode_slip },
	{ LINKTYPE_MPLS, "MPLS", decode_mpls },
	{ LINKTYPE_NFLOG, "Linux netfilter log", decode_nflog },
	{ LINKTYPE_PFLOG, "pf log", decode_pflog },
	{ LINKTYPE_ENC, "OpenBSD IPsec", decode_enc },
	{ LINKTYPE_IPNET, "Solaris IPnet", decode_ipnet },
	{ LINKTYPE_IPOIB, "IP over InfiniBand", decode_ipoib },
	{ LINKTYPE_FDDI, "FDDI", decode_fddi },
	{ LINKTYPE_IEEE802_5, "Token Ring", decode_token_ring },
	{ LINKTYPE_ARCNET_BSD, "ARCNET", decode_arcnet },
	{ LINKTYPE_ARCNET_LINUX, "ARCNET, Linux", decode_arcnet_linux },
	{ LINKTYPE_APPLE_IP_OVER_IEEE1394, "IP over IEEE 1394", decode_ieee1394 },
	{ LINKTYPE_NETANALYZER, "netANALYZER", decode_netanalyzer },
	{ LINKTYPE_NETANALYZER_TRANSPARENT, "netANALYZER with preamble", decode_netanalyzer_preamble },
	{ LINKTYPE_ETHERNET_MPACKET, "IEEE 802.3br mPacket", decode_mpacket },
	{ LINKTYPE_DSA_TAG_DSA, "Ethernet with DSA tag", decode_dsa },
	{ LINKTYPE_DSA_TAG_EDSA, "Ethernet with EDSA tag", decode_edsa },
};

static const struct layer_row *find_linktype(uint16_t linktype)
{
	return layer_find(linktypes, LAYERS_LEN(linktypes), linktype);
}

bool decode_knows_linktype(uint16_t linktype)
{
	return find_linktype(linktype) != NULL;
}

const char *decode_linktype_name(uint16_t linktype)
{
	const struct layer_row *row = find_linktype(linktype);
	return row ? row->name : NULL;
}

void decode_linktype(struct layers *l, uint32_t number)
{
	if (number <= UINT16_MAX)
		layers_go_on(l, linktypes, LAYERS_LEN(linktypes), (uint16_t)number);
}

/* The frame without its check sequence, which is there only when the frame was not cut before it. */
static struct cursor frame_cursor(const struct frame *frame)
{
	struct cursor c = cursor_new(frame->bytes, frame->bytes_len, frame->wire_len);
	if (frame->fcs_len < c.wire)
		cursor_trim(&c, c.wire - frame->fcs_len);
	return c;
}

void decode_frame_general(const struct frame *frame, struct segment *out)
{
	memset(out, 0, sizeof(*out));
	out->number = frame->number;
	out->time_ns = frame->time_ns;
	out->direction = frame->direction;
	struct layers l = { .at = frame_cursor(frame), .out = out };
	decode_linktype(&l, frame->linktype);
}
