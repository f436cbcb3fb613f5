#include "capture/excerpt.h"

#include <stdbool.h>

#include <glib.h>

#include "capture/cursor.h"

enum { TCP_HEADER_MIN = 20, TCP_OFFSET_AT = 12 };

/* The TCP header, as far as it was captured. */
static uint32_t header_len(const struct segment *s)
{
	if (s->tcp_len <= TCP_OFFSET_AT)
		return s->tcp_len;
	uint32_t told = (s->tcp[TCP_OFFSET_AT] >> 4) * 4u;
	return MIN(MAX(told, TCP_HEADER_MIN), s->tcp_len);
}

/* Of tiny fragments the second and third may hold the rest of it. */
static uint32_t header_in_fragment(const struct segment *s)
{
	if (s->fragment_offset == 0)
		return header_len(s);
	return s->fragment_offset < TCP_HEADER_MIN ? TCP_HEADER_MIN - s->fragment_offset : 0;
}

/* A TLS record that ends a conversation: an alert, or what TLS 1.3 makes of one, in one segment of its own. What an alert
 * says may be encrypted; its two bytes do no harm then. */
static uint32_t farewell_len(const struct segment *s)
{
	enum { RECORD_HEAD = 5, ALERT = 21, APPLICATION_DATA = 23, TLS_MAJOR = 3, TLS13_ALERT_BYTES = 19 };
	const uint8_t *p = s->payload;
	if (s->payload_captured < RECORD_HEAD || p[1] != TLS_MAJOR)
		return 0;
	if (p[0] == ALERT)
		return MIN(s->payload_captured, EXCERPT_ALERT_BYTES);
	bool hidden = p[0] == APPLICATION_DATA && load_u16be(p + 3) == TLS13_ALERT_BYTES &&
	              s->payload_len == RECORD_HEAD + TLS13_ALERT_BYTES;
	return hidden ? RECORD_HEAD : 0;
}

uint32_t excerpt_payload_len(const struct segment *s)
{
	if (s->kind != SEGMENT_TCP || !s->payload)
		return 0;
	return s->flags & TCP_RST ? MIN(s->payload_captured, EXCERPT_REASON_BYTES) : farewell_len(s);
}

/* Up to so many bytes behind where TCP begins; nothing when that is not within the frame. */
static uint32_t through_tcp(const struct frame *frame, const struct segment *s, uint32_t len)
{
	if (!s->tcp || s->tcp < frame->bytes || s->tcp > frame->bytes + frame->bytes_len)
		return 0;
	uint32_t before = (uint32_t)(s->tcp - frame->bytes);
	return MIN(before + len, frame->bytes_len);
}

uint32_t excerpt_len(const struct frame *frame, const struct segment *segment)
{
	switch (segment->kind) {
	case SEGMENT_TCP:
	case SEGMENT_ICMP_ERROR:
	case SEGMENT_TRUNCATED:
		return through_tcp(frame, segment, header_len(segment) + excerpt_payload_len(segment));
	case SEGMENT_FRAGMENT:
		return through_tcp(frame, segment, header_in_fragment(segment));
	case SEGMENT_NOTICE:
		return MIN(frame->bytes_len, EXCERPT_NOTICE_BYTES);
	default:
		return 0;
	}
}
