#include "analyzers/arena.h"

#include <stdlib.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

static void *block_new(void)
{
	void *block = aligned_alloc(ARENA_BLOCK_BYTES, ARENA_BLOCK_BYTES);

	if (block == NULL)
		g_error("out of memory for records of connections");
#if defined(MADV_HUGEPAGE)
	madvise(block, ARENA_BLOCK_BYTES, MADV_HUGEPAGE);
#endif
	return block;
}

void arena_init(struct arena *a)
{
	*a = (struct arena){.blocks = g_ptr_array_new_with_free_func(free)};
	g_mutex_init(&a->lock);
}

void arena_clear(struct arena *a)
{
	g_ptr_array_free(a->blocks, TRUE);
	g_mutex_clear(&a->lock);
}

/* From the end of the last block downwards. */
static void *carve(struct arena *a, size_t bytes)
{
	if (a->left < bytes) {
		g_ptr_array_add(a->blocks, block_new());
		a->left = ARENA_BLOCK_BYTES;
		a->bytes += ARENA_BLOCK_BYTES;
	}
	a->left -= bytes;
	return (char *)g_ptr_array_index(a->blocks, a->blocks->len - 1) + a->left;
}

void *arena_take(struct arena *a, size_t bytes)
{
	void *taken;

	g_assert(bytes % 64 == 0 && bytes <= ARENA_BLOCK_BYTES);
	g_mutex_lock(&a->lock);
	taken = carve(a, bytes);
	g_mutex_unlock(&a->lock);
	return taken;
}
