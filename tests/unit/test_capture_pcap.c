/* Classic pcap files in every dialect, written here byte by byte. */
#include "capture/source.h"

#include "tests/unit/containers.h"
#include "tests/unit/unit.h"

enum { ETHERNET = 1, MAX_FRAMES = 8 };

static struct frame frames[MAX_FRAMES];

/* Opens the file, reads its frames into `frames`, and expects no error. */
static struct source *read_all(struct bytes *b, size_t *out_n)
{
	GError *error = NULL;
	struct source *s = bytes_open(b, &error);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	*out_n = source_next_batch(s, frames, MAX_FRAMES, &error);
	CU_ASSERT_PTR_NULL(error);
	bytes_clear(b);
	return s;
}

static void test_all_magics_in_both_orders(void)
{
	static const struct {
		uint32_t magic;
		int64_t ns; /* of the fraction 999 */
		size_t more; /* bytes of record header behind the usual ones */
	} dialects[] = { { 0xa1b2c3d4, 999000, 0 }, { 0xa1b23c4d, 999, 0 },
		         { 0xa1b2cd34, 999000, 8 }, { 0xa12b3c4d, 999, 0 } };
	for (size_t i = 0; i < 2 * G_N_ELEMENTS(dialects); i++) {
		struct bytes b;
		size_t n, d = i / 2;
		bytes_init(&b, i % 2 ? ORDER_BIG : ORDER_LITTLE);
		put_pcap_header(&b, dialects[d].magic, 100, ETHERNET);
		put_u32(&b, 4000000000); /* seconds: 2096, beyond 31 bits */
		put_u32(&b, 999);
		put_u32(&b, 20); /* captured, original */
		put_u32(&b, 60);
		put_counting(&b, dialects[d].more, 0xf0); /* interface, protocol, packet type */
		put_counting(&b, 20, 7);
		struct source *s = read_all(&b, &n);
		CU_ASSERT_EQUAL_FATAL(n, 1);
		CU_ASSERT_EQUAL(frames[0].number, 1);
		CU_ASSERT_EQUAL(frames[0].time_ns, 4000000000 * 1000000000 + dialects[d].ns);
		CU_ASSERT_EQUAL(frames[0].bytes_len, 20);
		CU_ASSERT_EQUAL(frames[0].wire_len, 60);
		CU_ASSERT_EQUAL(frames[0].bytes[0], 7);
		CU_ASSERT_EQUAL(frames[0].linktype, ETHERNET);
		CU_ASSERT_STRING_EQUAL(source_format(s), "pcap");
		source_free(s);
	}
}

static void test_interface(void)
{
	struct bytes b;
	size_t n;
	bytes_init(&b, ORDER_LITTLE);
	put_pcap_header(&b, PCAP_MICROSECONDS, 96, ETHERNET);
	put_pcap_record(&b, 1, 0, 10, 10, 0);
	struct source *s = read_all(&b, &n);
	CU_ASSERT_EQUAL(source_interfaces(s), 1);
	CU_ASSERT_EQUAL(source_interface(s, 0)->linktype, ETHERNET);
	CU_ASSERT_EQUAL(source_interface(s, 0)->snaplen, 96);
	CU_ASSERT_EQUAL(source_interface(s, 0)->dropped, UINT64_MAX);
	CU_ASSERT_PTR_NULL(source_interface(s, 0)->name);
	CU_ASSERT_EQUAL(source_dropped(s), 0);
	CU_ASSERT_EQUAL(source_frames(s), 1);
	uint64_t done, total;
	source_progress(s, &done, &total);
	CU_ASSERT_EQUAL(done, 24 + 16 + 10);
	CU_ASSERT_EQUAL(total, done);
	source_free(s);
}

/* Link type 1 with "4 bytes of frame check sequence follow" in the upper bits. */
static void test_frame_check_sequence(void)
{
	struct bytes b;
	size_t n;
	bytes_init(&b, ORDER_BIG);
	put_pcap_header(&b, PCAP_MICROSECONDS, 0, 0x24000001);
	put_pcap_record(&b, 1, 0, 64, 64, 0);
	struct source *s = read_all(&b, &n);
	CU_ASSERT_EQUAL_FATAL(n, 1);
	CU_ASSERT_EQUAL(frames[0].linktype, ETHERNET);
	CU_ASSERT_EQUAL(frames[0].fcs_len, 4);
	source_free(s);
}

/* A whole file with one record whose lengths stand as given, of which `len` bytes follow. */
static struct source *read_lengths(uint16_t major, uint16_t minor, uint32_t first, uint32_t second,
                                   size_t len, size_t *out_n)
{
	struct bytes b;
	bytes_init(&b, ORDER_LITTLE);
	put_pcap_header(&b, PCAP_MICROSECONDS, 65535, ETHERNET);
	set_u32(&b, 4, (uint32_t)minor << 16 | major);
	put_u64(&b, 0); /* time */
	put_u32(&b, first);
	put_u32(&b, second);
	put_counting(&b, len, 0);
	return read_all(&b, out_n);
}

static void check_lengths(uint16_t major, uint16_t minor, uint32_t first, uint32_t second,
                          uint32_t captured, uint32_t original)
{
	size_t n;
	struct source *s = read_lengths(major, minor, first, second, captured, &n);
	CU_ASSERT_EQUAL_FATAL(n, 1);
	CU_ASSERT_EQUAL(frames[0].bytes_len, captured);
	CU_ASSERT_EQUAL(frames[0].wire_len, original);
	source_free(s);
}

static void test_old_versions_swap_the_lengths(void)
{
	check_lengths(2, 4, 20, 60, 20, 60);
	check_lengths(2, 3, 20, 60, 20, 60);
	check_lengths(2, 3, 60, 20, 20, 60);  /* written by somebody who had not noticed the change */
	check_lengths(2, 2, 60, 20, 20, 60);
	check_lengths(543, 0, 60, 20, 20, 60);
	check_lengths(2, 4, 60, 20, 60, 60);  /* more captured than there was: the wire had that much */
}

static void test_snap_length_cuts(void)
{
	struct bytes b;
	size_t n;
	bytes_init(&b, ORDER_LITTLE);
	put_pcap_header(&b, PCAP_MICROSECONDS, 10, ETHERNET);
	put_pcap_record(&b, 1, 0, 30, 40, 0);
	put_pcap_record(&b, 2, 0, 10, 40, 0x80);
	struct source *s = read_all(&b, &n);
	CU_ASSERT_EQUAL_FATAL(n, 2);
	CU_ASSERT_EQUAL(frames[0].bytes_len, 10);
	CU_ASSERT_EQUAL(frames[0].wire_len, 40);
	CU_ASSERT_EQUAL(frames[1].bytes[0], 0x80); /* the next record is where it is */
	source_free(s);
}

static void test_odd_times_are_told(void)
{
	struct bytes b;
	size_t n;
	bytes_init(&b, ORDER_LITTLE);
	put_pcap_header(&b, PCAP_MICROSECONDS, 0, ETHERNET);
	put_pcap_record(&b, 1, 999999, 4, 4, 0);
	put_pcap_record(&b, 1, 1000000, 4, 4, 0);
	put_pcap_record(&b, 1, 123456789, 4, 4, 0);
	struct source *s = read_all(&b, &n);
	CU_ASSERT_EQUAL(n, 3);
	CU_ASSERT_EQUAL(source_odd_times(s), 2);
	CU_ASSERT_EQUAL(frames[1].time_ns, 2000000000);
	source_free(s);
}

static void test_empty_packet_and_empty_file(void)
{
	struct bytes b;
	size_t n;
	bytes_init(&b, ORDER_LITTLE);
	put_pcap_header(&b, PCAP_MICROSECONDS, 0, ETHERNET);
	put_pcap_record(&b, 1, 0, 0, 60, 0);
	struct source *s = read_all(&b, &n);
	CU_ASSERT_EQUAL(n, 1);
	CU_ASSERT_EQUAL(frames[0].bytes_len, 0);
	source_free(s);
	bytes_init(&b, ORDER_LITTLE);
	put_pcap_header(&b, PCAP_MICROSECONDS, 0, ETHERNET);
	s = read_all(&b, &n);
	CU_ASSERT_EQUAL(n, 0);
	source_free(s);
}

/* Many more bytes than the buffer holds, with records across its end, and one record larger than it. */
static void test_longer_than_the_buffer(void)
{
	enum { COUNT = 3000, GIANT = 1234, GIANT_LEN = 262144 };
	struct bytes b;
	bytes_init(&b, ORDER_LITTLE);
	put_pcap_header(&b, PCAP_MICROSECONDS, GIANT_LEN, ETHERNET);
	for (uint32_t i = 0; i < COUNT; i++)
		put_pcap_record(&b, i, 0, i == GIANT ? GIANT_LEN : i % 1500, i == GIANT ? GIANT_LEN : 1500, (uint8_t)i);
	GError *error = NULL;
	struct source *s = bytes_open(&b, &error);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	uint64_t seen = 0, wrong = 0;
	size_t n;
	while ((n = source_next_batch(s, frames, MAX_FRAMES, &error)) > 0) {
		for (size_t i = 0; i < n; i++, seen++) {
			const struct frame *f = &frames[i];
			uint32_t len = seen == GIANT ? GIANT_LEN : (uint32_t)(seen % 1500);
			wrong += f->number != seen + 1 || f->bytes_len != len ||
			         (len > 0 && (f->bytes[0] != (uint8_t)seen ||
			                      f->bytes[len - 1] != (uint8_t)(seen + len - 1)));
		}
	}
	CU_ASSERT_PTR_NULL(error);
	CU_ASSERT_EQUAL(seen, COUNT);
	CU_ASSERT_EQUAL(wrong, 0);
	source_free(s);
	bytes_clear(&b);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{ "all magics in both byte orders", test_all_magics_in_both_orders },
		{ "the interface", test_interface },
		{ "frame check sequence", test_frame_check_sequence },
		{ "old versions swap the lengths", test_old_versions_swap_the_lengths },
		{ "the snap length cuts", test_snap_length_cuts },
		{ "odd times are told", test_odd_times_are_told },
		{ "empty packet, empty file", test_empty_packet_and_empty_file },
		{ "longer than the buffer", test_longer_than_the_buffer },
		CU_TEST_INFO_NULL,
	};
	return unit_main("capture: pcap", tests);
}
