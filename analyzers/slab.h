/* Fixed-size records by number: chunks that never move, a free list threaded through the unused ones. No
 * allocation per packet, and none per connection once the peak is reached. */
#ifndef ANALYZERS_SLAB_H
#define ANALYZERS_SLAB_H

#include <stddef.h>
#include <stdint.h>

#include <glib.h>

enum { SLAB_CHUNK_RECORDS = 4096, SLAB_NONE = 0 }; /* index 0 is never handed out */

struct slab {
	size_t record_bytes; /* a multiple of 64, so that records start on cache lines */
	GPtrArray *chunks;   /* of SLAB_CHUNK_RECORDS records each */
	uint32_t used;       /* indices handed out at least once, 0 included */
	uint32_t free_head;  /* SLAB_NONE when empty */
	uint32_t live;
};

void slab_init(struct slab *s, size_t record_bytes);
void slab_clear(struct slab *s);

/* A zeroed record; never fails but by running out of memory. */
uint32_t slab_take(struct slab *s);
void slab_give(struct slab *s, uint32_t index);

static inline void *slab_at(const struct slab *s, uint32_t index)
{
	char *chunk = g_ptr_array_index(s->chunks, index / SLAB_CHUNK_RECORDS);

	return chunk + (size_t)(index % SLAB_CHUNK_RECORDS) * s->record_bytes;
}

#endif
