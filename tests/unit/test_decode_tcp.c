/* The TCP header and its options. */
#include "capture/decode.h"

#include "capture/tcp_options.h"
#include "tests/unit/packets.h"
#include "tests/unit/unit.h"

enum { RAW = 101 };

/* A segment without payload and with these options, of which there are a multiple of 4 bytes. The
 * acknowledgement is 1000, the header in front of the options complete. */
static struct segment decode_options(const char *options)
{
	size_t len = 0;
	for (const char *at = options; *at; at++)
		len += *at != ' ';
	len /= 2;
	g_autofree char *hex = g_strdup_printf("45 00 00 %02x 12 34 40 00 40 06 00 00" IPV4_ADDRESSES TCP_PORTS
	                                       "00 00 00 01 00 00 03 e8 %02x 10 ff ff 00 00 00 00 %s",
	                                       (unsigned)(40 + len), (unsigned)((5 + len / 4) << 4), options);
	struct segment s = decode_hex(RAW, hex, 0);
	CU_ASSERT_EQUAL(s.kind, SEGMENT_TCP);
	CU_ASSERT_EQUAL(s.payload_len, 0);
	return s;
}

static void test_header(void)
{
	struct segment s = decode_hex(RAW, IPV4_60 TCP_SYN_40, 0);
	CU_ASSERT_EQUAL(s.kind, SEGMENT_TCP);
	CU_ASSERT_EQUAL(s.source_port, 49152);
	CU_ASSERT_EQUAL(s.target_port, 80);
	CU_ASSERT_EQUAL(s.seq, 0x11223344);
	CU_ASSERT_EQUAL(s.ack, 0);
	CU_ASSERT_EQUAL(s.flags, TCP_SYN);
	CU_ASSERT_EQUAL(s.window, 64000);
	CU_ASSERT_EQUAL(s.payload_len, 0);
	s = decode_hex(RAW, IPV4_DATA, 0);
	CU_ASSERT_TRUE(is_data_segment(&s, 4));
	CU_ASSERT_EQUAL(s.tcp_len, 37);
	CU_ASSERT_EQUAL(s.tcp_wire_len, 37);
	CU_ASSERT_EQUAL(s.tcp[0], 0xc0);
	CU_ASSERT_EQUAL(s.options, OPTION_TIMESTAMP);
	CU_ASSERT_EQUAL(s.options_order, 2 | 2 << 3 | 5 << 6);
}

static void test_all_flags(void)
{
	struct segment s = decode_hex(RAW, "45 00 00 28 12 34 40 00 40 06 00 00" IPV4_ADDRESSES
	                              TCP_PORTS "00 00 00 01 00 00 00 02 5f ff ff ff 00 00 00 00", 0);
	CU_ASSERT_EQUAL(s.kind, SEGMENT_TCP);
	CU_ASSERT_EQUAL(s.flags, 0xff);
}

static void test_header_lies(void)
{
	/* offset 4; offset 15 where 20 bytes are */
	CU_ASSERT_EQUAL(decode_hex(RAW, "45 00 00 28 12 34 40 00 40 06 00 00" IPV4_ADDRESSES
	                           TCP_PORTS "00 00 00 01 00 00 00 02 40 10 ff ff 00 00 00 00", 0).kind,
	                SEGMENT_INVALID);
	CU_ASSERT_EQUAL(decode_hex(RAW, "45 00 00 28 12 34 40 00 40 06 00 00" IPV4_ADDRESSES
	                           TCP_PORTS "00 00 00 01 00 00 00 02 f0 10 ff ff 00 00 00 00", 0).kind,
	                SEGMENT_INVALID);
	/* a packet of 12 bytes of TCP */
	CU_ASSERT_EQUAL(decode_hex(RAW, "45 00 00 20 12 34 40 00 40 06 00 00" IPV4_ADDRESSES
	                           TCP_PORTS "00 00 00 01 00 00 00 02", 0).kind, SEGMENT_INVALID);
}

static void test_syn_options(void)
{
	struct segment s = decode_hex(RAW, IPV4_60 TCP_SYN_40, 0);
	CU_ASSERT_EQUAL(s.options, OPTION_MSS | OPTION_SACK_PERMITTED | OPTION_TIMESTAMP | OPTION_WINDOW_SCALE);
	CU_ASSERT_EQUAL(s.mss, 1460);
	CU_ASSERT_EQUAL(s.ts_value, 10);
	CU_ASSERT_EQUAL(s.ts_echo, 0);
	CU_ASSERT_EQUAL(s.window_scale, 7);
	CU_ASSERT_EQUAL(s.options_order, 1 | 4 << 3 | 5 << 6 | 2 << 9 | 3 << 12);
	CU_ASSERT_EQUAL(decode_options("03 03 ff 00").window_scale, 14);
}

static void test_other_options(void)
{
	/* user timeout 30 s; fast open with a cookie of 4; its experiment, kind 254 magic f989; MPTCP */
	struct segment s = decode_options("1c 04 00 1e");
	CU_ASSERT_EQUAL(s.options, OPTION_USER_TIMEOUT);
	CU_ASSERT_EQUAL(s.options_order, 7);
	CU_ASSERT_EQUAL(decode_options("22 06 01 02 03 04 01 01").options, OPTION_FAST_OPEN);
	CU_ASSERT_EQUAL(decode_options("fe 04 f9 89").options, OPTION_FAST_OPEN);
	CU_ASSERT_EQUAL(decode_options("fe 04 e2 d4").options, 0);
	CU_ASSERT_EQUAL(decode_options("1e 04 81 00").options, OPTION_MPTCP);
	CU_ASSERT_EQUAL(decode_options("13 12 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01 01").options, 0);
}

static void test_sack(void)
{
	/* blocks 3000-4000 and 2000-2500, above the acknowledgement of 1000 */
	struct segment s = decode_options("01 01 05 12 00 00 0b b8 00 00 0f a0 00 00 07 d0 00 00 09 c4");
	CU_ASSERT_EQUAL(s.options, OPTION_SACK);
	CU_ASSERT_EQUAL(s.sack_left, 3000);
	CU_ASSERT_EQUAL(s.sack_right, 4000);
	CU_ASSERT_FALSE(s.dsack);
	/* the other order, and one that wraps around 0: ffffff00-1200 is not above 2000-2500 */
	s = decode_options("01 01 05 12 ff ff ff 00 00 00 04 b0 00 00 07 d0 00 00 09 c4");
	CU_ASSERT_EQUAL(s.sack_left, 2000);
	CU_ASSERT_EQUAL(s.sack_right, 2500);
	CU_ASSERT_TRUE(s.dsack); /* ffffff00 is below 1000 */
}

static void test_dsack(void)
{
	CU_ASSERT_TRUE(decode_options("01 01 05 0a 00 00 01 f4 00 00 03 e8").dsack);  /* 500-1000 */
	CU_ASSERT_FALSE(decode_options("01 01 05 0a 00 00 03 e8 00 00 07 d0").dsack); /* 1000-2000 */
	/* 2100-2200 within 2000-2500 */
	CU_ASSERT_TRUE(decode_options("01 01 05 12 00 00 08 34 00 00 08 98 00 00 07 d0 00 00 09 c4").dsack);
	/* 2400-2600 is not */
	CU_ASSERT_FALSE(decode_options("01 01 05 12 00 00 09 60 00 00 0a 28 00 00 07 d0 00 00 09 c4").dsack);
}

static void test_end_of_options(void)
{
	struct segment s = decode_options("00 02 04 05"); /* what follows is no option */
	CU_ASSERT_EQUAL(s.options, 0);
	CU_ASSERT_EQUAL(s.anomalies, 0);
	CU_ASSERT_EQUAL(s.options_order, 6);
	CU_ASSERT_EQUAL(decode_options("01 01 01 01").options_order, 2 | 2 << 3 | 2 << 6 | 2 << 9);
}

static void test_options_lie(void)
{
	static const char *const bad[] = {
		"02 00 05 b4",                         /* length 0 */
		"02 01 05 b4",                         /* length 1 */
		"02 08 05 b4",                         /* longer than the header */
		"01 01 01 02",                         /* no room for a length */
		"02 03 05 01",                         /* MSS of one byte */
		"03 04 07 00",                         /* window scale of two */
		"08 06 00 00 00 01 01 01",             /* half a timestamp */
		"05 06 00 00 00 01 01 01",             /* half a block */
		"05 0e 00 00 00 01 00 00 00 02 00 00 00 03 01 01", /* a block and a half */
	};
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		struct segment s = decode_options(bad[i]);
		CU_ASSERT_EQUAL(s.anomalies, ANOMALY_OPTION_BAD);
		CU_ASSERT_EQUAL(s.options, 0);
		CU_ASSERT_EQUAL(s.mss | s.window_scale | s.ts_value | s.sack_left, 0);
	}
	struct segment s = decode_options("03 03 07 08 0a 00 00 00"); /* what came before is good */
	CU_ASSERT_EQUAL(s.anomalies, ANOMALY_OPTION_BAD);
	CU_ASSERT_EQUAL(s.options, OPTION_WINDOW_SCALE);
}

static void test_options_cut(void)
{
	/* the SYN, of which the last 8 bytes were not captured: the timestamp is incomplete */
	struct segment s = decode_hex(RAW, IPV4_60 TCP_PORTS "11 22 33 44 00 00 00 00 a0 02 fa 00 5d 07 00 00"
	                              "02 04 05 b4 04 02 08 0a 00 00 00 0a", 8);
	CU_ASSERT_EQUAL(s.kind, SEGMENT_TCP);
	CU_ASSERT_EQUAL(s.options, OPTION_MSS | OPTION_SACK_PERMITTED);
	CU_ASSERT_EQUAL(s.anomalies, ANOMALY_SNAPPED | ANOMALY_OPTION_CUT);
	CU_ASSERT_EQUAL(s.payload_len, 0);
}

static void test_iterator(void)
{
	static const uint8_t bytes[] = { 1, 3, 3, 7, 254, 2, 0, 9 };
	struct cursor list = cursor_new(bytes, sizeof(bytes), sizeof(bytes));
	struct tcp_option o;
	CU_ASSERT_TRUE(tcp_option_next(&list, &o));
	CU_ASSERT_EQUAL(o.kind, TCP_OPTION_PADDING);
	CU_ASSERT_TRUE(tcp_option_next(&list, &o));
	CU_ASSERT_EQUAL(o.kind, TCP_OPTION_WINDOW_SCALE);
	CU_ASSERT_EQUAL(o.value_len, 1);
	CU_ASSERT_EQUAL(o.value[0], 7);
	CU_ASSERT_TRUE(tcp_option_next(&list, &o));
	CU_ASSERT_EQUAL(o.value_len, 0);
	CU_ASSERT_TRUE(tcp_option_next(&list, &o));
	CU_ASSERT_EQUAL(o.kind, TCP_OPTION_END);
	CU_ASSERT_FALSE(tcp_option_next(&list, &o));
	CU_ASSERT_EQUAL(list.status, CURSOR_OK);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{ "header", test_header },
		{ "all flags", test_all_flags },
		{ "headers that lie", test_header_lies },
		{ "options of a SYN", test_syn_options },
		{ "other options", test_other_options },
		{ "SACK", test_sack },
		{ "duplicate SACK", test_dsack },
		{ "end of the options", test_end_of_options },
		{ "options that lie", test_options_lie },
		{ "options cut by the snap length", test_options_cut },
		{ "the iterator", test_iterator },
		CU_TEST_INFO_NULL,
	};
	return unit_main("decode: TCP", tests);
}
