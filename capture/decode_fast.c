/* The straight line through the frame that nearly all frames are: Ethernet without tags, IPv4 without
 * options and not in fragments, TCP whose header was captured whole and is followed by nothing or by
 * timestamps in the usual layout. Beside it a second one, for the same with one VLAN tag, with IPv6 without
 * extension headers, or with both. Anything else takes the general way; a test compares the two, field by
 * field, on every frame there is.
 *
 * It asks once whether the frame is of that kind, and then reads with plain loads: the one place besides
 * cursor.h that reads bytes, which is why it is this small. Fields are set one by one, and those that depend on the
 * kind are left alone. */
#include "capture/decode.h"

#include <string.h>

#include <glib.h>

#include "capture/cursor.h"
#include "capture/linktype.h"
#include "capture/tcp_options.h"

enum { ETHERNET_BYTES = 14, TAG_BYTES = 4, IPV4_BYTES = 20, IPV6_BYTES = 40, TCP_BYTES = 20, TCP_WITH_TIMESTAMP = 32, PROTOCOL_TCP = 6 };
enum { IPV4_FRAGMENT_MASK = 0x3fff /* more fragments, and the offset */, IPV4_DONT_FRAGMENT = 0x4000 };

/* EtherType 0800, version 4, header of five words: the four bytes at 12, without the type of service. */
static const uint32_t PLAIN_IPV4 = 0x08004500;
/* EtherType 86DD, version 6: the same without traffic class and flow label. */
static const uint32_t PLAIN_IPV6 = 0x86dd6000;
static const uint16_t VLAN_TAG = 0x8100;
/* Padding, padding, timestamp of ten bytes: the layout of RFC 7323 appendix A. */
static const uint32_t PLAIN_TIMESTAMP = 0x0101080a;
static const uint16_t PLAIN_TIMESTAMP_ORDER = 2 | 2 << 3 | 5 << 6;

/* Whether a TCP header follows ip_header bytes of IP that stand at `at`, in a packet of total bytes. Then all bytes
 * through the TCP options are there, and no length lies. */
static inline bool fits(const struct frame *f, uint32_t at, uint32_t ip_header, uint32_t total)
{
	uint32_t header = (f->bytes[at + ip_header + 12] >> 4) * 4u;
	return header >= TCP_BYTES && total >= ip_header + header && f->wire_len - at >= total &&
	       f->bytes_len >= at + ip_header + header;
}

/* The EtherType stands in front of `at`, and at least the shortest headers are there. */
static inline bool is_plain_ipv4(const struct frame *f, uint32_t at)
{
	const uint8_t *ip = f->bytes + at;
	return (load_u32be(ip - 2) & 0xffffff00) == PLAIN_IPV4 && ip[9] == PROTOCOL_TCP &&
	       (load_u16be(ip + 6) & IPV4_FRAGMENT_MASK) == 0 && fits(f, at, IPV4_BYTES, load_u16be(ip + 2));
}

/* A payload length of 0 is a packet before segmentation offload, and no TCP header fits into it. */
static inline bool is_plain_ipv6(const struct frame *f, uint32_t at)
{
	const uint8_t *ip = f->bytes + at;
	return (load_u32be(ip - 2) & 0xfffff000) == PLAIN_IPV6 && ip[6] == PROTOCOL_TCP &&
	       fits(f, at, IPV6_BYTES, IPV6_BYTES + load_u16be(ip + 4));
}

static inline bool is_plain(const struct frame *f)
{
	return f->linktype == LINKTYPE_ETHERNET && f->fcs_len == 0 &&
	       f->bytes_len >= ETHERNET_BYTES + IPV4_BYTES + TCP_BYTES && is_plain_ipv4(f, ETHERNET_BYTES);
}

static inline void store_mapped(uint8_t out[16], const uint8_t *ipv4)
{
	/* As two words, because it is read as two words soon: bytes stored in other pieces would have to be waited for. */
	uint64_t words[2] = { 0, GUINT64_TO_BE(UINT64_C(0xffff) << 32 | load_u32be(ipv4)) };
	memcpy(out, words, sizeof(words));
}

static inline void read_frame(struct segment *out, const struct frame *f, uint32_t scope)
{
	out->number = f->number;
	out->time_ns = f->time_ns;
	out->scope = scope;
	out->direction = f->direction;
	out->has_station = false;
	out->checksum = CHECKSUM_UNKNOWN;
}

static inline void read_ipv4(struct segment *out, const uint8_t *ip)
{
	store_mapped(out->source, ip + 12);
	store_mapped(out->target, ip + 16);
	out->ip_id = load_u16be(ip + 4);
	out->ttl = ip[8];
	out->tos = ip[1];
	out->ip_version = 4;
	out->dont_fragment = load_u16be(ip + 6) & IPV4_DONT_FRAGMENT;
}

static inline void read_ipv6(struct segment *out, const uint8_t *ip)
{
	memcpy(out->source, ip + 8, sizeof(out->source));
	memcpy(out->target, ip + 24, sizeof(out->target));
	out->ip_id = 0;
	out->ttl = ip[7];
	out->tos = (uint8_t)(load_u16be(ip) >> 4);
	out->ip_version = 6;
	out->dont_fragment = false;
}

static inline void read_options(struct segment *out, const uint8_t *tcp, uint32_t header)
{
	out->options = 0;
	out->mss = 0;
	out->ts_value = 0;
	out->ts_echo = 0;
	out->sack_left = 0;
	out->sack_right = 0;
	out->window_scale = 0;
	out->dsack = false;
	out->options_order = 0;
	if (header == TCP_WITH_TIMESTAMP && load_u32be(tcp + TCP_BYTES) == PLAIN_TIMESTAMP) {
		out->options = OPTION_TIMESTAMP;
		out->ts_value = load_u32be(tcp + 24);
		out->ts_echo = load_u32be(tcp + 28);
		out->options_order = PLAIN_TIMESTAMP_ORDER;
	} else if (header > TCP_BYTES) {
		tcp_options_read(out, cursor_new(tcp + TCP_BYTES, header - TCP_BYTES, header - TCP_BYTES));
	}
}

/* captured and wire are the TCP segment's, header included. */
static inline void read_tcp(struct segment *out, const uint8_t *tcp, uint32_t captured, uint32_t wire)
{
	uint32_t header = (tcp[12] >> 4) * 4u;
	out->source_port = load_u16be(tcp);
	out->target_port = load_u16be(tcp + 2);
	out->seq = load_u32be(tcp + 4);
	out->ack = load_u32be(tcp + 8);
	out->payload_len = wire - header;
	out->window = load_u16be(tcp + 14);
	out->tcp_checksum = load_u16be(tcp + 16);
	out->flags = tcp[13];
	out->kind = SEGMENT_TCP;
	out->anomalies = captured < wire ? ANOMALY_SNAPPED : 0;
	read_options(out, tcp, header);
	out->tcp = tcp;
	out->tcp_len = captured;
	out->tcp_wire_len = wire;
	out->payload = captured > header ? tcp + header : NULL;
	out->payload_captured = captured - header;
	out->payload_first = captured > header ? tcp[header] : 0;
}

static inline void decode_plain_ipv4(const struct frame *f, struct segment *out, uint32_t at, uint32_t scope)
{
	const uint8_t *ip = f->bytes + at;
	uint32_t wire = load_u16be(ip + 2) - IPV4_BYTES, captured = f->bytes_len - at - IPV4_BYTES;
	read_frame(out, f, scope);
	read_ipv4(out, ip);
	read_tcp(out, ip + IPV4_BYTES, captured < wire ? captured : wire, wire);
}

static inline void decode_plain_ipv6(const struct frame *f, struct segment *out, uint32_t at, uint32_t scope)
{
	const uint8_t *ip = f->bytes + at;
	uint32_t wire = load_u16be(ip + 4), captured = f->bytes_len - at - IPV6_BYTES;
	read_frame(out, f, scope);
	read_ipv6(out, ip);
	read_tcp(out, ip + IPV6_BYTES, captured < wire ? captured : wire, wire);
}

/* With a tag, or with IPv6. Not in line, so that the most plain frames have the shortest way. */
static __attribute__((noinline)) void decode_less_plain(const struct frame *f, struct segment *out)
{
	uint32_t at = ETHERNET_BYTES, scope = 0;
	bool enough = f->linktype == LINKTYPE_ETHERNET && f->fcs_len == 0 &&
	              f->bytes_len >= ETHERNET_BYTES + TAG_BYTES + IPV4_BYTES + TCP_BYTES;
	if (enough && load_u16be(f->bytes + 12) == VLAN_TAG) {
		at += TAG_BYTES;
		scope = load_u16be(f->bytes + 14) & 0x0fff;
	}
	if (enough && is_plain_ipv4(f, at))
		decode_plain_ipv4(f, out, at, scope);
	else if (enough && f->bytes_len >= at + IPV6_BYTES + TCP_BYTES && is_plain_ipv6(f, at))
		decode_plain_ipv6(f, out, at, scope);
	else
		decode_frame_general(f, out);
}

/* In one piece: GCC would put the question whether a frame is plain where this is called, and all that it asked for would be
 * loaded again. */
__attribute__((noinline)) void decode_frame(const struct frame *frame, struct segment *out)
{
	if (is_plain(frame))
		decode_plain_ipv4(frame, out, ETHERNET_BYTES, 0);
	else
		decode_less_plain(frame, out);
}
