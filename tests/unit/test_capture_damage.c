/* Cut and damaged files: every frame before the damage is handed out, then one sentence says what it is. */
#include "capture/source.h"

#include <string.h>

#include "capture/pcapng_block.h"
#include "tests/unit/containers.h"
#include "tests/unit/unit.h"

enum { ETHERNET = 1, MAX_FRAMES = 16, NO_ERROR = -1 };

static struct frame frames[MAX_FRAMES];

static int take_code(GError **error)
{
	int code = *error ? (*error)->code : NO_ERROR;
	if (*error)
		CU_ASSERT_PTR_NULL(strchr((*error)->message, '\n'));
	g_clear_error(error);
	return code;
}

/* Frames that the source hands out until it ends, and how it ends: asked twice, it says the same. */
static size_t read_to_end(struct source *s, int *out_code)
{
	GError *error = NULL;
	size_t all = 0, n;
	while ((n = source_next_batch(s, frames, MAX_FRAMES, &error)) > 0) {
		CU_ASSERT_PTR_NULL_FATAL(error);
		all += n;
	}
	*out_code = take_code(&error);
	CU_ASSERT_EQUAL(source_next_batch(s, frames, MAX_FRAMES, &error), 0);
	CU_ASSERT_EQUAL(take_code(&error), *out_code);
	return all;
}

/* Opens and reads; SIZE_MAX when it cannot be opened. */
static size_t read_bytes(const struct bytes *b, int *out_code)
{
	GError *error = NULL;
	struct source *s = bytes_open(b, &error);
	if (!s) {
		*out_code = take_code(&error);
		return SIZE_MAX;
	}
	size_t n = read_to_end(s, out_code);
	source_free(s);
	return n;
}

static struct bytes first_bytes(const struct bytes *whole, size_t len)
{
	struct bytes part;
	bytes_init(&part, whole->order);
	put(&part, whole->array->data, len);
	return part;
}

/* A file, and where in it its head and each of its packets end. */
struct whole {
	struct bytes bytes;
	size_t head;
	size_t ends[3];
};

/* Cuts the file at every byte. */
static void check_every_cut(struct whole *w)
{
	for (size_t len = w->head; len <= bytes_len(&w->bytes); len++) {
		struct bytes part = first_bytes(&w->bytes, len);
		size_t expected = 0;
		bool clean = len == w->head;
		for (size_t i = 0; i < G_N_ELEMENTS(w->ends); i++) {
			expected += w->ends[i] <= len;
			clean |= w->ends[i] == len;
		}
		int code;
		CU_ASSERT_EQUAL(read_bytes(&part, &code), expected);
		CU_ASSERT_EQUAL(code, clean ? NO_ERROR : SOURCE_ERROR_TRUNCATED);
		bytes_clear(&part);
	}
	bytes_clear(&w->bytes);
}

static void test_pcap_cut_anywhere(void)
{
	struct whole w;
	bytes_init(&w.bytes, ORDER_LITTLE);
	put_pcap_header(&w.bytes, PCAP_MICROSECONDS, 0, ETHERNET);
	w.head = bytes_len(&w.bytes);
	for (size_t i = 0; i < G_N_ELEMENTS(w.ends); i++) {
		put_pcap_record(&w.bytes, 1, 0, 30, 30, 0);
		w.ends[i] = bytes_len(&w.bytes);
	}
	check_every_cut(&w);
}

static void test_pcapng_cut_anywhere(void)
{
	struct whole w;
	bytes_init(&w.bytes, ORDER_BIG);
	put_section(&w.bytes);
	put_interface(&w.bytes, ETHERNET, 0);
	w.head = bytes_len(&w.bytes);
	for (size_t i = 0; i < G_N_ELEMENTS(w.ends); i++) {
		put_packet(&w.bytes, 0, 1, 30, 30, 0);
		w.ends[i] = bytes_len(&w.bytes);
	}
	check_every_cut(&w);
}

static void test_heads_cut_anywhere(void)
{
	struct bytes whole, part;
	int code;
	bytes_init(&whole, ORDER_LITTLE);
	put_pcap_header(&whole, PCAP_MICROSECONDS, 0, ETHERNET);
	for (size_t len = 0; len < bytes_len(&whole); len++) {
		part = first_bytes(&whole, len);
		CU_ASSERT_EQUAL(read_bytes(&part, &code), SIZE_MAX);
		CU_ASSERT_EQUAL(code, len == 0  ? SOURCE_ERROR_EMPTY
		                      : len < 4 ? SOURCE_ERROR_FORMAT
		                                : SOURCE_ERROR_TRUNCATED);
		bytes_clear(&part);
	}
	bytes_clear(&whole);
	bytes_init(&whole, ORDER_LITTLE);
	put_section(&whole);
	for (size_t len = 1; len < bytes_len(&whole); len++) {
		part = first_bytes(&whole, len);
		CU_ASSERT_EQUAL(read_bytes(&part, &code), SIZE_MAX);
		CU_ASSERT_EQUAL(code, len < 12 ? SOURCE_ERROR_FORMAT : SOURCE_ERROR_TRUNCATED);
		bytes_clear(&part);
	}
	bytes_clear(&whole);
}

static void test_pcap_impossible_length(void)
{
	struct bytes b;
	int code;
	bytes_init(&b, ORDER_LITTLE);
	put_pcap_header(&b, PCAP_MICROSECONDS, 0, ETHERNET);
	put_pcap_record(&b, 1, 0, 30, 30, 0);
	size_t second = bytes_len(&b);
	put_pcap_record(&b, 1, 0, 30, 30, 0);
	set_u32(&b, second + 8, 262145); /* a byte more than libpcap believes */
	CU_ASSERT_EQUAL(read_bytes(&b, &code), 1);
	CU_ASSERT_EQUAL(code, SOURCE_ERROR_CORRUPT);
	set_u32(&b, second + 8, 262144);
	CU_ASSERT_EQUAL(read_bytes(&b, &code), 1);
	CU_ASSERT_EQUAL(code, SOURCE_ERROR_TRUNCATED);
	bytes_clear(&b);
}

/* A pcapng file of one packet and a second one, in which the word at `offset` is `value` instead. */
static void check_damage(size_t offset, uint32_t value)
{
	struct bytes b;
	int code;
	bytes_init(&b, ORDER_LITTLE);
	put_section(&b);
	put_interface(&b, ETHERNET, 0);
	put_packet(&b, 0, 1, 32, 32, 0);
	size_t second = bytes_len(&b);
	put_packet(&b, 0, 1, 32, 32, 0);
	put_packet(&b, 0, 1, 32, 32, 0);
	set_u32(&b, second + offset, value);
	CU_ASSERT_EQUAL(read_bytes(&b, &code), 1);
	CU_ASSERT_EQUAL(code, SOURCE_ERROR_CORRUPT);
	bytes_clear(&b);
}

/* type(4) length(4) interface(4) time(8) captured(4) original(4) 32 bytes, length(4) */
static void test_pcapng_damage(void)
{
	enum { LENGTH = 4, INTERFACE = 8, CAPTURED = 20, TRAILER = 60, WHOLE = 64 };
	check_damage(LENGTH, 0);
	check_damage(LENGTH, 11);
	check_damage(LENGTH, 12);         /* a packet block without a packet */
	check_damage(LENGTH, WHOLE - 4);  /* the trailer is not there */
	check_damage(LENGTH, 0x7fffffff);
	check_damage(LENGTH, UINT32_MAX); /* rounded up to 4 it would wrap */
	check_damage(TRAILER, WHOLE + 4);
	check_damage(INTERFACE, 1);
	check_damage(CAPTURED, 33);
	check_damage(CAPTURED, UINT32_MAX);
	check_damage(0, PCAPNG_SECTION_HEADER); /* a section header without magic */
}

static void test_packet_before_any_interface(void)
{
	static const uint32_t types[] = { PCAPNG_ENHANCED_PACKET, PCAPNG_PACKET, PCAPNG_SIMPLE_PACKET };
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
		struct bytes b;
		int code;
		bytes_init(&b, ORDER_LITTLE);
		put_section(&b);
		size_t begun = begin_block(&b, types[i]);
		put_counting(&b, 40, 0);
		end_block(&b, begun);
		CU_ASSERT_EQUAL(read_bytes(&b, &code), SIZE_MAX);
		CU_ASSERT_EQUAL(code, SOURCE_ERROR_CORRUPT);
		bytes_clear(&b);
	}
}

static void test_short_blocks(void)
{
	static const uint32_t types[] = { PCAPNG_INTERFACE, PCAPNG_PACKET, PCAPNG_SIMPLE_PACKET,
		                          PCAPNG_ENHANCED_PACKET };
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
		struct bytes b;
		int code;
		bytes_init(&b, ORDER_LITTLE);
		put_section(&b);
		put_interface(&b, ETHERNET, 0);
		put_packet(&b, 0, 1, 32, 32, 0);
		end_block(&b, begin_block(&b, types[i])); /* without a body */
		CU_ASSERT_EQUAL(read_bytes(&b, &code), 1);
		CU_ASSERT_EQUAL(code, SOURCE_ERROR_CORRUPT);
		bytes_clear(&b);
	}
}

static void test_later_section_of_another_version(void)
{
	struct bytes b;
	int code;
	bytes_init(&b, ORDER_LITTLE);
	put_section(&b);
	put_interface(&b, ETHERNET, 0);
	put_packet(&b, 0, 1, 32, 32, 0);
	size_t second = bytes_len(&b);
	put_section(&b);
	set_u32(&b, second + 12, 2); /* version 2.0 */
	CU_ASSERT_EQUAL(read_bytes(&b, &code), 1);
	CU_ASSERT_EQUAL(code, SOURCE_ERROR_CORRUPT);
	bytes_clear(&b);
}

static void test_too_many_interfaces(void)
{
	struct bytes b;
	int code;
	bytes_init(&b, ORDER_LITTLE);
	put_section(&b);
	for (int i = 0; i < 65535; i++)
		put_interface(&b, ETHERNET, 0);
	put_packet(&b, 65534, 1, 32, 32, 0);
	CU_ASSERT_EQUAL(read_bytes(&b, &code), 1);
	CU_ASSERT_EQUAL(code, NO_ERROR);
	put_interface(&b, ETHERNET, 0);
	CU_ASSERT_EQUAL(read_bytes(&b, &code), 1);
	CU_ASSERT_EQUAL(code, SOURCE_ERROR_CORRUPT);
	bytes_clear(&b);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{ "pcap cut anywhere", test_pcap_cut_anywhere },
		{ "pcapng cut anywhere", test_pcapng_cut_anywhere },
		{ "heads cut anywhere", test_heads_cut_anywhere },
		{ "pcap: impossible length", test_pcap_impossible_length },
		{ "pcapng: damaged blocks", test_pcapng_damage },
		{ "pcapng: a packet before any interface", test_packet_before_any_interface },
		{ "pcapng: blocks without their fixed part", test_short_blocks },
		{ "pcapng: a later section of another version", test_later_section_of_another_version },
		{ "pcapng: too many interfaces", test_too_many_interfaces },
		CU_TEST_INFO_NULL,
	};
	return unit_main("capture: damage", tests);
}
