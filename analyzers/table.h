/* From key to record number: buckets of one cache line, eight slots each, a tag of the hash beside the number so that a
 * miss rarely touches a record. The tag also names the bucket, so that growing touches none at all. Overflow goes on in
 * the next bucket. */
#ifndef ANALYZERS_TABLE_H
#define ANALYZERS_TABLE_H

#include <stddef.h>
#include <stdint.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "analyzers/fetch.h"
#include "analyzers/key.h"
#include "analyzers/slab.h"

enum { TABLE_BUCKET_SLOTS = 8 };
/* Marks a number of the second slab. */
#define TABLE_OTHER (UINT32_C(1) << 31)

struct table_bucket {
	uint32_t tag[TABLE_BUCKET_SLOTS];   /* 0 never used, 1 freed, else from the hash */
	uint32_t index[TABLE_BUCKET_SLOTS]; /* into the slab */
};
_Static_assert(sizeof(struct table_bucket) == 64, "a bucket is one cache line");

struct table {
	struct table_bucket *buckets;
	size_t mask;  /* buckets - 1 */
	size_t used;  /* slots in use or freed */
	size_t live;
	struct key_seed seed;
	const struct slab *records; /* each begins with its struct connection_key */
	const struct slab *others;  /* as well: those whose number has TABLE_OTHER set */
};

/* `others` may be NULL when no number will have TABLE_OTHER set. */
void table_init(struct table *t, const struct key_seed *seed, const struct slab *records, const struct slab *others);
void table_clear(struct table *t);

static inline const struct connection_key *table_key(const struct table *t, uint32_t index)
{
	return index & TABLE_OTHER ? slab_at(t->others, index & ~TABLE_OTHER) : slab_at(t->records, index);
}

static inline uint64_t table_hash(const struct table *t, const struct connection_key *key)
{
	return key_hash(key, &t->seed);
}

enum { TABLE_TAG_NEVER, TABLE_TAG_FREED };

static inline uint32_t table_tag(uint64_t hash)
{
	uint32_t tag = (uint32_t)(hash >> 32);

	return tag > TABLE_TAG_FREED ? tag : tag + 2;
}

/* Hints that a lookup of this hash will come soon. */
FETCHING void table_prefetch(const struct table *t, uint64_t hash)
{
	fetch(&t->buckets[table_tag(hash) & t->mask]);
}

/* The slots whose tag it is, a bit each: all eight at once, without a branch. */
#ifdef __SSE2__
static inline unsigned table_four_with(const uint32_t tag[4], __m128i wanted)
{
	__m128i equal = _mm_cmpeq_epi32(_mm_loadu_si128((const __m128i *)(const void *)tag), wanted);

	return (unsigned)_mm_movemask_ps(_mm_castsi128_ps(equal));
}

static inline unsigned table_slots_with(const struct table_bucket *b, uint32_t tag)
{
	const __m128i wanted = _mm_set1_epi32((int)tag);

	return table_four_with(b->tag, wanted) | table_four_with(b->tag + 4, wanted) << 4;
}
#else
static inline unsigned table_slots_with(const struct table_bucket *b, uint32_t tag)
{
	unsigned slots = 0;

	for (unsigned i = 0; i < TABLE_BUCKET_SLOTS; i++)
		slots |= (unsigned)(b->tag[i] == tag) << i;
	return slots;
}
#endif

static inline unsigned table_lowest(unsigned slots)
{
	return (unsigned)__builtin_ctz(slots);
}

/* The first record in the key's own bucket whose tag fits, without looking at it: it is to be fetched, and is the key's when
 * its own key says so. SLAB_NONE when none does. */
static inline uint32_t table_guess(const struct table *t, uint64_t hash)
{
	uint32_t tag = table_tag(hash);
	const struct table_bucket *b = &t->buckets[tag & t->mask];
	unsigned slots = table_slots_with(b, tag);

	return slots ? b->index[table_lowest(slots)] : SLAB_NONE;
}

/* What its slots take, at eight bytes each, half as full as the buckets may become: counted by what is in it and not by
 * what was taken for it, because how soon freed slots are swept out depends on the seed. */
enum { TABLE_SLOT_BYTES = 26 };
static inline size_t table_live_bytes(const struct table *t)
{
	return t->live * TABLE_SLOT_BYTES;
}

/* SLAB_NONE when there is none. */
uint32_t table_find(const struct table *t, const struct connection_key *key, uint64_t hash);
/* The key must not be there. */
void table_insert(struct table *t, uint64_t hash, uint32_t index);
/* Points the key's slot to another record with the same key. */
void table_replace(struct table *t, uint64_t hash, uint32_t old_index, uint32_t new_index);
void table_remove(struct table *t, uint64_t hash, uint32_t index);

#endif
