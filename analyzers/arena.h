/* Memory for records, in large blocks that are never given back before the end: large pages where the system has them,
 * because records are visited in no order and each small page would cost a fault and a place in the translation cache.
 * Several shards carve their chunks from one arena, so that many small ones do not each hold a block. */
#ifndef ANALYZERS_ARENA_H
#define ANALYZERS_ARENA_H

#include <stddef.h>

#include <glib.h>

/* Zeroed memory, in large pages where the system has them, on a boundary of LARGE_PAGE_BYTES where it is as large as one;
 * never fails but by running out of memory. */
enum { LARGE_PAGE_BYTES = 2 * 1024 * 1024 };
void *large_new(size_t bytes);
void large_free(void *memory, size_t bytes);

struct arena {
	GMutex lock;
	GPtrArray *blocks;
	size_t left;  /* bytes of the last block not yet handed out */
	size_t bytes; /* in all blocks */
};

void arena_init(struct arena *a);
void arena_clear(struct arena *a);

/* `bytes`, a multiple of 64 and at most ARENA_BLOCK_BYTES, on a cache line, valid until arena_clear(), zeroed.
 * From any thread; never fails but by running out of memory. */
enum { ARENA_BLOCK_BYTES = 2 * 1024 * 1024 };
void *arena_take(struct arena *a, size_t bytes);

#endif
