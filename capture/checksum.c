/* The TCP checksum (RFC 9293 §3.1, RFC 1071), and the one that a host leaves half done.
 *
 * With checksum offload the kernel sums only the pseudo header (addresses, protocol, length of this segment)
 * and stores that sum, folded but not complemented; the network card adds the rest when the packet leaves.
 * A capture on the sending host sees the half-done one. Linux: CHECKSUM_PARTIAL, include/linux/skbuff.h.
 * Windows, for segments that the card will cut into pieces, sums it without the length: those are the
 * packets whose IP total length is 0. */
#include "capture/checksum.h"

#include <string.h>

#include <glib.h>

#include "capture/cursor.h"

enum { PROTOCOL_TCP = 6, TCP_HEADER_MIN = 20 };

uint16_t checksum_fold(uint64_t sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32); /* 33 bits */
	sum = (sum & 0xffff) + (sum >> 16);     /* 18 */
	sum = (sum & 0xffff) + (sum >> 16);     /* 17, and then no carry is left to make another */
	return (uint16_t)((sum & 0xffff) + (sum >> 16));
}

/* Eight bytes at a time, with the carry brought round, and as the machine reads them: in whatever order the bytes of
 * words are summed, the sum comes out in that order (RFC 1071 §2 B). */
static uint64_t sum_words(const uint8_t *bytes, size_t len)
{
	uint64_t sum = 0;
	for (size_t at = 0; at < len; at += 8) {
		uint64_t word;
		memcpy(&word, bytes + at, sizeof(word));
		sum += word;
		sum += sum < word;
	}
	return GUINT16_FROM_BE(checksum_fold(sum));
}

uint64_t checksum_add(uint64_t sum, const uint8_t *bytes, size_t len)
{
	size_t at = len / 8 * 8;
	sum += sum_words(bytes, at);
	for (; at + 2 <= len; at += 2)
		sum += load_u16be(bytes + at);
	return at < len ? sum + ((uint64_t)bytes[at] << 8) : sum;
}

uint64_t checksum_pseudo_header(const struct segment *s, uint8_t protocol, uint32_t len)
{
	uint64_t sum = (uint64_t)protocol + len;
	for (size_t at = s->ip_version == 4 ? 12 : 0; at < 16; at += 4) /* an IPv4 address is at the end of the field */
		sum += (uint64_t)load_u32be(s->source + at) + load_u32be(s->target + at); /* folding brings words together */
	return sum;
}

/* pseudo is the sum of the pseudo header with this segment's length. */
static bool is_partial(const struct segment *s, uint64_t pseudo)
{
	if (checksum_fold(pseudo) == s->tcp_checksum)
		return true;
	return s->anomalies & ANOMALY_IP_TOTAL_ZERO && checksum_fold(checksum_pseudo_header(s, PROTOCOL_TCP, 0)) == s->tcp_checksum;
}

static bool is_whole(const struct segment *s)
{
	return s->kind == SEGMENT_TCP && s->tcp_len >= s->tcp_wire_len && s->tcp_len >= TCP_HEADER_MIN;
}

enum segment_checksum segment_checksum(const struct segment *s)
{
	if (s->checksum != CHECKSUM_UNKNOWN)
		return s->checksum;
	if (!is_whole(s))
		return CHECKSUM_UNKNOWN;
	uint64_t pseudo = checksum_pseudo_header(s, PROTOCOL_TCP, s->tcp_wire_len);
	bool good = checksum_fold(checksum_add(pseudo, s->tcp, s->tcp_len)) == 0xffff; /* the stored one is the rest's complement */
	bool partial = is_partial(s, pseudo);
	if (good && partial)
		return CHECKSUM_UNKNOWN;
	return good ? CHECKSUM_GOOD : partial ? CHECKSUM_PARTIAL : CHECKSUM_BAD;
}

bool segment_checksum_is_partial(const struct segment *s)
{
	if (s->checksum != CHECKSUM_UNKNOWN)
		return s->checksum == CHECKSUM_PARTIAL;
	return is_whole(s) && is_partial(s, checksum_pseudo_header(s, PROTOCOL_TCP, s->tcp_wire_len)) &&
	       segment_checksum(s) == CHECKSUM_PARTIAL;
}
