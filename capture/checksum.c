/* The TCP checksum (RFC 9293 §3.1, RFC 1071), and the one that a host leaves half done.
 *
 * With checksum offload the kernel sums only the pseudo header (addresses, protocol, length of this segment)
 * and stores that sum, folded but not complemented; the network card adds the rest when the packet leaves.
 * A capture on the sending host sees the half-done one. Linux: CHECKSUM_PARTIAL, include/linux/skbuff.h.
 * Windows, for segments that the card will cut into pieces, sums it without the length: those are the
 * packets whose IP total length is 0. */
#include "capture/checksum.h"

#include "capture/cursor.h"

enum { PROTOCOL_TCP = 6, CHECKSUM_OFFSET = 16, TCP_HEADER_MIN = 20 };

uint64_t checksum_add(uint64_t sum, const uint8_t *bytes, size_t len)
{
	size_t at = 0;
	for (; at + 4 <= len; at += 4)
		sum += load_u32be(bytes + at); /* two words at once: folding brings them together */
	if (at + 2 <= len) {
		sum += load_u16be(bytes + at);
		at += 2;
	}
	return at < len ? sum + ((uint64_t)bytes[at] << 8) : sum;
}

uint16_t checksum_fold(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

uint64_t checksum_pseudo_header(const struct segment *s, uint8_t protocol, uint32_t len)
{
	size_t skip = s->ip_version == 4 ? 12 : 0; /* an IPv4 address is at the end of the field */
	uint64_t sum = checksum_add(0, s->source + skip, 16 - skip);
	return checksum_add(sum, s->target + skip, 16 - skip) + protocol + len;
}

static bool is_partial(const struct segment *s, uint16_t stored)
{
	return checksum_fold(checksum_pseudo_header(s, PROTOCOL_TCP, s->tcp_wire_len)) == stored ||
	       (s->anomalies & ANOMALY_IP_TOTAL_ZERO && checksum_fold(checksum_pseudo_header(s, PROTOCOL_TCP, 0)) == stored);
}

enum segment_checksum segment_checksum(const struct segment *s)
{
	if (s->checksum != CHECKSUM_UNKNOWN)
		return s->checksum;
	if (s->kind != SEGMENT_TCP || s->tcp_len < s->tcp_wire_len || s->tcp_len < TCP_HEADER_MIN)
		return CHECKSUM_UNKNOWN;
	uint64_t sum = checksum_add(checksum_pseudo_header(s, PROTOCOL_TCP, s->tcp_wire_len), s->tcp, s->tcp_len);
	bool good = checksum_fold(sum) == 0xffff; /* the stored one is the complement of all the rest */
	bool partial = is_partial(s, load_u16be(s->tcp + CHECKSUM_OFFSET));
	if (good && partial)
		return CHECKSUM_UNKNOWN;
	return good ? CHECKSUM_GOOD : partial ? CHECKSUM_PARTIAL : CHECKSUM_BAD;
}
