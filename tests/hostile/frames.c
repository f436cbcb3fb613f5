#include "tests/hostile/frames.h"

#include <string.h>

enum { PROTOCOL_TCP = 6, DONT_FRAGMENT = 0x4000, SNAPLEN = 262144, LINKTYPE_ETHERNET = 1 };

void put_u16be(uint8_t *to, unsigned value)
{
	to[0] = (uint8_t)(value >> 8);
	to[1] = (uint8_t)value;
}

void put_u32be(uint8_t *to, uint32_t value)
{
	put_u16be(to, value >> 16);
	put_u16be(to + 2, value & 0xffff);
}

/* Two routers, and the capture between them. */
static void put_ethernet(uint8_t *to)
{
	static const uint8_t header[ETHERNET_BYTES] = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0};

	memcpy(to, header, sizeof header);
}

static void put_ipv4(uint8_t *to, const struct tcp *t)
{
	to[0] = 0x45;
	to[1] = 0;
	put_u16be(to + 2, IPV4_BYTES + TCP_BYTES + (unsigned)t->payload);
	put_u16be(to + 4, t->ip_id);
	put_u16be(to + 6, DONT_FRAGMENT);
	to[8] = t->ttl;
	to[9] = PROTOCOL_TCP;
	put_u16be(to + 10, 0);
	put_u32be(to + 12, t->source);
	put_u32be(to + 16, t->target);
}

uint32_t tcp_frame(const struct tcp *t, uint8_t *to)
{
	uint8_t *tcp = to + ETHERNET_BYTES + IPV4_BYTES;

	put_ethernet(to);
	put_ipv4(to + ETHERNET_BYTES, t);
	put_u16be(tcp, t->source_port);
	put_u16be(tcp + 2, t->target_port);
	put_u32be(tcp + 4, t->seq);
	put_u32be(tcp + 8, t->ack);
	tcp[12] = TCP_BYTES / 4 << 4;
	tcp[13] = t->flags;
	put_u16be(tcp + 14, t->window);
	put_u32be(tcp + 16, 0);
	return FRAME_HEADERS + (uint32_t)t->payload;
}

static void put_u32le(uint8_t *to, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		to[i] = (uint8_t)(value >> 8 * i);
}

void capture_begin(FILE *out)
{
	uint8_t header[24] = {0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4};

	put_u32le(header + 16, SNAPLEN);
	put_u32le(header + 20, LINKTYPE_ETHERNET);
	fwrite(header, sizeof header, 1, out);
}

void capture_frame(FILE *out, int64_t time_us, const uint8_t *bytes, uint32_t captured, uint32_t wire)
{
	uint8_t header[16];

	put_u32le(header, (uint32_t)(time_us / 1000000));
	put_u32le(header + 4, (uint32_t)(time_us % 1000000));
	put_u32le(header + 8, captured);
	put_u32le(header + 12, wire);
	fwrite(header, sizeof header, 1, out);
	fwrite(bytes, captured, 1, out);
}
