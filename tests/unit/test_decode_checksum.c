/* TCP checksums: complete, half done by the sending host, wrong, unknowable. */
#include "capture/decode.h"

#include "tests/unit/packets.h"
#include "tests/unit/unit.h"

enum { RAW = 101 };

/* The data segment with this checksum, behind this IP header. */
static enum segment_checksum check(const char *ip, const char *checksum, uint32_t wire_more)
{
	g_autofree char *hex = g_strconcat(ip, TCP_PORTS "11 22 33 45 aa bb cc de 80 18 fa 00", checksum,
	                                   "00 00 01 01 08 0a 00 00 00 0b 00 00 00 14 68 65 6c 6c 6f", NULL);
	struct segment s = decode_hex(RAW, hex, wire_more);
	CU_ASSERT_EQUAL(s.kind, SEGMENT_TCP);
	return segment_checksum(&s);
}

static void test_ipv4(void)
{
	CU_ASSERT_EQUAL(check(IPV4_57, "d0 34", 0), CHECKSUM_GOOD);
	CU_ASSERT_EQUAL(check(IPV4_57, "ec 62", 0), CHECKSUM_PARTIAL);
	CU_ASSERT_EQUAL(check(IPV4_57, "d0 35", 0), CHECKSUM_BAD);
	CU_ASSERT_EQUAL(check(IPV4_57, "00 00", 0), CHECKSUM_BAD);
}

static void test_ipv6(void)
{
	CU_ASSERT_EQUAL(check(IPV6_37, "60 f7", 0), CHECKSUM_GOOD);
	CU_ASSERT_EQUAL(check(IPV6_37, "5b a0", 0), CHECKSUM_PARTIAL);
	CU_ASSERT_EQUAL(check(IPV6_37, "12 34", 0), CHECKSUM_BAD);
}

/* The same sum without the length: what Windows leaves in a segment that the card will cut into pieces. */
static void test_large_segment_of_windows(void)
{
	static const char total_zero[] = "45 00 00 00 12 34 40 00 40 06 00 00" IPV4_ADDRESSES;
	CU_ASSERT_EQUAL(check(total_zero, "ec 3d", 0), CHECKSUM_PARTIAL);
	CU_ASSERT_EQUAL(check(total_zero, "ec 62", 0), CHECKSUM_PARTIAL);
	CU_ASSERT_EQUAL(check(IPV4_57, "ec 3d", 0), CHECKSUM_BAD);
}

static void test_unknowable(void)
{
	static const char more[] = "45 00 00 40 12 34 40 00 40 06 00 00" IPV4_ADDRESSES;
	CU_ASSERT_EQUAL(check(more, "d0 34", 7), CHECKSUM_UNKNOWN); /* cut by the snap length */
	struct segment s = decode_hex(RAW, "60 00 00 00 00 00 3b 40" IPV6_ADDRESSES, 0);
	CU_ASSERT_EQUAL(segment_checksum(&s), CHECKSUM_UNKNOWN);
	/* the half sum is ec51, and the window is such that the complete one is the same */
	s = decode_hex(RAW, "45 00 00 28 12 34 40 00 40 06 00 00" IPV4_ADDRESSES
	               TCP_PORTS "00 00 00 00 00 00 00 00 50 10 16 fb ec 51 00 00", 0);
	CU_ASSERT_EQUAL(segment_checksum(&s), CHECKSUM_UNKNOWN);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{ "IPv4", test_ipv4 },
		{ "IPv6", test_ipv6 },
		{ "a large segment of Windows", test_large_segment_of_windows },
		{ "what cannot be known", test_unknowable },
		CU_TEST_INFO_NULL,
	};
	return unit_main("decode: checksum", tests);
}
