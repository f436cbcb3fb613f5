/* Sets of endings: collected, sorted, split. Every order ends with the id, so that sets do not depend on the sort. */
#include <string.h>

#include "report/incidents/inquiry.h"

GPtrArray *inquiry_collect(const struct inquiry *q, ending_test wanted)
{
	GPtrArray *found = g_ptr_array_new();

	for (size_t i = 0; i < q->endings_len; i++)
		if (!q->taken[i] && wanted(&q->endings[i]))
			g_ptr_array_add(found, &q->endings[i]);
	return found;
}

/* --- orders ------------------------------------------------------------------------------------------------ */

static gint compare_numbers(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

static gint compare_host(const struct ending *a, const struct ending *b, enum hangup_side side)
{
	return memcmp(a->who.address[side], b->who.address[side], sizeof a->who.address[side]);
}

gint ending_compare_service(const struct ending *a, const struct ending *b)
{
	gint host = compare_host(a, b, HANGUP_SERVER);

	return host ? host : compare_numbers(a->who.port[HANGUP_SERVER], b->who.port[HANGUP_SERVER]);
}

gint ending_compare_server(const struct ending *a, const struct ending *b)
{
	return compare_host(a, b, HANGUP_SERVER);
}

gint ending_compare_client(const struct ending *a, const struct ending *b)
{
	return compare_host(a, b, HANGUP_CLIENT);
}

gint ending_compare_pair(const struct ending *a, const struct ending *b)
{
	gint service = ending_compare_service(a, b);

	return service ? service : compare_host(a, b, HANGUP_CLIENT);
}

gint ending_compare_onset(const struct ending *a, const struct ending *b)
{
	return compare_numbers(a->onset.time_ns, b->onset.time_ns);
}

static gint compare_then_id(gconstpointer a, gconstpointer b, gpointer compare)
{
	const struct ending *left = *(const struct ending *const *)a, *right = *(const struct ending *const *)b;
	gint first = (*(ending_compare *)compare)(left, right);

	return first ? first : left->who.id < right->who.id ? -1 : left->who.id > right->who.id;
}

void endings_sort(GPtrArray *endings, ending_compare compare)
{
	g_ptr_array_sort_with_data(endings, compare_then_id, &compare);
}

/* --- splitting --------------------------------------------------------------------------------------------- */

static GPtrArray *copy(const GPtrArray *endings)
{
	GPtrArray *copied = g_ptr_array_sized_new(endings->len);

	for (guint i = 0; i < endings->len; i++)
		g_ptr_array_add(copied, endings->pdata[i]);
	return copied;
}

static GPtrArray *sets_new(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
}

static GPtrArray *begin_set(GPtrArray *sets)
{
	GPtrArray *set = g_ptr_array_new();

	g_ptr_array_add(sets, set);
	return set;
}

GPtrArray *endings_split(const GPtrArray *endings, ending_compare compare)
{
	g_autoptr(GPtrArray) sorted = copy(endings);
	GPtrArray *sets = sets_new(), *set = NULL;

	endings_sort(sorted, compare);
	for (guint i = 0; i < sorted->len; i++) {
		if (i == 0 || compare(ending_at(sorted, i - 1), ending_at(sorted, i)) != 0)
			set = begin_set(sets);
		g_ptr_array_add(set, sorted->pdata[i]);
	}
	return sets;
}

GPtrArray *endings_split_by_time(const GPtrArray *endings, int64_t apart_ns)
{
	g_autoptr(GPtrArray) sorted = copy(endings);
	GPtrArray *sets = sets_new(), *set = NULL;

	endings_sort(sorted, ending_compare_onset);
	for (guint i = 0; i < sorted->len; i++) {
		if (i == 0 || ending_at(sorted, i)->onset.time_ns - ending_at(sorted, i - 1)->onset.time_ns > apart_ns)
			set = begin_set(sets);
		g_ptr_array_add(set, sorted->pdata[i]);
	}
	return sets;
}

/* --- what shares a host ------------------------------------------------------------------------------------ */

static guint root_of(guint *parents, guint i)
{
	while (parents[i] != i)
		i = parents[i] = parents[parents[i]];
	return i;
}

/* Joins neighbours that are equal in this order. */
static void join_equal(guint *parents, GPtrArray *numbered, GHashTable *places, ending_compare compare)
{
	endings_sort(numbered, compare);
	for (guint i = 1; i < numbered->len; i++) {
		const struct ending *a = ending_at(numbered, i - 1), *b = ending_at(numbered, i);
		const guint one = GPOINTER_TO_UINT(g_hash_table_lookup(places, a)), other = GPOINTER_TO_UINT(g_hash_table_lookup(places, b));

		if (compare(a, b) == 0)
			parents[root_of(parents, MAX(one, other))] = root_of(parents, MIN(one, other));
	}
}

GPtrArray *endings_split_connected(const GPtrArray *endings)
{
	g_autofree guint *parents = g_new(guint, endings->len);
	g_autofree GPtrArray **set_of = g_new0(GPtrArray *, endings->len);
	g_autoptr(GHashTable) places = g_hash_table_new(NULL, NULL);
	g_autoptr(GPtrArray) sorted = copy(endings);
	GPtrArray *sets = sets_new();

	for (guint i = 0; i < endings->len; i++) {
		parents[i] = i;
		g_hash_table_insert(places, endings->pdata[i], GUINT_TO_POINTER(i));
	}
	join_equal(parents, sorted, places, ending_compare_client);
	join_equal(parents, sorted, places, ending_compare_server);
	for (guint i = 0; i < endings->len; i++) {
		const guint root = root_of(parents, i);

		if (!set_of[root])
			set_of[root] = begin_set(sets);
		g_ptr_array_add(set_of[root], endings->pdata[i]);
	}
	return sets;
}

/* --- counting ---------------------------------------------------------------------------------------------- */

static size_t count_sets(const GPtrArray *endings, ending_compare compare)
{
	g_autoptr(GPtrArray) sets = endings_split(endings, compare);

	return sets->len;
}

size_t count_clients(const GPtrArray *members)
{
	return count_sets(members, ending_compare_client);
}

size_t count_servers(const GPtrArray *members)
{
	return count_sets(members, ending_compare_server);
}

size_t count_services(const GPtrArray *members)
{
	return count_sets(members, ending_compare_service);
}

double mean_confidence(const GPtrArray *members)
{
	double sum = 0;

	for (guint i = 0; i < members->len; i++)
		sum += (double)ending_at(members, i)->confidence;
	return members->len ? sum / members->len : 0;
}
