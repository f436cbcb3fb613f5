#include "pcaps/forge_rare_link.h"

#include <string.h>

#include "pcaps/forge_bytes.h"

/* A header as hexadecimal digits; these letters stand for what differs from packet to packet:
 *
 *     TT EtherType (2 bytes)      PP PPP protocol (2)         DD direction, 00 in, 01 out (1)
 *     RR SS address of receiver and sender (6 each)           FF address family (1), 02 or that of the row
 *     LL length of packet (2)     NN IPv4 CC or IPv6 8E (1)   0W direction, 01 in, 02 out (1)
 *     kk length of a netfilter attribute with the packet, little-endian (2)
 */
static const struct row {
	uint16_t type;
	uint8_t family_v6;
	const char *header;
} rows[] = {
	{ LINK_TOKEN_RING, 0, "10 40 RR SS aaaa03 000000 TT" },
	{ LINK_ARCNET, 0, "0102 d4 00 0007" },
	{ LINK_ARCNET_LINUX, 0, "0102 0000 d4 00 0007" },
	{ LINK_SLIP, 0, "DD 000000000000000000000000000000" },
	{ LINK_PPP, 0, "ff03 PP" },
	{ LINK_FDDI, 0, "50 RR SS aaaa03 000000 TT" },
	{ LINK_RAW_BSD, 0, "" },
	{ LINK_RAW_OPENBSD, 0, "" },
	{ LINK_RAW, 0, "" },
	{ LINK_IPV4, 0, "" },
	{ LINK_IPV6, 0, "" },
	{ LINK_MPLS, 0, "" },
	{ LINK_PPP_HDLC, 0, "ff03 PP" },
	{ LINK_PPP_ETHER, 0, "" },
	{ LINK_ATM, 0, "aaaa03 000000 TT" },
	{ LINK_C_HDLC, 0, "0f00 TT" },
	/* Q.922 address of circuit 100, control, protocol */
	{ LINK_FRAME_RELAY, 0, "1841 03 NN" },
	{ LINK_ENC, 24, "FF000000 00001001 00000000" },
	/* length 61, family, passed, matched, interface, rule set, rules, user, process, direction, padding */
	{ LINK_PFLOG, 24, "3d FF 00 00 656d3000000000000000000000000000 00000000000000000000000000000000 00000000 ffffffff"
	                  "00000000 00000000 00000000 00000000 01 000000" },
	{ LINK_80211, 0, "" },
	{ LINK_PRISM, 0, "44000000 90000000 776c616e300000000000000000000000"
	                 "44000100 00000400 00000000 44000200 00000400 00000000 44000300 00000400 06000000"
	                 "44000400 00000400 00000000 44000500 00000400 00000000 44000600 00000400 00000000"
	                 "44000700 00000400 00000000 44000800 00000400 02000000 44000900 00000400 00000000"
	                 "44000a00 00000400 00000000" },
	/* version 1, length 64, times, 802.11b, channel 6, rate, antenna, priority, signal, noise, preamble, encoding */
	{ LINK_AVS, 0, "80211001 00000040 0000000000000001 0000000000000002 00000004 00000006 0000006e 00000000 00000000"
	               "00000001 ffffffc8 ffffffa1 00000001 00000001" },
	/* length 18: flags, rate, channel, signal: a check sequence behind the frame, and padding in it */
	{ LINK_RADIOTAP, 0, "0000 1200 2e000000 30 0c 6c098004 c8 000000" },
	{ LINK_IEEE1394, 0, "0000 RR 0000 SS TT" },
	{ LINK_PPP_PPPD, 0, "DD 03 PP" },
	{ LINK_PPP_WITH_DIR, 0, "DD ff03 PP" },
	/* version, flags, length 32, 802.11; field 2 of 20 bytes: time, flags (check sequence), rate, channel, signal */
	{ LINK_PPI, 0, "00 00 2000 69000000 0200 1400 0100000000000000 0100 0c00 6c09 8004 00 00 c8 a1" },
	{ LINK_IPNET, 26, "01 FF 0000 0000LL 00000001 00000000 00000000 00000000" },
	/* family, version, resource; attribute 1: protocol, hook; 9: the packet and its length */
	{ LINK_NFLOG, 10, "FF 00 0001 0800 0100 TT 01 00 kk 0900" },
	{ LINK_NETANALYZER, 0, "00 04 3904 RR SS TT" },
	{ LINK_NETANALYZER_PREAMBLE, 0, "00 06 3904 55555555555555d5 RR SS TT" },
	{ LINK_IPOIB, 0, "6000000000000000 00000000000000000000000000000001 00000000000000000000000000000002 TT 0000" },
	/* length 108, a packet, link type 1, interface, flags, family, lengths, process, ... */
	{ LINK_PKTAP, 30, "6c000000 01000000 01000000 656e3000000000000000000000000000 0000000000000000 0W000000 FF000000"
	                  "0e000000 00000000 39050000 6375726c00000000000000000000000000000000 00000000 06000000 00000000"
	                  "0000000000000000000000000000000000000000 RR SS TT" },
	{ LINK_USER2, 30, "6c000000 01000000 01000000 656e3000000000000000000000000000 0000000000000000 0W000000 FF000000"
	                  "0e000000 00000000 39050000 6375726c00000000000000000000000000000000 00000000 06000000 00000000"
	                  "0000000000000000000000000000000000000000 RR SS TT" },
	{ LINK_MPACKET, 0, "55555555555555d5 RR SS TT" },
	{ LINK_DSA, 0, "RR SS c0080000 TT" },
	{ LINK_EDSA, 0, "RR SS dada0000 c0080000 TT" },
};

static const struct row *row_of(uint16_t type)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (rows[i].type == type)
			return &rows[i];
	}
	g_assert_not_reached();
}

static void append_letter(const struct row *row, const struct packet *p, const struct wrapped *w, char letter,
                          GByteArray *out)
{
	enum { ETHERTYPE_V6 = 0x86dd, ATTRIBUTE_HEADER = 4 };
	bool v6 = w->ethertype == ETHERTYPE_V6, out_going = p->way == WAY_OUT;
	switch (letter) {
	case 'T': bytes_u16(out, BYTES_BIG, w->ethertype); break;
	case 'P': bytes_u16(out, BYTES_BIG, v6 ? 0x57 : 0x21); break;
	case 'D': bytes_u8(out, out_going); break;
	case 'R': g_byte_array_append(out, p->to_mac, sizeof(p->to_mac)); break;
	case 'S': g_byte_array_append(out, p->from_mac, sizeof(p->from_mac)); break;
	case 'F': bytes_u8(out, v6 ? row->family_v6 : 2); break;
	case 'L': bytes_u16(out, BYTES_BIG, (uint16_t)w->bytes->len); break;
	case 'k': bytes_u16(out, BYTES_LITTLE, (uint16_t)(w->bytes->len + ATTRIBUTE_HEADER)); break;
	case 'N': bytes_u8(out, v6 ? 0x8e : 0xcc); break;
	case 'W': bytes_u8(out, out_going ? 2 : 1); break;
	default: g_assert_not_reached();
	}
}

static bool is_letter(char c)
{
	return strchr("TPDRSFLkNW", c) != NULL && c != '\0';
}

static void append_row(const struct row *row, const struct packet *p, const struct wrapped *w, GByteArray *out)
{
	for (const char *at = row->header; *at;) {
		if (*at == ' ') {
			at++;
		} else if (is_letter(*at) || is_letter(at[1])) {
			append_letter(row, p, w, is_letter(*at) ? *at : at[1], out);
			at += 2;
		} else {
			bytes_u8(out, (uint8_t)(g_ascii_xdigit_value(at[0]) << 4 | g_ascii_xdigit_value(at[1])));
			at += 2;
		}
	}
}

/* A station talks to the server through an access point: frames with quality of service, so that the header has 26
 * bytes, and padding where the card adds it. Addresses: receiver, sender, and the one that is not on the air. */
static void append_80211(const struct packet *p, const struct wrapped *w, bool padded, GByteArray *out)
{
	static const uint8_t access_point[6] = { 0x02, 0x00, 0x5e, 0x10, 0x00, 0xff };
	bool up = p->from_port > p->to_port;
	bytes_u16(out, BYTES_BIG, up ? 0x8801 : 0x8802);
	bytes_u16(out, BYTES_BIG, 0);
	g_byte_array_append(out, up ? access_point : p->to_mac, 6);
	g_byte_array_append(out, up ? p->from_mac : access_point, 6);
	g_byte_array_append(out, up ? p->to_mac : p->from_mac, 6);
	bytes_u16(out, BYTES_LITTLE, (uint16_t)(p->ip_id << 4));
	bytes_u16(out, BYTES_BIG, 0);
	bytes_zero(out, padded ? 2 : 0);
	bytes_u32(out, BYTES_BIG, 0xaaaa0300);
	bytes_u16(out, BYTES_BIG, 0);
	bytes_u16(out, BYTES_BIG, w->ethertype);
}

void rare_link_append(const struct link *link, const struct packet *p, const struct wrapped *wrapped, GByteArray *out)
{
	append_row(row_of(link->type), p, wrapped, out);
	if (link->type == LINK_80211 || link->type == LINK_PRISM || link->type == LINK_AVS || link->type == LINK_PPI ||
	    link->type == LINK_RADIOTAP)
		append_80211(p, wrapped, link->type == LINK_RADIOTAP, out);
}
