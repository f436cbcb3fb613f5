#include "pcaps/forge_notice.h"

#include <string.h>

#include "pcaps/forge_bytes.h"

enum { MAC_BYTES = 6, IPV4_BYTES = 4 };

static const uint8_t everybody[MAC_BYTES] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
static const uint8_t nobody[MAC_BYTES];
static const uint8_t access_point[MAC_BYTES] = { 0x02, 0x00, 0x5e, 0x10, 0x00, 0xff };

static void add_frame(struct story *s, GByteArray *frame)
{
	struct packet *p = g_new0(struct packet, 1);
	p->seen_ns = s->now_ns;
	p->frame = frame;
	story_add(s, p);
}

static GByteArray *ethernet(const uint8_t *to, const uint8_t *from, uint16_t type)
{
	GByteArray *frame = g_byte_array_new();
	g_byte_array_append(frame, to, MAC_BYTES);
	g_byte_array_append(frame, from, MAC_BYTES);
	bytes_u16(frame, BYTES_BIG, type);
	return frame;
}

/* --- ARP --------------------------------------------------------------------------------------------------- */
static void arp(struct story *s, const uint8_t *to, uint16_t operation, const struct host *sender,
                const uint8_t *target_mac, const struct host *target)
{
	GByteArray *frame = ethernet(to, sender->mac, 0x0806);
	bytes_u16(frame, BYTES_BIG, 1);
	bytes_u16(frame, BYTES_BIG, 0x0800);
	bytes_u8(frame, MAC_BYTES);
	bytes_u8(frame, IPV4_BYTES);
	bytes_u16(frame, BYTES_BIG, operation);
	g_byte_array_append(frame, sender->mac, MAC_BYTES);
	g_byte_array_append(frame, sender->address.bytes, IPV4_BYTES);
	g_byte_array_append(frame, target_mac, MAC_BYTES);
	g_byte_array_append(frame, target->address.bytes, IPV4_BYTES);
	add_frame(s, frame);
}

void notice_arp_ask(struct story *s, const struct host *from, const struct host *to, const struct host *whose)
{
	arp(s, to ? to->mac : everybody, 1, from, nobody, whose);
}

void notice_arp_answer(struct story *s, const struct host *from, const struct host *to)
{
	arp(s, to->mac, 2, from, to->mac, to);
}

/* --- DHCP -------------------------------------------------------------------------------------------------- */
void notice_dhcp_release(struct story *s, const struct host *from)
{
	enum { UDP_HEADER = 8, FIXED = 236, CLIENT_AT = 12, MAC_AT = 28 };
	static const uint8_t options[] = { 0x63, 0x82, 0x53, 0x63, 53, 1, 7, 54, 4, 192, 0, 2, 254, 255 };
	static const uint8_t server[IPV4_BYTES] = { 192, 0, 2, 254 };
	static const uint8_t server_mac[MAC_BYTES] = { 0x02, 0x00, 0x5e, 0x10, 0x00, 0xfe };
	uint8_t fixed[FIXED] = { 1, 1, MAC_BYTES, 0, 0x12, 0x34, 0x56, 0x78 };
	uint16_t udp_len = UDP_HEADER + FIXED + sizeof(options);
	memcpy(fixed + CLIENT_AT, from->address.bytes, IPV4_BYTES);
	memcpy(fixed + MAC_AT, from->mac, MAC_BYTES);
	GByteArray *frame = ethernet(server_mac, from->mac, 0x0800);
	bytes_u16(frame, BYTES_BIG, 0x4500);
	bytes_u16(frame, BYTES_BIG, (uint16_t)(20 + udp_len));
	bytes_u32(frame, BYTES_BIG, 0);
	bytes_u16(frame, BYTES_BIG, 0x4011);
	bytes_u16(frame, BYTES_BIG, 0); /* checksums are left to the card */
	g_byte_array_append(frame, from->address.bytes, IPV4_BYTES);
	g_byte_array_append(frame, server, IPV4_BYTES);
	bytes_u16(frame, BYTES_BIG, 68);
	bytes_u16(frame, BYTES_BIG, 67);
	bytes_u16(frame, BYTES_BIG, udp_len);
	bytes_u16(frame, BYTES_BIG, 0);
	g_byte_array_append(frame, fixed, sizeof(fixed));
	g_byte_array_append(frame, options, sizeof(options));
	add_frame(s, frame);
}

/* --- 802.11 ------------------------------------------------------------------------------------------------ */
static GByteArray *management(uint8_t control, const uint8_t *to)
{
	GByteArray *frame = g_byte_array_new();
	bytes_u8(frame, control);
	bytes_zero(frame, 3);
	g_byte_array_append(frame, to, MAC_BYTES);
	g_byte_array_append(frame, access_point, MAC_BYTES);
	g_byte_array_append(frame, access_point, MAC_BYTES);
	bytes_zero(frame, 2);
	return frame;
}

void notice_deauthentication(struct story *s, const struct host *station, uint16_t reason)
{
	GByteArray *frame = management(0xc0, station->mac);
	bytes_u16(frame, BYTES_LITTLE, reason);
	add_frame(s, frame);
}

/* time, interval, capabilities, the name of the network */
void notice_beacon(struct story *s)
{
	static const uint8_t name[] = { 0, 5, 'f', 'o', 'r', 'g', 'e' };
	GByteArray *frame = management(0x80, everybody);
	bytes_zero(frame, 8);
	bytes_u16(frame, BYTES_LITTLE, 100);
	bytes_u16(frame, BYTES_LITTLE, 0x0001);
	g_byte_array_append(frame, name, sizeof(name));
	add_frame(s, frame);
}
