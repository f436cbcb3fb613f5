#include "tests/bench/packet.h"

#include <string.h>

enum {
	ETHERNET = 14, IPV4 = 20, IPV6 = 40, TCP = 20, UDP = 8,
	PROTOCOL_TCP = 6, PROTOCOL_UDP = 17,
	DONT_FRAGMENT = 0x4000,
};

static uint8_t *put8(uint8_t *to, unsigned value)
{
	*to = (uint8_t)value;
	return to + 1;
}

static uint8_t *put16(uint8_t *to, unsigned value)
{
	return put8(put8(to, value >> 8), value);
}

static uint8_t *put32(uint8_t *to, uint32_t value)
{
	return put16(put16(to, value >> 16), value);
}

/* --- checksums (RFC 1071) -------------------------------------------------------------------------------- */

static uint64_t add_words(uint64_t sum, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i += 2)
		sum += (unsigned)bytes[i] << 8 | bytes[i + 1];
	return sum;
}

static uint16_t checksum(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static uint64_t pseudo_header(const struct packet *p, uint32_t len)
{
	size_t address = p->ipv6 ? 16 : 4;
	uint64_t sum = len + (p->udp ? PROTOCOL_UDP : PROTOCOL_TCP);

	return add_words(add_words(sum, p->source->address, address), p->target->address, address);
}

/* --- headers --------------------------------------------------------------------------------------------- */

/* Two routers, and the capture between them. */
static void put_ethernet(uint8_t *to, const struct packet *p)
{
	to = put32(put16(to, 0x0200), p->from_client ? 2 : 1);
	to = put32(put16(to, 0x0200), p->from_client ? 1 : 2);
	put16(to, p->ipv6 ? 0x86dd : 0x0800);
}

static void put_ipv4(uint8_t *to, const struct packet *p, uint32_t len)
{
	uint8_t *header = to;

	to = put16(put8(put8(to, 0x45), 0), IPV4 + len);
	to = put16(put16(to, p->ip_id), DONT_FRAGMENT);
	to = put16(put8(put8(to, p->ttl), p->udp ? PROTOCOL_UDP : PROTOCOL_TCP), 0);
	memcpy(to, p->source->address, 4);
	memcpy(to + 4, p->target->address, 4);
	put16(header + 10, checksum(add_words(0, header, IPV4)));
}

static void put_ipv6(uint8_t *to, const struct packet *p, uint32_t len)
{
	to = put16(put32(to, 0x60000000), len);
	to = put8(put8(to, p->udp ? PROTOCOL_UDP : PROTOCOL_TCP), p->ttl);
	memcpy(to, p->source->address, 16);
	memcpy(to + 16, p->target->address, 16);
}

/* Linux: MSS, SACK permitted, timestamps, NOP, window scale. Windows: MSS, NOP, window scale, NOP, NOP, SACK
 * permitted, and no timestamps. */
static uint8_t *put_syn_options(uint8_t *to, const struct packet *p)
{
	to = put16(put16(to, 0x0204), p->mss);
	if (p->windows_options)
		return put32(put32(to, 0x01030300u | p->window_scale), 0x01010402);
	if (!p->timestamps)
		return put32(put32(to, 0x01010402), 0x01030300u | p->window_scale);
	to = put32(put32(put32(to, 0x0402080a), p->ts_value), p->ts_echo);
	return put32(to, 0x01030300u | p->window_scale);
}

static uint8_t *put_options(uint8_t *to, const struct packet *p)
{
	if (p->flags & FLAG_SYN)
		return put_syn_options(to, p);
	if (p->timestamps)
		to = put32(put32(put32(to, 0x0101080a), p->ts_value), p->ts_echo);
	if (p->sack_left != p->sack_right)
		to = put32(put32(put32(to, 0x0101050a), p->sack_left), p->sack_right);
	return to;
}

static uint32_t put_tcp(uint8_t *header, const struct packet *p)
{
	uint8_t *to = put32(put32(put16(put16(header, p->source->port), p->target->port), p->seq), p->ack);
	uint32_t len = (uint32_t)(put_options(header + TCP, p) - header);

	to = put16(put8(put8(to, len / 4 << 4), p->flags), p->window);
	put16(put16(to, 0), 0);
	uint64_t sum = add_words(pseudo_header(p, len + p->payload_len), header, len);
	put16(to, checksum(sum + payload_sum(p->payload_kind, p->payload_at, p->payload_len)));
	return len;
}

static uint32_t put_udp(uint8_t *header, const struct packet *p)
{
	uint8_t *to = put16(put16(header, p->source->port), p->target->port);

	to = put16(put16(to, UDP + p->payload_len), 0);
	uint64_t sum = add_words(pseudo_header(p, UDP + p->payload_len), header, UDP);
	put16(to - 2, checksum(sum + payload_sum(p->payload_kind, p->payload_at, p->payload_len)));
	return UDP;
}

/* --- a packet -------------------------------------------------------------------------------------------- */

uint32_t packet_write(const struct packet *p, uint32_t snaplen, uint8_t *to)
{
	uint8_t *transport = to + ETHERNET + (p->ipv6 ? IPV6 : IPV4);
	uint32_t header = p->udp ? put_udp(transport, p) : put_tcp(transport, p);
	uint32_t payload_from = (uint32_t)(transport - to) + header;
	uint32_t wire = payload_from + p->payload_len;

	put_ethernet(to, p);
	(p->ipv6 ? put_ipv6 : put_ipv4)(to + ETHERNET, p, header + p->payload_len);
	if (snaplen > payload_from)
		memcpy(to + payload_from, payload_bytes(p->payload_kind, p->payload_at),
		       (wire < snaplen ? wire : snaplen) - payload_from);
	return wire;
}
