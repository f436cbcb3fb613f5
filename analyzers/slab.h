/* Fixed-size records by number: chunks that never move, a free list threaded through the unused ones. No
 * allocation per packet, and none per connection once the peak is reached. */
#ifndef ANALYZERS_SLAB_H
#define ANALYZERS_SLAB_H

#include <stddef.h>
#include <stdint.h>

#include "analyzers/arena.h"

enum { SLAB_CHUNK_RECORDS = 128, SLAB_NONE = 0 }; /* index 0 is never handed out */

struct slab {
	struct arena *arena; /* borrowed: where chunks come from */
	size_t record_bytes; /* a multiple of 64, so that records start on cache lines */
	char **chunks;       /* of SLAB_CHUNK_RECORDS records each */
	uint32_t chunks_len, chunks_capacity;
	uint32_t used;       /* indices handed out at least once, 0 included */
	uint32_t free_head;  /* SLAB_NONE when empty */
	uint32_t live;
};

void slab_init(struct slab *s, struct arena *arena, size_t record_bytes);
void slab_clear(struct slab *s);

/* A zeroed record; never fails but by running out of memory. */
uint32_t slab_take(struct slab *s);
void slab_give(struct slab *s, uint32_t index);

/* Where the size of a record is known, and a constant. */
static inline void *slab_at_sized(const struct slab *s, uint32_t index, size_t record_bytes)
{
	return s->chunks[index / SLAB_CHUNK_RECORDS] + (size_t)(index % SLAB_CHUNK_RECORDS) * record_bytes;
}

static inline void *slab_at(const struct slab *s, uint32_t index)
{
	return slab_at_sized(s, index, s->record_bytes);
}

/* What the live records take. */
static inline size_t slab_live_bytes(const struct slab *s)
{
	return s->live * s->record_bytes;
}

#endif
