#include "report/evidence_kept.h"

#include <stdbool.h>
#include <string.h>

/* Reasons of one packet: more would be read by nobody. */
enum { REASONS_MAX = 16 };

struct kept {
	GHashTable *packets; /* uint64_t, owned, to GPtrArray of char * */
};

static void free_reasons(gpointer data)
{
	g_ptr_array_unref(data);
}

struct kept *kept_new(void)
{
	struct kept *k = g_new(struct kept, 1);

	k->packets = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, free_reasons);
	return k;
}

void kept_free(struct kept *k)
{
	if (k == NULL)
		return;
	g_hash_table_unref(k->packets);
	g_free(k);
}

static GPtrArray *reasons_of(struct kept *k, uint64_t number)
{
	const gint64 key = (gint64)number;
	GPtrArray *reasons = g_hash_table_lookup(k->packets, &key);

	if (!reasons) {
		reasons = g_ptr_array_new_with_free_func(g_free);
		g_hash_table_insert(k->packets, g_memdup2(&key, sizeof(key)), reasons);
	}
	return reasons;
}

void kept_add(struct kept *k, uint64_t number, const char *why)
{
	GPtrArray *reasons = reasons_of(k, number);

	for (guint i = 0; i < reasons->len; i++) {
		if (g_str_has_prefix(reasons->pdata[i], why)) /* the same, or more than that */
			return;
	}
	if (reasons->len < REASONS_MAX)
		g_ptr_array_add(reasons, g_strdup(why));
}

const GPtrArray *kept_reasons(const struct kept *k, uint64_t number)
{
	const gint64 key = (gint64)number;

	return g_hash_table_lookup(k->packets, &key);
}
