/* What makes two segments one connection: both addresses and ports, in an order that does not depend on the
 * direction, and the VLAN where the user asked to keep those apart. Hashed with a seed so that nobody can aim
 * at one bucket; no output depends on the seed. */
#ifndef ANALYZERS_KEY_H
#define ANALYZERS_KEY_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "capture/segment.h"

/* 40 bytes without padding, so that it can be hashed and compared as five words. */
struct connection_key {
	uint8_t address[2][16]; /* the lower (address, port) pair first, compared as bytes */
	uint16_t port[2];
	uint32_t scope;
};
_Static_assert(sizeof(struct connection_key) == 40, "the key has no padding");

/* A point on the network: address and port as one unit. */
static inline int key_order(const uint8_t a[16], uint16_t a_port, const uint8_t b[16], uint16_t b_port)
{
	int order = memcmp(a, b, 16);

	return order != 0 ? order : (int)a_port - (int)b_port;
}

/* Makes the key; returns the side (0 or 1) of the segment's source in it. */
static inline unsigned key_from_segment(struct connection_key *out, const struct segment *s)
{
	unsigned source = key_order(s->source, s->source_port, s->target, s->target_port) > 0;

	memcpy(out->address[source], s->source, 16);
	memcpy(out->address[!source], s->target, 16);
	out->port[source] = s->source_port;
	out->port[!source] = s->target_port;
	out->scope = s->scope;
	return source;
}

/* Equal in one pass without branches. */
static inline bool key_equal(const struct connection_key *a, const struct connection_key *b)
{
	uint64_t x[5], y[5];

	memcpy(x, a, sizeof x);
	memcpy(y, b, sizeof y);
	return ((x[0] ^ y[0]) | (x[1] ^ y[1]) | (x[2] ^ y[2]) | (x[3] ^ y[3]) | (x[4] ^ y[4])) == 0;
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
	uint64_t w[5];

	memcpy(w, key, sizeof w);
	return key_mix(key_mix(w[0] ^ seed->word[0], w[1] ^ seed->word[1]) ^ w[4],
	               key_mix(w[2] ^ seed->word[2], w[3] ^ seed->word[3]) ^ seed->word[0]);
}

/* A seed nobody outside can know. */
void key_seed_random(struct key_seed *out);

#endif
