/* IPv4 (RFC 791) and IPv6 (RFC 8200), down to what they carry.
 *
 * How long a packet is, is said twice: by the IP header and by the frame. The header wins, because the frame
 * is padded (Ethernet to 60 bytes) or cut, except where it says 0: then the packet was captured before the
 * network card cut it into pieces (segmentation offload), or is larger than the field (BIG TCP, RFC 2675),
 * and all of the frame is the packet. */
#include "capture/layers.h"

#include <string.h>

enum { PROTOCOL_HOP_BY_HOP = 0, PROTOCOL_TCP = 6, PROTOCOL_FRAGMENT = 44, PROTOCOL_AH = 51,
       PROTOCOL_NONE = 59 };
enum { IPV4_HEADER_MIN = 20, IPV4_DONT_FRAGMENT = 0x4000, IPV4_MORE_FRAGMENTS = 0x2000 };

/* Extension headers in one packet. Real ones have one or two. */
enum { EXTENSIONS_MAX = 32 };

static const struct layer_row transports[] = {
	{ PROTOCOL_TCP, "TCP", decode_tcp },
	{ 17, "UDP", decode_udp },
	{ 1, "ICMP", decode_icmp },
	{ 58, "ICMPv6", decode_icmpv6 },
	{ 47, "GRE", decode_gre },
	{ 4, "IPv4 in IP", decode_ip_in_ip },
	{ 41, "IPv6 in IP", decode_ipv6_in_ip },
	{ 50, "ESP", decode_opaque },
	{ 97, "Ethernet in IP", decode_etherip },
	{ 108, "IPComp", decode_opaque },
	{ 115, "L2TPv3", decode_l2tpv3 },
	{ 137, "MPLS in IP", decode_mpls_in_ip },
};

/* What is known of the fragmentation of a packet. */
struct fragment {
	uint32_t id;
	uint16_t offset; /* units of 8 bytes; nonzero in all but the first */
	bool more;
};

/* A piece of TCP is for fragments.h, which knows the others. Of anything else the first piece is read as far as it
 * goes: a tunnel's has the headers of the packet in it, which say how long that is. What an ICMP error quotes is no
 * more than a beginning anyway. True when there is nothing more to read. */
static bool stop_at_fragment(struct layers *l, struct fragment f, uint8_t protocol)
{
	struct segment *s = l->out;
	if (f.offset == 0 && !f.more)
		return false;
	l->in_fragment = true;
	if (protocol != PROTOCOL_TCP || l->quoted)
		return f.offset != 0;
	s->kind = SEGMENT_FRAGMENT;
	s->fragment_id = f.id;
	s->fragment_offset = f.offset * 8u;
	s->fragment_more = f.more;
	s->tcp = l->at.at;
	s->tcp_len = (uint32_t)l->at.left;
	s->tcp_wire_len = (uint32_t)l->at.wire;
	return true;
}

static void decode_transport(struct layers *l, uint8_t protocol)
{
	layers_go_on(l, transports, LAYERS_LEN(transports), protocol);
}

/* The packet has payload_len bytes from here, as its header says. */
static void set_length(struct layers *l, size_t payload_len)
{
	if (payload_len > l->at.wire) {
		if (!l->quoted && !l->in_fragment) /* those are cut by whoever made them */
			l->out->anomalies |= ANOMALY_LENGTH_SHORT;
		l->at.wire = payload_len;
	}
	cursor_trim(&l->at, payload_len);
}

/* --- extension headers ----------------------------------------------------------------------------------- */
/* Each says what follows it and how long it is, in a unit of its own. */
static const struct extension {
	uint8_t number;
	uint8_t unit;  /* bytes the length counts */
	uint8_t extra; /* units on top of the length */
} extensions[] = {
	{ PROTOCOL_HOP_BY_HOP, 8, 1 }, { 43, 8, 1 },  /* routing */
	{ 60, 8, 1 },                                 /* destination options */
	{ PROTOCOL_AH, 4, 2 },         { 135, 8, 1 }, /* authentication, RFC 4302; mobility, RFC 6275 */
	{ 139, 8, 1 },                 { 140, 8, 1 }, /* host identity, RFC 7401; shim6, RFC 5533 */
};

static const struct extension *find_extension(uint8_t number)
{
	for (size_t i = 0; i < sizeof(extensions) / sizeof(extensions[0]); i++) {
		if (extensions[i].number == number)
			return &extensions[i];
	}
	return NULL;
}

/* next(1) length(1) ... ; returns what follows */
static uint8_t skip_extension(struct cursor *c, const struct extension *e)
{
	uint8_t next = cursor_u8(c);
	size_t len = ((size_t)cursor_u8(c) + e->extra) * e->unit;
	cursor_skip(c, len - 2);
	return next;
}

/* next(1) reserved(1) offset(13 bits) reserved(2) more(1) identification(4); returns what follows */
static uint8_t read_fragment_header(struct cursor *c, struct fragment *f)
{
	uint8_t next = cursor_u8(c);
	cursor_skip(c, 1);
	uint16_t field = cursor_u16be(c);
	*f = (struct fragment){ .id = cursor_u32be(c), .offset = field >> 3, .more = field & 1 };
	return next;
}

static void decode_after_extensions(struct layers *l, uint8_t protocol)
{
	for (int n = 0; n < EXTENSIONS_MAX && cursor_ok(&l->at); n++) {
		const struct extension *e = find_extension(protocol);
		struct fragment f = { 0 };
		if (protocol == PROTOCOL_FRAGMENT)
			protocol = read_fragment_header(&l->at, &f);
		else if (e)
			protocol = skip_extension(&l->at, e);
		else
			break;
		if (cursor_ok(&l->at) && stop_at_fragment(l, f, protocol))
			return;
	}
	decode_transport(l, protocol);
}

/* --- IPv6 -------------------------------------------------------------------------------------------------- */
/*  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * |  6    | traffic class |              flow label               |
 * |        payload length         |     next      |   hop limit   |
 * |                      source, then target                      | */
void decode_ipv6(struct layers *l)
{
	struct segment *s = l->out;
	uint32_t first = cursor_u32be(&l->at);
	uint16_t payload_len = cursor_u16be(&l->at);
	uint8_t next = cursor_u8(&l->at);
	uint8_t hop_limit = cursor_u8(&l->at);
	cursor_copy(&l->at, s->source, 16);
	cursor_copy(&l->at, s->target, 16);
	if (cursor_ok(&l->at) && first >> 28 != 6)
		cursor_fail(&l->at, CURSOR_INVALID);
	if (!cursor_ok(&l->at)) {
		layers_failed(l);
		return;
	}
	s->ip_version = 6;
	s->tos = first >> 20 & 0xff;
	s->ttl = hop_limit;
	s->ip_id = 0;
	s->dont_fragment = false;
	if (payload_len == 0 && next != PROTOCOL_NONE)
		s->anomalies |= ANOMALY_IP_TOTAL_ZERO;
	else
		set_length(l, payload_len);
	decode_after_extensions(l, next);
}

/* --- IPv4 -------------------------------------------------------------------------------------------------- */
static void map_ipv4(struct cursor *c, uint8_t out[16])
{
	memset(out, 0, 10);
	memset(out + 10, 0xff, 2);
	cursor_copy(c, out + 12, 4);
}

/* The length of the header, from its first byte; 0 when that is no IPv4. */
static size_t ipv4_header_len(uint8_t first)
{
	size_t len = (first & 15u) * 4;
	return first >> 4 == 4 && len >= IPV4_HEADER_MIN ? len : 0;
}

static void decode_ipv4_payload(struct layers *l, uint16_t fragment, uint8_t protocol)
{
	struct fragment f = { .id = l->out->ip_id, .offset = fragment & 0x1fff, .more = fragment & IPV4_MORE_FRAGMENTS };
	if (stop_at_fragment(l, f, protocol))
		return;
	if (protocol == PROTOCOL_AH)
		decode_after_extensions(l, protocol);
	else
		decode_transport(l, protocol);
}

/* Ends the header: checks its lengths and steps over its options. */
static void end_ipv4_header(struct layers *l, uint8_t first, uint16_t total, uint8_t protocol)
{
	size_t header_len = ipv4_header_len(first);
	if (header_len == 0 || (total != 0 && total < header_len)) {
		cursor_fail(&l->at, CURSOR_INVALID);
	} else if (total == 0) {
		l->out->anomalies |= ANOMALY_IP_TOTAL_ZERO;
	} else {
		set_length(l, total - (size_t)IPV4_HEADER_MIN);
	}
	if (cursor_ok(&l->at))
		cursor_skip(&l->at, header_len - IPV4_HEADER_MIN);
	if (l->at.status == CURSOR_TRUNCATED && protocol == PROTOCOL_TCP && !l->quoted)
		l->out->kind = SEGMENT_TRUNCATED;
}

/*  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * |  4    |header |type of service|         total length          |
 * |        identification         | |D|M|  fragment offset        |
 * |  time to live |   protocol    |            checksum           |
 * |  source                        |  target, then options        | */
void decode_ipv4(struct layers *l)
{
	struct segment *s = l->out;
	uint8_t first = cursor_u8(&l->at);
	uint8_t tos = cursor_u8(&l->at);
	uint16_t total = cursor_u16be(&l->at);
	uint16_t id = cursor_u16be(&l->at);
	uint16_t fragment = cursor_u16be(&l->at);
	uint8_t ttl = cursor_u8(&l->at);
	uint8_t protocol = cursor_u8(&l->at);
	cursor_skip(&l->at, 2);
	map_ipv4(&l->at, s->source);
	map_ipv4(&l->at, s->target);
	if (cursor_ok(&l->at))
		end_ipv4_header(l, first, total, protocol);
	if (!cursor_ok(&l->at)) {
		layers_failed(l);
		return;
	}
	s->ip_version = 4;
	s->tos = tos;
	s->ttl = ttl;
	s->ip_id = id;
	s->dont_fragment = fragment & IPV4_DONT_FRAGMENT;
	decode_ipv4_payload(l, fragment, protocol);
}
