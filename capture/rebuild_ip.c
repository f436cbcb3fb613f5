#include "capture/rebuild_ip.h"

#include "capture/checksum.h"

enum { IPV4_HEADER = 20, DONT_FRAGMENT = 0x4000, IPV4_CHECKSUM_AT = 10, IPV4_IN_ADDRESS = 12 };

/* 0 stands for what does not fit into the field, or was 0 before the network card cut the packet into pieces. */
static uint16_t length_field(const struct segment *s, size_t len)
{
	return s->anomalies & ANOMALY_IP_TOTAL_ZERO || len > UINT16_MAX ? 0 : (uint16_t)len;
}

static void put_ipv4(struct rebuild_bytes *b, const struct segment *s, uint8_t protocol, size_t len)
{
	size_t at = b->len;
	put_u8(b, 0x45);
	put_u8(b, s->tos);
	put_u16(b, length_field(s, IPV4_HEADER + len));
	put_u16(b, s->ip_id);
	put_u16(b, s->dont_fragment ? DONT_FRAGMENT : 0);
	put_u8(b, s->ttl);
	put_u8(b, protocol);
	put_u16(b, 0);
	put_some(b, s->source + IPV4_IN_ADDRESS, 4);
	put_some(b, s->target + IPV4_IN_ADDRESS, 4);
	set_u16(b, at + IPV4_CHECKSUM_AT, (uint16_t)~checksum_fold(checksum_add(0, b->at + at, IPV4_HEADER)));
}

static void put_ipv6(struct rebuild_bytes *b, const struct segment *s, uint8_t protocol, size_t len)
{
	put_u32(b, UINT32_C(6) << 28 | (uint32_t)s->tos << 20);
	put_u16(b, length_field(s, len));
	put_u8(b, protocol);
	put_u8(b, s->ttl);
	put_some(b, s->source, sizeof(s->source));
	put_some(b, s->target, sizeof(s->target));
}

void rebuild_ip_header(struct rebuild_bytes *b, const struct segment *s, uint8_t protocol, size_t len)
{
	if (s->ip_version == 6)
		put_ipv6(b, s, protocol, len);
	else
		put_ipv4(b, s, protocol, len);
}
