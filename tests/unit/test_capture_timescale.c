/* Ticks to nanoseconds at every resolution a file can claim, without overflow. */
#include "capture/timescale.h"

#include "tests/unit/unit.h"

static int64_t convert(uint8_t tsresol, int64_t offset_s, uint64_t ticks)
{
	struct timescale t = timescale_new(tsresol, offset_s);
	return timescale_ns(&t, ticks);
}

static void test_powers_of_ten(void)
{
	CU_ASSERT_EQUAL(convert(0, 0, 7), 7000000000);
	CU_ASSERT_EQUAL(convert(3, 0, 1500), 1500000000);
	CU_ASSERT_EQUAL(convert(6, 0, 1700000000123456), 1700000000123456000);
	CU_ASSERT_EQUAL(convert(9, 0, 1700000000123456789), 1700000000123456789);
	CU_ASSERT_EQUAL(convert(12, 0, 1999), 1);
	CU_ASSERT_EQUAL(convert(28, 0, UINT64_MAX), 1); /* 18.4 * 10^18 * 10^-28 s = 1.8 ns */
	CU_ASSERT_EQUAL(convert(29, 0, UINT64_MAX), 0);
	CU_ASSERT_EQUAL(convert(127, 0, UINT64_MAX), 0);
}

static void test_powers_of_two(void)
{
	CU_ASSERT_EQUAL(convert(0x80, 0, 3), 3000000000);
	CU_ASSERT_EQUAL(convert(0x80 | 1, 0, 3), 1500000000);
	CU_ASSERT_EQUAL(convert(0x80 | 32, 0, (5ull << 32) + (1ull << 31)), 5500000000);
	CU_ASSERT_EQUAL(convert(0x80 | 63, 0, UINT64_MAX), 1999999999);
	CU_ASSERT_EQUAL(convert(0x80 | 127, 0, UINT64_MAX), 0);
}

static void test_offset(void)
{
	CU_ASSERT_EQUAL(convert(6, 1700000000, 123456), 1700000000123456000);
	CU_ASSERT_EQUAL(convert(6, -1, 500000), -500000000);
}

static void test_no_overflow(void)
{
	CU_ASSERT_EQUAL(convert(0, 0, UINT64_MAX), TIMESCALE_MOST_NS);
	CU_ASSERT_EQUAL(convert(9, 0, UINT64_MAX), TIMESCALE_MOST_NS);
	CU_ASSERT_EQUAL(convert(6, INT64_MAX, 0), TIMESCALE_MOST_NS);
	CU_ASSERT_EQUAL(convert(6, INT64_MIN, 0), -TIMESCALE_MOST_NS);
	CU_ASSERT_EQUAL(convert(0, INT64_MIN, UINT64_MAX), TIMESCALE_MOST_NS); /* 2^64 - 2^63 seconds */
	CU_ASSERT_EQUAL(convert(0x80, INT64_MAX, UINT64_MAX), TIMESCALE_MOST_NS);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{ "powers of ten", test_powers_of_ten },
		{ "powers of two", test_powers_of_two },
		{ "offset in seconds", test_offset },
		{ "no overflow", test_no_overflow },
		CU_TEST_INFO_NULL,
	};
	return unit_main("capture: timescale", tests);
}
