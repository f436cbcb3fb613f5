/* BPF expressions: which frames stay, how they are numbered, and what a wrong expression is told. */
#include "capture/source.h"

#include <string.h>

#include "tests/unit/containers.h"
#include "tests/unit/packets.h"
#include "tests/unit/unit.h"

enum { ETHERNET = 1, RAW = 101, MAX_FRAMES = 8 };

static struct frame frames[MAX_FRAMES];

/* A packet block with these digits as its packet. */
static void put_hex_packet(struct bytes *b, uint32_t interface, const char *hex)
{
	struct bytes packet;
	bytes_init(&packet, ORDER_BIG);
	put_hex(&packet, hex);
	size_t begun = begin_packet(b, interface, 1, 0, 0, 0);
	set_u32(b, begun + 20, packet.array->len);
	set_u32(b, begun + 24, packet.array->len);
	put(b, packet.array->data, packet.array->len);
	end_block(b, begun);
	bytes_clear(&packet);
}

/* Four packets: TCP and something else, on Ethernet and then on raw IP. */
static struct source *open_mixed(void)
{
	struct bytes b;
	bytes_init(&b, ORDER_LITTLE);
	put_section(&b);
	put_interface(&b, ETHERNET, 0);
	put_hex_packet(&b, 0, MAC_ADDRESSES "08 06 00 01 08 00 06 04 00 01"); /* ARP */
	put_hex_packet(&b, 0, ETHERNET_IPV4 IPV4_DATA);
	put_interface(&b, RAW, 0);
	put_hex_packet(&b, 1, IPV6_DATA);
	put_hex_packet(&b, 1, IPV4_DATA);
	struct source *s = bytes_open(&b, NULL);
	bytes_clear(&b);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	return s;
}

static size_t read_filtered(struct source *s, const char *expression, GError **error)
{
	size_t all = 0, n;
	CU_ASSERT_TRUE_FATAL(source_set_filter(s, expression, NULL));
	while ((n = source_next_batch(s, frames + all, MAX_FRAMES - all, error)) > 0)
		all += n;
	return all;
}

static void test_numbers_count_every_frame(void)
{
	GError *error = NULL;
	struct source *s = open_mixed();
	CU_ASSERT_EQUAL_FATAL(read_filtered(s, "ip and tcp port 80", &error), 2);
	CU_ASSERT_PTR_NULL(error);
	CU_ASSERT_EQUAL(frames[0].number, 2);
	CU_ASSERT_EQUAL(frames[0].linktype, ETHERNET);
	CU_ASSERT_EQUAL(frames[1].number, 4);
	CU_ASSERT_EQUAL(frames[1].linktype, RAW);
	CU_ASSERT_EQUAL(source_frames(s), 4);
	source_free(s);
}

static void test_nothing_matches(void)
{
	GError *error = NULL;
	struct source *s = open_mixed();
	CU_ASSERT_EQUAL(read_filtered(s, "udp", &error), 0);
	CU_ASSERT_PTR_NULL(error);
	source_free(s);
}

static void test_wrong_expression(void)
{
	GError *error = NULL;
	struct source *s = open_mixed();
	CU_ASSERT_FALSE(source_set_filter(s, "tcp porridge 80", &error));
	CU_ASSERT_PTR_NOT_NULL_FATAL(error);
	CU_ASSERT_EQUAL(error->code, SOURCE_ERROR_FILTER);
	CU_ASSERT_PTR_NOT_NULL(strstr(error->message, "\"tcp porridge 80\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(error->message, "syntax error"));
	CU_ASSERT_PTR_NULL(strchr(error->message, '\n'));
	g_clear_error(&error);
	source_free(s);
}

/* An expression that fits the first link type only: frames of the first are judged, then it is said. */
static void test_expression_for_one_link_type_only(void)
{
	GError *error = NULL;
	struct source *s = open_mixed();
	CU_ASSERT_EQUAL(read_filtered(s, "ether src 02:00:00:00:00:01 and tcp", &error), 1);
	CU_ASSERT_PTR_NOT_NULL_FATAL(error);
	CU_ASSERT_EQUAL(error->code, SOURCE_ERROR_FILTER);
	CU_ASSERT_PTR_NOT_NULL(strstr(error->message, "raw IP"));
	g_clear_error(&error);
	source_free(s);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{ "numbers count every frame", test_numbers_count_every_frame },
		{ "nothing matches", test_nothing_matches },
		{ "a wrong expression", test_wrong_expression },
		{ "an expression for one link type only", test_expression_for_one_link_type_only },
		CU_TEST_INFO_NULL,
	};
	return unit_main("capture: filter", tests);
}
