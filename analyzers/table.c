#include "analyzers/table.h"

#include <glib.h>

enum { BUCKETS_MIN = 64 };

static struct table_bucket *buckets_new(size_t count)
{
	return large_new(count * sizeof(struct table_bucket));
}

void table_init(struct table *t, const struct key_seed *seed, const struct slab *records, const struct slab *others)
{
	*t = (struct table){.buckets = buckets_new(BUCKETS_MIN), .mask = BUCKETS_MIN - 1, .seed = *seed,
	                    .records = records, .others = others};
}

void table_clear(struct table *t)
{
	large_free(t->buckets, (t->mask + 1) * sizeof *t->buckets);
	*t = (struct table){0};
}

uint32_t table_find(const struct table *t, const struct connection_key *key, uint64_t hash)
{
	uint32_t tag = table_tag(hash);

	for (size_t at = tag & t->mask;; at = (at + 1) & t->mask) {
		const struct table_bucket *b = &t->buckets[at];

		for (unsigned slots = table_slots_with(b, tag); slots; slots &= slots - 1)
			if (key_equal(table_key(t, b->index[table_lowest(slots)]), key))
				return b->index[table_lowest(slots)];
		if (table_slots_with(b, TABLE_TAG_NEVER))
			return SLAB_NONE;
	}
}

/* A slot that holds nothing, freed ones included. */
static void place(struct table *t, uint32_t tag, uint32_t index)
{
	for (size_t at = tag & t->mask;; at = (at + 1) & t->mask) {
		struct table_bucket *b = &t->buckets[at];

		for (unsigned i = 0; i < TABLE_BUCKET_SLOTS; i++) {
			if (b->tag[i] > TABLE_TAG_FREED)
				continue;
			t->used += b->tag[i] == TABLE_TAG_NEVER;
			b->tag[i] = tag;
			b->index[i] = index;
			return;
		}
	}
}

/* Doubles when live ones fill it, else only sweeps the freed slots out. */
static void rebuild(struct table *t)
{
	size_t old_count = t->mask + 1;
	size_t count = t->live * 2 > old_count * TABLE_BUCKET_SLOTS / 2 ? old_count * 2 : old_count;
	struct table_bucket *old = t->buckets;

	t->buckets = buckets_new(count);
	t->mask = count - 1;
	t->used = 0;
	for (size_t at = 0; at < old_count; at++)
		for (unsigned i = 0; i < TABLE_BUCKET_SLOTS; i++)
			if (old[at].tag[i] > TABLE_TAG_FREED)
				place(t, old[at].tag[i], old[at].index[i]);
	large_free(old, old_count * sizeof *old);
}

void table_insert(struct table *t, uint64_t hash, uint32_t index)
{
	/* Above 5/8 full, buckets begin to overflow into their neighbours. */
	if (t->used + 1 > (t->mask + 1) * TABLE_BUCKET_SLOTS / 8 * 5)
		rebuild(t);
	place(t, table_tag(hash), index);
	t->live++;
}

static uint32_t *slot_of(struct table *t, uint64_t hash, uint32_t index, uint32_t **out_tag)
{
	uint32_t tag = table_tag(hash);

	for (size_t at = tag & t->mask;; at = (at + 1) & t->mask) {
		struct table_bucket *b = &t->buckets[at];

		for (unsigned i = 0; i < TABLE_BUCKET_SLOTS; i++) {
			g_assert(b->tag[i] != TABLE_TAG_NEVER);
			if (b->tag[i] == tag && b->index[i] == index) {
				*out_tag = &b->tag[i];
				return &b->index[i];
			}
		}
	}
}

void table_replace(struct table *t, uint64_t hash, uint32_t old_index, uint32_t new_index)
{
	uint32_t *tag;

	*slot_of(t, hash, old_index, &tag) = new_index;
}

void table_remove(struct table *t, uint64_t hash, uint32_t index)
{
	uint32_t *tag;

	slot_of(t, hash, index, &tag);
	*tag = TABLE_TAG_FREED;
	t->live--;
}
