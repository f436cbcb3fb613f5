/* ICMP (RFC 792) and ICMPv6 (RFC 4443) errors, for the segment they are about.
 *
 *     type(1) code(1) checksum(2) depends(4), then the packet that caused it, cut
 */
#include "capture/layers.h"

#include <string.h>

enum { ICMP_UNREACHABLE = 3, ICMP_FRAGMENTATION_NEEDED = 4, ICMPV6_TOO_BIG = 2,
       NEIGHBOUR_SOLICITATION = 135, NEIGHBOUR_ADVERTISEMENT = 136 };

/* Types that quote a packet: RFC 1122 §3.2.2 and RFC 4443 §2.1. */
static const uint8_t errors[] = {
	ICMP_UNREACHABLE,
	4,  /* source quench */
	5,  /* redirect */
	11, /* time exceeded */
	12, /* parameter problem */
};
static const uint8_t errors_v6[] = {
	1, /* destination unreachable */
	ICMPV6_TOO_BIG,
	3, /* time exceeded */
	4, /* parameter problem */
};

/* The MTU of the next hop, where the error is about it: RFC 1191 in the low half of the word, RFC 8201 all
 * of it. Larger ones than 65535 stop nobody. */
static uint16_t mtu(const struct segment *s, uint32_t word)
{
	if (s->ip_version == 4)
		return s->icmp_type == ICMP_UNREACHABLE && s->icmp_code == ICMP_FRAGMENTATION_NEEDED
		               ? (uint16_t)word : 0;
	if (s->icmp_type != ICMPV6_TOO_BIG)
		return 0;
	return word < UINT16_MAX ? (uint16_t)word : UINT16_MAX;
}

/* Reads the quoted packet over the outer one's addresses, which are noted before. */
static void decode_error(struct layers *l, layer_fn *decode_ip, const uint8_t *types, size_t types_len)
{
	struct segment *s = l->out;
	s->icmp_type = cursor_u8(&l->at);
	s->icmp_code = cursor_u8(&l->at);
	cursor_skip(&l->at, 2);
	uint32_t word = cursor_u32be(&l->at);
	if (l->quoted || !cursor_ok(&l->at) || !memchr(types, s->icmp_type, types_len)) {
		layers_failed(l);
		return;
	}
	s->icmp_mtu = mtu(s, word);
	memcpy(s->icmp_source, s->source, sizeof(s->icmp_source));
	s->anomalies = 0;
	l->quoted = true;
	decode_ip(l);
}

void decode_icmp(struct layers *l)
{
	if (l->out->ip_version == 4)
		decode_error(l, decode_ipv4, errors, sizeof(errors));
}

void decode_icmpv6(struct layers *l)
{
	const uint8_t *p = cursor_peek(&l->at, 4);
	if (l->out->ip_version != 6)
		return;
	if (p && (p[0] == NEIGHBOUR_SOLICITATION || p[0] == NEIGHBOUR_ADVERTISEMENT)) {
		cursor_skip(&l->at, 4);
		decode_neighbour(l, p[0]);
	} else {
		decode_error(l, decode_ipv6, errors_v6, sizeof(errors_v6));
	}
}
