/* Every frame of every capture at hand, cut at every length, in front of an inaccessible page: decoding
 * reads nothing that is not there, and the fast way and the general way agree on all of it. */
#include "capture/decode.h"

#include "capture/source.h"
#include "tests/unit/every_capture.h"
#include "tests/unit/packets.h"
#include "tests/unit/unit.h"

/* Headers end long before: a longer prefix only has more payload. */
enum { LONGEST_PREFIX = 320, LONGEST_FRAME = 262144, MAX_FRAMES = 64, LINKTYPES = 300 };

static struct guard_page *page;
static size_t decoded;

static void decode_cut(const struct frame *frame, uint32_t len, uint32_t wire_len)
{
	struct frame cut = *frame;
	cut.bytes_len = len;
	cut.wire_len = wire_len;
	cut.bytes = guard_page_place(page, frame->bytes, len);
	struct segment s = decode_both_ways(&cut);
	if (!segment_fits(&s, &cut))
		CU_FAIL("the segment does not fit its frame");
	segment_checksum(&s);
	decoded++;
}

/* Cut by the snap length, and as if the wire had no more. */
static void decode_prefixes(const struct frame *frame)
{
	for (uint32_t len = 0; len <= MIN(frame->bytes_len, LONGEST_PREFIX); len++) {
		decode_cut(frame, len, frame->wire_len);
		decode_cut(frame, len, len);
	}
	decode_cut(frame, MIN(frame->bytes_len, LONGEST_FRAME), frame->wire_len);
}

static void decode_file(const char *path, void *user)
{
	static struct frame frames[MAX_FRAMES];
	struct source *s = source_open(path, NULL);
	size_t n;
	(void)user;
	while (s && (n = source_next_batch(s, frames, MAX_FRAMES, NULL)) > 0) {
		for (size_t i = 0; i < n; i++)
			decode_prefixes(&frames[i]);
	}
	source_free(s);
}

static void test_every_capture(void)
{
	CU_ASSERT_TRUE(every_capture(decode_file, NULL) > 0);
	printf("(%u decoded) ", (unsigned)decoded);
}

/* The same bytes as if they came from any other link: nothing fits, and nothing may be trusted. */
static void test_every_link_type(void)
{
	static const char *const packets[] = {
		ETHERNET_IPV4 IPV4_DATA,
		ETHERNET_IPV6 IPV6_DATA,
		"45 c0 00 38 00 00 00 00 3f 01 00 00 cb 00 71 09 c0 00 02 01 03 04 00 00 00 00 05 78" IPV4_DATA,
		MAC_ADDRESSES "88 64 11 00 00 05 00 3b 00 21" IPV4_DATA,
		"02 00 00 01 08 00 01 00 08 00 01 00 3d 00 09 00" IPV4_DATA,
		"00 04 00 01 00 06 02 00 00 00 00 01 00 00 81 00 00 08 08 00" IPV4_DATA,
		"ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff",
	};
	for (size_t i = 0; i < G_N_ELEMENTS(packets); i++) {
		struct bytes b;
		bytes_init(&b, ORDER_BIG);
		put_hex(&b, packets[i]);
		for (uint16_t linktype = 0; linktype < LINKTYPES; linktype++) {
			const struct frame f = { .bytes = b.array->data, .bytes_len = b.array->len,
				                 .wire_len = b.array->len, .linktype = linktype };
			decode_prefixes(&f);
		}
		bytes_clear(&b);
	}
}

/* Each byte of a packet set to each value: every length and number in it lies once. */
static void test_every_byte_changed(void)
{
	static const char *const packets[] = { ETHERNET_IPV4 IPV4_60 TCP_SYN_40, ETHERNET_IPV4 IPV4_DATA,
		                               ETHERNET_IPV6 IPV6_DATA, MAC_ADDRESSES "81 00 00 64 08 00" IPV4_DATA,
		                               MAC_ADDRESSES "81 00 00 64 86 dd" IPV6_DATA };
	for (size_t i = 0; i < G_N_ELEMENTS(packets); i++) {
		struct bytes b;
		bytes_init(&b, ORDER_BIG);
		put_hex(&b, packets[i]);
		const struct frame f = { .bytes = b.array->data, .bytes_len = b.array->len,
			                 .wire_len = b.array->len, .linktype = 1 };
		for (size_t at = 0; at < b.array->len; at++) {
			uint8_t was = b.array->data[at];
			for (unsigned value = 0; value <= UINT8_MAX; value++) {
				b.array->data[at] = (uint8_t)value;
				decode_cut(&f, f.bytes_len, f.wire_len);
				decode_cut(&f, f.bytes_len - 8, f.wire_len);
			}
			b.array->data[at] = was;
		}
		bytes_clear(&b);
	}
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{ "every capture", test_every_capture },
		{ "every link type", test_every_link_type },
		{ "every byte changed", test_every_byte_changed },
		CU_TEST_INFO_NULL,
	};
	page = guard_page_new(LONGEST_FRAME);
	int status = unit_main("decode: every prefix", tests);
	guard_page_free(page);
	return status;
}
