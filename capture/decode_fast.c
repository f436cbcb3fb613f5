/* The straight line through the frame that nearly all frames are: Ethernet without tags, IPv4 without
 * options and not in fragments, TCP whose header was captured whole and is followed by nothing or by
 * timestamps in the usual layout. Anything else takes the general way; a test compares the two, field by
 * field, on every frame there is.
 *
 * It asks once whether the frame is of that kind, and then reads with plain loads: the one place besides
 * cursor.h that reads bytes, which is why it is this small. Fields are set one by one, in the order they
 * lie in memory, and those that only an ICMP error has are left alone. */
#include "capture/decode.h"

#include <string.h>

#include <glib.h>

#include "capture/cursor.h"
#include "capture/linktype.h"
#include "capture/tcp_options.h"

enum { ETHERNET_BYTES = 14, IPV4_BYTES = 20, TCP_BYTES = 20, TCP_WITH_TIMESTAMP = 32, PROTOCOL_TCP = 6 };
enum { IPV4_FRAGMENT_MASK = 0x3fff /* more fragments, and the offset */, IPV4_DONT_FRAGMENT = 0x4000 };

/* EtherType 0800, version 4, header of five words: the four bytes at 12, without the type of service. */
static const uint32_t PLAIN_IPV4 = 0x08004500;
/* Padding, padding, timestamp of ten bytes: the layout of RFC 7323 appendix A. */
static const uint32_t PLAIN_TIMESTAMP = 0x0101080a;
static const uint16_t PLAIN_TIMESTAMP_ORDER = 2 | 2 << 3 | 5 << 6;

/* Whether the frame is plain. Then all bytes through the TCP options are there, and no length lies. */
static inline bool is_plain(const struct frame *f)
{
	if (f->linktype != LINKTYPE_ETHERNET || f->fcs_len != 0 ||
	    f->bytes_len < ETHERNET_BYTES + IPV4_BYTES + TCP_BYTES)
		return false;
	const uint8_t *ip = f->bytes + ETHERNET_BYTES, *tcp = ip + IPV4_BYTES;
	if ((load_u32be(f->bytes + 12) & 0xffffff00) != PLAIN_IPV4 || ip[9] != PROTOCOL_TCP ||
	    (load_u16be(ip + 6) & IPV4_FRAGMENT_MASK) != 0)
		return false;
	uint32_t total = load_u16be(ip + 2), header = (tcp[12] >> 4) * 4u;
	return header >= TCP_BYTES && total >= IPV4_BYTES + header &&
	       f->wire_len - ETHERNET_BYTES >= total &&
	       f->bytes_len >= ETHERNET_BYTES + IPV4_BYTES + header;
}

static inline void store_mapped(uint8_t out[16], const uint8_t *ipv4)
{
	/* As two words, because it is read as two words soon: bytes stored in other pieces would have to be waited for. */
	uint64_t words[2] = { 0, GUINT64_TO_BE(UINT64_C(0xffff) << 32 | load_u32be(ipv4)) };
	memcpy(out, words, sizeof(words));
}

static inline void read_ip(struct segment *out, const struct frame *f, const uint8_t *ip)
{
	out->number = f->number;
	out->time_ns = f->time_ns;
	store_mapped(out->source, ip + 12);
	store_mapped(out->target, ip + 16);
	out->scope = 0;
	out->ip_id = load_u16be(ip + 4);
	out->ttl = ip[8];
	out->tos = ip[1];
	out->ip_version = 4;
	out->dont_fragment = load_u16be(ip + 6) & IPV4_DONT_FRAGMENT;
	out->direction = f->direction;
	out->has_station = false;
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
	out->flags = tcp[13];
	out->kind = SEGMENT_TCP;
	out->anomalies = captured < wire ? ANOMALY_SNAPPED : 0;
	read_options(out, tcp, header);
	out->tcp = tcp;
	out->tcp_len = captured;
	out->tcp_wire_len = wire;
	out->payload = captured > header ? tcp + header : NULL;
	out->payload_captured = captured - header;
}

void decode_frame(const struct frame *frame, struct segment *out)
{
	if (!is_plain(frame)) {
		decode_frame_general(frame, out);
		return;
	}
	const uint8_t *ip = frame->bytes + ETHERNET_BYTES;
	uint32_t wire = load_u16be(ip + 2) - IPV4_BYTES;
	uint32_t captured = frame->bytes_len - ETHERNET_BYTES - IPV4_BYTES;
	read_ip(out, frame, ip);
	read_tcp(out, ip + IPV4_BYTES, captured < wire ? captured : wire, wire);
}
