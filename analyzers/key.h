/* What makes two segments one connection: both addresses and ports, in an order that does not depend on the
 * direction, and where two connections have those in common, the network they are in (scopes.h). Hashed with a seed so that nobody can aim
 * at one bucket; no output depends on the seed. */
#ifndef ANALYZERS_KEY_H
#define ANALYZERS_KEY_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <glib.h>

#include "capture/segment.h"

/* Five words, so that it is built in registers, hashed and compared without a byte being looked at twice. */
struct connection_key {
	uint64_t address[2][2]; /* 16 bytes each as they stand in the segment; the lower (address, port) first */
	uint64_t tail;          /* scope << 32 | port of side 1 << 16 | port of side 0 */
};
_Static_assert(sizeof(struct connection_key) == 40, "the key has no padding");

static inline uint16_t key_port(const struct connection_key *key, unsigned side)
{
	return (uint16_t)(key->tail >> (side * 16));
}

static inline uint32_t key_scope(const struct connection_key *key)
{
	return (uint32_t)(key->tail >> 32);
}

/* An address as two words, and as two numbers that order as its bytes do. Each loaded by itself: decode has just stored
 * them so, and one load of both would have to wait until the two stores are through. */
static inline void key_load_address(uint64_t out_words[2], const uint8_t address[16])
{
	memcpy(&out_words[0], address, sizeof out_words[0]);
	memcpy(&out_words[1], address + sizeof out_words[0], sizeof out_words[1]);
}

static inline bool key_is_above(const uint64_t a[2], uint16_t a_port, const uint64_t b[2], uint16_t b_port)
{
	if (a[0] != b[0])
		return GUINT64_FROM_BE(a[0]) > GUINT64_FROM_BE(b[0]);
	if (a[1] != b[1])
		return GUINT64_FROM_BE(a[1]) > GUINT64_FROM_BE(b[1]);
	return a_port > b_port;
}

/* Makes the key; returns the side (0 or 1) of the segment's source in it. */
static inline unsigned key_from_segment(struct connection_key *out, const struct segment *s)
{
	uint64_t source_words[2], target_words[2];
	unsigned source;

	key_load_address(source_words, s->source);
	key_load_address(target_words, s->target);
	source = key_is_above(source_words, s->source_port, target_words, s->target_port);
	for (unsigned word = 0; word < 2; word++) {
		out->address[0][word] = source ? target_words[word] : source_words[word];
		out->address[1][word] = source ? source_words[word] : target_words[word];
	}
	out->tail = (uint64_t)s->scope << 32 | (uint64_t)s->source_port << (source * 16) |
	            (uint64_t)s->target_port << (!source * 16);
	return source;
}

/* Equal in one pass without branches. */
static inline bool key_equal(const struct connection_key *a, const struct connection_key *b)
{
	return ((a->address[0][0] ^ b->address[0][0]) | (a->address[0][1] ^ b->address[0][1]) |
	        (a->address[1][0] ^ b->address[1][0]) | (a->address[1][1] ^ b->address[1][1]) | (a->tail ^ b->tail)) == 0;
}

/* Multiplies to 128 bits and folds: every input bit reaches every output bit. */
static inline uint64_t key_mix(uint64_t a, uint64_t b)
{
	__extension__ typedef unsigned __int128 wide;
	wide product = (wide)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

struct key_seed {
	uint64_t word[4];
};

static inline uint64_t key_hash(const struct connection_key *key, const struct key_seed *seed)
{
	return key_mix(key_mix(key->address[0][0] ^ seed->word[0], key->address[0][1] ^ seed->word[1]) ^ key->tail,
	               key_mix(key->address[1][0] ^ seed->word[2], key->address[1][1] ^ seed->word[3]) ^ seed->word[0]);
}

/* Which part of the table a connection is kept in. Without a seed, because it shows in what is judged early when memory
 * is short; whoever aims at one part slows nobody down but the threads that could have shared the work. */
enum { KEY_SHARDS = 16 };
static inline unsigned key_shard(const struct connection_key *key)
{
	uint64_t folded = key->address[0][1] ^ (key->address[1][1] << 32 | key->address[1][1] >> 32) ^ key->tail ^
	                  (key->address[0][0] ^ key->address[1][0]) * 3;

	return (unsigned)(folded * UINT64_C(0x9e3779b97f4a7c15) >> 60);
}
_Static_assert(KEY_SHARDS == 1 << (64 - 60), "the shift leaves a shard's number");

/* A seed nobody outside can know. */
void key_seed_random(struct key_seed *out);

#endif
