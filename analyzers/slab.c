#include "analyzers/slab.h"

#include <stdlib.h>
#include <string.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

enum { LARGE_PAGE_BYTES = 2 * 1024 * 1024 };

/* Large pages where the system has them: records are visited in no order, and each small page would cost a fault and a
 * place in the translation cache. */
static void *chunk_new(size_t bytes)
{
	void *chunk = aligned_alloc(LARGE_PAGE_BYTES, (bytes + LARGE_PAGE_BYTES - 1) / LARGE_PAGE_BYTES * LARGE_PAGE_BYTES);

#if defined(MADV_HUGEPAGE)
	if (chunk != NULL)
		madvise(chunk, bytes, MADV_HUGEPAGE);
#endif
	return chunk;
}

static void add_chunk(struct slab *s)
{
	void *chunk = chunk_new(s->record_bytes * SLAB_CHUNK_RECORDS);

	if (chunk == NULL)
		g_error("out of memory for %u more records of %zu bytes", SLAB_CHUNK_RECORDS, s->record_bytes);
	g_ptr_array_add(s->chunks, chunk);
}

void slab_init(struct slab *s, size_t record_bytes)
{
	g_assert(record_bytes % 64 == 0);
	*s = (struct slab){.record_bytes = record_bytes, .chunks = g_ptr_array_new_with_free_func(free), .used = 1};
	add_chunk(s);
}

void slab_clear(struct slab *s)
{
	g_ptr_array_free(s->chunks, TRUE);
	*s = (struct slab){0};
}

/* The free list lives in the first bytes of unused records. */
static uint32_t pop_free(struct slab *s)
{
	uint32_t index = s->free_head;

	memcpy(&s->free_head, slab_at(s, index), sizeof s->free_head);
	return index;
}

static uint32_t take_new(struct slab *s)
{
	if (s->used == s->chunks->len * SLAB_CHUNK_RECORDS)
		add_chunk(s);
	return s->used++;
}

uint32_t slab_take(struct slab *s)
{
	uint32_t index = s->free_head != SLAB_NONE ? pop_free(s) : take_new(s);

	memset(slab_at(s, index), 0, s->record_bytes);
	s->live++;
	return index;
}

void slab_give(struct slab *s, uint32_t index)
{
	g_assert(index != SLAB_NONE && s->live > 0);
	memcpy(slab_at(s, index), &s->free_head, sizeof s->free_head);
	s->free_head = index;
	s->live--;
}
