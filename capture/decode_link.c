/* Link layers that say in few words what follows: cooked captures, BSD's and Solaris's, rings and buses, raw IP, MPLS.
 * Sources: tcpdump.org/linktypes, RFC 3032, RFC 4385, RFC 4391 (InfiniBand), RFC 2734 (IEEE 1394), RFC 1201 (ARCNET). */
#include "capture/frame.h"
#include "capture/layers.h"

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
	enum { PROTOCOL_LLC = 4, ETHERTYPE_MIN = 0x600 };
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

/* --- address families -------------------------------------------------------------------------------------- */
/* As the writer's system numbers them: AF_INET is 2 everywhere; AF_INET6 is 10 on Linux, 23 on Windows, 24 on NetBSD
 * and OpenBSD, 26 on Solaris, 28 on FreeBSD, 30 on macOS. */
static const struct layer_row families[] = {
	{ 2, "IPv4", decode_ipv4 },  { 10, "IPv6", decode_ipv6 }, { 23, "IPv6", decode_ipv6 }, { 24, "IPv6", decode_ipv6 },
	{ 26, "IPv6", decode_ipv6 }, { 28, "IPv6", decode_ipv6 }, { 30, "IPv6", decode_ipv6 },
};

/* family(4), in the byte order of the machine that captured, which nothing tells; for LOOP in network
 * order. Families are small numbers, so that only one order makes sense. */
static uint16_t read_family(struct cursor *c)
{
	const uint8_t *p = cursor_take(c, 4);
	if (!p)
		return 0;
	uint32_t little = load_u32le(p), family = little <= UINT16_MAX ? little : load_u32be(p);
	return family <= UINT16_MAX ? (uint16_t)family : 0;
}

void decode_null(struct layers *l)
{
	uint16_t family = read_family(&l->at);
	layers_go_on(l, families, LAYERS_LEN(families), family);
}

/* OpenBSD's IPsec, decrypted: family(4) index(4) flags(4) */
void decode_enc(struct layers *l)
{
	uint16_t family = read_family(&l->at);
	cursor_skip(&l->at, 8);
	layers_go_on(l, families, LAYERS_LEN(families), family);
}

/* The log of pf: length(1) family(1) ... and the packet at the next multiple of 4. */
void decode_pflog(struct layers *l)
{
	enum { SHORTEST = 2 };
	size_t len = cursor_u8(&l->at);
	uint8_t family = cursor_u8(&l->at);
	if (cursor_ok(&l->at) && len < SHORTEST)
		cursor_fail(&l->at, CURSOR_INVALID);
	else
		cursor_skip(&l->at, (len + 3) / 4 * 4 - SHORTEST);
	layers_go_on(l, families, LAYERS_LEN(families), family);
}

/* Solaris's view from within: version(1) family(1) hook(2) length(4) interfaces(8) zones(8) */
void decode_ipnet(struct layers *l)
{
	cursor_skip(&l->at, 1);
	uint8_t family = cursor_u8(&l->at);
	cursor_skip(&l->at, 22);
	layers_go_on(l, families, LAYERS_LEN(families), family);
}

/* --- rings, buses ------------------------------------------------------------------------------------------ */
/* The EtherType that stands behind len bytes. */
static void decode_type_behind(struct layers *l, size_t len, size_t reserved)
{
	cursor_skip(&l->at, len);
	uint16_t type = cursor_u16be(&l->at);
	cursor_skip(&l->at, reserved);
	if (cursor_ok(&l->at))
		decode_ethertype(l, type);
	else
		layers_failed(l);
}

/* InfiniBand: global route header(40) EtherType(2) reserved(2) */
void decode_ipoib(struct layers *l)
{
	decode_type_behind(l, 40, 2);
}

/* Apple's IP over IEEE 1394: destination(8) source(8) EtherType(2) */
void decode_ieee1394(struct layers *l)
{
	decode_type_behind(l, 16, 0);
}

/* control(1) destination(6) source(6), then LLC where control says so */
void decode_fddi(struct layers *l)
{
	enum { KIND = 0xf0, KIND_LLC = 0x50 };
	uint8_t control = cursor_u8(&l->at);
	cursor_skip(&l->at, 12);
	if (!cursor_ok(&l->at))
		layers_failed(l);
	else if ((control & KIND) == KIND_LLC)
		decode_llc(l);
}

/* access(1) control(1) destination(6) source(6), a route when the source's first bit is set, LLC */
void decode_token_ring(struct layers *l)
{
	enum { KIND = 0xc0, KIND_LLC = 0x40, ROUTED = 0x80 };
	cursor_skip(&l->at, 1);
	uint8_t control = cursor_u8(&l->at);
	cursor_skip(&l->at, 6);
	uint8_t source = cursor_u8(&l->at);
	cursor_skip(&l->at, 5);
	const uint8_t *route = cursor_peek(&l->at, 1);
	if (source & ROUTED && route)
		cursor_skip(&l->at, route[0] & 0x1f);
	if (!cursor_ok(&l->at))
		layers_failed(l);
	else if ((control & KIND) == KIND_LLC)
		decode_llc(l);
}

static const struct layer_row arcnet_types[] = {
	{ 212, "IPv4", decode_ipv4 }, { 240, "IPv4 (RFC 1051)", decode_ipv4 }, { 196, "IPv6", decode_ipv6 },
};

/* type(1), and for all but those of RFC 1051 split(1) sequence(2); a split of FF is followed by 4 bytes more. */
static void decode_arcnet_type(struct layers *l)
{
	enum { OLDER_IP = 240, OLDER_ARP = 241, EXCEPTION = 0xff };
	uint8_t type = cursor_u8(&l->at), split = 0;
	if (type != OLDER_IP && type != OLDER_ARP) {
		split = cursor_u8(&l->at);
		cursor_skip(&l->at, split == EXCEPTION ? 6 : 2);
	}
	if (split == 0 || split & 1) /* whole, or the first piece */
		layers_go_on(l, arcnet_types, LAYERS_LEN(arcnet_types), type);
}

/* source(1) destination(1) */
void decode_arcnet(struct layers *l)
{
	cursor_skip(&l->at, 2);
	decode_arcnet_type(l);
}

/* source(1) destination(1) offset(2) */
void decode_arcnet_linux(struct layers *l)
{
	cursor_skip(&l->at, 4);
	decode_arcnet_type(l);
}

/* --- no link ----------------------------------------------------------------------------------------------- */
/* No header: the first four bits are the version of IP. */
void decode_raw(struct layers *l)
{
	const uint8_t *p = cursor_peek(&l->at, 1);
	if (p && p[0] >> 4 == 4)
		decode_ipv4(l);
	else if (p && p[0] >> 4 == 6)
		decode_ipv6(l);
}

/* BSD's SLIP: direction(1), 0 received, and 15 bytes for a compressed header, which is not read */
void decode_slip(struct layers *l)
{
	uint8_t sent = cursor_u8(&l->at);
	cursor_skip(&l->at, 15);
	if (!cursor_ok(&l->at)) {
		layers_failed(l);
		return;
	}
	l->out->direction = sent ? FRAME_OUTBOUND : FRAME_INBOUND;
	decode_raw(l);
}

/* A stack of  label(20 bits) class(3) last(1) TTL(8),  and then no word about what follows: IP by its version; 0 is a
 * pseudowire's control word (RFC 4385), with an Ethernet frame behind it. The last label says whose network it is. */
void decode_mpls(struct layers *l)
{
	uint32_t entry = 0;
	while (cursor_ok(&l->at) && !(entry >> 8 & 1))
		entry = cursor_u32be(&l->at);
	const uint8_t *p = cursor_peek(&l->at, 1);
	if (!cursor_ok(&l->at)) {
		layers_failed(l);
		return;
	}
	layers_scope(l, SCOPE_MPLS, entry >> 12);
	if (p && p[0] >> 4 == 0) {
		cursor_skip(&l->at, 4);
		if (layers_nest(l))
			decode_ethernet(l);
	} else {
		decode_raw(l);
	}
}
