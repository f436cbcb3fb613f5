#include "analyzers/arena.h"

#include <stdlib.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

enum { CACHE_LINE = 64, LARGE_PAGE_BYTES = 2 * 1024 * 1024 };

void *large_new(size_t bytes)
{
	size_t alignment = bytes < LARGE_PAGE_BYTES ? CACHE_LINE : LARGE_PAGE_BYTES;
	size_t whole = (bytes + alignment - 1) / alignment * alignment;
	void *memory = aligned_alloc(alignment, whole);

	if (memory == NULL)
		g_error("out of memory for %zu bytes", bytes);
#if defined(MADV_HUGEPAGE)
	if (alignment == LARGE_PAGE_BYTES)
		madvise(memory, whole, MADV_HUGEPAGE);
#endif
	return memory;
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
		g_ptr_array_add(a->blocks, large_new(ARENA_BLOCK_BYTES));
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
