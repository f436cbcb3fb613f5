/* Packets within IP, or within UDP (decode_udp.c says by which port). Each reads its header, checks what that fixes, and
 * hands on what is behind it; encrypted ones end there. */
#include "capture/layers.h"

/* Goes on with another packet, as its row says. */
static void go_into(struct layers *l, const struct layer_row *rows, size_t len, uint16_t number)
{
	if (layers_nest(l))
		layers_go_on(l, rows, len, number);
	else if (!cursor_ok(&l->at))
		layers_failed(l);
}

static void go_into_one(struct layers *l, layer_fn *decode)
{
	if (layers_nest(l))
		decode(l);
	else if (!cursor_ok(&l->at))
		layers_failed(l);
}

/* --- in IP ------------------------------------------------------------------------------------------------- */
void decode_ip_in_ip(struct layers *l)
{
	go_into_one(l, decode_ipv4);
}

void decode_ipv6_in_ip(struct layers *l)
{
	go_into_one(l, decode_ipv6);
}

void decode_mpls_in_ip(struct layers *l)
{
	go_into_one(l, decode_mpls);
}

/* RFC 3378: version(4 bits) 3, reserved(12) */
void decode_etherip(struct layers *l)
{
	uint16_t version = cursor_u16be(&l->at);
	if (!cursor_ok(&l->at) || version == 0x3000)
		go_into_one(l, decode_ethernet);
}

void decode_opaque(struct layers *l)
{
	if (!l->quoted)
		l->out->kind = SEGMENT_OPAQUE;
}

/* --- L2TP -------------------------------------------------------------------------------------------------- */
/* A frame that begins with two addresses and the EtherType of an IP header that follows. */
static bool is_ethernet(const struct cursor *c, size_t skip)
{
	const uint8_t *p = cursor_peek(c, skip + 15);
	if (!p)
		return false;
	uint16_t type = load_u16be(p + skip + 12);
	return (type == 0x0800 && p[skip + 14] >> 4 == 4) || (type == 0x86DD && p[skip + 14] >> 4 == 6);
}

/* Version 3: session(4), 0 for control. Both ends have agreed on a cookie of 0, 4 or 8 bytes and on 4 bytes more or
 * none, of which the packet says nothing: what fits is taken. */
static void decode_l2tpv3_session(struct layers *l)
{
	enum { UNSAID_MAX = 12 };
	uint32_t session = cursor_u32be(&l->at);
	if (!cursor_ok(&l->at) || session == 0)
		return;
	for (size_t skip = 0; skip <= UNSAID_MAX; skip += 4) {
		if (!is_ethernet(&l->at, skip))
			continue;
		cursor_skip(&l->at, skip);
		layers_scope(l, SCOPE_L2TP, session);
		go_into_one(l, decode_ethernet);
		return;
	}
}

void decode_l2tpv3(struct layers *l)
{
	l->guessed = true;
	decode_l2tpv3_session(l);
}

/* Version 2: flags and version(2) length(2) tunnel(2) session(2) sequence(4) offset(2), where the flags say so, then
 * PPP. Each side numbers tunnels and sessions for itself. */
static void decode_l2tpv2(struct layers *l, uint16_t flags)
{
	enum { HAS_LENGTH = 0x4000, HAS_SEQUENCE = 0x0800, HAS_OFFSET = 0x0200 };
	cursor_skip(&l->at, flags & HAS_LENGTH ? 2 : 0);
	layers_scope(l, SCOPE_L2TP, cursor_u32be(&l->at));
	cursor_skip(&l->at, flags & HAS_SEQUENCE ? 4 : 0);
	if (flags & HAS_OFFSET)
		cursor_skip(&l->at, cursor_u16be(&l->at));
	go_into_one(l, decode_ppp);
}

void decode_l2tp(struct layers *l)
{
	enum { CONTROL = 0x8000, VERSION = 0x000f };
	uint16_t flags = cursor_u16be(&l->at);
	if (!cursor_ok(&l->at) || flags & CONTROL)
		return;
	if ((flags & VERSION) == 2) {
		decode_l2tpv2(l, flags);
	} else if ((flags & VERSION) == 3) {
		cursor_skip(&l->at, 2);
		decode_l2tpv3_session(l);
	}
}

/* --- overlays ---------------------------------------------------------------------------------------------- */
/* flags(1), bit 3 set: there is a network ID; reserved(3) network(3) reserved(1) */
void decode_vxlan(struct layers *l)
{
	enum { HAS_NETWORK = 0x08 };
	uint8_t flags = cursor_u8(&l->at);
	cursor_skip(&l->at, 3);
	uint32_t network = cursor_u32be(&l->at);
	if (!cursor_ok(&l->at) || !(flags & HAS_NETWORK))
		return;
	layers_scope(l, SCOPE_VXLAN, network >> 8);
	go_into_one(l, decode_ethernet);
}

/* The same where the last reserved byte of the first word names what follows, as bit 2 of the flags says. */
void decode_vxlan_gpe(struct layers *l)
{
	enum { HAS_NETWORK = 0x08, HAS_NEXT = 0x04, NEXT_ETHERNET = 3 };
	static const struct layer_row next[] = { { 1, "IPv4", decode_ipv4 }, { 2, "IPv6", decode_ipv6 },
		                                 { NEXT_ETHERNET, "Ethernet", decode_ethernet },
		                                 { 5, "MPLS", decode_mpls } };
	uint8_t flags = cursor_u8(&l->at);
	cursor_skip(&l->at, 2);
	uint8_t protocol = cursor_u8(&l->at);
	uint32_t network = cursor_u32be(&l->at);
	if (!cursor_ok(&l->at) || !(flags & HAS_NETWORK))
		return;
	layers_scope(l, SCOPE_VXLAN, network >> 8);
	go_into(l, next, LAYERS_LEN(next), flags & HAS_NEXT ? protocol : NEXT_ETHERNET);
}

static void decode_typed(struct layers *l, uint16_t type)
{
	enum { TYPE_ETHERNET = 0x6558 };
	if (type == TYPE_ETHERNET)
		decode_ethernet(l);
	else
		decode_ethertype(l, type);
}

/* version(2 bits) 0, length of options in words(6 bits), flags(1) EtherType(2) network(3) reserved(1), options */
void decode_geneve(struct layers *l)
{
	uint8_t first = cursor_u8(&l->at);
	cursor_skip(&l->at, 1);
	uint16_t type = cursor_u16be(&l->at);
	uint32_t network = cursor_u32be(&l->at) >> 8;
	cursor_skip(&l->at, (first & 0x3f) * 4u);
	if (!cursor_ok(&l->at) || first >> 6 != 0)
		return;
	layers_scope(l, SCOPE_GENEVE, network);
	if (layers_nest(l))
		decode_typed(l, type);
}

/* Flags set, 24 bits of a nonce or version, 32 of instance and locators; then IP. */
void decode_lisp(struct layers *l)
{
	cursor_skip(&l->at, 8);
	go_into_one(l, decode_raw);
}

/* --- mobile networks --------------------------------------------------------------------------------------- */
/* Extension headers: length of all of it in words(1) ... type of the next(1), 0 for the last. */
static void skip_gtp_extensions(struct cursor *c, uint8_t type)
{
	while (cursor_ok(c) && type != 0) {
		size_t len = cursor_u8(c) * 4u;
		if (len == 0)
			cursor_fail(c, CURSOR_INVALID);
		cursor_skip(c, len - 2);
		type = cursor_u8(c);
	}
}

/* version(3 bits) 1, protocol(1) 1, reserved(1), three flags: any adds  sequence(2) number(1) next extension(1).
 * message(1), 255 data; length(2); endpoint(4), which each direction has its own of */
void decode_gtp(struct layers *l)
{
	enum { VERSION_1 = 0x30, FIXED = 0xf0, ANY_FLAG = 0x07, HAS_EXTENSION = 0x04, DATA = 255 };
	uint8_t first = cursor_u8(&l->at), message = cursor_u8(&l->at), extension = 0;
	cursor_skip(&l->at, 2);
	uint32_t endpoint = cursor_u32be(&l->at);
	if (!cursor_ok(&l->at) || (first & FIXED) != VERSION_1 || message != DATA)
		return;
	if (first & ANY_FLAG) {
		cursor_skip(&l->at, 3);
		extension = cursor_u8(&l->at);
	}
	if (first & HAS_EXTENSION)
		skip_gtp_extensions(&l->at, extension);
	layers_scope(l, SCOPE_GTP, endpoint);
	go_into_one(l, decode_raw);
}

/* --- others ------------------------------------------------------------------------------------------------ */
/* Perhaps authentication, 00 01 and its two lengths, and where the packet came from, 00 00; then IPv6. */
void decode_teredo(struct layers *l)
{
	const uint8_t *p = cursor_peek(&l->at, 4);
	if (p && load_u16be(p) == 1)
		cursor_skip(&l->at, 13u + p[2] + p[3]);
	p = cursor_peek(&l->at, 2);
	if (p && load_u16be(p) == 0)
		cursor_skip(&l->at, 8);
	p = cursor_peek(&l->at, 1);
	if (p && p[0] >> 4 == 6)
		go_into_one(l, decode_ipv6);
}

/* A sniffer's copy: version(1) 1, kind(1) 0 or 1, link(2); fields  tag(1) length(1) value  until tag 1; 0 is padding. */
void decode_tzsp(struct layers *l)
{
	enum { TAG_PADDING = 0, TAG_END = 1 };
	static const struct layer_row links[] = { { 1, "Ethernet", decode_ethernet }, { 18, "802.11", decode_80211 } };
	uint8_t version = cursor_u8(&l->at), kind = cursor_u8(&l->at), tag = TAG_PADDING;
	uint16_t link = cursor_u16be(&l->at);
	if (!cursor_ok(&l->at) || version != 1 || kind > 1)
		return;
	while (cursor_ok(&l->at) && (tag = cursor_u8(&l->at)) != TAG_END) {
		if (tag != TAG_PADDING)
			cursor_skip(&l->at, cursor_u8(&l->at));
	}
	go_into(l, links, LAYERS_LEN(links), link);
}

/* ESP has an index that is not 0 where key exchange has a marker of four zeros; one byte alone keeps a NAT awake. */
void decode_nat_t(struct layers *l)
{
	enum { SHORTEST = 8 };
	const uint8_t *p = cursor_peek(&l->at, SHORTEST);
	if (p && load_u32be(p) != 0)
		l->out->kind = SEGMENT_OPAQUE;
}

/* type(1), 4 data, reserved(3) 0 */
void decode_wireguard(struct layers *l)
{
	const uint8_t *p = cursor_peek(&l->at, 4);
	if (p && load_u32be(p) == 0x04000000)
		l->out->kind = SEGMENT_OPAQUE;
}
