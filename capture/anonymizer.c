/* One HMAC answers for eight bits of an address: its 256 bits are the 255 nodes of a binary tree of eight levels, numbered
 * from 1 as in a heap, that hangs below the whole bytes before. */
#include "capture/anonymizer.h"

#include <stdbool.h>
#include <string.h>

#include <glib.h>

#include "capture/byte_key.h"
#include "capture/excerpt.h"

enum { ADDRESS_BYTES = 16, IPV4_AT = 12, MAC_BYTES = 6, DIGEST_BYTES = 32 };
/* Addresses that are remembered: some 6 MB. When there are more, all are forgotten, and made anew from the key. */
enum { REMEMBERED_MAX = 1 << 16 };
/* Keeps the uses of the key apart: the first byte that is hashed. */
enum purpose { PURPOSE_IPV4, PURPOSE_IPV6, PURPOSE_MAC };

struct anonymizer {
	GHmac *keyed;         /* a copy of it begins every sum */
	GHashTable *addresses; /* from 16 bytes, owned, to 16 behind them */
};

/* --- what stays --------------------------------------------------------------------------------------------- */
/* Ranges with a meaning of their own: whoever reads the result must still see it (RFC 6890). */
static const struct range {
	uint8_t address[ADDRESS_BYTES];
	uint8_t bits; /* of the range, of the 16-byte form */
	uint8_t keep; /* first bits that addresses in it keep */
} ranges[] = {
#define IPV4(a, b, c, d) { [10] = 0xff, [11] = 0xff, [12] = a, [13] = b, [14] = c, [15] = d }
	{ IPV4(0, 0, 0, 0), 96 + 8, 128 },       /* "this host" */
	{ IPV4(127, 0, 0, 0), 96 + 8, 128 },     /* loopback */
	{ IPV4(255, 255, 255, 255), 128, 128 },  /* broadcast */
	{ IPV4(10, 0, 0, 0), 96 + 8, 96 + 8 },   /* private, RFC 1918 */
	{ IPV4(172, 16, 0, 0), 96 + 12, 96 + 12 },
	{ IPV4(192, 168, 0, 0), 96 + 16, 96 + 16 },
	{ IPV4(100, 64, 0, 0), 96 + 10, 96 + 10 }, /* behind a carrier's NAT, RFC 6598 */
	{ IPV4(169, 254, 0, 0), 96 + 16, 96 + 16 }, /* link-local */
	{ IPV4(224, 0, 0, 0), 96 + 4, 96 + 4 },  /* multicast */
#undef IPV4
	{ { 0 }, 127, 128 },                     /* unspecified, loopback */
	{ { 0x20 }, 3, 3 },                      /* global unicast */
	{ { 0xfc }, 7, 8 },                      /* unique local */
	{ { 0xfe, 0x80 }, 64, 64 },              /* link-local */
	{ { 0xff }, 8, 16 },                     /* multicast, with flags and scope */
};

static bool bit_at(const uint8_t *bytes, unsigned at)
{
	return bytes[at / 8] >> (7 - at % 8) & 1;
}

static bool shares(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;
	return memcmp(a, b, whole) == 0 && (rest == 0 || (a[whole] ^ b[whole]) >> (8 - rest) == 0);
}

static bool is_ipv4(const uint8_t address[ADDRESS_BYTES])
{
	static const uint8_t mapped[IPV4_AT] = { [10] = 0xff, [11] = 0xff };
	return memcmp(address, mapped, sizeof(mapped)) == 0;
}

/* Of an IPv6 address: the form that IPv4 takes here is as good as a range. */
static unsigned bits_shared_with_ipv4(const uint8_t address[ADDRESS_BYTES])
{
	static const uint8_t mapped[ADDRESS_BYTES] = { [10] = 0xff, [11] = 0xff };
	unsigned same = 0;
	while (shares(address, mapped, same + 1))
		same++;
	return same;
}

/* First bits of an address that are not turned: those it keeps in its own range, and those on the way to another one,
 * with the bit at which the two part. */
static unsigned kept_bits(const uint8_t address[ADDRESS_BYTES])
{
	bool ipv4 = is_ipv4(address);
	unsigned kept = ipv4 ? IPV4_AT * 8 : bits_shared_with_ipv4(address) + 1;
	for (size_t i = 0; i < G_N_ELEMENTS(ranges); i++) {
		const struct range *r = &ranges[i];
		unsigned same = 0;
		if (is_ipv4(r->address) != ipv4)
			continue;
		while (same < r->bits && shares(address, r->address, same + 1))
			same++;
		kept = MAX(kept, same == r->bits ? r->keep : same + 1);
	}
	return kept;
}

/* --- the key ------------------------------------------------------------------------------------------------ */
static void digest(const struct anonymizer *a, enum purpose purpose, const uint8_t *bytes, size_t len,
                   uint8_t out[DIGEST_BYTES])
{
	const uint8_t head[] = { (uint8_t)purpose, (uint8_t)len };
	gsize digest_len = DIGEST_BYTES;
	GHmac *sum = g_hmac_copy(a->keyed);
	g_hmac_update(sum, head, sizeof(head));
	g_hmac_update(sum, bytes, (gssize)len);
	g_hmac_get_digest(sum, out, &digest_len);
	g_hmac_unref(sum);
}

/* Turns the bits of byte `at`, from bit `from` of the address on. */
static uint8_t turn_byte(const struct anonymizer *a, enum purpose purpose, const uint8_t *address, unsigned at, unsigned from)
{
	uint8_t tree[DIGEST_BYTES], turned = 0;
	unsigned node = 1;
	digest(a, purpose, address, at, tree);
	for (unsigned bit = at * 8; bit < at * 8 + 8; bit++) {
		bool is = bit_at(address, bit), turns = bit >= from && bit_at(tree, node);
		turned = (uint8_t)(turned << 1 | (is != turns));
		node = node * 2 + is;
	}
	return turned;
}

static void map_address(const struct anonymizer *a, const uint8_t address[ADDRESS_BYTES], uint8_t out[ADDRESS_BYTES])
{
	unsigned kept = kept_bits(address);
	enum purpose purpose = is_ipv4(address) ? PURPOSE_IPV4 : PURPOSE_IPV6;
	for (unsigned at = 0; at < ADDRESS_BYTES; at++)
		out[at] = (at + 1) * 8 <= kept ? address[at] : turn_byte(a, purpose, address, at, kept);
}

/* --- the memory --------------------------------------------------------------------------------------------- */
BYTE_KEY(address, ADDRESS_BYTES)

struct anonymizer *anonymizer_new(const uint8_t *key, size_t key_len)
{
	g_assert(key_len >= ANONYMIZER_KEY_MIN);
	struct anonymizer *a = g_new(struct anonymizer, 1);
	a->keyed = g_hmac_new(G_CHECKSUM_SHA256, key, key_len);
	a->addresses = g_hash_table_new_full(address_hash, address_equal, g_free, NULL);
	return a;
}

void anonymizer_free(struct anonymizer *a)
{
	if (!a)
		return;
	g_hash_table_unref(a->addresses);
	g_hmac_unref(a->keyed);
	g_free(a);
}

static const uint8_t *remember(struct anonymizer *a, const uint8_t address[ADDRESS_BYTES])
{
	if (g_hash_table_size(a->addresses) >= REMEMBERED_MAX)
		g_hash_table_remove_all(a->addresses);
	uint8_t *both = g_malloc(2 * ADDRESS_BYTES);
	memcpy(both, address, ADDRESS_BYTES);
	map_address(a, address, both + ADDRESS_BYTES);
	g_hash_table_insert(a->addresses, both, both + ADDRESS_BYTES);
	return both + ADDRESS_BYTES;
}

void anonymizer_address(struct anonymizer *a, const uint8_t address[16], uint8_t out[16])
{
	const uint8_t *mapped = g_hash_table_lookup(a->addresses, address);
	memcpy(out, mapped ? mapped : remember(a, address), ADDRESS_BYTES);
}

/* --- stations ----------------------------------------------------------------------------------------------- */
static bool is_all(const uint8_t mac[MAC_BYTES], uint8_t byte)
{
	for (size_t i = 0; i < MAC_BYTES; i++) {
		if (mac[i] != byte)
			return false;
	}
	return true;
}

void anonymizer_mac(struct anonymizer *a, const uint8_t mac[6], uint8_t out[6])
{
	enum { GROUP = 0x01, LOCALLY_ADMINISTERED = 0x02 };
	uint8_t sum[DIGEST_BYTES], first = (uint8_t)((mac[0] & GROUP) | LOCALLY_ADMINISTERED);
	if (is_all(mac, 0) || is_all(mac, 0xff)) {
		memmove(out, mac, MAC_BYTES);
		return;
	}
	digest(a, PURPOSE_MAC, mac, MAC_BYTES, sum);
	out[0] = first;
	memcpy(out + 1, sum, MAC_BYTES - 1);
}

/* --- segments ----------------------------------------------------------------------------------------------- */
/* Of a RST's payload it matters whether it is a reason: words, or what looks like the CBOR of one, a map, perhaps behind a
 * number. */
static uint32_t withhold_reason(const struct segment *s, uint8_t room[ANONYMIZER_ROOM])
{
	static const uint8_t cbor[] = { 0xa1, 0, 0 }; /* {0: 0} */
	enum { CBOR_MAP = 5, LARGEST_SMALL = 23 };
	const uint8_t *p = s->payload;
	bool map = p[0] >> 5 == CBOR_MAP || (s->payload_captured > 1 && p[0] <= LARGEST_SMALL && p[1] >> 5 == CBOR_MAP);
	bool words = p[0] >= ' ' && p[0] < 0x7f;
	const void *instead = words ? (const void *)ANONYMIZER_WITHHELD : cbor;
	size_t len = words ? strlen(ANONYMIZER_WITHHELD) : map ? sizeof(cbor) : 0;
	len = MIN(len, s->payload_len);
	memcpy(room, instead, len);
	return (uint32_t)len;
}

static uint32_t keep_payload(const struct segment *s, uint8_t room[ANONYMIZER_ROOM])
{
	uint32_t len = excerpt_payload_len(s);
	g_assert(len <= ANONYMIZER_ROOM);
	if (len > 0 && s->flags & TCP_RST)
		return withhold_reason(s, room);
	if (len > 0)
		memcpy(room, s->payload, len);
	return len;
}

static void replace_bytes(struct segment *s, uint8_t room[ANONYMIZER_ROOM])
{
	uint32_t len = keep_payload(s, room);
	s->checksum = segment_checksum(s);
	s->tcp = len > 0 ? room : NULL;
	s->tcp_len = len;
	s->payload = s->tcp;
	s->payload_captured = len;
	s->payload_first = len > 0 ? *room : 0;
}

void anonymizer_segment(struct anonymizer *a, struct segment *s, uint8_t room[ANONYMIZER_ROOM])
{
	replace_bytes(s, room);
	anonymizer_address(a, s->source, s->source);
	anonymizer_address(a, s->target, s->target);
	if (s->kind == SEGMENT_ICMP_ERROR)
		anonymizer_address(a, s->icmp_source, s->icmp_source);
	else if (s->kind == SEGMENT_NOTICE)
		anonymizer_mac(a, s->notice_mac, s->notice_mac);
	else if (s->kind == SEGMENT_TCP && s->has_station)
		anonymizer_mac(a, s->station, s->station);
}
