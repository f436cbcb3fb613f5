/* IEEE 802.11: data frames in all their lengths, what cards put in front of them, and what cannot be read. */
#include "capture/decode.h"

#include "tests/unit/packets.h"
#include "tests/unit/unit.h"

enum { WIFI = 105, PRISM = 119, RADIOTAP = 127, AVS = 163, PPI = 192 };

#define STATION "02 00 00 00 00 01"
#define ACCESS_POINT "02 00 00 00 00 ff"
#define SERVER "02 00 00 00 00 02"
#define LLC "aa aa 03 00 00 00 08 00"
/* frame control, duration, to the access point, from the station, to the server; sequence 1, piece 0 */
#define ADDRESSES ACCESS_POINT STATION SERVER "10 00"
#define UPLINK "08 01 00 00" ADDRESSES
#define FCS "de ad be ef"
/* type 0: all of the frame is the packet's; so what comes behind it would be payload */
#define OPEN_END "45 00 00 00 12 34 40 00 40 06 00 00" IPV4_ADDRESSES TCP_DATA

static const struct {
	const char *name;
	uint16_t linktype;
	const char *header;
} cases[] = {
	{ "data", WIFI, UPLINK LLC },
	{ "data, from the access point", WIFI, "08 02 00 00" STATION ACCESS_POINT SERVER "10 00" LLC },
	{ "data, between stations", WIFI, "08 00 00 00" SERVER STATION ACCESS_POINT "10 00" LLC },
	{ "data, four addresses", WIFI, "08 03 00 00" ADDRESSES "02 00 00 00 00 03" LLC },
	{ "QoS", WIFI, "88 01 00 00" ADDRESSES "00 00" LLC },
	{ "QoS, four addresses", WIFI, "88 03 00 00" ADDRESSES "02 00 00 00 00 03" "00 00" LLC },
	{ "QoS, HT control", WIFI, "88 81 00 00" ADDRESSES "00 00" "01 02 03 04" LLC },
	{ "order bit without QoS", WIFI, "08 81 00 00" ADDRESSES LLC },
	/* destination, source, length 65 */
	{ "A-MSDU", WIFI, "88 01 00 00" ADDRESSES "80 00" SERVER STATION "00 41" LLC },
	/* version, padding, length 8, fields 0 */
	{ "radiotap", RADIOTAP, "00 00 08 00 00 00 00 00" UPLINK LLC },
	/* length 17: time, flags with none of ours */
	{ "radiotap with time", RADIOTAP, "00 00 11 00 03 00 00 00 01 02 03 04 05 06 07 08 00" UPLINK LLC },
	/* flags: data padded to 4, behind 26 bytes */
	{ "radiotap, padded", RADIOTAP, "00 00 09 00 02 00 00 00 20" "88 01 00 00" ADDRESSES "00 00" "00 00" LLC },
	/* two lists of fields; time is aligned to 8 behind them; flags: padded */
	{ "radiotap with two lists", RADIOTAP, "00 00 19 00 03 00 00 80 00 00 00 00" "00 00 00 00" "01 02 03 04 05 06 07 08 20"
	  "88 01 00 00" ADDRESSES "00 00" "00 00" LLC },
	{ "AVS", AVS, "80 21 10 01 00 00 00 0c 00 00 00 00" UPLINK LLC },
	{ "AVS under Prism's number", PRISM, "80 21 10 02 00 00 00 0c 00 00 00 00" UPLINK LLC },
};

static void test_all_frames(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *hex = g_strconcat(cases[i].header, IPV4_DATA, NULL);
		struct segment s = decode_hex(cases[i].linktype, hex, 0);
		if (!is_data_segment(&s, 4))
			printf("\n%s is decoded wrong\n", cases[i].name);
		CU_ASSERT_TRUE(is_data_segment(&s, 4));
	}
}

static void test_prism(void)
{
	g_autoptr(GString) hex = g_string_new("44 00 00 00 90 00 00 00");
	for (int i = 8; i < 144; i++)
		g_string_append(hex, "00");
	g_string_append(hex, UPLINK LLC IPV4_DATA);
	struct segment s = decode_hex(PRISM, hex->str, 0);
	CU_ASSERT_TRUE(is_data_segment(&s, 4));
}

static void test_frame_check_sequences(void)
{
	struct segment s = decode_hex(RADIOTAP, "00 00 09 00 02 00 00 00 10" UPLINK LLC OPEN_END FCS, 0);
	CU_ASSERT_EQUAL(s.payload_len, 5);
	s = decode_hex(RADIOTAP, "00 00 09 00 02 00 00 00 00" UPLINK LLC OPEN_END FCS, 0);
	CU_ASSERT_EQUAL(s.payload_len, 9);
	/* received with errors */
	CU_ASSERT_EQUAL(decode_hex(RADIOTAP, "00 00 09 00 02 00 00 00 50" UPLINK LLC OPEN_END FCS, 0).kind, SEGMENT_INVALID);
	/* PPI: length 32, link type 105, field 2 of 20 bytes: time, flags */
	static const char head[] = "00 00 20 00 69 00 00 00 02 00 14 00 00 00 00 00 00 00 00 00";
	g_autofree char *with = g_strconcat(head, "01 00 00 00 00 00 00 00 00 00 00 00", UPLINK LLC OPEN_END FCS, NULL);
	g_autofree char *without = g_strconcat(head, "00 00 00 00 00 00 00 00 00 00 00 00", UPLINK LLC OPEN_END FCS, NULL);
	CU_ASSERT_EQUAL(decode_hex(PPI, with, 0).payload_len, 5);
	CU_ASSERT_EQUAL(decode_hex(PPI, without, 0).payload_len, 9);
}

static void test_stations(void)
{
	static const uint8_t station[6] = { 2, 0, 0, 0, 0, 1 };
	struct segment s = decode_hex(WIFI, UPLINK LLC IPV4_DATA, 0);
	CU_ASSERT_TRUE(s.has_station && s.station_sent);
	CU_ASSERT_EQUAL(memcmp(s.station, station, 6), 0);
	s = decode_hex(WIFI, "08 02 00 00" STATION ACCESS_POINT SERVER "10 00" LLC IPV4_DATA, 0);
	CU_ASSERT_TRUE(s.has_station && !s.station_sent);
	CU_ASSERT_EQUAL(memcmp(s.station, station, 6), 0);
	/* whose addresses are inside a tunnel is not told by the frame */
	s = decode_hex(WIFI, UPLINK LLC "45 00 00 00 00 01 00 00 40 04 00 00 0a 00 00 01 0a 00 00 02" IPV4_DATA, 0);
	CU_ASSERT_TRUE(s.kind == SEGMENT_TCP && !s.has_station);
	CU_ASSERT_FALSE(decode_hex(1, ETHERNET_IPV4 IPV4_DATA, 0).has_station);
}

static void test_what_cannot_be_read(void)
{
	CU_ASSERT_EQUAL(decode_hex(WIFI, "08 41 00 00" ADDRESSES "01 02 03 20 00 00 00 00 de ad", 0).kind, SEGMENT_OPAQUE);
	CU_ASSERT_EQUAL(decode_hex(WIFI, "48 01 00 00" ADDRESSES, 0).kind, SEGMENT_NONE); /* no data */
	CU_ASSERT_EQUAL(decode_hex(WIFI, "08 01 00 00" ACCESS_POINT STATION SERVER "11 00" LLC IPV4_DATA, 0).kind,
	                SEGMENT_NONE); /* piece 1 */
	CU_ASSERT_EQUAL(decode_hex(WIFI, "80 00 00 00" ADDRESSES "00 00 00 00", 0).kind, SEGMENT_NONE); /* beacon */
	CU_ASSERT_EQUAL(decode_hex(WIFI, "d4 00 00 00" STATION, 0).kind, SEGMENT_NONE); /* acknowledgement */
	CU_ASSERT_EQUAL(decode_hex(WIFI, "08 01 00 00" ACCESS_POINT, 0).kind, SEGMENT_INVALID);
	CU_ASSERT_EQUAL(decode_hex(RADIOTAP, "00 00 03 00 00 00 00 00" UPLINK LLC IPV4_DATA, 0).kind, SEGMENT_INVALID);
	CU_ASSERT_EQUAL(decode_hex(AVS, "80 21 11 01 00 00 00 08" UPLINK LLC IPV4_DATA, 0).kind, SEGMENT_INVALID);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{ "all frames", test_all_frames },
		{ "Prism", test_prism },
		{ "frame check sequences", test_frame_check_sequences },
		{ "stations", test_stations },
		{ "what cannot be read", test_what_cannot_be_read },
		CU_TEST_INFO_NULL,
	};
	return unit_main("decode: 802.11", tests);
}
