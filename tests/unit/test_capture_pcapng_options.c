/* What pcapng says beside the packets: interfaces, statistics, comments, directions, losses. */
#include "capture/source.h"

#include <string.h>

#include "capture/pcapng_block.h"
#include "tests/unit/containers.h"
#include "tests/unit/unit.h"

enum { ETHERNET = 1, MAX_FRAMES = 8 };

static struct frame frames[MAX_FRAMES];

static struct source *open_all(struct bytes *b)
{
	GError *error = NULL;
	struct source *s = bytes_open(b, &error);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	bytes_clear(b);
	return s;
}

static size_t read_frames(struct source *s)
{
	GError *error = NULL;
	size_t all = 0, n;
	while ((n = source_next_batch(s, frames + all, MAX_FRAMES - all, &error)) > 0)
		all += n;
	CU_ASSERT_PTR_NULL(error);
	return all;
}

static void test_interface(void)
{
	struct bytes b;
	bytes_init(&b, ORDER_LITTLE);
	put_section(&b);
	size_t begun = begin_interface(&b, ETHERNET, 96);
	put_option(&b, PCAPNG_IF_NAME, "eth0", 4);
	put_option(&b, PCAPNG_IF_DESCRIPTION, "uplink", 6);
	put_option(&b, PCAPNG_IF_OS, "Linux 6.1", 9);
	put_option(&b, PCAPNG_IF_FILTER, "\0tcp port 80", 12); /* 0: the rest is text */
	put_option(&b, PCAPNG_IF_IPV4, "\xc0\0\2\1\xff\xff\xff\0", 8); /* 192.0.2.1/24 */
	put_option(&b, PCAPNG_IF_IPV4, "\xc0\0\2\2", 3); /* cut short: ignored */
	put_option(&b, PCAPNG_IF_IPV6, "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\5\x40", 17); /* 2001:db8::5/64 */
	put_option(&b, PCAPNG_IF_FCSLEN, "\4", 1);
	put_end_of_options(&b);
	end_block(&b, begun);
	put_packet(&b, 0, 1, 60, 60, 0);
	struct source *s = open_all(&b);
	CU_ASSERT_EQUAL_FATAL(source_interfaces(s), 1); /* known before the first packet is read */
	const struct interface *i = source_interface(s, 0);
	CU_ASSERT_STRING_EQUAL(i->name, "eth0");
	CU_ASSERT_STRING_EQUAL(i->description, "uplink");
	CU_ASSERT_STRING_EQUAL(i->os, "Linux 6.1");
	CU_ASSERT_STRING_EQUAL(i->filter, "tcp port 80");
	CU_ASSERT_EQUAL_FATAL(i->addresses_len, 2);
	CU_ASSERT_EQUAL(memcmp(i->addresses[0].address, "\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\0\2\1", 16), 0);
	CU_ASSERT_EQUAL(memcmp(i->addresses[1].address, "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\5", 16), 0);
	CU_ASSERT_EQUAL(read_frames(s), 1);
	CU_ASSERT_EQUAL(frames[0].fcs_len, 4);
	source_free(s);
}

static void test_hostile_descriptions_are_bounded(void)
{
	static char text[5000];
	struct bytes b;
	memset(text, 'x', sizeof(text));
	bytes_init(&b, ORDER_LITTLE);
	put_section(&b);
	size_t begun = begin_interface(&b, ETHERNET, 96);
	put_option(&b, PCAPNG_IF_NAME, text, sizeof(text));
	for (int i = 0; i < 1000; i++)
		put_option(&b, PCAPNG_IF_IPV4, "\xc0\0\2\1\xff\xff\xff\0", 8);
	end_block(&b, begun);
	struct source *s = open_all(&b);
	CU_ASSERT_EQUAL(strlen(source_interface(s, 0)->name), 256);
	CU_ASSERT_EQUAL(source_interface(s, 0)->addresses_len, 16);
	source_free(s);
}

/* interface(4) time(8) options */
static void put_statistics(struct bytes *b, uint32_t interface, uint64_t received, uint64_t dropped,
                           uint64_t os_dropped)
{
	size_t begun = begin_block(b, PCAPNG_STATISTICS);
	put_u32(b, interface);
	put_u64(b, 0);
	put_option_u64(b, PCAPNG_ISB_RECEIVED, received);
	put_option_u64(b, PCAPNG_ISB_DROPPED, dropped);
	put_option_u64(b, PCAPNG_ISB_OS_DROPPED, os_dropped);
	put_end_of_options(b);
	end_block(b, begun);
}

static void put_packet_with_drops(struct bytes *b, uint32_t interface, uint64_t drops)
{
	size_t begun = begin_packet(b, interface, 1, 20, 20, 0);
	put_option_u64(b, PCAPNG_EPB_DROPCOUNT, drops);
	put_end_of_options(b);
	end_block(b, begun);
}

static void test_losses(void)
{
	struct bytes b;
	bytes_init(&b, ORDER_BIG);
	put_section(&b);
	for (int i = 0; i < 4; i++)
		put_interface(&b, ETHERNET, 0);
	put_packet_with_drops(&b, 0, 3);
	put_packet_with_drops(&b, 0, 4);
	put_statistics(&b, 0, 100, 1, 2);
	put_packet_with_drops(&b, 1, 3);
	put_statistics(&b, 1, 100, 1, 1); /* totals: the later one counts */
	put_statistics(&b, 1, 200, 10, 1);
	put_packet_with_drops(&b, 2, UINT64_MAX);
	put_packet_with_drops(&b, 2, UINT64_MAX);
	put_statistics(&b, 99, 1, 1, 1); /* of no interface: ignored */
	struct source *s = open_all(&b);
	CU_ASSERT_EQUAL(read_frames(s), 5);
	CU_ASSERT_EQUAL(source_interface(s, 0)->dropped, 7);
	CU_ASSERT_EQUAL(source_interface(s, 0)->received, 100);
	CU_ASSERT_EQUAL(source_interface(s, 1)->dropped, 11);
	CU_ASSERT_EQUAL(source_interface(s, 1)->received, 200);
	CU_ASSERT_EQUAL(source_interface(s, 2)->dropped, UINT64_MAX - 1); /* full, not wrapped, not "unknown" */
	CU_ASSERT_EQUAL(source_interface(s, 3)->dropped, UINT64_MAX);
	CU_ASSERT_EQUAL(source_dropped(s), UINT64_MAX - 1);
	source_free(s);
}

static void put_packet_with_flags(struct bytes *b, uint32_t flags)
{
	size_t begun = begin_packet(b, 0, 1, 20, 20, 0);
	put_option_u32(b, PCAPNG_EPB_FLAGS, flags);
	put_end_of_options(b);
	end_block(b, begun);
}

static void test_flags(void)
{
	struct bytes b;
	bytes_init(&b, ORDER_BIG);
	put_section(&b);
	put_interface(&b, ETHERNET, 0);
	put_packet_with_flags(&b, 0);
	put_packet_with_flags(&b, 1);
	put_packet_with_flags(&b, 2 | 4 << 5); /* with a frame check sequence of 4 bytes */
	struct source *s = open_all(&b);
	CU_ASSERT_EQUAL_FATAL(read_frames(s), 3);
	CU_ASSERT_EQUAL(frames[0].direction, FRAME_DIRECTION_UNKNOWN);
	CU_ASSERT_EQUAL(frames[1].direction, FRAME_INBOUND);
	CU_ASSERT_EQUAL(frames[2].direction, FRAME_OUTBOUND);
	CU_ASSERT_EQUAL(frames[1].fcs_len, 0);
	CU_ASSERT_EQUAL(frames[2].fcs_len, 4);
	source_free(s);
}

static void remember_comment(uint64_t frame_number, const char *text, size_t text_len, void *user)
{
	g_string_append_printf(user, "%u:%.*s;", (unsigned)frame_number, (int)text_len, text);
}

static void test_comments(void)
{
	struct bytes b;
	bytes_init(&b, ORDER_LITTLE);
	put_section(&b);
	put_interface(&b, ETHERNET, 0);
	put_packet(&b, 0, 1, 20, 20, 0);
	size_t begun = begin_packet(&b, 0, 2, 21, 21, 0);
	put_option(&b, PCAPNG_OPT_COMMENT, "first", 5);
	put_option(&b, PCAPNG_OPT_COMMENT, "second\n", 7);
	end_block(&b, begun); /* without an end-of-options option */
	begun = begin_packet(&b, 0, 3, 22, 22, 0);
	put_u16(&b, PCAPNG_OPT_COMMENT);
	put_u16(&b, 5000); /* longer than its block: no comment, but a packet */
	end_block(&b, begun);
	struct source *s = open_all(&b);
	g_autoptr(GString) seen = g_string_new(NULL);
	source_on_comment(s, remember_comment, seen);
	CU_ASSERT_EQUAL(read_frames(s), 3);
	CU_ASSERT_STRING_EQUAL(seen->str, "2:first;2:second\n;");
	source_free(s);
}

/* A section's comments are on the file: the first one waits for whoever listens after the file was opened. */
static void put_commented_section(struct bytes *b, const char *text)
{
	size_t begun = begin_block(b, PCAPNG_SECTION_HEADER);
	put_u32(b, 0x1A2B3C4D);
	put_u16(b, 1);
	put_u16(b, 0);
	put_u64(b, UINT64_MAX);
	put_option(b, 4, "dumpcap", 7); /* shb_userappl */
	put_option(b, PCAPNG_OPT_COMMENT, text, strlen(text));
	put_end_of_options(b);
	end_block(b, begun);
}

static void test_comments_on_the_file(void)
{
	struct bytes b;
	bytes_init(&b, ORDER_BIG);
	put_commented_section(&b, "ticket 4711");
	put_interface(&b, ETHERNET, 0);
	put_packet(&b, 0, 1, 20, 20, 0);
	put_commented_section(&b, "part two");
	put_interface(&b, ETHERNET, 0);
	put_packet(&b, 0, 2, 20, 20, 0);
	struct source *s = open_all(&b);
	g_autoptr(GString) seen = g_string_new(NULL);
	source_on_comment(s, remember_comment, seen);
	CU_ASSERT_EQUAL(read_frames(s), 2);
	CU_ASSERT_STRING_EQUAL(seen->str, "0:ticket 4711;0:part two;");
	CU_ASSERT_EQUAL(source_comments(s), 2);
	source_free(s);
}

static void remember_name(const uint8_t address[16], const char *text, size_t text_len, void *user)
{
	g_string_append_printf(user, "%02x%02x:%.*s;", address[0], address[15], (int)text_len, text);
}

static void put_name(struct bytes *b, uint16_t type, const char *address, size_t address_len, const char *names,
                     size_t names_len)
{
	put_u16(b, type);
	put_u16(b, (uint16_t)(address_len + names_len));
	put(b, address, address_len);
	put(b, names, names_len);
	put_padding(b);
}

static void test_names(void)
{
	struct bytes b;
	bytes_init(&b, ORDER_BIG);
	put_section(&b);
	put_interface(&b, ETHERNET, 0);
	size_t begun = begin_block(&b, PCAPNG_NAMES);
	put_name(&b, 1, "\xc0\0\2\1", 4, "one.example\0alias.example", 26);
	put_name(&b, 2, "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\5", 16, "five.example", 13);
	put_name(&b, 1, "\xc0\0\2\2", 4, "no zero", 7);
	put_name(&b, 1, "\xc0\0\2\3", 4, "", 0);
	put_name(&b, 2, "\x20\1\xd", 3, "", 0); /* too short for its address */
	put_name(&b, 9, "????", 4, "of a kind to come", 18);
	put_name(&b, 1, "\xc0\0\2\4", 4, "four", 5);
	put_u32(&b, 0);
	put_name(&b, 1, "\xc0\0\2\5", 4, "behind the end", 15);
	end_block(&b, begun);
	begun = begin_block(&b, PCAPNG_NAMES);
	put_u16(&b, 1);
	put_u16(&b, 5000); /* longer than its block */
	end_block(&b, begun);
	put_packet(&b, 0, 1, 20, 20, 0);
	struct source *s = open_all(&b);
	g_autoptr(GString) seen = g_string_new(NULL);
	source_on_name(s, remember_name, seen);
	CU_ASSERT_EQUAL(read_frames(s), 1);
	CU_ASSERT_STRING_EQUAL(seen->str, "0001:one.example;2005:five.example;0002:no zero;0004:four;");
	source_free(s);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{ "what an interface tells", test_interface },
		{ "hostile descriptions are bounded", test_hostile_descriptions_are_bounded },
		{ "losses", test_losses },
		{ "direction and frame check sequence", test_flags },
		{ "comments", test_comments },
		{ "comments on the file", test_comments_on_the_file },
		{ "names", test_names },
		CU_TEST_INFO_NULL,
	};
	return unit_main("capture: pcapng options", tests);
}
