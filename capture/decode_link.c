/* Link layers that end in an EtherType or an address family. Sources: IEEE 802.3 and 802.1Q, RFC 1042,
 * RFC 3032, tcpdump.org/linktypes. */
#include "capture/frame.h"
#include "capture/layers.h"

#define LEN(rows) (sizeof(rows) / sizeof((rows)[0]))

enum { ETHERTYPE_IPV4 = 0x0800, LLC_LENGTH_MAX = 1500, ETHERTYPE_MIN = 0x600 };

/* 802.1Q, 802.1ad, and the numbers in use before it. */
static bool is_vlan(uint16_t type)
{
	return type == 0x8100 || type == 0x88A8 || type == 0x9100 || type == 0x9200 || type == 0x9300;
}

static const struct layer_row ethertypes[] = {
	{ ETHERTYPE_IPV4, "IPv4", decode_ipv4 }, { 0x86DD, "IPv6", decode_ipv6 },
	{ 0x8847, "MPLS", decode_mpls },         { 0x8848, "MPLS multicast", decode_mpls },
	{ 0x8864, "PPPoE", decode_pppoe },
};

/* LLC, RFC 1042:  DSAP(1) SSAP(1) control(1), and for AA AA 03:  OUI(3) EtherType(2)
 * OUI 00-00-00 is an EtherType as everywhere, 00-00-F8 one that went through a bridge tunnel (802.1H). */
static void decode_llc(struct layers *l)
{
	uint8_t dsap = cursor_u8(&l->at);
	cursor_skip(&l->at, 2);
	if (cursor_ok(&l->at) && dsap == 0x06) { /* IP without more ado */
		decode_ipv4(l);
		return;
	}
	uint16_t oui_high = cursor_u16be(&l->at);
	uint8_t oui_low = cursor_u8(&l->at);
	uint16_t type = cursor_u16be(&l->at);
	if (!cursor_ok(&l->at))
		layers_failed(l);
	else if (dsap == 0xAA && oui_high == 0 && (oui_low == 0 || oui_low == 0xF8) && type >= ETHERTYPE_MIN)
		decode_ethertype(l, type);
}

/* A tag: priority(3 bits) drop eligible(1) VLAN ID(12), then the EtherType of what follows. */
static uint16_t skip_vlan_tag(struct layers *l)
{
	uint16_t tag = cursor_u16be(&l->at);
	if (!l->tagged)
		l->out->scope = tag & 0x0fff;
	l->tagged = true;
	return cursor_u16be(&l->at);
}

void decode_ethertype(struct layers *l, uint16_t type)
{
	if (l->depth++ == LAYERS_MAX)
		return;
	while (cursor_ok(&l->at) && is_vlan(type))
		type = skip_vlan_tag(l);
	if (!cursor_ok(&l->at)) {
		layers_failed(l);
	} else if (type <= LLC_LENGTH_MAX) {
		cursor_trim(&l->at, type);
		decode_llc(l);
	} else {
		const struct layer_row *row = layer_find(ethertypes, LEN(ethertypes), type);
		if (row)
			row->decode(l);
	}
}

/* destination(6) source(6) EtherType(2) */
void decode_ethernet(struct layers *l)
{
	cursor_skip(&l->at, 12);
	decode_ethertype(l, cursor_u16be(&l->at));
}

/* Packet types of cooked captures that tell a direction; broadcast, multicast and others' do not. */
static uint8_t sll_direction(uint16_t packet_type)
{
	enum { TO_US = 0, FROM_US = 4 };
	return packet_type == FROM_US ? FRAME_OUTBOUND : packet_type == TO_US ? FRAME_INBOUND
	                                                                      : FRAME_DIRECTION_UNKNOWN;
}

/* The protocol of a cooked capture: an EtherType, or a small number of Linux's own, of which 4 is LLC. */
static void decode_sll_protocol(struct layers *l, uint16_t protocol)
{
	enum { PROTOCOL_LLC = 4 };
	if (!cursor_ok(&l->at))
		layers_failed(l);
	else if (protocol == PROTOCOL_LLC)
		decode_llc(l);
	else if (protocol >= ETHERTYPE_MIN)
		decode_ethertype(l, protocol);
}

/* packet type(2) ARP hardware type(2) address length(2) address(8) protocol(2) */
void decode_linux_sll(struct layers *l)
{
	uint16_t packet_type = cursor_u16be(&l->at);
	cursor_skip(&l->at, 12);
	uint16_t protocol = cursor_u16be(&l->at);
	if (cursor_ok(&l->at))
		l->out->direction = sll_direction(packet_type);
	decode_sll_protocol(l, protocol);
}

/* protocol(2) reserved(2) interface(4) ARP hardware type(2) packet type(1) address length(1) address(8) */
void decode_linux_sll2(struct layers *l)
{
	uint16_t protocol = cursor_u16be(&l->at);
	cursor_skip(&l->at, 8);
	uint8_t packet_type = cursor_u8(&l->at);
	cursor_skip(&l->at, 9);
	if (cursor_ok(&l->at))
		l->out->direction = sll_direction(packet_type);
	decode_sll_protocol(l, protocol);
}

/* Address families as the writer's system numbers them: AF_INET is 2 everywhere; AF_INET6 is 10 on Linux,
 * 23 on Windows, 24 on NetBSD and OpenBSD, 28 on FreeBSD, 30 on macOS. */
static const struct layer_row families[] = {
	{ 2, "IPv4", decode_ipv4 },  { 10, "IPv6", decode_ipv6 }, { 23, "IPv6", decode_ipv6 },
	{ 24, "IPv6", decode_ipv6 }, { 28, "IPv6", decode_ipv6 }, { 30, "IPv6", decode_ipv6 },
};

/* family(4), in the byte order of the machine that captured, which nothing tells; for LOOP in network
 * order. Families are small numbers, so that only one order makes sense. */
void decode_null(struct layers *l)
{
	const uint8_t *p = cursor_take(&l->at, 4);
	if (!p) {
		layers_failed(l);
		return;
	}
	uint32_t little = load_u32le(p), family = little <= UINT16_MAX ? little : load_u32be(p);
	if (family > UINT16_MAX)
		return;
	const struct layer_row *row = layer_find(families, LEN(families), (uint16_t)family);
	if (row)
		row->decode(l);
}

/* No header: the first four bits are the version of IP. */
void decode_raw(struct layers *l)
{
	const uint8_t *p = cursor_peek(&l->at, 1);
	if (p && p[0] >> 4 == 4)
		decode_ipv4(l);
	else if (p && p[0] >> 4 == 6)
		decode_ipv6(l);
}

/* A stack of  label(20 bits) class(3) last(1) TTL(8),  and then no word about what follows: IP by its
 * version; 0 is a pseudowire's control word (RFC 4385), with an Ethernet frame behind it. */
void decode_mpls(struct layers *l)
{
	bool last = false;
	while (cursor_ok(&l->at) && !last)
		last = cursor_u32be(&l->at) >> 8 & 1;
	const uint8_t *p = cursor_peek(&l->at, 1);
	if (!cursor_ok(&l->at)) {
		layers_failed(l);
	} else if (p && p[0] >> 4 == 0) {
		cursor_skip(&l->at, 4);
		decode_ethernet(l);
	} else {
		decode_raw(l);
	}
}
