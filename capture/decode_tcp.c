/* The TCP header, RFC 9293 §3.1.
 *
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * |          source port          |          target port          |
 * |                        sequence number                        |
 * |                     acknowledgment number                     |
 * | offset|reserved|    flags     |            window             |
 * |           checksum            |        urgent pointer         |
 * |                     options, up to offset                     |
 */
#include "capture/layers.h"
#include "capture/tcp_options.h"

enum { TCP_HEADER_MIN = 20, TCP_THROUGH_WINDOW = 16, TCP_THROUGH_CHECKSUM = 18, TCP_QUOTED_MIN = 8 };

static void read_ports_and_seq(struct segment *s, struct cursor *c)
{
	s->source_port = cursor_u16be(c);
	s->target_port = cursor_u16be(c);
	s->seq = cursor_u32be(c);
}

/* Returns the header's length as it says. */
static size_t read_through_window(struct segment *s, struct cursor *c)
{
	read_ports_and_seq(s, c);
	s->ack = cursor_u32be(c);
	uint16_t offset_and_flags = cursor_u16be(c);
	s->flags = offset_and_flags & 0xff;
	s->window = cursor_u16be(c);
	return (offset_and_flags >> 12) * 4u;
}

/* A header that claims to be longer than its packet lies. */
static uint8_t kind_of(const struct segment *s, size_t header_len)
{
	return header_len < TCP_HEADER_MIN || header_len > s->tcp_wire_len ? SEGMENT_INVALID : SEGMENT_TCP;
}

/* The cursor stands behind the window field. */
static void read_options_and_payload(struct segment *s, struct cursor *c, size_t header_len)
{
	struct cursor rest = cursor_child(c, header_len - TCP_THROUGH_WINDOW);
	s->tcp_checksum = cursor_u16be(&rest);
	cursor_skip(&rest, TCP_HEADER_MIN - TCP_THROUGH_CHECKSUM);
	if (cursor_ok(&rest))
		tcp_options_read(s, rest);
	else if (header_len > TCP_HEADER_MIN)
		s->anomalies |= ANOMALY_OPTION_CUT;
	s->payload_len = (uint32_t)c->wire;
	s->payload_captured = (uint32_t)c->left;
	s->payload = c->left > 0 ? c->at : NULL;
	s->payload_first = c->left > 0 ? *c->at : 0;
}

/* An ICMP error quotes at least 8 bytes (RFC 792): what lies behind is read as far as it goes. */
static void decode_quoted(struct layers *l)
{
	struct segment *s = l->out;
	struct cursor c = l->at;
	if (c.left >= TCP_THROUGH_WINDOW) {
		size_t header_len = read_through_window(s, &c);
		if (kind_of(s, header_len) == SEGMENT_TCP)
			read_options_and_payload(s, &c, header_len);
	} else {
		read_ports_and_seq(s, &c);
	}
	if (s->tcp_len >= TCP_QUOTED_MIN)
		s->kind = SEGMENT_ICMP_ERROR;
}

void decode_tcp(struct layers *l)
{
	struct segment *s = l->out;
	s->tcp = l->at.at;
	s->tcp_len = (uint32_t)l->at.left;
	s->tcp_wire_len = (uint32_t)l->at.wire;
	if (l->quoted) {
		decode_quoted(l);
		return;
	}
	if (l->at.left < l->at.wire)
		s->anomalies |= ANOMALY_SNAPPED;
	size_t header_len = read_through_window(s, &l->at);
	if (!cursor_ok(&l->at)) {
		s->kind = SEGMENT_TRUNCATED;
		layers_failed(l);
		return;
	}
	s->kind = kind_of(s, header_len);
	if (s->kind == SEGMENT_TCP)
		read_options_and_payload(s, &l->at, header_len);
}
