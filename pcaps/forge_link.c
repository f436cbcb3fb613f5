#include "pcaps/forge_link.h"

#include "pcaps/forge_bytes.h"
#include "pcaps/forge_rare_link.h"

enum { ETHERTYPE_V6 = 0x86dd, ARPHRD_ETHER_TYPE = 1, MAC_BYTES = 6, COOKED_ADDRESS_BYTES = 8 };
enum { FAMILY_V4 = 2, FAMILY_V6 = 30 }; /* 30: macOS, where NULL is the loopback's link type */
enum { COOKED_TO_US = 0, COOKED_FROM_US = 4 };

static void append_ethernet(const struct link *link, const struct packet *p, uint16_t type, GByteArray *out)
{
	g_byte_array_append(out, p->to_mac, MAC_BYTES);
	g_byte_array_append(out, p->from_mac, MAC_BYTES);
	for (size_t i = 0; i < G_N_ELEMENTS(link->tags) && link->tags[i].id; i++) {
		bytes_u16(out, BYTES_BIG, link->tags[i].ethertype);
		bytes_u16(out, BYTES_BIG, link->tags[i].id);
	}
	bytes_u16(out, BYTES_BIG, type);
}

static void append_family(const struct link *link, uint16_t type, GByteArray *out)
{
	bool big = link->type == LINK_LOOP || link->big_endian;
	bytes_u32(out, big ? BYTES_BIG : BYTES_LITTLE, type == ETHERTYPE_V6 ? FAMILY_V6 : FAMILY_V4);
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

static void append_sll(const struct packet *p, uint16_t type, GByteArray *out)
{
	bytes_u16(out, BYTES_BIG, cooked_type(p));
	bytes_u16(out, BYTES_BIG, ARPHRD_ETHER_TYPE);
	bytes_u16(out, BYTES_BIG, MAC_BYTES);
	append_cooked_address(p, out);
	bytes_u16(out, BYTES_BIG, type);
}

static void append_sll2(const struct link *link, const struct packet *p, uint16_t type, GByteArray *out)
{
	bytes_u16(out, BYTES_BIG, type);
	bytes_zero(out, 2);
	bytes_u32(out, BYTES_BIG, link->ifindex);
	bytes_u16(out, BYTES_BIG, ARPHRD_ETHER_TYPE);
	bytes_u8(out, cooked_type(p));
	bytes_u8(out, MAC_BYTES);
	append_cooked_address(p, out);
}

void link_append(const struct link *link, const struct packet *p, const struct wrapped *wrapped, GByteArray *out)
{
	switch (link->type) {
	case LINK_ETHERNET:
		append_ethernet(link, p, wrapped->ethertype, out);
		break;
	case LINK_NULL:
	case LINK_LOOP:
		append_family(link, wrapped->ethertype, out);
		break;
	case LINK_SLL:
		append_sll(p, wrapped->ethertype, out);
		break;
	case LINK_SLL2:
		append_sll2(link, p, wrapped->ethertype, out);
		break;
	default:
		rare_link_append(link, p, wrapped, out);
	}
}

enum { CHECK_SEQUENCE = 4, PREAMBLE = 8 };

/* Of IEEE 802.3, over the frame behind so many bytes. */
static void append_check_sequence(GByteArray *frame, guint from)
{
	uint32_t crc = UINT32_MAX;
	for (guint i = from; i < frame->len; i++) {
		crc ^= frame->data[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	bytes_u32(frame, BYTES_LITTLE, ~crc);
}

void link_append_trailer(const struct link *link, const struct packet *p, GByteArray *frame)
{
	enum { SHORTEST_FRAME = 60 }; /* IEEE 802.3, without the check sequence */
	if (link->type == LINK_RADIOTAP || link->type == LINK_PPI)
		bytes_zero(frame, CHECK_SEQUENCE); /* their headers say that there is one; nobody looks at it */
	if (link->type == LINK_MPACKET)
		append_check_sequence(frame, PREAMBLE);
	if (link->padded && p->way != WAY_OUT && frame->len < SHORTEST_FRAME)
		bytes_zero(frame, SHORTEST_FRAME - frame->len);
}
