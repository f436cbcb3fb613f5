/* What is no TCP and still explains how connections ended. */
#include "capture/decode.h"

#include "tests/unit/packets.h"
#include "tests/unit/unit.h"

enum { ETHERNET = 1, WIFI = 105 };

#define ARP(operation) MAC_ADDRESSES "08 06 00 01 08 00 06 04 00 " operation
#define ONE "02 00 00 00 00 01"
#define TWO "02 00 00 00 00 02"
#define NOBODY "00 00 00 00 00 00"

static const uint8_t one[6] = { 2, 0, 0, 0, 0, 1 }, two[6] = { 2, 0, 0, 0, 0, 2 };

static bool is_ipv4(const uint8_t address[16], uint8_t last)
{
	const uint8_t expected[16] = { [10] = 0xff, [11] = 0xff, 192, 0, 2, last };
	return memcmp(address, expected, 16) == 0;
}

static bool is_notice(const struct segment *s, uint8_t notice, const uint8_t mac[6])
{
	return s->kind == SEGMENT_NOTICE && s->notice == notice && memcmp(s->notice_mac, mac, 6) == 0;
}

static void test_arp(void)
{
	struct segment s = decode_hex(ETHERNET, ARP("01") ONE "c0 00 02 01" NOBODY "c0 00 02 02", 0);
	CU_ASSERT_TRUE(is_notice(&s, NOTICE_ASKED, one) && is_ipv4(s.source, 1) && is_ipv4(s.target, 2));
	s = decode_hex(ETHERNET, ARP("02") TWO "c0 00 02 02" ONE "c0 00 02 01", 0);
	CU_ASSERT_TRUE(is_notice(&s, NOTICE_PRESENT, two) && is_ipv4(s.source, 2) && is_ipv4(s.target, 1));
	s = decode_hex(ETHERNET, ARP("01") TWO "c0 00 02 02" NOBODY "c0 00 02 02", 0); /* announces itself */
	CU_ASSERT_TRUE(is_notice(&s, NOTICE_PRESENT, two) && is_ipv4(s.source, 2));
	/* over other hardware, cut, on a cooked link */
	CU_ASSERT_EQUAL(decode_hex(ETHERNET, MAC_ADDRESSES "08 06 00 20 08 00 14 04 00 01" ONE ONE ONE, 0).kind, SEGMENT_NONE);
	CU_ASSERT_EQUAL(decode_hex(ETHERNET, ARP("01") ONE, 14).kind, SEGMENT_NONE);
	s = decode_hex(113, "00 01 00 01 00 06 02 00 00 00 00 01 00 00 08 06 00 01 08 00 06 04 00 01"
	               ONE "c0 00 02 01" NOBODY "c0 00 02 02", 0);
	CU_ASSERT_TRUE(is_notice(&s, NOTICE_ASKED, one));
}

static void test_neighbours(void)
{
	/* ICMPv6 135: reserved, target, option 1: the sender's MAC; 136: flags, target, option 2 */
	struct segment s = decode_hex(ETHERNET, ETHERNET_IPV6 "60 00 00 00 00 20 3a ff" IPV6_ADDRESSES
	                              "87 00 00 00 00 00 00 00" "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 07"
	                              "01 01" ONE, 0);
	CU_ASSERT_TRUE(is_notice(&s, NOTICE_ASKED, one));
	CU_ASSERT_EQUAL(s.source[15], 1);
	CU_ASSERT_EQUAL(s.target[15], 7);
	s = decode_hex(ETHERNET, ETHERNET_IPV6 "60 00 00 00 00 20 3a ff" IPV6_ADDRESSES
	               "88 00 00 00 60 00 00 00" "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 07" "02 01" TWO, 0);
	CU_ASSERT_TRUE(is_notice(&s, NOTICE_PRESENT, two));
	CU_ASSERT_EQUAL(s.source[15], 7);
	CU_ASSERT_EQUAL(decode_hex(ETHERNET, ETHERNET_IPV6 "60 00 00 00 00 08 3a ff" IPV6_ADDRESSES "87 00 00 00 00 00 00 00",
	                           0).kind, SEGMENT_NONE);
}

/* A DHCP message of this kind: client's address .1 and, unless it is 0, the given one. */
static struct segment dhcp(const char *given, const char *options)
{
	g_autoptr(GString) hex = g_string_new(ETHERNET_IPV4 "45 00 00 00 00 01 00 00 40 11 00 00" IPV4_ADDRESSES
	                                      "00 44 00 43 00 00 00 00" "02 01 06 00 12 34 56 78 00 00 00 00" "c0 00 02 01");
	g_string_append(hex, given);
	g_string_append(hex, "00 00 00 00 00 00 00 00" ONE);
	for (int i = 34; i < 236; i++)
		g_string_append(hex, "00");
	g_string_append(hex, options);
	return decode_hex(ETHERNET, hex->str, 0);
}

static void test_dhcp(void)
{
	struct segment s = dhcp("00 00 00 00", "63 82 53 63 00 36 04 c0 00 02 fe 35 01 07 ff");
	CU_ASSERT_TRUE(is_notice(&s, NOTICE_RELEASED, one) && is_ipv4(s.source, 1));
	s = dhcp("c0 00 02 09", "63 82 53 63 35 01 05 ff");
	CU_ASSERT_TRUE(is_notice(&s, NOTICE_ASSIGNED, one) && is_ipv4(s.target, 9));
	s = dhcp("00 00 00 00", "63 82 53 63 35 01 06 ff");
	CU_ASSERT_TRUE(is_notice(&s, NOTICE_REFUSED, one));
	CU_ASSERT_EQUAL(dhcp("00 00 00 00", "63 82 53 63 35 01 01 ff").kind, SEGMENT_NONE); /* discover */
	CU_ASSERT_EQUAL(dhcp("00 00 00 00", "63 82 53 63 37 ff 01").kind, SEGMENT_NONE);    /* an option that lies */
	CU_ASSERT_EQUAL(dhcp("00 00 00 00", "63 82 53 63").kind, SEGMENT_NONE);
	CU_ASSERT_EQUAL(dhcp("00 00 00 00", "12 34 56 78 35 01 07").kind, SEGMENT_NONE);    /* BOOTP of a vendor */
}

#define AP "02 00 00 00 00 ff"

static void test_thrown_out(void)
{
	/* to the station, from the access point, its network; sequence; reason 7 */
	struct segment s = decode_hex(WIFI, "c0 00 00 00" ONE AP AP "10 00" "07 00", 0);
	CU_ASSERT_TRUE(is_notice(&s, NOTICE_DEAUTHENTICATED, one) && s.notice_code == 7 && !s.notice_own);
	s = decode_hex(WIFI, "a0 00 00 00" AP ONE AP "10 00" "08 00", 0);
	CU_ASSERT_TRUE(is_notice(&s, NOTICE_DISASSOCIATED, one) && s.notice_code == 8 && s.notice_own);
	s = decode_hex(WIFI, "c0 40 00 00" ONE AP AP "10 00" "de ad be ef", 0); /* protected: the reason is hidden */
	CU_ASSERT_TRUE(is_notice(&s, NOTICE_DEAUTHENTICATED, one) && s.notice_code == 0);
}

static void test_login(void)
{
	struct segment s = decode_hex(ETHERNET, MAC_ADDRESSES "88 8e 02 00 00 04 04 05 00 04", 0);
	CU_ASSERT_TRUE(is_notice(&s, NOTICE_LOGIN_FAILED, two));
	s = decode_hex(ETHERNET, MAC_ADDRESSES "88 8e 02 02 00 00", 0);
	CU_ASSERT_TRUE(is_notice(&s, NOTICE_LOGGED_OFF, one));
	CU_ASSERT_EQUAL(decode_hex(ETHERNET, MAC_ADDRESSES "88 8e 02 00 00 04 03 05 00 04", 0).kind, SEGMENT_NONE); /* success */
	CU_ASSERT_EQUAL(decode_hex(ETHERNET, MAC_ADDRESSES "88 8e 02 03 00 5f 02", 0).kind, SEGMENT_NONE); /* key */
	CU_ASSERT_EQUAL(decode_hex(ETHERNET, MAC_ADDRESSES "88 8e 02", 10).kind, SEGMENT_NONE);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{ "ARP", test_arp },
		{ "neighbours", test_neighbours },
		{ "DHCP", test_dhcp },
		{ "thrown out", test_thrown_out },
		{ "login", test_login },
		CU_TEST_INFO_NULL,
	};
	return unit_main("decode: notices", tests);
}
