#include "analyzers/arena.h"

#include <stdint.h>
#include <stdlib.h>

#if defined(__linux__)
#include <sys/mman.h>

/* Straight from the system, which hands out nothing but zeroed pages that were touched: a sanitizer would mark each byte
 * of a block. Of twice the size, the part is kept that begins where a large page can. */
static void *block_new(void)
{
	char *wide = mmap(NULL, 2 * ARENA_BLOCK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *block;
	size_t before;

	if (wide == MAP_FAILED)
		g_error("out of memory for records of connections");
	before = -(uintptr_t)wide % ARENA_BLOCK_BYTES;
	block = wide + before;
	if (before > 0)
		munmap(wide, before);
	munmap(block + ARENA_BLOCK_BYTES, ARENA_BLOCK_BYTES - before);
	madvise(block, ARENA_BLOCK_BYTES, MADV_HUGEPAGE);
	return block;
}

static void block_free(void *block)
{
	munmap(block, ARENA_BLOCK_BYTES);
}
#else
static void *block_new(void)
{
	void *block = aligned_alloc(ARENA_BLOCK_BYTES, ARENA_BLOCK_BYTES);

	if (block == NULL)
		g_error("out of memory for records of connections");
	return block;
}

static void block_free(void *block)
{
	free(block);
}
#endif

void arena_init(struct arena *a)
{
	*a = (struct arena){.blocks = g_ptr_array_new_with_free_func(block_free)};
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
