#include "analyzers/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

enum { CACHE_LINE = 64 };
G_STATIC_ASSERT((int)ARENA_BLOCK_BYTES % (int)LARGE_PAGE_BYTES == 0);

/* --- large pages ---------------------------------------------------------------------------------------- */

static size_t whole_pages(size_t bytes)
{
	return (bytes + LARGE_PAGE_BYTES - 1) / LARGE_PAGE_BYTES * LARGE_PAGE_BYTES;
}

#if defined(MADV_HUGEPAGE)
/* Fresh from the system, where it is zeroed already; what lies beside the boundary goes back. */
static void *pages_new(size_t bytes)
{
	size_t more = bytes + LARGE_PAGE_BYTES;
	char *memory = mmap(NULL, more, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t before, after;

	if (memory == MAP_FAILED)
		return NULL;
	before = (LARGE_PAGE_BYTES - (uintptr_t)memory % LARGE_PAGE_BYTES) % LARGE_PAGE_BYTES;
	after = more - bytes - before;
	if (before > 0)
		munmap(memory, before);
	if (after > 0)
		munmap(memory + before + bytes, after);
	madvise(memory + before, bytes, MADV_HUGEPAGE);
	return memory + before;
}

static void pages_free(void *memory, size_t bytes)
{
	munmap(memory, bytes);
}
#else
static void *pages_new(size_t bytes)
{
	void *memory = aligned_alloc(LARGE_PAGE_BYTES, bytes);

	return memory ? memset(memory, 0, bytes) : NULL;
}

static void pages_free(void *memory, size_t bytes)
{
	(void)bytes;
	free(memory);
}
#endif

static void *lines_new(size_t bytes)
{
	size_t whole = (bytes + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
	void *memory = aligned_alloc(CACHE_LINE, whole);

	return memory ? memset(memory, 0, whole) : NULL;
}

void *large_new(size_t bytes)
{
	void *memory = bytes < LARGE_PAGE_BYTES ? lines_new(bytes) : pages_new(whole_pages(bytes));

	if (memory == NULL)
		g_error("out of memory for %zu bytes", bytes);
	return memory;
}

void large_free(void *memory, size_t bytes)
{
	if (bytes < LARGE_PAGE_BYTES)
		free(memory);
	else
		pages_free(memory, whole_pages(bytes));
}

/* --- the arena ------------------------------------------------------------------------------------------ */

void arena_init(struct arena *a)
{
	*a = (struct arena){.blocks = g_ptr_array_new()};
	g_mutex_init(&a->lock);
}

void arena_clear(struct arena *a)
{
	for (guint i = 0; i < a->blocks->len; i++)
		large_free(g_ptr_array_index(a->blocks, i), ARENA_BLOCK_BYTES);
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

	g_assert(bytes % CACHE_LINE == 0 && bytes <= ARENA_BLOCK_BYTES);
	g_mutex_lock(&a->lock);
	taken = carve(a, bytes);
	g_mutex_unlock(&a->lock);
	return taken;
}
