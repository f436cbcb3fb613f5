/* Fragments of TCP in every order, with copies, overlaps and gaps, become the segment they were, or are counted. */
#include "capture/fragments.h"

#include <string.h>

#include "capture/decode.h"
#include "tests/unit/packets.h"
#include "tests/unit/unit.h"

enum { RAW = 101 };
#define MS(n) ((int64_t)(n) * 1000000)

/* The data segment of packets.h in 37 bytes, cut where IP may cut: 0, 8, 16, 24, 32. */
static const uint8_t whole[40] = {
	0xc0, 0x00, 0x00, 0x50, 0x11, 0x22, 0x33, 0x45, 0xaa, 0xbb, 0xcc, 0xde, 0x80, 0x18, 0xfa, 0x00, 0xd0, 0x34, 0x00,
	0x00, 0x01, 0x01, 0x08, 0x0a, 0x00, 0x00, 0x00, 0x0b, 0x00, 0x00, 0x00, 0x14, 0x68, 0x65, 0x6c, 0x6c, 0x6f,
};
enum { WHOLE = 37 };

/* A frame of its own: the fragment from..to of the segment, as IPv4 or IPv6 carries it. */
static struct segment fragment(uint64_t number, uint32_t id, uint32_t from, uint32_t to, uint8_t ip_version)
{
	struct bytes b;
	struct segment s;
	uint16_t len = (uint16_t)(to - from);
	bool more = to < WHOLE;
	bytes_init(&b, ORDER_BIG);
	if (ip_version == 4) {
		put_hex(&b, "45 00");
		put_u16(&b, (uint16_t)(20 + len));
		put_u16(&b, (uint16_t)id);
		put_u16(&b, (uint16_t)((more ? 0x2000 : 0) | from / 8));
		put_hex(&b, "40 06 00 00" IPV4_ADDRESSES);
	} else {
		put_hex(&b, "60 00 00 00");
		put_u16(&b, (uint16_t)(8 + len));
		put_hex(&b, "2c 40" IPV6_ADDRESSES "06 00");
		put_u16(&b, (uint16_t)(from | more));
		put_u32(&b, id);
	}
	put(&b, whole + from, len);
	const struct frame f = { .number = number, .time_ns = MS(number), .bytes = b.array->data, .bytes_len = b.array->len,
		                 .wire_len = b.array->len, .linktype = RAW };
	decode_frame(&f, &s);
	CU_ASSERT_EQUAL(s.kind, SEGMENT_FRAGMENT);
	/* what it borrows stays for one call */
	static uint8_t kept[64];
	memcpy(kept, s.tcp, s.tcp_len);
	s.tcp = kept;
	bytes_clear(&b);
	return s;
}

static bool is_whole(const struct segment *s, uint64_t number)
{
	return s->kind == SEGMENT_TCP && s->number == number && s->time_ns == MS(number) && s->source_port == 49152 &&
	       s->target_port == 80 && s->seq == 0x11223345 && s->ack == 0xaabbccde && s->flags == (TCP_PSH | TCP_ACK) &&
	       s->payload_len == 5 && s->ts_value == 11 && s->ttl == 64 && s->tcp == NULL && s->payload == NULL;
}

static bool takes(struct fragments *f, uint64_t number, uint32_t id, uint32_t from, uint32_t to, struct segment *out)
{
	*out = fragment(number, id, from, to, 4);
	return fragments_take(f, out);
}

static void test_in_order(void)
{
	for (uint8_t version = 4; version <= 6; version += 2) {
		struct fragments *f = fragments_new();
		struct segment s = fragment(1, 7, 0, 32, version);
		CU_ASSERT_FALSE(fragments_take(f, &s));
		CU_ASSERT_EQUAL(s.kind, SEGMENT_FRAGMENT);
		CU_ASSERT_EQUAL(fragments_incomplete(f), 1);
		s = fragment(2, 7, 32, WHOLE, version);
		CU_ASSERT_TRUE(fragments_take(f, &s));
		CU_ASSERT_TRUE(is_whole(&s, 2));
		CU_ASSERT_EQUAL(s.anomalies, ANOMALY_REASSEMBLED);
		CU_ASSERT_EQUAL(s.ip_version, version);
		CU_ASSERT_EQUAL(fragments_incomplete(f), 0);
		fragments_free(f);
	}
}

/* Pieces too small for the TCP header, in every order of five. */
static void test_any_order(void)
{
	for (unsigned order = 0; order < 5 * 4 * 3 * 2; order++) {
		unsigned left[] = { 0, 1, 2, 3, 4 }, rest = order, len = 5;
		struct fragments *f = fragments_new();
		struct segment s = { .kind = SEGMENT_NONE };
		for (uint64_t number = 1; len > 0; number++) {
			unsigned pick = rest % len, piece = left[pick];
			rest /= len;
			left[pick] = left[--len];
			bool done = takes(f, number, 7, piece * 8, MIN(piece * 8 + 8, WHOLE), &s);
			CU_ASSERT_EQUAL(done, len == 0);
		}
		CU_ASSERT_TRUE(is_whole(&s, 5));
		fragments_free(f);
	}
}

static void test_copies(void)
{
	struct fragments *f = fragments_new();
	struct segment s;
	CU_ASSERT_FALSE(takes(f, 1, 7, 0, 24, &s));
	CU_ASSERT_FALSE(takes(f, 2, 7, 0, 24, &s));
	CU_ASSERT_TRUE(takes(f, 3, 7, 24, WHOLE, &s));
	CU_ASSERT_EQUAL(s.anomalies, ANOMALY_REASSEMBLED);
	CU_ASSERT_FALSE(takes(f, 4, 7, 24, WHOLE, &s));
	CU_ASSERT_EQUAL(fragments_incomplete(f), 0);
	/* the same ID a while later is another datagram */
	CU_ASSERT_FALSE(takes(f, 20, 7, 0, 24, &s));
	CU_ASSERT_TRUE(takes(f, 21, 7, 24, WHOLE, &s));
	fragments_free(f);
}

static void test_others_stay_apart(void)
{
	struct fragments *f = fragments_new();
	struct segment s;
	CU_ASSERT_FALSE(takes(f, 1, 7, 32, WHOLE, &s));
	CU_ASSERT_FALSE(takes(f, 2, 8, 0, 32, &s));
	s = fragment(3, 7, 0, 32, 4);
	s.scope = 5;
	CU_ASSERT_FALSE(fragments_take(f, &s));
	s = fragment(4, 7, 0, 32, 4);
	s.source[15]++;
	CU_ASSERT_FALSE(fragments_take(f, &s));
	CU_ASSERT_EQUAL(fragments_incomplete(f), 4);
	CU_ASSERT_TRUE(takes(f, 5, 8, 32, WHOLE, &s));
	CU_ASSERT_TRUE(is_whole(&s, 5));
	fragments_free(f);
}

/* The first ones count, whoever comes later with the same bytes. */
static void test_overlaps(void)
{
	struct fragments *f = fragments_new();
	struct segment s;
	CU_ASSERT_FALSE(takes(f, 1, 7, 0, 16, &s));
	s = fragment(2, 7, 8, 32, 4);
	uint8_t other[24] = { 0 }; /* says that numbers and flags are 0 */
	memcpy(other + 8, whole + 16, 16);
	s.tcp = other;
	CU_ASSERT_FALSE(fragments_take(f, &s));
	CU_ASSERT_TRUE(takes(f, 3, 7, 32, WHOLE, &s));
	CU_ASSERT_TRUE(is_whole(&s, 3));
	CU_ASSERT_EQUAL(s.anomalies, ANOMALY_REASSEMBLED | ANOMALY_OVERLAP);
	fragments_free(f);
}

/* An end before what is there already, a second end, a piece that is no multiple of 8, nothing, too much: no harm. */
static void test_lies(void)
{
	struct fragments *f = fragments_new();
	struct segment s;
	CU_ASSERT_FALSE(takes(f, 1, 7, 24, 32, &s));
	s = fragment(2, 7, 0, 16, 4);
	s.fragment_more = false;
	CU_ASSERT_FALSE(fragments_take(f, &s));
	s = fragment(3, 7, 0, 16, 4);
	s.tcp_wire_len = 13;
	CU_ASSERT_FALSE(fragments_take(f, &s));
	s = fragment(4, 7, 0, 16, 4);
	s.tcp_wire_len = s.tcp_len = 0;
	CU_ASSERT_FALSE(fragments_take(f, &s));
	s = fragment(5, 7, 0, 16, 4);
	s.fragment_offset = 65528;
	s.tcp_wire_len = 65528;
	CU_ASSERT_FALSE(fragments_take(f, &s));
	CU_ASSERT_FALSE(takes(f, 6, 7, 32, WHOLE, &s));
	s = fragment(7, 7, 16, 24, 4);
	s.fragment_offset = 40;
	s.fragment_more = false;
	CU_ASSERT_FALSE(fragments_take(f, &s));
	CU_ASSERT_TRUE(takes(f, 8, 7, 0, 24, &s));
	CU_ASSERT_TRUE(is_whole(&s, 8));
	CU_ASSERT_EQUAL(s.anomalies, ANOMALY_REASSEMBLED | ANOMALY_OVERLAP);
	fragments_free(f);
}

/* A later fragment was captured once, then a datagram never is complete. */
static void test_too_late(void)
{
	struct fragments *f = fragments_new();
	struct segment s;
	CU_ASSERT_FALSE(takes(f, 1, 6, 24, WHOLE, &s));
	CU_ASSERT_FALSE(takes(f, 2, 7, 0, 24, &s));
	s = fragment(3, 7, 24, WHOLE, 4);
	s.time_ns = MS(2) + FRAGMENTS_TIME_NS + 1;
	CU_ASSERT_FALSE(fragments_take(f, &s));
	CU_ASSERT_EQUAL(fragments_lost(f), 1);
	CU_ASSERT_EQUAL(fragments_incomplete(f), 3);
	fragments_free(f);
}

static void test_bounded(void)
{
	struct fragments *f = fragments_new();
	struct segment s;
	CU_ASSERT_FALSE(takes(f, 1, 0, 32, WHOLE, &s));
	for (uint32_t id = 1; id <= 20 * FRAGMENTS_DATAGRAMS; id++)
		CU_ASSERT_FALSE(takes(f, 2, id, 32, WHOLE, &s));
	uint64_t lost = fragments_lost(f);
	CU_ASSERT_TRUE(lost >= 20 * FRAGMENTS_DATAGRAMS - FRAGMENTS_DATAGRAMS);
	CU_ASSERT_TRUE(takes(f, 3, 20 * FRAGMENTS_DATAGRAMS, 0, 32, &s)); /* the newest is there */
	CU_ASSERT_EQUAL(fragments_lost(f), lost);
	fragments_free(f);
}

/* A filter for a port lets first fragments pass only. */
static void test_firsts_alone(void)
{
	struct fragments *f = fragments_new();
	struct segment s;
	CU_ASSERT_FALSE(takes(f, 1, 7, 0, 32, &s)); /* the rest may come */
	CU_ASSERT_TRUE(takes(f, 2, 8, 0, 32, &s));  /* it did not */
	CU_ASSERT_EQUAL(s.kind, SEGMENT_TCP);
	CU_ASSERT_EQUAL(s.number, 2);
	CU_ASSERT_EQUAL(s.payload_len, 0);
	CU_ASSERT_EQUAL(s.anomalies, ANOMALY_FIRST_FRAGMENT);
	CU_ASSERT_FALSE(takes(f, 3, 9, 0, 16, &s)); /* of no use without the rest */
	CU_ASSERT_TRUE(takes(f, 4, 10, 0, 32, &s));
	CU_ASSERT_FALSE(takes(f, 5, 11, 32, WHOLE, &s)); /* here is one after all */
	CU_ASSERT_TRUE(takes(f, 6, 11, 0, 32, &s));
	CU_ASSERT_TRUE(is_whole(&s, 6));
	CU_ASSERT_FALSE(takes(f, 7, 12, 0, 32, &s));
	fragments_free(f);
}

/* The capture kept less of each packet than the header needs. */
static void test_snapped(void)
{
	struct fragments *f = fragments_new();
	struct segment s = fragment(1, 7, 0, 32, 4);
	s.tcp_len = 12;
	CU_ASSERT_FALSE(fragments_take(f, &s));
	CU_ASSERT_TRUE(takes(f, 2, 7, 32, WHOLE, &s));
	CU_ASSERT_EQUAL(s.kind, SEGMENT_TRUNCATED);
	fragments_free(f);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{ "in order", test_in_order },
		{ "in any order", test_any_order },
		{ "copies", test_copies },
		{ "others stay apart", test_others_stay_apart },
		{ "overlaps", test_overlaps },
		{ "lies", test_lies },
		{ "too late", test_too_late },
		{ "bounded", test_bounded },
		{ "firsts alone", test_firsts_alone },
		{ "snapped", test_snapped },
		CU_TEST_INFO_NULL,
	};
	return unit_main("fragments", tests);
}
