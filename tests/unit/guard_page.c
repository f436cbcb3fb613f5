#include "tests/unit/guard_page.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <glib.h>

struct guard_page {
	uint8_t *map;
	size_t map_len; /* the inaccessible page included */
	uint8_t *end;   /* where it begins */
};

struct guard_page *guard_page_new(size_t max_len)
{
	struct guard_page *g = g_new0(struct guard_page, 1);
	size_t page = (size_t)sysconf(_SC_PAGESIZE), room = (max_len + page - 1) / page * page;
	g->map_len = room + page;
	g->map = mmap(NULL, g->map_len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	g_assert(g->map != MAP_FAILED);
	g->end = g->map + room;
	g_assert(mprotect(g->end, page, PROT_NONE) == 0);
	return g;
}

void guard_page_free(struct guard_page *g)
{
	munmap(g->map, g->map_len);
	g_free(g);
}

const uint8_t *guard_page_place(struct guard_page *g, const void *bytes, size_t len)
{
	g_assert(len <= (size_t)(g->end - g->map));
	if (len > 0)
		memcpy(g->end - len, bytes, len);
	return g->end - len;
}
