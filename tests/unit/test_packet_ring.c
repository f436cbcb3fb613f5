/* The last packets, in a block that never grows: what is found again, and when it is gone. */
#include "capture/packet_ring.h"

#include <string.h>

#include <glib.h>

#include "tests/unit/unit.h"

enum { SIZE = 4096 };

static const uint8_t *add(struct packet_ring *r, uint64_t number, uint32_t len, uint32_t tag)
{
	uint8_t bytes[1024];
	struct frame f = {.number = number, .time_ns = (int64_t)number * 10, .bytes = bytes, .bytes_len = len,
	                  .wire_len = len + 1, .linktype = 1, .interface = 3, .direction = FRAME_OUTBOUND};

	memset(bytes, (int)number & 0xff, len);
	f.bytes = packet_ring_add(r, &f);
	if (tag)
		packet_ring_tag(r, &f, tag);
	return f.bytes;
}

static bool is_intact(const struct ring_record *record)
{
	for (uint32_t i = 0; i < record->bytes_len; i++)
		if (ring_record_bytes(record)[i] != (record->number & 0xff))
			return false;
	return true;
}

static void is_found_by_tag(void)
{
	struct packet_ring *r = packet_ring_new(SIZE);
	const struct ring_record *record;
	struct frame f;

	add(r, 1, 60, 7);
	add(r, 2, 61, 8);
	add(r, 3, 62, 7);
	add(r, 4, 63, 0);
	record = packet_ring_find(r, 7);
	CU_ASSERT_PTR_NOT_NULL_FATAL(record);
	f = ring_record_frame(record);
	CU_ASSERT_EQUAL(f.number, 3);
	CU_ASSERT_EQUAL(f.time_ns, 30);
	CU_ASSERT_EQUAL(f.bytes_len, 62);
	CU_ASSERT_EQUAL(f.wire_len, 63);
	CU_ASSERT_EQUAL(f.linktype, 1);
	CU_ASSERT_EQUAL(f.interface, 3);
	CU_ASSERT_EQUAL(f.direction, FRAME_OUTBOUND);
	record = packet_ring_next(r, record);
	CU_ASSERT_PTR_NOT_NULL_FATAL(record);
	CU_ASSERT_EQUAL(record->number, 1);
	CU_ASSERT_PTR_NULL(packet_ring_next(r, record));
	CU_ASSERT_PTR_NULL(packet_ring_find(r, 9));
	packet_ring_free(r);
}

/* Two that fall into the same bucket. */
static void tags_of_a_bucket_are_told_apart(void)
{
	struct packet_ring *r = packet_ring_new(SIZE);
	const uint32_t one = 0x00000007, other = 0x00010006; /* (tag ^ tag >> 16) is 7 for both */

	add(r, 1, 60, one);
	add(r, 2, 60, other);
	CU_ASSERT_EQUAL(packet_ring_find(r, one)->number, 1);
	CU_ASSERT_EQUAL(packet_ring_find(r, other)->number, 2);
	CU_ASSERT_PTR_NULL(packet_ring_next(r, packet_ring_find(r, one)));
	packet_ring_free(r);
}

/* However the lengths fall, what is found is whole, newest first, without a gap, and the oldest go first. */
static void the_oldest_make_room(void)
{
	struct packet_ring *r = packet_ring_new(SIZE);
	unsigned seed = 1;

	for (uint64_t number = 1; number <= 20000; number++) {
		uint64_t expected = number;
		size_t bytes = 0;

		seed = seed * 1103515245 + 12345;
		add(r, number, seed >> 16 & 0x3ff, 5);
		for (const struct ring_record *f = packet_ring_find(r, 5); f; f = packet_ring_next(r, f)) {
			CU_ASSERT_EQUAL_FATAL(f->number, expected);
			CU_ASSERT_TRUE_FATAL(is_intact(f));
			expected--;
			bytes += sizeof *f + f->bytes_len;
		}
		CU_ASSERT_TRUE_FATAL(bytes <= SIZE);
		CU_ASSERT_TRUE_FATAL(expected == 0 || bytes >= SIZE - 3 * (1024 + sizeof(struct ring_record)));
	}
	packet_ring_free(r);
}

static void the_least_ring_keeps_so_many(void)
{
	enum { COUNT = 128, SNAPLEN = 320 };
	struct packet_ring *r = packet_ring_new(packet_ring_least(COUNT, SNAPLEN));
	const uint8_t *kept[COUNT];

	for (uint64_t number = 0; number < 3000; number++) {
		kept[number % COUNT] = add(r, number, SNAPLEN - number % 7, 0);
		for (uint64_t before = number < COUNT ? 0 : number - COUNT + 1; before <= number; before++)
			CU_ASSERT_EQUAL_FATAL(kept[before % COUNT][0], before & 0xff);
	}
	packet_ring_free(r);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"found by tag", is_found_by_tag},
		{"tags of a bucket are told apart", tags_of_a_bucket_are_told_apart},
		{"the oldest make room", the_oldest_make_room},
		{"the least ring keeps so many", the_least_ring_keeps_so_many},
		CU_TEST_INFO_NULL,
	};

	return unit_main("the ring of packets", tests);
}
