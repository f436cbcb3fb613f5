#include "analyzers/slab.h"

#include <string.h>

#include "analyzers/fetch.h"

static void add_chunk(struct slab *s)
{
	if (s->chunks_len == s->chunks_capacity) {
		s->chunks_capacity = MAX(16, s->chunks_capacity * 2);
		s->chunks = g_renew(char *, s->chunks, s->chunks_capacity);
	}
	s->chunks[s->chunks_len++] = arena_take(s->arena, s->record_bytes * SLAB_CHUNK_RECORDS);
}

void slab_init(struct slab *s, struct arena *arena, size_t record_bytes)
{
	g_assert(record_bytes % 64 == 0);
	*s = (struct slab){.arena = arena, .record_bytes = record_bytes, .used = 1};
	add_chunk(s);
}

void slab_clear(struct slab *s)
{
	g_free(s->chunks);
	*s = (struct slab){0};
}

/* The next one to be taken was used long ago. */
FETCHING void fetch_free(const struct slab *s)
{
	fetch_bytes(slab_at(s, s->free_head), s->record_bytes);
}

/* The free list lives in the first bytes of unused records. */
static uint32_t take_used(struct slab *s)
{
	uint32_t index = s->free_head;
	void *record = slab_at(s, index);

	memcpy(&s->free_head, record, sizeof s->free_head);
	memset(record, 0, s->record_bytes);
	if (s->free_head != SLAB_NONE)
		fetch_free(s);
	return index;
}

/* The arena's memory is zeroed. */
static uint32_t take_new(struct slab *s)
{
	if (s->used == s->chunks_len * SLAB_CHUNK_RECORDS)
		add_chunk(s);
	return s->used++;
}

uint32_t slab_take(struct slab *s)
{
	s->live++;
	return s->free_head != SLAB_NONE ? take_used(s) : take_new(s);
}

void slab_give(struct slab *s, uint32_t index)
{
	g_assert(index != SLAB_NONE && s->live > 0);
	memcpy(slab_at(s, index), &s->free_head, sizeof s->free_head);
	s->free_head = index;
	s->live--;
}
