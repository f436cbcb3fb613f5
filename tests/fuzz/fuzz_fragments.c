/* Fragments in any order through decode and what puts them together: what becomes whole is a segment like any other, of
 * at most the bytes that a datagram can have, and counts only grow.
 *
 *    for each fragment: which datagram, IPv6(1 bit) and time(1, 2: milliseconds, big-endian)
 *                       offset field of IPv4(2, big-endian) bytes that follow(1) bytes on the wire beyond those(1)
 *                       the bytes, as far as there are */
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "capture/cursor.h"
#include "capture/decode.h"
#include "capture/fragments.h"
#include "tests/fuzz/fuzz.h"

enum { LINKTYPE = 101, IPV4 = 20, IPV6 = 40, FRAGMENT_HEADER = 8, FRAME_MAX = IPV6 + FRAGMENT_HEADER + 255, IPV6_FLAG = 0x80 };
enum { DATAGRAM_MAX = 65535 };

struct piece {
	uint8_t which;
	uint16_t time_ms, field;
	uint8_t more_on_wire;
	const uint8_t *bytes;
	size_t len;
};

struct feeding {
	struct fragments *fragments;
	uint64_t number, lost;
	int64_t time_ns;
};

static bool next_piece(struct cursor *c, struct piece *out)
{
	out->which = cursor_u8(c);
	out->time_ms = cursor_u16be(c);
	out->field = cursor_u16be(c);
	out->len = cursor_u8(c);
	out->more_on_wire = cursor_u8(c);
	if (!cursor_ok(c))
		return false;
	out->len = MIN(out->len, c->left);
	out->bytes = cursor_take(c, out->len);
	return true;
}

static void put_u16(uint8_t *to, size_t value)
{
	to[0] = (uint8_t)(value >> 8);
	to[1] = (uint8_t)value;
}

static size_t put_ipv4(uint8_t *to, const struct piece *p)
{
	memset(to, 0, IPV4);
	to[0] = 0x45;
	put_u16(to + 2, IPV4 + p->len + p->more_on_wire);
	to[5] = p->which;
	put_u16(to + 6, p->field & 0x3fff);
	to[8] = 64;
	to[9] = 6;
	to[15] = p->which & 1;
	return IPV4;
}

static size_t put_ipv6(uint8_t *to, const struct piece *p)
{
	uint16_t field = (uint16_t)(p->field << 3 | (p->field >> 13 & 1));

	memset(to, 0, IPV6 + FRAGMENT_HEADER);
	to[0] = 0x60;
	put_u16(to + 4, FRAGMENT_HEADER + p->len + p->more_on_wire);
	to[6] = 44;
	to[7] = 64;
	to[23] = p->which & 1;
	to[IPV6] = 6;
	put_u16(to + IPV6 + 2, field);
	to[IPV6 + 7] = p->which;
	return IPV6 + FRAGMENT_HEADER;
}

static void check_whole(const struct segment *s, const struct feeding *f)
{
	g_assert(s->kind == SEGMENT_TCP || s->kind == SEGMENT_INVALID || s->kind == SEGMENT_TRUNCATED);
	g_assert(s->number == f->number && s->time_ns == f->time_ns);
	g_assert(s->tcp == NULL && s->payload == NULL && s->payload_captured == 0);
	g_assert(s->kind != SEGMENT_TCP || s->payload_len <= DATAGRAM_MAX);
}

static void feed(struct feeding *f, const struct piece *p)
{
	uint8_t *bytes = malloc(FRAME_MAX);
	size_t header = p->which & IPV6_FLAG ? put_ipv6(bytes, p) : put_ipv4(bytes, p);
	struct frame frame = {.number = ++f->number, .linktype = LINKTYPE, .bytes = bytes};
	struct segment s;

	if (p->len > 0)
		memcpy(bytes + header, p->bytes, p->len);
	frame.bytes_len = (uint32_t)(header + p->len);
	frame.wire_len = frame.bytes_len + p->more_on_wire;
	frame.time_ns = f->time_ns += (int64_t)(int16_t)p->time_ms * 1000000;
	decode_frame(&frame, &s);
	if (s.kind == SEGMENT_FRAGMENT && fragments_take(f->fragments, &s))
		check_whole(&s, f);
	free(bytes);
	g_assert(fragments_lost(f->fragments) >= f->lost);
	f->lost = fragments_lost(f->fragments);
	g_assert(fragments_incomplete(f->fragments) >= f->lost && fragments_incomplete(f->fragments) <= f->number);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct feeding f = {.fragments = fragments_new(), .time_ns = INT64_C(1750000000) * 1000000000};
	struct cursor c = cursor_new(data, size, size);
	struct piece p;

	while (next_piece(&c, &p))
		feed(&f, &p);
	fragments_free(f.fragments);
	return 0;
}
