/* Sets of endings: collected, sorted, split. Every order ends with the id, so that sets do not depend on the sort. */
#include <string.h>

#include "analyzers/radix.h"
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

uint64_t ending_by_service(const struct ending *e)
{
	return e->service;
}

uint64_t ending_by_server(const struct ending *e)
{
	return e->server;
}

uint64_t ending_by_client(const struct ending *e)
{
	return e->client;
}

uint64_t ending_by_pair(const struct ending *e)
{
	return (uint64_t)e->service << 32 | e->client;
}

uint64_t ending_by_onset(const struct ending *e)
{
	return order_of_time(e->onset.time_ns);
}

static uint64_t by_id(const struct ending *e)
{
	return e->who.id;
}

/* So few are sorted sooner by insertion than by digits. */
enum { FEW = 64 };

/* Stable, as sorting by digits is. */
static void sort_few(struct radix_item *items, size_t len)
{
	for (size_t i = 1; i < len; i++) {
		const struct radix_item item = items[i];
		size_t at = i;

		for (; at > 0 && items[at - 1].key > item.key; at--)
			items[at] = items[at - 1];
		items[at] = item;
	}
}

static void sort_items(struct radix_item *items, size_t len)
{
	size_t sorted = 1;

	while (sorted < len && items[sorted - 1].key <= items[sorted].key)
		sorted++;
	if (sorted >= len)
		return;
	if (len <= FEW)
		sort_few(items, len);
	else
		radix_sort(items, len);
}

static void sort_by(struct radix_item *items, const GPtrArray *endings, ending_order order)
{
	for (guint i = 0; i < endings->len; i++)
		items[i].key = order(ending_at(endings, items[i].place));
	sort_items(items, endings->len);
}

/* Returns their numbers and places in that order. */
static struct radix_item *sorted(const GPtrArray *endings, ending_order order)
{
	struct radix_item *items = g_new(struct radix_item, endings->len);

	for (guint i = 0; i < endings->len; i++)
		items[i].place = i;
	sort_by(items, endings, by_id);
	sort_by(items, endings, order);
	return items;
}

void endings_sort(GPtrArray *endings, ending_order order)
{
	g_autofree struct radix_item *items = sorted(endings, order);
	g_autofree gpointer *before = g_memdup2(endings->pdata, endings->len * sizeof *before);

	for (guint i = 0; i < endings->len; i++)
		endings->pdata[i] = before[items[i].place];
}

/* --- splitting --------------------------------------------------------------------------------------------- */

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

/* Those of items [from, to). */
static void add_set(GPtrArray *sets, const GPtrArray *endings, const struct radix_item *items, guint from, guint to)
{
	GPtrArray *set = g_ptr_array_sized_new(to - from);

	for (guint i = from; i < to; i++)
		g_ptr_array_add(set, endings->pdata[items[i].place]);
	g_ptr_array_add(sets, set);
}

/* Splits where numbers of neighbours are further apart than that. */
static GPtrArray *split(const GPtrArray *endings, ending_order order, uint64_t apart)
{
	g_autofree struct radix_item *items = sorted(endings, order);
	GPtrArray *sets = sets_new();

	for (guint from = 0, to; from < endings->len; from = to) {
		for (to = from + 1; to < endings->len && items[to].key - items[to - 1].key <= apart;)
			to++;
		add_set(sets, endings, items, from, to);
	}
	return sets;
}

GPtrArray *endings_split(const GPtrArray *endings, ending_order order)
{
	return split(endings, order, 0);
}

GPtrArray *endings_split_by_time(const GPtrArray *endings, int64_t apart_ns)
{
	return split(endings, ending_by_onset, (uint64_t)apart_ns);
}

/* --- what shares a host ------------------------------------------------------------------------------------ */

static guint root_of(guint *parents, guint i)
{
	while (parents[i] != i)
		i = parents[i] = parents[parents[i]];
	return i;
}

/* Joins neighbours that are equal in this order. */
static void join_equal(guint *parents, const GPtrArray *endings, ending_order order)
{
	g_autofree struct radix_item *items = sorted(endings, order);

	for (guint i = 1; i < endings->len; i++) {
		const guint one = items[i - 1].place, other = items[i].place;

		if (items[i - 1].key == items[i].key)
			parents[root_of(parents, MAX(one, other))] = root_of(parents, MIN(one, other));
	}
}

GPtrArray *endings_split_connected(const GPtrArray *endings)
{
	g_autofree guint *parents = g_new(guint, endings->len);
	g_autofree GPtrArray **set_of = g_new0(GPtrArray *, endings->len);
	GPtrArray *sets = sets_new();

	for (guint i = 0; i < endings->len; i++)
		parents[i] = i;
	join_equal(parents, endings, ending_by_client);
	join_equal(parents, endings, ending_by_server);
	for (guint i = 0; i < endings->len; i++) {
		const guint root = root_of(parents, i);

		if (!set_of[root])
			set_of[root] = begin_set(sets);
		g_ptr_array_add(set_of[root], endings->pdata[i]);
	}
	return sets;
}

/* --- counting ---------------------------------------------------------------------------------------------- */

static bool all_alike(const GPtrArray *endings, ending_order order)
{
	for (guint i = 1; i < endings->len; i++)
		if (order(ending_at(endings, i)) != order(ending_at(endings, 0)))
			return false;
	return true;
}

static size_t count_different(const GPtrArray *endings, ending_order order)
{
	g_autofree struct radix_item *items = NULL;
	size_t count = endings->len > 0;

	if (all_alike(endings, order))
		return count;
	items = sorted(endings, order);
	for (guint i = 1; i < endings->len; i++)
		count += items[i - 1].key != items[i].key;
	return count;
}

size_t count_clients(const GPtrArray *members)
{
	return count_different(members, ending_by_client);
}

size_t count_servers(const GPtrArray *members)
{
	return count_different(members, ending_by_server);
}

size_t count_services(const GPtrArray *members)
{
	return count_different(members, ending_by_service);
}

double mean_confidence(const GPtrArray *members)
{
	double sum = 0;

	for (guint i = 0; i < members->len; i++)
		sum += (double)ending_at(members, i)->confidence;
	return members->len ? sum / members->len : 0;
}
