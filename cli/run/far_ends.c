#include "cli/run/far_ends.h"

#include <glib.h>

enum { ENDS_MOST = 1 << 16 };

struct far_ends {
	GHashTable *by_inode; /* struct facts_end */
};

struct far_ends *far_ends_new(void)
{
	struct far_ends *f = g_new(struct far_ends, 1);

	f->by_inode = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
	return f;
}

void far_ends_free(struct far_ends *f)
{
	g_hash_table_destroy(f->by_inode);
	g_free(f);
}

void far_ends_remember(struct far_ends *f, uint64_t inode, const struct facts_end *far)
{
	if (g_hash_table_size(f->by_inode) >= ENDS_MOST)
		g_hash_table_remove_all(f->by_inode);
	g_hash_table_replace(f->by_inode, g_memdup2(&inode, sizeof(inode)), g_memdup2(far, sizeof(*far)));
}

const struct facts_end *far_ends_find(const struct far_ends *f, uint64_t inode)
{
	return g_hash_table_lookup(f->by_inode, &inode);
}
