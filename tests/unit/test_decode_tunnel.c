/* Packets within packets: every kind of tunnel around the same TCP segment, what looks like one and is not, and how deep
 * it goes. */
#include "capture/decode.h"
#include "capture/layers.h"

#include "tests/unit/packets.h"
#include "tests/unit/unit.h"

enum { RAW = 101 };

/* Outer headers whose lengths are 0, so that all of the frame is theirs. */
#define OUTER(protocol) "45 00 00 00 00 01 00 00 40 " protocol " 00 00 0a 00 00 01 0a 00 00 02"
#define OUTER_V6(protocol) \
	"60 00 00 00 00 00 " protocol " 40" "fd 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01" \
	"fd 00 00 00 00 00 00 00 00 00 00 00 00 00 00 02"
#define GRE OUTER("2f")
#define UDP(port) OUTER("11") "c0 00 " port " 00 00 00 00"

/* To and from a port; what stands in front of the packet, its version of IP, what becomes its scope. */
static const struct {
	const char *name;
	const char *header;
	uint8_t ip_version;
	uint32_t scope;
} cases[] = {
	{ "IPv4 in IPv4", OUTER("04"), 4, 0 },
	{ "IPv6 in IPv4", OUTER("29"), 6, 0 },
	{ "IPv4 in IPv6", OUTER_V6("04"), 4, 0 },
	{ "IPv6 in IPv6", OUTER_V6("29"), 6, 0 },
	{ "Ethernet in IP", OUTER("61") "30 00" MAC_ADDRESSES "08 00", 4, 0 },
	{ "MPLS in IP", OUTER("89") "00 01 01 40", 4, SCOPE_MPLS << 24 | 16 },
	/* flags and version, protocol */
	{ "GRE", GRE "00 00 08 00", 4, 0 },
	{ "GRE over IPv6", OUTER_V6("2f") "00 00 86 dd", 6, 0 },
	{ "GRE with key", GRE "20 00 08 00 00 00 00 2a", 4, SCOPE_GRE << 24 | 42 },
	{ "GRE with checksum, key, sequence", GRE "b0 00 86 dd 12 34 00 00 00 00 00 2a 00 00 00 07", 6, SCOPE_GRE << 24 | 42 },
	{ "GRE with a frame", GRE "00 00 65 58" MAC_ADDRESSES "81 00 00 64 08 00", 4, 100 },
	{ "GRE with MPLS", GRE "00 00 88 47 00 01 01 40", 4, SCOPE_MPLS << 24 | 16 },
	/* length 59, call 9, sequence, acknowledgement */
	{ "PPTP", GRE "30 81 88 0b 00 3d 00 09 00 00 00 01 00 00 00 02 ff 03 00 21", 4, SCOPE_GRE << 24 | 9 },
	{ "WCCP", GRE "00 00 88 3e 01 00 01 02", 4, 0 },
	{ "WCCP 1", GRE "00 00 88 3e", 4, 0 },
	{ "ERSPAN I", GRE "00 00 88 be" MAC_ADDRESSES "08 00", 4, 0 },
	{ "ERSPAN II", GRE "10 00 88 be 00 00 00 07 10 64 00 05 00 00 00 01" MAC_ADDRESSES "08 00", 4, 0 },
	{ "ERSPAN III", GRE "10 00 22 eb 00 00 00 07 20 64 00 05 00 00 00 01 00 00 00 00" MAC_ADDRESSES "08 00", 4, 0 },
	{ "ERSPAN III, longer", GRE "10 00 22 eb 00 00 00 07 20 64 00 05 00 00 00 01 00 00 00 01 50 00 00 00 00 00 00 00"
	  MAC_ADDRESSES "08 00", 4, 0 },
	{ "ERSPAN III with IP", GRE "10 00 22 eb 00 00 00 07 20 64 00 05 00 00 00 01 00 00 08 00", 6, 0 },
	{ "VXLAN", UDP("12 b5") "08 00 00 00 00 00 2a 00" MAC_ADDRESSES "08 00", 4, SCOPE_VXLAN << 24 | 42 },
	{ "VXLAN, Linux's port", UDP("21 18") "08 00 00 00 00 00 2a 00" MAC_ADDRESSES "86 dd", 6, SCOPE_VXLAN << 24 | 42 },
	{ "VXLAN with a group policy", UDP("12 b5") "88 00 00 10 00 00 2a 00" MAC_ADDRESSES "08 00", 4, SCOPE_VXLAN << 24 | 42 },
	{ "VXLAN-GPE", UDP("12 b6") "0c 00 00 01 00 00 2a 00", 4, SCOPE_VXLAN << 24 | 42 },
	{ "VXLAN-GPE with a frame", UDP("12 b6") "08 00 00 00 00 00 2a 00" MAC_ADDRESSES "08 00", 4, SCOPE_VXLAN << 24 | 42 },
	{ "GENEVE", UDP("17 c1") "00 00 65 58 00 00 2a 00" MAC_ADDRESSES "08 00", 4, SCOPE_GENEVE << 24 | 42 },
	{ "GENEVE with options", UDP("17 c1") "02 40 86 dd 00 00 2a 00 01 08 01 01 00 00 00 00", 6, SCOPE_GENEVE << 24 | 42 },
	{ "GTP-U", UDP("08 68") "30 ff 00 39 00 00 00 2a", 4, SCOPE_GTP << 24 | 42 },
	{ "GTP-U with sequence", UDP("08 68") "32 ff 00 3d 00 00 00 2a 00 01 00 00", 4, SCOPE_GTP << 24 | 42 },
	{ "GTP-U with extensions", UDP("08 68") "34 ff 00 45 00 00 00 2a 00 00 00 85 01 10 09 c0 01 00 00 00", 6,
	  SCOPE_GTP << 24 | 42 },
	{ "L2TP", UDP("06 a5") "00 02 00 01 00 02 ff 03 00 21", 4, SCOPE_L2TP << 24 ^ 0x10002 },
	{ "L2TP with all there is", UDP("06 a5") "4a 02 00 49 00 01 00 02 00 01 00 02 00 02 00 00 00 57", 6,
	  SCOPE_L2TP << 24 ^ 0x10002 },
	{ "L2TPv3", OUTER("73") "00 00 00 2a" MAC_ADDRESSES "08 00", 4, SCOPE_L2TP << 24 | 42 },
	{ "L2TPv3, cookie and more", OUTER("73") "00 00 00 2a 01 02 03 04 05 06 07 08 00 00 00 00" MAC_ADDRESSES "86 dd", 6,
	  SCOPE_L2TP << 24 | 42 },
	{ "L2TPv3 in UDP", UDP("06 a5") "00 03 00 00 00 00 00 2a 00 00 00 00" MAC_ADDRESSES "08 00", 4, SCOPE_L2TP << 24 | 42 },
	{ "Teredo", UDP("0d d8"), 6, 0 },
	{ "Teredo with all there is", UDP("0d d8") "00 01 00 00 01 02 03 04 05 06 07 08 00" "00 00 fe dc 3f ff fd fe", 6, 0 },
	{ "MPLS in UDP", UDP("19 eb") "00 01 01 40", 4, SCOPE_MPLS << 24 | 16 },
	{ "LISP", UDP("10 f5") "80 00 00 01 00 00 00 00", 4, 0 },
	{ "TZSP", UDP("90 90") "01 00 00 01 0a 01 c4 00 01" MAC_ADDRESSES "08 00", 4, 0 },
};

static void test_all_tunnels(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *hex = g_strconcat(cases[i].header, cases[i].ip_version == 4 ? IPV4_DATA : IPV6_DATA, NULL);
		struct segment s = decode_hex(RAW, hex, 0);
		bool right = is_data_segment(&s, cases[i].ip_version) && s.scope == cases[i].scope;
		if (!right)
			printf("\n%s is decoded wrong\n", cases[i].name);
		CU_ASSERT_TRUE(right);
	}
}

/* Ports are anybody's: what the header of a tunnel fixes is not there, or no packet is. */
static void test_no_tunnels(void)
{
	static const char *const others[] = {
		UDP("12 b5") "00 00 00 00 00 00 2a 00" MAC_ADDRESSES "08 00" IPV4_DATA, /* no network ID */
		UDP("12 b5") "08 00 00 00 00 00 2a 00" "48 65 6c 6c 6f 20 77 6f 72 6c 64 21 20 20 20 20",
		UDP("12 b5") "08 00",
		UDP("17 c1") "40 00 65 58 00 00 2a 00" MAC_ADDRESSES "08 00" IPV4_DATA, /* version 1 */
		UDP("17 c1") "3f 00 65 58 00 00 2a 00" MAC_ADDRESSES "08 00" IPV4_DATA, /* options beyond the end */
		UDP("08 68") "30 01 00 04 00 00 00 00 00 00 00 00",                     /* echo request */
		UDP("08 68") "48 ff 00 39 00 00 00 2a" IPV4_DATA,                       /* version 2 */
		UDP("08 68") "34 ff 00 45 00 00 00 2a 00 00 00 85 00 10 09 c0" IPV4_DATA, /* extension of no length */
		UDP("06 a5") "c8 02 00 0c 00 01 00 00 00 00 00 00",                     /* control */
		UDP("0d d8") IPV4_DATA,
		UDP("90 90") "02 00 00 01 01" MAC_ADDRESSES "08 00" IPV4_DATA,
		UDP("00 35") "08 00 00 00 00 00 2a 00" MAC_ADDRESSES "08 00" IPV4_DATA, /* another port */
		GRE "40 00 08 00 00 00 00 00" IPV4_DATA,                                /* with a source route */
		GRE "20 81 88 0b 00 00 00 09 00 00 00 02",                              /* PPTP: an acknowledgement alone */
		GRE "00 02 08 00" IPV4_DATA,                                            /* version 2 */
		GRE "00 00 12 34" IPV4_DATA,
		OUTER("61") "40 00" MAC_ADDRESSES "08 00" IPV4_DATA,
		OUTER("73") "00 00 00 00 c8 03 00 0c",                                  /* control */
		OUTER("73") "00 00 00 2a 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 12 13 14 15",
	};
	for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
		struct segment s = decode_hex(RAW, others[i], 0);
		if (s.kind != SEGMENT_NONE)
			printf("\ntunnel %u is none\n", (unsigned)i);
		CU_ASSERT_EQUAL(s.kind, SEGMENT_NONE);
	}
}

static void test_opaque(void)
{
	static const char *const hidden[] = {
		OUTER("32") "00 00 10 01 00 00 00 01 de ad be ef",             /* ESP */
		OUTER("6c") "06 00 00 02 de ad be ef",                         /* IPComp */
		OUTER_V6("32") "00 00 10 01 00 00 00 01 de ad be ef",
		UDP("11 94") "00 00 10 01 00 00 00 01 de ad be ef",            /* ESP in UDP */
		UDP("ca 6c") "04 00 00 00 00 00 00 01 00 00 00 00 00 00 00 00", /* WireGuard */
	};
	for (size_t i = 0; i < G_N_ELEMENTS(hidden); i++)
		CU_ASSERT_EQUAL(decode_hex(RAW, hidden[i], 0).kind, SEGMENT_OPAQUE);
	CU_ASSERT_EQUAL(decode_hex(1, MAC_ADDRESSES "88 e5" "2c 00 00 00 00 01 02 00 00 00 00 01 00 01 de ad", 0).kind,
	                SEGMENT_OPAQUE);
	/* key exchange on ESP's port, and what keeps a NAT awake; WireGuard's handshake; ESP in an ICMP error */
	CU_ASSERT_EQUAL(decode_hex(RAW, UDP("11 94") "00 00 00 00 01 02 03 04 05 06", 0).kind, SEGMENT_NONE);
	CU_ASSERT_EQUAL(decode_hex(RAW, UDP("11 94") "ff", 0).kind, SEGMENT_NONE);
	CU_ASSERT_EQUAL(decode_hex(RAW, UDP("ca 6c") "01 00 00 00 00 00 00 01", 0).kind, SEGMENT_NONE);
	CU_ASSERT_EQUAL(decode_hex(RAW, OUTER("01") "03 04 00 00 00 00 05 78" OUTER("32") "00 00 10 01 00 00 00 01", 0).kind,
	                SEGMENT_NONE);
}

/* IP in IP so often, and then the packet. */
static uint8_t kind_within(unsigned times)
{
	g_autoptr(GString) hex = g_string_new("");
	for (unsigned i = 0; i < times; i++)
		g_string_append(hex, OUTER("04"));
	g_string_append(hex, IPV4_DATA);
	return decode_hex(RAW, hex->str, 0).kind;
}

static void test_depth(void)
{
	CU_ASSERT_EQUAL(kind_within(LAYERS_MAX), SEGMENT_TCP);
	CU_ASSERT_EQUAL(kind_within(LAYERS_MAX + 1), SEGMENT_INVALID);
	CU_ASSERT_EQUAL(kind_within(2000), SEGMENT_INVALID);
}

/* What is odd about the outer packet is not odd about the inner one, and the other way round. */
static void test_anomalies_are_the_inner_ones(void)
{
	struct segment s = decode_hex(RAW, OUTER("04") "45 00 05 dc 12 34 40 00 40 06 00 00" IPV4_ADDRESSES TCP_DATA, 0);
	CU_ASSERT_EQUAL(s.anomalies, ANOMALY_SNAPPED | ANOMALY_LENGTH_SHORT);
	/* the first fragment of the outer packet has the inner headers, and those tell the length */
	s = decode_hex(RAW, "45 00 00 4d 00 01 20 00 40 04 00 00 0a 00 00 01 0a 00 00 02"
	               "45 00 05 dc 12 34 40 00 40 06 00 00" IPV4_ADDRESSES TCP_DATA, 0);
	CU_ASSERT_EQUAL(s.kind, SEGMENT_TCP);
	CU_ASSERT_EQUAL(s.payload_len, 1448);
	CU_ASSERT_EQUAL(s.anomalies, ANOMALY_SNAPPED);
	CU_ASSERT_EQUAL(decode_hex(RAW, "45 00 00 4d 00 01 00 20 40 04 00 00 0a 00 00 01 0a 00 00 02" IPV4_DATA, 0).kind,
	                SEGMENT_NONE);
}

/* An error about a tunnel's packet went to the tunnel's end, not to the connection's. */
static void test_quoted_tunnels(void)
{
	struct segment s = decode_hex(RAW, OUTER("01") "03 04 00 00 00 00 05 78" OUTER("04") IPV4_DATA, 0);
	CU_ASSERT_EQUAL(s.kind, SEGMENT_NONE);
	s = decode_hex(RAW, OUTER("04") OUTER("01") "03 04 00 00 00 00 05 78" IPV4_DATA, 0);
	CU_ASSERT_EQUAL(s.kind, SEGMENT_ICMP_ERROR);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{ "all tunnels", test_all_tunnels },
		{ "what is no tunnel", test_no_tunnels },
		{ "opaque", test_opaque },
		{ "depth", test_depth },
		{ "anomalies are the inner ones", test_anomalies_are_the_inner_ones },
		{ "quoted tunnels", test_quoted_tunnels },
		CU_TEST_INFO_NULL,
	};
	return unit_main("decode: tunnels", tests);
}
