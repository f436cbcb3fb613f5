/* Every link type and everything that may stand between it and IP, around the same TCP segment. */
#include "capture/decode.h"
#include "capture/layers.h"

#include "tests/unit/packets.h"
#include "tests/unit/unit.h"

/* A scope that is made up of several. */
#define SOME UINT32_MAX

/* What stands in front of the packet, and what the segment must show besides the data segment. */
static const struct {
	const char *name;
	uint16_t linktype;
	const char *header;
	uint8_t ip_version;
	uint32_t scope;
	uint8_t direction;
} cases[] = {
	{ "Ethernet, IPv4", 1, ETHERNET_IPV4, 4, 0, 0 },
	{ "Ethernet, IPv6", 1, ETHERNET_IPV6, 6, 0, 0 },
	/* tag: priority 3 bits, drop eligible 1 bit, ID 12 bits, then the EtherType */
	{ "one VLAN tag", 1, MAC_ADDRESSES "81 00" "00 64 08 00", 4, 100, 0 },
	{ "a VLAN tag with priority", 1, MAC_ADDRESSES "81 00" "f0 64 86 dd", 6, 100, 0 },
	{ "two tags", 1, MAC_ADDRESSES "88 a8" "00 0a 81 00" "00 64 08 00", 4, SOME, 0 },
	{ "an outer tag of 0", 1, MAC_ADDRESSES "88 a8" "00 00 81 00" "00 64 08 00", 4, 100, 0 },
	{ "every VLAN tag there is", 1,
	  MAC_ADDRESSES "91 00 00 01 92 00 00 02 93 00 00 03 88 a8 00 04 81 00 00 05 81 00 00 06 86 dd", 6, SOME, 0 },
	/* path and size, sequence */
	{ "HSR", 1, MAC_ADDRESSES "89 2f" "10 45 00 07 08 00", 4, 0, 0 },
	{ "VN-Tag", 1, MAC_ADDRESSES "89 26" "80 01 00 02 81 00" "00 64 86 dd", 6, 100, 0 },
	{ "Cisco metadata", 1, MAC_ADDRESSES "89 09" "01 01 00 01 00 64 08 00", 4, 0, 0 },
	/* integrity only: control 20, length 0, packet number, channel; and without channel */
	{ "MACsec in clear", 1, MAC_ADDRESSES "88 e5" "20 00 00 00 00 01 02 00 00 00 00 01 00 01 08 00", 4, 0, 0 },
	{ "MACsec in clear, no channel", 1, MAC_ADDRESSES "88 e5" "00 00 00 00 00 01 08 00", 4, 0, 0 },
	{ "EDSA on Ethernet", 1, MAC_ADDRESSES "da da 00 00 40 01 00 00 08 00", 4, 0, 0 },
	/* priority, service 0x012345, the customer's frame */
	{ "PBB", 1, MAC_ADDRESSES "88 e7" "00 01 23 45" MAC_ADDRESSES "08 00", 4, SOME, 0 },
	/* length 2 words, kind 1, next 1 */
	{ "NSH", 1, MAC_ADDRESSES "89 4f" "0f c2 01 01 00 00 01 ff", 4, 0, 0 },
	/* length 65, then LLC aa aa 03, organization 0, EtherType */
	{ "802.3 with SNAP", 1, MAC_ADDRESSES "00 41" "aa aa 03 00 00 00 08 00", 4, 0, 0 },
	{ "802.3 with SNAP, bridge tunnel", 1, MAC_ADDRESSES "00 41" "aa aa 03 00 00 f8 08 00", 4, 0, 0 },
	{ "802.3 with LLC only", 1, MAC_ADDRESSES "00 3c" "06 06 03", 4, 0, 0 },
	{ "a tag, then SNAP", 1, MAC_ADDRESSES "81 00 00 07 00 41" "aa aa 03 00 00 00 08 00", 4, 7, 0 },
	/* label 16, class 0, not last, TTL 64; label 17, last */
	{ "MPLS", 1, MAC_ADDRESSES "88 47" "00 01 00 40 00 01 11 40", 4, SCOPE_MPLS << 24 | 17, 0 },
	{ "MPLS, IPv6", 1, MAC_ADDRESSES "88 48" "00 01 01 40", 6, SCOPE_MPLS << 24 | 16, 0 },
	{ "a pseudowire with control word", 1,
	  MAC_ADDRESSES "88 47" "00 01 01 40" "00 00 00 00" MAC_ADDRESSES "81 00 00 09 08 00", 4, SOME, 0 },
	/* version 1 type 1, code 0, session 5, length 59, then PPP */
	{ "PPPoE", 1, MAC_ADDRESSES "88 64" "11 00 00 05 00 3b 00 21", 4, 0, 0 },
	{ "PPPoE, compressed protocol", 1, MAC_ADDRESSES "88 64" "11 00 00 05 00 4e 57", 6, 0, 0 },
	/* type 0 to us, hardware 1, address length 6, address padded to 8, protocol */
	{ "cooked, to us", 113, "00 00 00 01 00 06 02 00 00 00 00 01 00 00 08 00", 4, 0, FRAME_INBOUND },
	{ "cooked, from us", 113, "00 04 00 01 00 06 02 00 00 00 00 01 00 00 86 dd", 6, 0, FRAME_OUTBOUND },
	{ "cooked, others'", 113, "00 03 00 01 00 06 02 00 00 00 00 01 00 00 08 00", 4, 0, 0 },
	{ "cooked with a tag", 113, "00 04 00 01 00 06 02 00 00 00 00 01 00 00 81 00 00 08 08 00", 4, 8,
	  FRAME_OUTBOUND },
	{ "cooked LLC", 113, "00 00 00 01 00 06 02 00 00 00 00 01 00 00 00 04 aa aa 03 00 00 00 08 00", 4, 0,
	  FRAME_INBOUND },
	/* protocol, reserved, interface 2, hardware 1, type, address length 6, address padded to 8 */
	{ "cooked 2, to us", 276, "08 00 00 00 00 00 00 02 00 01 00 06 02 00 00 00 00 01 00 00", 4, 0,
	  FRAME_INBOUND },
	{ "cooked 2, from us", 276, "86 dd 00 00 00 00 00 02 00 01 04 06 02 00 00 00 00 01 00 00", 6, 0,
	  FRAME_OUTBOUND },
	{ "cooked 2, multicast", 276, "08 00 00 00 00 00 00 02 00 01 02 06 02 00 00 00 00 01 00 00", 4, 0, 0 },
	{ "BSD loopback, little-endian", 0, "02 00 00 00", 4, 0, 0 },
	{ "BSD loopback, big-endian", 0, "00 00 00 02", 4, 0, 0 },
	{ "BSD loopback, Linux", 0, "0a 00 00 00", 6, 0, 0 },
	{ "BSD loopback, Windows", 0, "17 00 00 00", 6, 0, 0 },
	{ "BSD loopback, OpenBSD", 0, "00 00 00 18", 6, 0, 0 },
	{ "BSD loopback, FreeBSD", 0, "1c 00 00 00", 6, 0, 0 },
	{ "BSD loopback, macOS", 0, "1e 00 00 00", 6, 0, 0 },
	{ "OpenBSD loopback", 108, "00 00 00 02", 4, 0, 0 },
	{ "OpenBSD loopback, IPv6", 108, "00 00 00 18", 6, 0, 0 },
	{ "raw", 101, "", 4, 0, 0 },
	{ "raw, IPv6", 101, "", 6, 0, 0 },
	{ "raw, BSD's number", 12, "", 4, 0, 0 },
	{ "raw, OpenBSD's number", 14, "", 6, 0, 0 },
	{ "IPv4", 228, "", 4, 0, 0 },
	{ "IPv6", 229, "", 6, 0, 0 },
	{ "PPP", 9, "00 21", 4, 0, 0 },
	{ "PPP with address and control", 9, "ff 03 00 57", 6, 0, 0 },
	{ "PPP, compressed protocol", 9, "ff 03 21", 4, 0, 0 },
	{ "PPP, MPLS", 9, "02 81 00 01 01 40", 4, SOME, 0 },
	{ "PPP in HDLC framing", 50, "ff 03 00 21", 4, 0, 0 },
	{ "Cisco HDLC under PPP's number", 50, "0f 00 08 00", 4, 0, 0 },
	{ "PPP over Ethernet", 51, "11 00 00 05 00 3b 00 21", 4, 0, 0 },
	{ "PPP with direction, received", 204, "00 ff 03 00 21", 4, 0, FRAME_INBOUND },
	{ "PPP with direction, sent", 204, "01 00 57", 6, 0, FRAME_OUTBOUND },
	{ "PPP of pppd, sent", 166, "01 03 00 21", 4, 0, FRAME_OUTBOUND },
	{ "Cisco HDLC", 104, "8f 00 86 dd", 6, 0, 0 },
	{ "MPLS", 219, "00 01 01 40", 4, SOME, 0 },
	{ "SLIP, sent", 8, "01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00", 4, 0, FRAME_OUTBOUND },
	/* Q.922 address of 2 bytes, control 03, IPv4; of 4 bytes, padding, SNAP; Cisco's EtherType; PPP */
	{ "frame relay", 107, "18 41 03 cc", 4, 0, 0 },
	{ "frame relay, SNAP", 107, "18 40 40 41 03 00 80 00 00 00 86 dd", 6, 0, 0 },
	{ "frame relay, Cisco", 107, "18 41 08 00", 4, 0, 0 },
	{ "frame relay, PPP", 107, "18 41 03 cf 00 21", 4, 0, 0 },
	{ "frame relay, bridged", 107, "18 41 03 00 80 00 80 c2 00 07" MAC_ADDRESSES "08 00", 4, 0, 0 },
	{ "ATM", 100, "aa aa 03 00 00 00 08 00", 4, 0, 0 },
	{ "ATM, bridged", 100, "aa aa 03 00 80 c2 00 07 00 00" MAC_ADDRESSES "86 dd", 6, 0, 0 },
	{ "ATM, classical IP", 100, "", 4, 0, 0 },
	{ "FDDI", 10, "50" MAC_ADDRESSES "aa aa 03 00 00 00 08 00", 4, 0, 0 },
	{ "Token Ring", 6, "10 40" MAC_ADDRESSES "aa aa 03 00 00 00 08 00", 4, 0, 0 },
	{ "Token Ring with a route", 6, "10 40 02 00 00 00 00 02 82 00 00 00 00 01 06 30 00 11 00 12"
	  "aa aa 03 00 00 00 86 dd", 6, 0, 0 },
	/* source, destination, type; split, sequence */
	{ "ARCNET", 7, "01 02 d4 00 00 07", 4, 0, 0 },
	{ "ARCNET, RFC 1051", 7, "01 02 f0", 4, 0, 0 },
	{ "ARCNET, exception", 7, "01 02 c4 ff 00 00 00 00 00 07", 6, 0, 0 },
	{ "ARCNET, Linux", 129, "01 02 00 00 d4 00 00 07", 4, 0, 0 },
	{ "IP over IEEE 1394", 138, "00 00 00 00 00 00 00 01 00 00 00 00 00 00 00 02 86 dd", 6, 0, 0 },
	{ "IP over InfiniBand", 242, "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
	  "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00" "08 00 00 00", 4, 0, 0 },
	{ "OpenBSD IPsec", 109, "02 00 00 00 00 00 10 01 00 00 00 00", 4, 0, 0 },
	/* length 61, family, action, reason, interface 16, ruleset 16, rules 8, ids 16, direction, padding */
	{ "pf log", 117, "3d 02 00 00 65 6d 30 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
	  "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00" "00 00 00 00", 4, 0, 0 },
	/* version 1, family 26, hook, length, interfaces, zones */
	{ "Solaris IPnet", 226, "01 1a 00 00 00 00 00 4d 00 00 00 01 00 00 00 00 00 00 00 00 00 00 00 00", 6, 0, 0 },
	{ "netANALYZER", 240, "00 04 39 04" MAC_ADDRESSES "08 00", 4, 0, 0 },
	{ "netANALYZER with preamble", 241, "00 06 39 04 55 55 55 55 55 55 55 d5" MAC_ADDRESSES "08 00", 4, 0, 0 },
	{ "mPacket", 274, "55 55 55 55 55 55 55 d5" MAC_ADDRESSES "81 00 00 64 08 00", 4, 100, 0 },
	{ "DSA", 284, MAC_ADDRESSES "c0 01 00 00 08 00", 4, 0, 0 },
	{ "EDSA", 285, MAC_ADDRESSES "da da 00 00 40 01 00 00 86 dd", 6, 0, 0 },
	/* magic, flags; extension of 6 bytes; no frame, number */
	{ "Juniper", 178, "4d 47 43 00" MAC_ADDRESSES "08 00", 4, 0, FRAME_OUTBOUND },
	{ "Juniper, received", 178, "4d 47 43 81 00 06 01 01 30 02 01 00" MAC_ADDRESSES "86 dd", 6, 0, FRAME_INBOUND },
	{ "Juniper without the frame", 178, "4d 47 43 83 00 03 01 01 30 00 00 00 02", 4, 0, FRAME_INBOUND },
	/* version, flags, length 8, link type 101; then with a field of its own */
	{ "PPI", 192, "00 00 08 00 65 00 00 00", 4, 0, 0 },
	{ "PPI with a field", 192, "00 00 10 00 01 00 00 00 03 00 04 00 00 00 00 00" MAC_ADDRESSES "08 00", 4, 0, 0 },
	/* length 108, kind 1, link type 1, interface 24, flags 2 (out), family, lengths, pid, ... */
	{ "PKTAP", 258, "6c 00 00 00 01 00 00 00 01 00 00 00 65 6e 30 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
	  "02 00 00 00 02 00 00 00 0e 00 00 00 00 00 00 00 01 02 00 00 63 75 72 6c 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
	  "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
	  MAC_ADDRESSES "08 00", 4, 0, FRAME_OUTBOUND },
	{ "PKTAP, old number", 149, "6c 00 00 00 01 00 00 00 0c 00 00 00 65 6e 30 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
	  "01 00 00 00 02 00 00 00 0e 00 00 00 00 00 00 00 01 02 00 00 63 75 72 6c 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
	  "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00",
	  4, 0, FRAME_INBOUND },
	/* family 2, version 0, resource 1; attribute 10 (prefix) of 4 + 1 bytes, padded; 9 (packet) of 4 + 57 */
	{ "netfilter log, little-endian", 239, "02 00 00 01" "05 00 0a 00 41 00 00 00" "3d 00 09 00", 4, 0, 0 },
	{ "netfilter log, big-endian", 239, "02 00 00 01" "00 05 00 0a 41 00 00 00" "00 3d 00 09", 4, 0, 0 },
};

static void test_all_link_types(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *hex = g_strconcat(cases[i].header, cases[i].ip_version == 4 ? IPV4_DATA : IPV6_DATA, NULL);
		struct segment s = decode_hex(cases[i].linktype, hex, 0);
		bool scope = cases[i].scope == SOME ? s.scope != 0 : s.scope == cases[i].scope;
		bool right = is_data_segment(&s, cases[i].ip_version) && scope && s.direction == cases[i].direction;
		if (!right)
			printf("\n%s is decoded wrong\n", cases[i].name);
		CU_ASSERT_TRUE(right);
		CU_ASSERT_TRUE(decode_knows_linktype(cases[i].linktype));
		CU_ASSERT_PTR_NOT_NULL(decode_linktype_name(cases[i].linktype));
	}
}

static void test_not_ours(void)
{
	static const struct {
		uint16_t linktype;
		const char *hex;
	} others[] = {
		{ 1, MAC_ADDRESSES "08 06 00 01 08 00 06 04 00 03" "00 00 00 00 00 00 00 00 00 00"
		     "00 00 00 00 00 00 00 00 00 00" },                      /* reverse ARP */
		{ 1, MAC_ADDRESSES "00 26 42 42 03 00 00 00 00 00 80 00" }, /* spanning tree */
		{ 1, MAC_ADDRESSES "00 41 aa aa 03 00 00 0c 20 00 02 b4" }, /* SNAP of an organization: CDP */
		{ 1, MAC_ADDRESSES "05 ff" IPV4_DATA },                     /* neither a length nor an EtherType */
		{ 1, MAC_ADDRESSES "88 64 11 09 00 00 00 04 01 01 00 00" }, /* PPPoE discovery */
		{ 113, "00 00 00 01 00 06 02 00 00 00 00 01 00 00 00 01" IPV4_DATA },
		{ 0, "07 00 00 00" IPV4_DATA }, /* of a family that is not IP */
		{ 0, "11 22 33 44" IPV4_DATA },
		{ 9, "c0 21 01 01 00 04" },     /* PPP: link control */
		{ 101, "00 01 02 03" },
		{ 187, IPV4_DATA },             /* Bluetooth: a link type nobody decodes here */
		{ 149, IPV4_DATA },             /* anybody's number, and not PKTAP */
		{ 240, "00 05 39 04" MAC_ADDRESSES "08 00" IPV4_DATA }, /* an event */
		{ 274, "55 55 55 55 55 55 55 61" MAC_ADDRESSES "08 00" IPV4_DATA }, /* goes on with an earlier one */
		{ 7, "01 02 d4 02 00 07" IPV4_DATA }, /* the second piece */
	};
	for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
		CU_ASSERT_EQUAL(decode_hex(others[i].linktype, others[i].hex, 0).kind, SEGMENT_NONE);
	CU_ASSERT_FALSE(decode_knows_linktype(187));
	CU_ASSERT_PTR_NULL(decode_linktype_name(187));
}

/* A frame whose wire ends within a header lies; one that was only cut there does not. */
static void test_short_frames(void)
{
	CU_ASSERT_EQUAL(decode_hex(1, MAC_ADDRESSES "08", 0).kind, SEGMENT_INVALID);
	CU_ASSERT_EQUAL(decode_hex(1, MAC_ADDRESSES "08", 50).kind, SEGMENT_NONE);
	CU_ASSERT_EQUAL(decode_hex(1, MAC_ADDRESSES "81 00 00", 0).kind, SEGMENT_INVALID);
	CU_ASSERT_EQUAL(decode_hex(239, "02 00 00 01 03 00 09 00", 0).kind, SEGMENT_INVALID); /* attribute < 4 */
}

/* Encapsulations without end must not exhaust the stack. */
static void test_endless_encapsulation(void)
{
	g_autoptr(GString) hex = g_string_new(MAC_ADDRESSES "88 47");
	for (int i = 0; i < 1000; i++) /* a label, a control word, and again an Ethernet header */
		g_string_append(hex, "00 01 01 40 00 00 00 00" MAC_ADDRESSES "88 47");
	CU_ASSERT_EQUAL(decode_hex(1, hex->str, 0).kind, SEGMENT_INVALID);
	g_string_assign(hex, MAC_ADDRESSES);
	for (int i = 0; i < 5000; i++) /* a tag, a length, SNAP */
		g_string_append(hex, "81 00 00 05 05 00 aa aa 03 00 00 00");
	g_string_append(hex, "81 00 00 05 05 00");
	CU_ASSERT_EQUAL(decode_hex(1, hex->str, 0).kind, SEGMENT_INVALID);
	g_string_assign(hex, MAC_ADDRESSES "81 00");
	for (int i = 0; i < 5000; i++)
		g_string_append(hex, "00 05 81 00");
	g_string_append(hex, "00 05 08 00" IPV4_DATA);
	struct segment s = decode_hex(1, hex->str, 0);
	CU_ASSERT_TRUE(is_data_segment(&s, 4)); /* any number of tags */
}

static void test_frame_check_sequence_is_no_payload(void)
{
	/* total length 0, so that the frame's length counts; then 4 bytes that the file says are a checksum */
	static const char hex[] = ETHERNET_IPV4 "45 00 00 00 12 34 40 00 40 06 00 00" IPV4_ADDRESSES TCP_DATA
	                          "de ad be ef";
	struct bytes b;
	bytes_init(&b, ORDER_BIG);
	put_hex(&b, hex);
	struct frame f = { .bytes = b.array->data, .bytes_len = b.array->len, .wire_len = b.array->len,
		           .linktype = 1, .fcs_len = 4 };
	struct segment s = decode_both_ways(&f);
	CU_ASSERT_EQUAL(s.payload_len, 5);
	CU_ASSERT_EQUAL(s.payload_captured, 5);
	f.fcs_len = 0;
	CU_ASSERT_EQUAL(decode_both_ways(&f).payload_len, 9);
	f.fcs_len = 4;
	f.bytes_len -= 2; /* the checksum itself was cut */
	CU_ASSERT_EQUAL(decode_both_ways(&f).payload_captured, 5);
	bytes_clear(&b);
}

static void test_direction_of_the_file(void)
{
	struct bytes b;
	bytes_init(&b, ORDER_BIG);
	put_hex(&b, ETHERNET_IPV4 IPV4_DATA);
	const struct frame f = { .number = 7, .time_ns = 8, .bytes = b.array->data, .bytes_len = b.array->len,
		                 .wire_len = b.array->len, .linktype = 1, .direction = FRAME_OUTBOUND };
	struct segment s = decode_both_ways(&f);
	CU_ASSERT_EQUAL(s.direction, FRAME_OUTBOUND);
	CU_ASSERT_EQUAL(s.number, 7);
	CU_ASSERT_EQUAL(s.time_ns, 8);
	bytes_clear(&b);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{ "all link types", test_all_link_types },
		{ "what is not ours", test_not_ours },
		{ "short frames", test_short_frames },
		{ "endless encapsulation", test_endless_encapsulation },
		{ "a frame check sequence is no payload", test_frame_check_sequence_is_no_payload },
		{ "the direction that the file tells", test_direction_of_the_file },
		CU_TEST_INFO_NULL,
	};
	return unit_main("decode: link", tests);
}
