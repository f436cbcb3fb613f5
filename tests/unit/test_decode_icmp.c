/* ICMP errors and the segments they quote. */
#include "capture/decode.h"

#include <string.h>

#include "tests/unit/packets.h"
#include "tests/unit/unit.h"

enum { RAW = 101 };

/* From a router, 203.0.113.9, to the sender of the quoted segment: total length `total`, then ICMP. */
#define OUTER_IPV4(total) "45 c0 00" total "00 00 00 00 3f 01 00 00 cb 00 71 09 c0 00 02 01"
/* From 2001:db8::9; next header 58. */
#define OUTER_IPV6(payload) \
	"60 00 00 00 00" payload "3a 3f 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 09" \
	"20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01"

static bool is_from_router(const struct segment *s)
{
	static const uint8_t router[16] = { [10] = 0xff, [11] = 0xff, 203, 0, 113, 9 };
	return memcmp(s->icmp_source, router, 16) == 0;
}

/* Ports and sequence number, of a segment between the usual two. */
static bool quotes_data(const struct segment *s)
{
	return s->kind == SEGMENT_ICMP_ERROR && s->source[12] == 192 && s->source[15] == 1 &&
	       s->target[15] == 2 && s->source_port == 49152 && s->target_port == 80 && s->seq == 0x11223345;
}

/* Host unreachable, quoting the IP header and 8 bytes of TCP: the least there must be (RFC 792). */
static void test_eight_bytes(void)
{
	struct segment s = decode_hex(RAW, OUTER_IPV4("38") "03 01 00 00 00 00 00 00" IPV4_57
	                              TCP_PORTS "11 22 33 45", 0);
	CU_ASSERT_TRUE(quotes_data(&s));
	CU_ASSERT_TRUE(is_from_router(&s));
	CU_ASSERT_EQUAL(s.icmp_type, 3);
	CU_ASSERT_EQUAL(s.icmp_code, 1);
	CU_ASSERT_EQUAL(s.icmp_mtu, 0);
	CU_ASSERT_EQUAL(s.flags, 0);
	CU_ASSERT_EQUAL(s.payload_len, 0);
	CU_ASSERT_EQUAL(s.ip_id, 0x1234);
	CU_ASSERT_EQUAL(s.ttl, 64);
	CU_ASSERT_EQUAL(s.tcp_wire_len, 37);
	CU_ASSERT_EQUAL(s.anomalies, 0);
}

static void test_seven_bytes_are_too_few(void)
{
	CU_ASSERT_EQUAL(decode_hex(RAW, OUTER_IPV4("37") "03 01 00 00 00 00 00 00" IPV4_57
	                           TCP_PORTS "11 22 33", 0).kind, SEGMENT_NONE);
	CU_ASSERT_EQUAL(decode_hex(RAW, OUTER_IPV4("38") "03 01 00 00 00 00 00 00" IPV4_57
	                           TCP_PORTS "11 22 33", 1).kind, SEGMENT_NONE);
}

/* Linux and most routers of today quote as much as fits. */
static void test_whole_segment(void)
{
	struct segment s = decode_hex(RAW, OUTER_IPV4("55") "0b 00 00 00 00 00 00 00" IPV4_DATA, 0);
	CU_ASSERT_TRUE(quotes_data(&s));
	CU_ASSERT_EQUAL(s.icmp_type, 11);
	CU_ASSERT_EQUAL(s.ack, 0xaabbccde);
	CU_ASSERT_EQUAL(s.flags, TCP_PSH | TCP_ACK);
	CU_ASSERT_EQUAL(s.window, 64000);
	CU_ASSERT_EQUAL(s.payload_len, 5);
	CU_ASSERT_EQUAL(s.ts_value, 11);
}

static void test_mtu(void)
{
	/* fragmentation needed, MTU 1400; the same word in another code means nothing */
	struct segment s = decode_hex(RAW, OUTER_IPV4("38") "03 04 00 00 00 00 05 78" IPV4_57
	                              TCP_PORTS "11 22 33 45", 0);
	CU_ASSERT_EQUAL(s.icmp_mtu, 1400);
	s = decode_hex(RAW, OUTER_IPV4("38") "03 0d 00 00 00 00 05 78" IPV4_57 TCP_PORTS "11 22 33 45", 0);
	CU_ASSERT_TRUE(quotes_data(&s));
	CU_ASSERT_EQUAL(s.icmp_mtu, 0);
}

static void test_types(void)
{
	static const struct {
		const char *icmp;
		uint8_t kind;
	} types[] = {
		{ "04 00 00 00 00 00 00 00", SEGMENT_ICMP_ERROR },  /* source quench */
		{ "05 01 00 00 cb 00 71 01", SEGMENT_ICMP_ERROR },  /* redirect */
		{ "0c 00 00 00 00 00 00 00", SEGMENT_ICMP_ERROR },  /* parameter problem */
		{ "08 00 00 00 00 00 00 00", SEGMENT_NONE },        /* echo: whatever it carries */
		{ "00 00 00 00 00 00 00 00", SEGMENT_NONE },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
		g_autofree char *hex = g_strconcat(OUTER_IPV4("38"), types[i].icmp, IPV4_57 TCP_PORTS "11 22 33 45", NULL);
		CU_ASSERT_EQUAL(decode_hex(RAW, hex, 0).kind, types[i].kind);
	}
}

static void test_icmpv6(void)
{
	/* packet too big, MTU 1280; payload 8 + 40 + 37 */
	struct segment s = decode_hex(RAW, OUTER_IPV6("55") "02 00 00 00 00 00 05 00" IPV6_DATA, 0);
	CU_ASSERT_EQUAL(s.kind, SEGMENT_ICMP_ERROR);
	CU_ASSERT_EQUAL(s.ip_version, 6);
	CU_ASSERT_EQUAL(s.icmp_mtu, 1280);
	CU_ASSERT_EQUAL(s.icmp_source[15], 9);
	CU_ASSERT_EQUAL(s.source[15], 1);
	CU_ASSERT_EQUAL(s.target[15], 2);
	CU_ASSERT_EQUAL(s.seq, 0x11223345);
	s = decode_hex(RAW, OUTER_IPV6("55") "02 00 00 00 00 01 00 00" IPV6_DATA, 0);
	CU_ASSERT_EQUAL(s.icmp_mtu, 65535);
	s = decode_hex(RAW, OUTER_IPV6("55") "01 04 00 00 00 00 00 00" IPV6_DATA, 0); /* port unreachable */
	CU_ASSERT_EQUAL(s.kind, SEGMENT_ICMP_ERROR);
	CU_ASSERT_EQUAL(s.icmp_mtu, 0);
	s = decode_hex(RAW, OUTER_IPV6("55") "80 00 00 00 00 00 00 00" IPV6_DATA, 0); /* echo */
	CU_ASSERT_EQUAL(s.kind, SEGMENT_NONE);
}

static void test_what_else_may_be_quoted(void)
{
	/* UDP; an ICMP error about an ICMP error; a later fragment; IPv6 within ICMP for IPv4 */
	static const char *const quoted[] = {
		"45 00 00 39 12 34 40 00 40 11 00 00" IPV4_ADDRESSES TCP_PORTS "11 22 33 45",
		"45 00 00 39 12 34 40 00 40 01 00 00" IPV4_ADDRESSES "03 01 00 00 00 00 00 00",
		"45 00 00 39 12 34 00 03 40 06 00 00" IPV4_ADDRESSES TCP_PORTS "11 22 33 45",
		IPV6_DATA,
	};
	for (size_t i = 0; i < G_N_ELEMENTS(quoted); i++) {
		g_autofree char *hex = g_strconcat(OUTER_IPV4("00"), "03 01 00 00 00 00 00 00", quoted[i], NULL);
		CU_ASSERT_EQUAL(decode_hex(RAW, hex, 0).kind, SEGMENT_NONE);
	}
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{ "eight bytes of TCP", test_eight_bytes },
		{ "seven are too few", test_seven_bytes_are_too_few },
		{ "a whole segment", test_whole_segment },
		{ "MTU of the next hop", test_mtu },
		{ "types that quote", test_types },
		{ "ICMPv6", test_icmpv6 },
		{ "what else may be quoted", test_what_else_may_be_quoted },
		CU_TEST_INFO_NULL,
	};
	return unit_main("decode: ICMP", tests);
}
