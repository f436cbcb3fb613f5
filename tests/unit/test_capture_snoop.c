/* snoop files (RFC 1761): packets, padding, losses, and where they are damaged. */
#include <string.h>

#include "tests/unit/containers.h"
#include "tests/unit/unit.h"

enum { MAX_FRAMES = 8, ETHERNET = 4, AT_INCLUDED = 4, AT_SIZE = 8, HEADER = 16 };

static struct bytes b;

static void put_head(uint32_t version, uint32_t datalink)
{
	bytes_init(&b, ORDER_BIG);
	put(&b, "snoop\0\0\0", 8);
	put_u32(&b, version);
	put_u32(&b, datalink);
}

static void put_snoop_record(uint32_t original, uint32_t included, uint32_t drops, uint32_t microseconds)
{
	const uint32_t padding = -included & 3;
	put_u32(&b, original);
	put_u32(&b, included);
	put_u32(&b, 24 + included + padding);
	put_u32(&b, drops);
	put_u32(&b, 1700000000);
	put_u32(&b, microseconds);
	put_counting(&b, included + padding, (uint8_t)included);
}

/* Reads it all; returns how many frames and in *out_code how it ended, -1 when well. */
static size_t read_all(struct frame *frames, struct source **out_source, int *out_code)
{
	GError *error = NULL;
	size_t n, all = 0;
	*out_source = bytes_open(&b, &error);
	while (*out_source && (n = source_next_batch(*out_source, frames + all, MAX_FRAMES - all, &error)) > 0)
		all += n;
	*out_code = error ? error->code : -1;
	g_clear_error(&error);
	return all;
}

static void check_end(size_t frames_expected, int code_expected)
{
	struct frame frames[MAX_FRAMES];
	struct source *s;
	int code;
	CU_ASSERT_EQUAL(read_all(frames, &s, &code), frames_expected);
	CU_ASSERT_EQUAL(code, code_expected);
	source_free(s);
}

static void test_packets(void)
{
	struct frame frames[MAX_FRAMES];
	struct source *s;
	int code;
	put_head(2, ETHERNET);
	put_snoop_record(1514, 61, 0, 999999);
	put_snoop_record(60, 60, 5, 0);
	CU_ASSERT_EQUAL(read_all(frames, &s, &code), 2);
	CU_ASSERT_EQUAL(code, -1);
	CU_ASSERT_STRING_EQUAL(source_format(s), "snoop");
	CU_ASSERT_EQUAL(frames[0].number, 1);
	CU_ASSERT_EQUAL(frames[0].time_ns, 1700000000999999000);
	CU_ASSERT_EQUAL(frames[0].bytes_len, 61);
	CU_ASSERT_EQUAL(frames[0].wire_len, 1514);
	CU_ASSERT_EQUAL(frames[0].linktype, 1);
	CU_ASSERT_EQUAL(frames[0].bytes[0], 61);
	CU_ASSERT_EQUAL(frames[1].number, 2);
	CU_ASSERT_EQUAL(frames[1].bytes[0], 60); /* the padding before it was skipped */
	CU_ASSERT_EQUAL(source_dropped(s), 5);
	source_free(s);
	bytes_clear(&b);
}

static void test_other_datalink(void)
{
	put_head(2, 1);
	check_end(0, SOURCE_ERROR_FORMAT);
	bytes_clear(&b);
	put_head(3, ETHERNET);
	check_end(0, SOURCE_ERROR_FORMAT);
	bytes_clear(&b);
}

static void test_lengths_that_lie(void)
{
	static const struct {
		size_t at;
		uint32_t value;
	} lies[] = { { AT_INCLUDED, UINT32_MAX }, { AT_INCLUDED, 61 }, { AT_SIZE, 0 }, { AT_SIZE, 23 },
		     { AT_SIZE, UINT32_MAX }, { AT_INCLUDED, 262145 } };
	for (size_t i = 0; i < G_N_ELEMENTS(lies); i++) {
		put_head(2, ETHERNET);
		put_snoop_record(60, 60, 0, 0);
		size_t second = bytes_len(&b);
		put_snoop_record(60, 60, 0, 0);
		set_u32(&b, second + lies[i].at, lies[i].value);
		check_end(1, SOURCE_ERROR_CORRUPT);
		bytes_clear(&b);
	}
}

static void test_cut_anywhere(void)
{
	put_head(2, ETHERNET);
	put_snoop_record(60, 60, 0, 0);
	const size_t record = bytes_len(&b) - HEADER;
	put_snoop_record(60, 60, 0, 0);
	for (size_t len = bytes_len(&b); len >= HEADER; len--) {
		g_byte_array_set_size(b.array, (guint)len);
		bool clean = (len - HEADER) % record == 0;
		check_end((len - HEADER) / record, clean ? -1 : SOURCE_ERROR_TRUNCATED);
	}
	g_byte_array_set_size(b.array, HEADER - 1);
	check_end(0, SOURCE_ERROR_TRUNCATED);
	bytes_clear(&b);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{ "packets", test_packets },
		{ "other data links", test_other_datalink },
		{ "lengths that lie", test_lengths_that_lie },
		{ "cut anywhere", test_cut_anywhere },
		CU_TEST_INFO_NULL,
	};
	return unit_main("capture: snoop", tests);
}
