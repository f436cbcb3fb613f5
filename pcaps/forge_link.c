#include "pcaps/forge_link.h"

#include "pcaps/forge_bytes.h"

enum { ETHERTYPE_V4 = 0x0800, ETHERTYPE_V6 = 0x86dd, ARPHRD_ETHER_TYPE = 1, MAC_BYTES = 6, COOKED_ADDRESS_BYTES = 8 };
enum { FAMILY_V4 = 2, FAMILY_V6 = 30 }; /* 30: macOS, where NULL is the loopback's link type */
enum { COOKED_TO_US = 0, COOKED_FROM_US = 4 };

static uint16_t ethertype(const struct packet *p)
{
	return p->from.ipv6 ? ETHERTYPE_V6 : ETHERTYPE_V4;
}

static void append_ethernet(const struct link *link, const struct packet *p, GByteArray *out)
{
	g_byte_array_append(out, p->to_mac, MAC_BYTES);
	g_byte_array_append(out, p->from_mac, MAC_BYTES);
	for (size_t i = 0; i < G_N_ELEMENTS(link->tags) && link->tags[i].id; i++) {
		bytes_u16(out, BYTES_BIG, link->tags[i].ethertype);
		bytes_u16(out, BYTES_BIG, link->tags[i].id);
	}
	bytes_u16(out, BYTES_BIG, ethertype(p));
}

static void append_family(const struct link *link, const struct packet *p, GByteArray *out)
{
	bool big = link->type == LINK_LOOP || link->big_endian;
	bytes_u32(out, big ? BYTES_BIG : BYTES_LITTLE, p->from.ipv6 ? FAMILY_V6 : FAMILY_V4);
}

static uint8_t cooked_type(const struct packet *p)
{
	return p->way == WAY_OUT ? COOKED_FROM_US : COOKED_TO_US;
}

static void append_cooked_address(const struct packet *p, GByteArray *out)
{
	g_byte_array_append(out, p->from_mac, MAC_BYTES);
	bytes_zero(out, COOKED_ADDRESS_BYTES - MAC_BYTES);
}

static void append_sll(const struct packet *p, GByteArray *out)
{
	bytes_u16(out, BYTES_BIG, cooked_type(p));
	bytes_u16(out, BYTES_BIG, ARPHRD_ETHER_TYPE);
	bytes_u16(out, BYTES_BIG, MAC_BYTES);
	append_cooked_address(p, out);
	bytes_u16(out, BYTES_BIG, ethertype(p));
}

static void append_sll2(const struct link *link, const struct packet *p, GByteArray *out)
{
	bytes_u16(out, BYTES_BIG, ethertype(p));
	bytes_zero(out, 2);
	bytes_u32(out, BYTES_BIG, link->ifindex);
	bytes_u16(out, BYTES_BIG, ARPHRD_ETHER_TYPE);
	bytes_u8(out, cooked_type(p));
	bytes_u8(out, MAC_BYTES);
	append_cooked_address(p, out);
}

void link_append(const struct link *link, const struct packet *p, GByteArray *out)
{
	switch (link->type) {
	case LINK_ETHERNET:
		append_ethernet(link, p, out);
		break;
	case LINK_NULL:
	case LINK_LOOP:
		append_family(link, p, out);
		break;
	case LINK_SLL:
		append_sll(p, out);
		break;
	case LINK_SLL2:
		append_sll2(link, p, out);
		break;
	case LINK_RAW:
		break;
	default:
		g_assert_not_reached();
	}
}

void link_append_trailer(const struct link *link, const struct packet *p, GByteArray *frame)
{
	enum { SHORTEST_FRAME = 60 }; /* IEEE 802.3, without the check sequence */
	if (link->padded && p->way != WAY_OUT && frame->len < SHORTEST_FRAME)
		bytes_zero(frame, SHORTEST_FRAME - frame->len);
}
