#include "pcaps/forge_wrap.h"

#include <string.h>

#include <libnet.h>

#include "pcaps/forge_bytes.h"

enum { TYPE_V4 = 0x0800, TYPE_V6 = 0x86dd, TYPE_FRAME = 0x6558, MAC_BYTES = 6, TUNNEL_TTL = 63 };
enum { PROTOCOL_IP = 4, PROTOCOL_UDP = 17, PROTOCOL_IPV6 = 41, PROTOCOL_GRE = 47, PROTOCOL_AH = 51, PROTOCOL_ETHERIP = 97,
       PROTOCOL_L2TPV3 = 115 };

/* Ends of tunnels and connections by direction: the server's port is the lower one in every story. */
static bool is_back(const struct packet *p)
{
	return p->from_port < p->to_port;
}

static void prepend(struct wrapped *w, const void *header, size_t header_len)
{
	g_byte_array_prepend(w->bytes, header, (guint)header_len);
}

static void prepend_array(struct wrapped *w, GByteArray *header)
{
	prepend(w, header->data, header->len);
}

/* A header of numbers: one letter a width, b 1, s 2, l 4 bytes, big-endian, then the numbers as uint32_t. */
static void prepend_numbers(struct wrapped *w, const char *widths, ...)
{
	g_autoptr(GByteArray) header = g_byte_array_new();
	va_list numbers;
	va_start(numbers, widths);
	for (; *widths; widths++) {
		uint32_t number = va_arg(numbers, uint32_t);
		if (*widths == 'b')
			bytes_u8(header, (uint8_t)number);
		else if (*widths == 's')
			bytes_u16(header, BYTES_BIG, (uint16_t)number);
		else
			bytes_u32(header, BYTES_BIG, number);
	}
	va_end(numbers);
	prepend_array(w, header);
}

/* --- frames ------------------------------------------------------------------------------------------------ */
void wrap_ethernet(const struct packet *p, struct wrapped *w)
{
	prepend_numbers(w, "s", w->ethertype);
	prepend(w, p->from_mac, MAC_BYTES);
	prepend(w, p->to_mac, MAC_BYTES);
	w->ethertype = TYPE_FRAME;
}

/* label, class 0, TTL 63; the last one has the bit for it, and is another for each direction */
void wrap_mpls(const struct packet *p, struct wrapped *w)
{
	enum { LAST = 0x100 };
	prepend_numbers(w, "ll", 16000u << 12 | TUNNEL_TTL, (is_back(p) ? 24001u : 24002u) << 12 | LAST | TUNNEL_TTL);
	w->ethertype = 0x8847;
}

void wrap_pseudowire(const struct packet *p, struct wrapped *w)
{
	wrap_ethernet(p, w);
	prepend_numbers(w, "l", 0);
	wrap_mpls(p, w);
}

static uint32_t ppp_protocol(const struct wrapped *w)
{
	return w->ethertype == TYPE_V6 ? 0x57 : 0x21;
}

void wrap_pppoe(const struct packet *p, struct wrapped *w)
{
	(void)p;
	prepend_numbers(w, "bbsss", 0x11, 0, 77, w->bytes->len + 2, ppp_protocol(w));
	w->ethertype = 0x8864;
}

void wrap_pbb(const struct packet *p, struct wrapped *w)
{
	wrap_ethernet(p, w);
	prepend_numbers(w, "l", 0x00012345);
	w->ethertype = 0x88e7;
}

void wrap_hsr(const struct packet *p, struct wrapped *w)
{
	prepend_numbers(w, "sss", 0x1000u | ((w->bytes->len + 6) & 0xfff), p->ip_id, w->ethertype);
	w->ethertype = 0x892f;
}

void wrap_vn_tag(const struct packet *p, struct wrapped *w)
{
	prepend_numbers(w, "ls", is_back(p) ? 0x80010002 : 0x00020001, w->ethertype);
	w->ethertype = 0x8926;
}

void wrap_cisco_metadata(const struct packet *p, struct wrapped *w)
{
	(void)p;
	prepend_numbers(w, "bbsss", 1, 1, 1, 100, w->ethertype);
	w->ethertype = 0x8909;
}

/* Integrity only: in clear, with a channel and a check value of 16 bytes. */
void wrap_macsec(const struct packet *p, struct wrapped *w)
{
	prepend_numbers(w, "s", w->ethertype);
	prepend_numbers(w, "s", 1);
	prepend(w, p->from_mac, MAC_BYTES);
	prepend_numbers(w, "bbl", 0x20, 0, p->ip_id);
	bytes_zero(w->bytes, 16);
	w->ethertype = 0x88e5;
}

/* length 2 words, kind 2 without data, what follows; path 1, index 255 */
void wrap_nsh(const struct packet *p, struct wrapped *w)
{
	(void)p;
	prepend_numbers(w, "sbbl", 0x0fc2, 2, w->ethertype == TYPE_V6 ? 2 : 1, 0x1ff);
	w->ethertype = 0x894f;
}

/* --- in IP ------------------------------------------------------------------------------------------------- */
static void in_libnet(struct wrapped *w, libnet_t *l)
{
	uint8_t *bytes;
	uint32_t bytes_len;
	int ok = libnet_pblock_coalesce(l, &bytes, &bytes_len);
	g_assert_cmpint(ok, ==, 1);
	g_byte_array_set_size(w->bytes, 0);
	g_byte_array_append(w->bytes, bytes, bytes_len);
	free(bytes);
	libnet_destroy(l);
}

static void into_ipv4(const struct packet *p, struct wrapped *w, uint8_t protocol)
{
	enum { HEADER = 20 };
	char error[LIBNET_ERRBUF_SIZE];
	libnet_t *l = libnet_init(LIBNET_NONE, NULL, error);
	struct address one = address_of("203.0.113.1"), two = address_of("203.0.113.2");
	uint32_t from, to;
	memcpy(&from, is_back(p) ? two.bytes : one.bytes, sizeof(from));
	memcpy(&to, is_back(p) ? one.bytes : two.bytes, sizeof(to));
	libnet_ptag_t tag = libnet_build_ipv4((uint16_t)(HEADER + w->bytes->len), 0, p->ip_id, 0, TUNNEL_TTL, protocol, 0, from,
	                                      to, w->bytes->data, w->bytes->len, l, 0);
	g_assert_cmpint(tag, !=, -1);
	in_libnet(w, l);
	w->ethertype = TYPE_V4;
}

static uint8_t ip_protocol(const struct wrapped *w)
{
	return w->ethertype == TYPE_V6 ? PROTOCOL_IPV6 : PROTOCOL_IP;
}

void wrap_ip(const struct packet *p, struct wrapped *w)
{
	into_ipv4(p, w, ip_protocol(w));
}

void wrap_ip6(const struct packet *p, struct wrapped *w)
{
	struct address from = address_of(is_back(p) ? "2001:db8:ffff::2" : "2001:db8:ffff::1");
	struct address to = address_of(is_back(p) ? "2001:db8:ffff::1" : "2001:db8:ffff::2");
	uint32_t len = w->bytes->len;
	prepend(w, to.bytes, sizeof(to.bytes));
	prepend(w, from.bytes, sizeof(from.bytes));
	prepend_numbers(w, "lsbb", 0x60000000u, len, (uint32_t)ip_protocol(w), (uint32_t)TUNNEL_TTL);
	w->ethertype = TYPE_V6;
}

/* next, length of 24 bytes in words less 2, reserved, index, sequence, check value of 12 bytes */
void wrap_ah(const struct packet *p, struct wrapped *w)
{
	prepend_numbers(w, "bbslllll", (uint32_t)ip_protocol(w), 4, 0, 0x1001, (uint32_t)p->ip_id, 0, 0, 0);
	into_ipv4(p, w, PROTOCOL_AH);
}

void wrap_gre(const struct packet *p, struct wrapped *w)
{
	prepend_numbers(w, "ss", 0, w->ethertype);
	into_ipv4(p, w, PROTOCOL_GRE);
}

/* checksum not computed, key (another one for each direction), sequence */
void wrap_gre_key(const struct packet *p, struct wrapped *w)
{
	prepend_numbers(w, "ssll", 0x3000, w->ethertype, is_back(p) ? 7001 : 7002, (uint32_t)p->ip_id);
	into_ipv4(p, w, PROTOCOL_GRE);
}

void wrap_pptp(const struct packet *p, struct wrapped *w)
{
	prepend_numbers(w, "bbs", 0xff, 0x03, ppp_protocol(w));
	prepend_numbers(w, "ssssll", 0x3081, 0x880b, w->bytes->len, is_back(p) ? 17 : 18, (uint32_t)p->ip_id, 5);
	into_ipv4(p, w, PROTOCOL_GRE);
}

void wrap_erspan1(const struct packet *p, struct wrapped *w)
{
	wrap_ethernet(p, w);
	prepend_numbers(w, "ss", 0, 0x88be);
	into_ipv4(p, w, PROTOCOL_GRE);
}

/* version 1, VLAN 0, session 5, index 1 */
void wrap_erspan2(const struct packet *p, struct wrapped *w)
{
	wrap_ethernet(p, w);
	prepend_numbers(w, "ssll" "l", 0x1000, 0x88be, (uint32_t)p->ip_id, 0x10000005, 1);
	into_ipv4(p, w, PROTOCOL_GRE);
}

/* version 2, VLAN 0, session 5; time; a frame, with 8 bytes more */
void wrap_erspan3(const struct packet *p, struct wrapped *w)
{
	wrap_ethernet(p, w);
	prepend_numbers(w, "ssl" "lll" "ll", 0x1000, 0x22eb, (uint32_t)p->ip_id, 0x20000005, 12345678, 1, 0x50000000, 0);
	into_ipv4(p, w, PROTOCOL_GRE);
}

void wrap_etherip(const struct packet *p, struct wrapped *w)
{
	wrap_ethernet(p, w);
	prepend_numbers(w, "s", 0x3000);
	into_ipv4(p, w, PROTOCOL_ETHERIP);
}

/* session, and the 4 bytes that Linux puts in front of the frame by default */
void wrap_l2tpv3(const struct packet *p, struct wrapped *w)
{
	wrap_ethernet(p, w);
	prepend_numbers(w, "ll", is_back(p) ? 31 : 32, 0);
	into_ipv4(p, w, PROTOCOL_L2TPV3);
}

/* --- in UDP ------------------------------------------------------------------------------------------------ */
static void into_udp(const struct packet *p, struct wrapped *w, uint16_t from, uint16_t to)
{
	enum { HEADER = 8 };
	prepend_numbers(w, "ssss", (uint32_t)from, (uint32_t)to, w->bytes->len + HEADER, 0);
	into_ipv4(p, w, PROTOCOL_UDP);
}

/* As those do that spread connections over paths: by a hash of the inner ones. */
static uint16_t spread_port(const struct packet *p)
{
	return (uint16_t)(0xc000 | ((p->from_port ^ p->to_port) & 0x3fff));
}

static void into_vxlan(const struct packet *p, struct wrapped *w, uint32_t network, uint16_t port)
{
	wrap_ethernet(p, w);
	prepend_numbers(w, "ll", 0x08000000, network << 8);
	into_udp(p, w, spread_port(p), port);
}

void wrap_vxlan(const struct packet *p, struct wrapped *w)
{
	into_vxlan(p, w, 5001, 4789);
}

void wrap_vxlan_other(const struct packet *p, struct wrapped *w)
{
	into_vxlan(p, w, 5002, 4789);
}

/* Asymmetric integrated routing and bridging (RFC 9135): each direction is in the network of its target. */
void wrap_vxlan_asymmetric(const struct packet *p, struct wrapped *w)
{
	into_vxlan(p, w, is_back(p) ? 5001 : 5002, 8472);
}

void wrap_vxlan_gpe(const struct packet *p, struct wrapped *w)
{
	prepend_numbers(w, "ll", w->ethertype == TYPE_V6 ? 0x0c000002 : 0x0c000001, 5001u << 8);
	into_udp(p, w, spread_port(p), 4790);
}

/* options: one of 4 bytes, class 0x0102 */
void wrap_geneve(const struct packet *p, struct wrapped *w)
{
	wrap_ethernet(p, w);
	prepend_numbers(w, "sslll", 0x0200, TYPE_FRAME, 5001u << 8, 0x01028001, 0x11223344);
	into_udp(p, w, spread_port(p), 6081);
}

/* sequence and an extension, the PDU session container of 5G */
void wrap_gtp(const struct packet *p, struct wrapped *w)
{
	prepend_numbers(w, "bbslsbb" "bbbb", 0x34, 255, w->bytes->len + 8, is_back(p) ? 0xa0000001 : 0xb0000002, 0, 0, 0x85,
	                1, 0x10, 9, 0);
	into_udp(p, w, 2152, 2152);
}

void wrap_l2tp(const struct packet *p, struct wrapped *w)
{
	prepend_numbers(w, "bbs", 0xff, 0x03, ppp_protocol(w));
	prepend_numbers(w, "ssss", 0x4002, w->bytes->len + 8, is_back(p) ? 11 : 12, is_back(p) ? 21 : 22);
	into_udp(p, w, 1701, 1701);
}

/* with where it came from: port and address, their bits turned round */
void wrap_teredo(const struct packet *p, struct wrapped *w)
{
	prepend_numbers(w, "ssl", 0, 0xffffu ^ 40000, ~0xcb007102u);
	into_udp(p, w, is_back(p) ? 3544 : 40000, is_back(p) ? 40000 : 3544);
}

void wrap_tzsp(const struct packet *p, struct wrapped *w)
{
	wrap_ethernet(p, w);
	prepend_numbers(w, "bbsb", 1, 0, 1, 1);
	into_udp(p, w, 37008, 37008);
}
