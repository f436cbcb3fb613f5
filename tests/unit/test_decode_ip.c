/* IPv4 and IPv6: lengths, options, extension headers, fragments. */
#include "capture/decode.h"

#include "tests/unit/packets.h"
#include "tests/unit/unit.h"

enum { ETHERNET = 1, RAW = 101 };

static void test_ipv4_fields(void)
{
	/* type of service b8, ID abcd, no flags, TTL 3 */
	struct segment s = decode_hex(RAW, "45 b8 00 39 ab cd 00 00 03 06 00 00" IPV4_ADDRESSES TCP_DATA, 0);
	CU_ASSERT_EQUAL(s.kind, SEGMENT_TCP);
	CU_ASSERT_EQUAL(s.tos, 0xb8);
	CU_ASSERT_EQUAL(s.ip_id, 0xabcd);
	CU_ASSERT_EQUAL(s.ttl, 3);
	CU_ASSERT_FALSE(s.dont_fragment);
	CU_ASSERT_TRUE(decode_hex(RAW, IPV4_DATA, 0).dont_fragment);
}

static void test_ipv6_fields(void)
{
	/* traffic class 2e, flow label 12345, hop limit 7 */
	struct segment s = decode_hex(RAW, "62 e1 23 45 00 25 06 07" IPV6_ADDRESSES TCP_DATA, 0);
	CU_ASSERT_EQUAL(s.kind, SEGMENT_TCP);
	CU_ASSERT_EQUAL(s.tos, 0x2e);
	CU_ASSERT_EQUAL(s.ttl, 7);
	CU_ASSERT_EQUAL(s.ip_id, 0);
	CU_ASSERT_FALSE(s.dont_fragment);
}

/* The tiniest acknowledgement is padded to 60 bytes by Ethernet: that is no payload. */
static void test_padding_is_no_payload(void)
{
	struct segment s = decode_hex(ETHERNET, ETHERNET_IPV4 "45 00 00 28 00 01 40 00 40 06 00 00" IPV4_ADDRESSES
	                              TCP_PORTS "00 00 00 01 00 00 00 02 50 10 ff ff 00 00 00 00"
	                              "00 00 00 00 00 00", 0);
	CU_ASSERT_EQUAL(s.kind, SEGMENT_TCP);
	CU_ASSERT_EQUAL(s.payload_len, 0);
	CU_ASSERT_PTR_NULL(s.payload);
	CU_ASSERT_EQUAL(s.tcp_len, 20);
	CU_ASSERT_EQUAL(s.anomalies, 0);
}

static void test_ipv4_options(void)
{
	/* header of 7 words: router alert, padding */
	struct segment s = decode_hex(RAW, "47 00 00 41 12 34 40 00 40 06 00 00" IPV4_ADDRESSES
	                              "94 04 00 00 01 01 01 00" TCP_DATA, 0);
	CU_ASSERT_TRUE(is_data_segment(&s, 4));
}

static void test_ipv4_lies(void)
{
	static const char *const headers[] = {
		"44 00 00 39 12 34 40 00 40 06 00 00", /* header of 4 words */
		"4f 00 00 39 12 34 40 00 40 06 00 00", /* header longer than the packet */
		"45 00 00 13 12 34 40 00 40 06 00 00", /* total length 19 */
		"45 00 00 28 12 34 40 00 40 06 00 00", /* total length 40, where TCP's header has 32 bytes */
	};
	for (size_t i = 0; i < G_N_ELEMENTS(headers); i++) {
		g_autofree char *hex = g_strconcat(ETHERNET_IPV4, headers[i], IPV4_ADDRESSES, TCP_DATA, NULL);
		CU_ASSERT_EQUAL(decode_hex(ETHERNET, hex, 0).kind, SEGMENT_INVALID);
	}
	/* EtherType IPv4, version 6, and the other way round */
	CU_ASSERT_EQUAL(decode_hex(ETHERNET, ETHERNET_IPV4 IPV6_DATA, 0).kind, SEGMENT_INVALID);
	CU_ASSERT_EQUAL(decode_hex(ETHERNET, ETHERNET_IPV6 IPV4_DATA, 0).kind, SEGMENT_INVALID);
}

/* Captured before the network card cut it into pieces: all of the frame is the packet. */
static void test_total_length_zero(void)
{
	struct segment s = decode_hex(ETHERNET, ETHERNET_IPV4 "45 00 00 00 12 34 40 00 40 06 00 00"
	                              IPV4_ADDRESSES TCP_DATA, 100000);
	CU_ASSERT_EQUAL(s.kind, SEGMENT_TCP);
	CU_ASSERT_EQUAL(s.payload_len, 100005);
	CU_ASSERT_EQUAL(s.payload_captured, 5);
	CU_ASSERT_EQUAL(s.anomalies, ANOMALY_IP_TOTAL_ZERO | ANOMALY_SNAPPED);
	s = decode_hex(ETHERNET, ETHERNET_IPV6 "60 00 00 00 00 00 06 40" IPV6_ADDRESSES TCP_DATA, 0);
	CU_ASSERT_EQUAL(s.payload_len, 5);
	CU_ASSERT_EQUAL(s.anomalies, ANOMALY_IP_TOTAL_ZERO);
	/* the same with the length in a hop-by-hop option, as Linux writes it: next 6, length 8, c2 04 */
	s = decode_hex(ETHERNET, ETHERNET_IPV6 "60 00 00 00 00 00 00 40" IPV6_ADDRESSES
	               "06 00 c2 04 00 01 11 78" TCP_DATA, 69995);
	CU_ASSERT_EQUAL(s.payload_len, 70000);
}

static void test_cut_by_the_snap_length(void)
{
	struct segment s = decode_hex(ETHERNET, ETHERNET_IPV4 "45 00 05 dc 12 34 40 00 40 06 00 00" IPV4_ADDRESSES
	                              TCP_DATA, 1500 - 57);
	CU_ASSERT_EQUAL(s.kind, SEGMENT_TCP);
	CU_ASSERT_EQUAL(s.payload_len, 1448);
	CU_ASSERT_EQUAL(s.payload_captured, 5);
	CU_ASSERT_EQUAL(s.tcp_len, 37);
	CU_ASSERT_EQUAL(s.tcp_wire_len, 1480);
	CU_ASSERT_EQUAL(s.anomalies, ANOMALY_SNAPPED);
}

/* Some programs save cut packets as if they had been that short: the IP header knows better. */
static void test_more_than_the_wire_had(void)
{
	struct segment s = decode_hex(ETHERNET, ETHERNET_IPV4 "45 00 05 dc 12 34 40 00 40 06 00 00" IPV4_ADDRESSES
	                              TCP_DATA, 0);
	CU_ASSERT_EQUAL(s.kind, SEGMENT_TCP);
	CU_ASSERT_EQUAL(s.payload_len, 1448);
	CU_ASSERT_EQUAL(s.anomalies, ANOMALY_SNAPPED | ANOMALY_LENGTH_SHORT);
}

static void test_cut_in_the_headers(void)
{
	/* IPv4 through its addresses; its options missing; TCP through the flags */
	CU_ASSERT_EQUAL(decode_hex(RAW, IPV4_57, 37).kind, SEGMENT_TRUNCATED);
	CU_ASSERT_EQUAL(decode_hex(RAW, "46 00 00 3d 12 34 40 00 40 06 00 00" IPV4_ADDRESSES, 41).kind,
	                SEGMENT_TRUNCATED);
	CU_ASSERT_EQUAL(decode_hex(RAW, IPV4_57 TCP_PORTS "11 22 33 45 aa bb cc de 80 18", 23).kind,
	                SEGMENT_TRUNCATED);
	struct segment s = decode_hex(RAW, IPV4_57 TCP_PORTS "11 22 33 45 aa bb cc de 80 18 fa 00", 21);
	CU_ASSERT_EQUAL(s.kind, SEGMENT_TCP);
	CU_ASSERT_EQUAL(s.payload_len, 5);
	CU_ASSERT_EQUAL(s.anomalies, ANOMALY_SNAPPED | ANOMALY_OPTION_CUT);
	CU_ASSERT_EQUAL(decode_hex(RAW, IPV6_37, 37).kind, SEGMENT_TRUNCATED);
	CU_ASSERT_EQUAL(decode_hex(RAW, "45 00 00 39 12 34 40 00 40 06", 47).kind, SEGMENT_NONE);
	/* UDP is none of ours, cut or not */
	CU_ASSERT_EQUAL(decode_hex(RAW, "45 00 00 39 12 34 40 00 40 11 00 00" IPV4_ADDRESSES, 37).kind, SEGMENT_NONE);
}

static void test_extension_headers(void)
{
	/* payload 37 + 80: hop-by-hop 8, routing 24, destination 8, mobility 8, HIP 8, shim6 8, AH 16; next TCP */
	struct segment s = decode_hex(RAW, "60 00 00 00 00 75 00 40" IPV6_ADDRESSES
	                              "2b 00 05 02 00 00 01 00"
	                              "3c 02 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
	                              "87 00 01 04 00 00 00 00"
	                              "8b 00 00 00 00 00 00 00"
	                              "8c 00 00 00 00 00 00 00"
	                              "33 00 00 00 00 00 00 00"
	                              "06 02 00 00 00 00 00 01 00 00 00 01 00 00 00 00" TCP_DATA, 0);
	CU_ASSERT_TRUE(is_data_segment(&s, 6));
	/* authentication header behind IPv4 */
	s = decode_hex(RAW, "45 00 00 49 12 34 40 00 40 33 00 00" IPV4_ADDRESSES
	               "06 02 00 00 00 00 00 01 00 00 00 01 00 00 00 00" TCP_DATA, 0);
	CU_ASSERT_TRUE(is_data_segment(&s, 4));
}

static void test_extension_headers_lie(void)
{
	/* an extension header that is longer than the packet */
	CU_ASSERT_EQUAL(decode_hex(RAW, "60 00 00 00 00 08 00 40" IPV6_ADDRESSES "06 ff 00 00 00 00 00 00", 0).kind,
	                SEGMENT_INVALID);
	/* "no next header" */
	CU_ASSERT_EQUAL(decode_hex(RAW, "60 00 00 00 00 00 3b 40" IPV6_ADDRESSES TCP_DATA, 0).kind, SEGMENT_NONE);
	/* more of them than anybody sends */
	g_autoptr(GString) hex = g_string_new("60 00 00 00 03 20 3c 40" IPV6_ADDRESSES);
	for (int i = 0; i < 100; i++)
		g_string_append(hex, "3c 00 00 00 00 00 00 00");
	CU_ASSERT_EQUAL(decode_hex(RAW, hex->str, 0).kind, SEGMENT_NONE);
}

static void test_ipv4_fragments(void)
{
	/* offset 0, more to come */
	struct segment s = decode_hex(RAW, "45 00 00 39 12 34 20 00 40 06 00 00" IPV4_ADDRESSES TCP_DATA, 0);
	CU_ASSERT_EQUAL(s.kind, SEGMENT_FRAGMENT);
	CU_ASSERT_EQUAL(s.fragment_id, 0x1234);
	CU_ASSERT_EQUAL(s.fragment_offset, 0);
	CU_ASSERT_TRUE(s.fragment_more);
	CU_ASSERT_EQUAL(s.tcp_wire_len, 37);
	CU_ASSERT_EQUAL(s.tcp[1], 0);
	/* offset 3, last */
	s = decode_hex(RAW, "45 00 00 39 12 34 00 03 40 06 00 00" IPV4_ADDRESSES TCP_DATA, 0);
	CU_ASSERT_EQUAL(s.kind, SEGMENT_FRAGMENT);
	CU_ASSERT_EQUAL(s.fragment_offset, 24);
	CU_ASSERT_FALSE(s.fragment_more);
	CU_ASSERT_EQUAL(s.target[15], 2);
	CU_ASSERT_EQUAL(s.source_port, 0);
	/* of UDP */
	s = decode_hex(RAW, "45 00 00 39 12 34 00 03 40 11 00 00" IPV4_ADDRESSES TCP_DATA, 0);
	CU_ASSERT_EQUAL(s.kind, SEGMENT_NONE);
}

static void test_ipv6_fragments(void)
{
	/* next 6, offset 0, more 0: a packet that is whole (RFC 6946) */
	struct segment s = decode_hex(RAW, "60 00 00 00 00 2d 2c 40" IPV6_ADDRESSES "06 00 00 00 00 00 00 01" TCP_DATA, 0);
	CU_ASSERT_TRUE(is_data_segment(&s, 6));
	s = decode_hex(RAW, "60 00 00 00 00 2d 2c 40" IPV6_ADDRESSES "06 00 00 01 00 00 be ef" TCP_DATA, 0);
	CU_ASSERT_EQUAL(s.kind, SEGMENT_FRAGMENT);
	CU_ASSERT_EQUAL(s.fragment_id, 0xbeef);
	CU_ASSERT_TRUE(s.fragment_more);
	s = decode_hex(RAW, "60 00 00 00 00 2d 2c 40" IPV6_ADDRESSES "06 00 00 08 00 00 00 01" TCP_DATA, 0);
	CU_ASSERT_EQUAL(s.kind, SEGMENT_FRAGMENT);
	CU_ASSERT_EQUAL(s.fragment_offset, 8);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{ "IPv4 fields", test_ipv4_fields },
		{ "IPv6 fields", test_ipv6_fields },
		{ "padding is no payload", test_padding_is_no_payload },
		{ "IPv4 options", test_ipv4_options },
		{ "IPv4 headers that lie", test_ipv4_lies },
		{ "total length 0", test_total_length_zero },
		{ "cut by the snap length", test_cut_by_the_snap_length },
		{ "more than the wire had", test_more_than_the_wire_had },
		{ "cut in the headers", test_cut_in_the_headers },
		{ "extension headers", test_extension_headers },
		{ "extension headers that lie", test_extension_headers_lie },
		{ "IPv4 fragments", test_ipv4_fragments },
		{ "IPv6 fragments", test_ipv6_fragments },
		CU_TEST_INFO_NULL,
	};
	return unit_main("decode: IP", tests);
}
