/* pcapng: sections, interfaces, and the three kinds of packet blocks, written here byte by byte. */
#include "capture/source.h"

#include "capture/pcapng_block.h"
#include "tests/unit/containers.h"
#include "tests/unit/unit.h"

enum { ETHERNET = 1, RAW = 101, MAX_FRAMES = 16 };

static struct frame frames[MAX_FRAMES];

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

static void test_packet_in_both_orders(void)
{
	for (int order = ORDER_LITTLE; order <= ORDER_BIG; order++) {
		struct bytes b;
		size_t n;
		bytes_init(&b, (enum byte_order)order);
		put_section(&b);
		put_interface(&b, ETHERNET, 0);
		put_packet(&b, 0, 1700000000123456, 21, 60, 9);
		struct source *s = read_all(&b, &n);
		CU_ASSERT_EQUAL_FATAL(n, 1);
		CU_ASSERT_EQUAL(frames[0].number, 1);
		CU_ASSERT_EQUAL(frames[0].time_ns, 1700000000123456000);
		CU_ASSERT_EQUAL(frames[0].bytes_len, 21);
		CU_ASSERT_EQUAL(frames[0].wire_len, 60);
		CU_ASSERT_EQUAL(frames[0].bytes[20], 9 + 20);
		CU_ASSERT_STRING_EQUAL(source_format(s), "pcapng");
		source_free(s);
	}
}

static void put_clocked_interface(struct bytes *b, uint16_t linktype, uint8_t tsresol, uint64_t offset_s)
{
	size_t begun = begin_interface(b, linktype, 96);
	put_option(b, PCAPNG_IF_TSRESOL, &tsresol, 1);
	put_option_u64(b, PCAPNG_IF_TSOFFSET, offset_s);
	put_end_of_options(b);
	end_block(b, begun);
}

static void test_interfaces_differ(void)
{
	struct bytes b;
	size_t n;
	bytes_init(&b, ORDER_LITTLE);
	put_section(&b);
	put_clocked_interface(&b, ETHERNET, 9, 1700000000);
	put_clocked_interface(&b, RAW, 0x80 | 10, 0);
	put_packet(&b, 1, 1024 + 512, 20, 20, 0);
	put_packet(&b, 0, 42, 20, 20, 0);
	put_interface(&b, ETHERNET, 0); /* an interface may come up late */
	put_packet(&b, 2, 7, 20, 20, 0);
	struct source *s = read_all(&b, &n);
	CU_ASSERT_EQUAL_FATAL(n, 3);
	CU_ASSERT_EQUAL(frames[0].linktype, RAW);
	CU_ASSERT_EQUAL(frames[0].interface, 1);
	CU_ASSERT_EQUAL(frames[0].time_ns, 1500000000);
	CU_ASSERT_EQUAL(frames[1].linktype, ETHERNET);
	CU_ASSERT_EQUAL(frames[1].time_ns, 1700000000000000042);
	CU_ASSERT_EQUAL(frames[2].time_ns, 7000);
	CU_ASSERT_EQUAL(source_interfaces(s), 3);
	CU_ASSERT_EQUAL(source_interface(s, 1)->snaplen, 96);
	source_free(s);
}

/* Two files one after the other, from machines of different byte order: interface 0 is another one then. */
static void test_sections_of_different_order(void)
{
	struct bytes b;
	size_t n;
	bytes_init(&b, ORDER_LITTLE);
	put_section(&b);
	put_interface(&b, ETHERNET, 0);
	put_packet(&b, 0, 1, 20, 20, 1);
	b.order = ORDER_BIG;
	put_section(&b);
	put_interface(&b, RAW, 0);
	put_packet(&b, 0, 2, 20, 20, 2);
	struct source *s = read_all(&b, &n);
	CU_ASSERT_EQUAL_FATAL(n, 2);
	CU_ASSERT_EQUAL(frames[1].number, 2);
	CU_ASSERT_EQUAL(frames[1].time_ns, 2000);
	CU_ASSERT_EQUAL(frames[1].linktype, RAW);
	CU_ASSERT_EQUAL(frames[1].interface, 1);
	source_free(s);
}

/* interface(2) drops(2) time(8) captured(4) original(4) bytes */
static void put_obsolete_packet(struct bytes *b, uint16_t drops)
{
	size_t begun = begin_block(b, PCAPNG_PACKET);
	put_u16(b, 0);
	put_u16(b, drops);
	put_u32(b, 0);
	put_u32(b, 5000000);
	put_u32(b, 18);
	put_u32(b, 60);
	put_counting(b, 18, 3);
	end_block(b, begun);
}

static void test_obsolete_packets(void)
{
	struct bytes b;
	size_t n;
	bytes_init(&b, ORDER_BIG);
	put_section(&b);
	put_interface(&b, ETHERNET, 0);
	put_obsolete_packet(&b, 0xffff); /* not known */
	put_obsolete_packet(&b, 5);
	put_obsolete_packet(&b, 2);
	struct source *s = read_all(&b, &n);
	CU_ASSERT_EQUAL_FATAL(n, 3);
	CU_ASSERT_EQUAL(frames[0].time_ns, 5000000000);
	CU_ASSERT_EQUAL(frames[0].bytes_len, 18);
	CU_ASSERT_EQUAL(frames[0].wire_len, 60);
	CU_ASSERT_EQUAL(frames[0].bytes[0], 3);
	CU_ASSERT_EQUAL(source_interface(s, 0)->dropped, 7);
	source_free(s);
}

static void put_simple_packet(struct bytes *b, uint32_t original, size_t len)
{
	size_t begun = begin_block(b, PCAPNG_SIMPLE_PACKET);
	put_u32(b, original);
	put_counting(b, len, 1);
	end_block(b, begun);
}

static void test_simple_packets(void)
{
	struct bytes b;
	size_t n;
	bytes_init(&b, ORDER_LITTLE);
	put_section(&b);
	put_interface(&b, ETHERNET, 30);
	put_packet(&b, 0, 11, 20, 20, 0);
	put_simple_packet(&b, 21, 21);
	put_simple_packet(&b, 100, 30); /* cut to the snap length */
	struct source *s = read_all(&b, &n);
	CU_ASSERT_EQUAL_FATAL(n, 3);
	CU_ASSERT_EQUAL(frames[1].bytes_len, 21);
	CU_ASSERT_EQUAL(frames[1].bytes[0], 1);
	CU_ASSERT_EQUAL(frames[1].time_ns, 11000); /* it has no time: that of the packet before */
	CU_ASSERT_EQUAL(frames[2].bytes_len, 30);
	CU_ASSERT_EQUAL(frames[2].wire_len, 100);
	source_free(s);
}

static void put_other_block(struct bytes *b, uint32_t type)
{
	size_t begun = begin_block(b, type);
	put_counting(b, 28, 0);
	end_block(b, begun);
}

/* Names, decryption secrets, unknown ones: without a number. Journal entries, system calls and custom
 * blocks: Wireshark gives them one. */
static void test_other_blocks_and_numbers(void)
{
	static const uint32_t skipped[] = { 4, 7, 8, 10, 0x201, 0x222, 0x80000001, 0x12345678 };
	static const uint32_t counted[] = { 9, 0x204, 0x216, 0x221, 0xBAD, 0x40000BAD };
	struct bytes b;
	size_t n;
	bytes_init(&b, ORDER_LITTLE);
	put_section(&b);
	put_interface(&b, ETHERNET, 0);
	for (size_t i = 0; i < G_N_ELEMENTS(skipped); i++)
		put_other_block(&b, skipped[i]);
	put_packet(&b, 0, 1, 20, 20, 0);
	for (size_t i = 0; i < G_N_ELEMENTS(counted); i++)
		put_other_block(&b, counted[i]);
	put_packet(&b, 0, 2, 20, 20, 0);
	struct source *s = read_all(&b, &n);
	CU_ASSERT_EQUAL_FATAL(n, 2);
	CU_ASSERT_EQUAL(frames[0].number, 1);
	CU_ASSERT_EQUAL(frames[1].number, 2 + G_N_ELEMENTS(counted));
	CU_ASSERT_EQUAL(source_frames(s), 2);
	source_free(s);
}

/* Some writers leave the padding out of the length, though not out of the file. */
static void test_length_without_padding(void)
{
	struct bytes b;
	size_t n;
	bytes_init(&b, ORDER_LITTLE);
	put_section(&b);
	put_interface(&b, ETHERNET, 0);
	size_t at = bytes_len(&b);
	put_packet(&b, 0, 1, 21, 21, 0);
	set_u32(&b, at + 4, (uint32_t)(bytes_len(&b) - at - 3));
	set_u32(&b, bytes_len(&b) - 4, (uint32_t)(bytes_len(&b) - at - 3));
	put_packet(&b, 0, 2, 21, 21, 0);
	struct source *s = read_all(&b, &n);
	CU_ASSERT_EQUAL(n, 2);
	source_free(s);
}

static void test_capture_of_nothing(void)
{
	struct bytes b;
	size_t n;
	bytes_init(&b, ORDER_LITTLE);
	put_section(&b);
	struct source *s = read_all(&b, &n);
	CU_ASSERT_EQUAL(n, 0);
	CU_ASSERT_EQUAL(source_interfaces(s), 0);
	source_free(s);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{ "a packet in both byte orders", test_packet_in_both_orders },
		{ "interfaces differ", test_interfaces_differ },
		{ "sections of different byte order", test_sections_of_different_order },
		{ "obsolete packet blocks", test_obsolete_packets },
		{ "simple packet blocks", test_simple_packets },
		{ "other blocks, and numbers as Wireshark's", test_other_blocks_and_numbers },
		{ "a length without padding", test_length_without_padding },
		{ "a capture of nothing", test_capture_of_nothing },
		CU_TEST_INFO_NULL,
	};
	return unit_main("capture: pcapng", tests);
}
