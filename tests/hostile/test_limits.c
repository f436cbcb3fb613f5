/* Limits that nothing else shows: at the limit all is well, and one step beyond it is what docs/input.md says. */
#include <string.h>

#include <glib.h>

#include "analyzers/context.h"
#include "capture/decode.h"
#include "capture/layers.h"
#include "capture/linktype.h"
#include "capture/source.h"
#include "tests/unit/bytes.h"
#include "tests/unit/packets.h"
#include "tests/unit/unit.h"

enum { EXTENSIONS = 32 /* capture/decode_ip.c */, PADDING = 4096 /* capture/snoop_file.c */ };

static enum segment_kind kind_of(uint16_t linktype, const struct bytes *b)
{
	const struct frame frame = {.number = 1, .bytes = b->array->data, .bytes_len = b->array->len,
	                            .wire_len = b->array->len, .linktype = linktype};

	return (enum segment_kind)decode_both_ways(&frame).kind;
}

/* --- packets ------------------------------------------------------------------------------------------------ */

static enum segment_kind kind_behind_extensions(unsigned count)
{
	enum { DESTINATION_OPTIONS = 60, TCP = 6, BYTES = 8 };
	enum segment_kind kind;
	struct bytes b;

	bytes_init(&b, ORDER_BIG);
	put_u32(&b, 0x60000000);
	put_u16(&b, (uint16_t)(count * BYTES + 37));
	put_u8(&b, DESTINATION_OPTIONS);
	put_u8(&b, 64);
	put_hex(&b, IPV6_ADDRESSES);
	for (unsigned i = 0; i < count; i++) {
		put_u8(&b, i + 1 < count ? DESTINATION_OPTIONS : TCP);
		put_hex(&b, "00 01 04 00 00 00 00");
	}
	put_hex(&b, TCP_DATA);
	kind = kind_of(LINKTYPE_IPV6, &b);
	bytes_clear(&b);
	return kind;
}

static void extension_headers(void)
{
	CU_ASSERT_EQUAL(kind_behind_extensions(1), SEGMENT_TCP);
	CU_ASSERT_EQUAL(kind_behind_extensions(EXTENSIONS), SEGMENT_TCP);
	CU_ASSERT_EQUAL(kind_behind_extensions(EXTENSIONS + 1), SEGMENT_NONE);
	CU_ASSERT_EQUAL(kind_behind_extensions(1000), SEGMENT_NONE);
}

/* Ethernet in MPLS in Ethernet ...; the last one holds IPv4. */
static enum segment_kind kind_behind_layers(unsigned count)
{
	enum segment_kind kind;
	struct bytes b;

	bytes_init(&b, ORDER_BIG);
	for (unsigned i = 1; i < count; i++)
		put_hex(&b, MAC_ADDRESSES "88 47 00 01 01 40 00 00 00 00"); /* label 16, last; a control word */
	put_hex(&b, ETHERNET_IPV4 IPV4_DATA);
	kind = kind_of(LINKTYPE_ETHERNET, &b);
	bytes_clear(&b);
	return kind;
}

static void layers_in_each_other(void)
{
	CU_ASSERT_EQUAL(kind_behind_layers(2), SEGMENT_TCP);
	CU_ASSERT_EQUAL(kind_behind_layers(LAYERS_MAX + 1), SEGMENT_TCP); /* so many within the first */
	CU_ASSERT_EQUAL(kind_behind_layers(LAYERS_MAX + 2), SEGMENT_INVALID);
	CU_ASSERT_EQUAL(kind_behind_layers(1000), SEGMENT_INVALID);
}

/* --- files -------------------------------------------------------------------------------------------------- */

/* How a snoop file ends whose only packet is followed by so much padding; -1 well. */
static int end_of_snoop(uint32_t padding)
{
	struct frame frame;
	struct bytes b;
	struct source *s;
	GError *error = NULL;
	int code;

	bytes_init(&b, ORDER_BIG);
	put(&b, "snoop\0\0", 8);
	put_u32(&b, 2);
	put_u32(&b, 4);
	put_u32(&b, 4);
	put_u32(&b, 4);
	put_u32(&b, 28 + padding);
	put(&b, (uint8_t[12 + 4 + PADDING + 4]){0}, 16 + padding);
	s = bytes_open(&b, &error);
	while (s && source_next_batch(s, &frame, 1, &error) > 0)
		;
	code = error ? error->code : -1;
	g_clear_error(&error);
	source_free(s);
	bytes_clear(&b);
	return code;
}

static void snoop_padding(void)
{
	CU_ASSERT_EQUAL(end_of_snoop(0), -1);
	CU_ASSERT_EQUAL(end_of_snoop(PADDING), -1);
	CU_ASSERT_EQUAL(end_of_snoop(PADDING + 4), SOURCE_ERROR_CORRUPT);
}

/* --- context ------------------------------------------------------------------------------------------------ */

static struct facts_end server_of(uint32_t number)
{
	struct facts_end e = {.address = {[10] = 0xff, [11] = 0xff}, .port = 443};

	memcpy(e.address + 12, &number, sizeof number);
	return e;
}

/* Ten times as many servers as there are places: of each what is known is its own, or nothing. */
static void more_servers_than_places(void)
{
	enum { SERVERS = 10 << 14 };
	struct context *x = context_new();
	struct context_log log = {0};
	unsigned known = 0, wrong = 0;

	for (uint32_t i = 1; i <= SERVERS; i++) {
		struct facts_end server = server_of(i);

		context_alive(&log, &server, (int64_t)i);
		context_learn(x, &log);
	}
	for (uint32_t i = 1; i <= SERVERS; i++) {
		struct facts_end server = server_of(i);
		int64_t answered = context_server(x, &server).answered_ns;

		known += answered == (int64_t)i;
		wrong += answered != 0 && answered != (int64_t)i;
	}
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT_TRUE(known > 0 && known <= 1 << 14);
	context_log_clear(&log);
	context_free(x);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"extension headers", extension_headers},
		{"layers in each other", layers_in_each_other},
		{"snoop: padding", snoop_padding},
		{"context: more servers than places", more_servers_than_places},
		CU_TEST_INFO_NULL,
	};

	return unit_main("limits", tests);
}
