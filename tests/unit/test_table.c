/* From key to record, compared step by step with a GHashTable that does the same. */
#include "analyzers/table.h"

#include <string.h>

#include <glib.h>

#include "tests/unit/unit.h"

/* As the tracker's: a record begins with its key. */
struct record {
	struct connection_key key;
	char rest[24];
};
_Static_assert(sizeof(struct record) == 64, "a record is one cache line");

struct world {
	struct arena arena;
	struct slab records;
	struct table table;
	GHashTable *model; /* number -> index */
};

static void world_init(struct world *w)
{
	struct key_seed seed;

	key_seed_random(&seed);
	arena_init(&w->arena);
	slab_init(&w->records, &w->arena, sizeof(struct record));
	table_init(&w->table, &seed, &w->records, NULL);
	w->model = g_hash_table_new(g_direct_hash, g_direct_equal);
}

static void world_clear(struct world *w)
{
	g_hash_table_destroy(w->model);
	table_clear(&w->table);
	slab_clear(&w->records);
	arena_clear(&w->arena);
}

static struct connection_key key_of(unsigned number)
{
	return (struct connection_key){.tail = number};
}

static uint32_t find(const struct world *w, unsigned number)
{
	const struct connection_key key = key_of(number);

	return table_find(&w->table, &key, table_hash(&w->table, &key));
}

static uint32_t expected(const struct world *w, unsigned number)
{
	return GPOINTER_TO_UINT(g_hash_table_lookup(w->model, GUINT_TO_POINTER(number)));
}

static void add(struct world *w, unsigned number)
{
	const struct connection_key key = key_of(number);
	uint32_t index = slab_take(&w->records);

	memcpy(slab_at(&w->records, index), &key, sizeof key);
	table_insert(&w->table, table_hash(&w->table, &key), index);
	g_hash_table_insert(w->model, GUINT_TO_POINTER(number), GUINT_TO_POINTER(index));
}

static void drop(struct world *w, unsigned number)
{
	const struct connection_key key = key_of(number);
	uint32_t index = expected(w, number);

	table_remove(&w->table, table_hash(&w->table, &key), index);
	g_hash_table_remove(w->model, GUINT_TO_POINTER(number));
	slab_give(&w->records, index);
}

static void compare_all(const struct world *w, unsigned numbers)
{
	unsigned wrong = 0;

	for (unsigned number = 1; number <= numbers; number++)
		wrong += find(w, number) != expected(w, number);
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT_EQUAL(w->table.live, g_hash_table_size(w->model));
}

/* --- with hashes as they come -------------------------------------------------------------------------- */

static void it_grows_and_loses_nobody(void)
{
	enum { NUMBERS = 100000 };
	struct world w;

	world_init(&w);
	for (unsigned number = 1; number <= NUMBERS; number++)
		add(&w, number);
	compare_all(&w, NUMBERS);
	CU_ASSERT_EQUAL(find(&w, NUMBERS + 1), SLAB_NONE);
	CU_ASSERT_TRUE(w.table.mask + 1 >= NUMBERS / TABLE_BUCKET_SLOTS);
	world_clear(&w);
}

/* A hundred thousand comings and goings among a few thousand places. */
static void it_churns_as_the_model_does(void)
{
	enum { NUMBERS = 6000, STEPS = 100000 };
	g_autoptr(GRand) dice = g_rand_new_with_seed(1);
	unsigned wrong = 0;
	struct world w;

	world_init(&w);
	for (unsigned step = 0; step < STEPS; step++) {
		unsigned number = (unsigned)g_rand_int_range(dice, 1, NUMBERS + 1);

		wrong += find(&w, number) != expected(&w, number);
		if (expected(&w, number) == SLAB_NONE)
			add(&w, number);
		else
			drop(&w, number);
	}
	CU_ASSERT_EQUAL(wrong, 0);
	compare_all(&w, NUMBERS);
	world_clear(&w);
}

/* Short connections one after another: the places of those that went are used again, and the table does not grow. */
static void freed_places_do_not_make_it_grow(void)
{
	enum { NUMBERS = 200000, LIVE = 50 };
	struct world w;
	size_t mask;

	world_init(&w);
	mask = w.table.mask;
	for (unsigned number = 1; number <= NUMBERS; number++) {
		add(&w, number);
		if (number > LIVE)
			drop(&w, number - LIVE);
	}
	CU_ASSERT_EQUAL(w.table.mask, mask);
	CU_ASSERT_EQUAL(w.table.live, LIVE);
	for (unsigned number = NUMBERS - LIVE + 1; number <= NUMBERS; number++)
		CU_ASSERT_EQUAL(find(&w, number), expected(&w, number));
	world_clear(&w);
}

static void a_key_is_handed_from_record_to_record(void)
{
	const struct connection_key key = key_of(5);
	struct world w;
	uint32_t old, new;

	world_init(&w);
	add(&w, 5);
	old = expected(&w, 5);
	new = slab_take(&w.records);
	memcpy(slab_at(&w.records, new), &key, sizeof key);
	table_replace(&w.table, table_hash(&w.table, &key), old, new);
	CU_ASSERT_EQUAL(find(&w, 5), new);
	CU_ASSERT_EQUAL(w.table.live, 1);
	world_clear(&w);
}

static void a_guess_is_no_answer_but_a_hint(void)
{
	const struct connection_key key = key_of(5), other = key_of(6);
	struct world w;

	world_init(&w);
	add(&w, 5);
	CU_ASSERT_EQUAL(table_guess(&w.table, table_hash(&w.table, &key)), expected(&w, 5));
	CU_ASSERT_EQUAL(table_guess(&w.table, table_hash(&w.table, &other)), SLAB_NONE);
	world_clear(&w);
}

/* --- with hashes as an enemy would have them ----------------------------------------------------------- */

/* All in one bucket, all with one tag: the table may only be slow. It is told the hash, so it can be told a bad one,
 * as long as it need not make room (then it hashes by itself). */
static void equal_hashes_are_told_apart_by_key(void)
{
	enum { NUMBERS = 3000 };
	const uint64_t hash = 0xdeadbeef00000000u;
	struct world w;
	unsigned wrong = 0;

	world_init(&w);
	for (unsigned number = 1; number <= NUMBERS; number++) {
		const struct connection_key key = key_of(number);
		uint32_t index = slab_take(&w.records);

		memcpy(slab_at(&w.records, index), &key, sizeof key);
		table_insert(&w.table, hash, index);
		g_hash_table_insert(w.model, GUINT_TO_POINTER(number), GUINT_TO_POINTER(index));
	}
	for (unsigned number = 3; number <= NUMBERS; number += 3) {
		table_remove(&w.table, hash, expected(&w, number));
		g_hash_table_remove(w.model, GUINT_TO_POINTER(number));
	}
	for (unsigned number = 1; number <= NUMBERS; number++) {
		const struct connection_key key = key_of(number);

		wrong += table_find(&w.table, &key, hash) != expected(&w, number);
	}
	CU_ASSERT_EQUAL(wrong, 0);
	world_clear(&w);
}

/* The two tags that mean "never used" and "freed" come out of hashes as well. */
static void hashes_that_look_like_empty_places(void)
{
	struct world w;

	world_init(&w);
	for (uint32_t high = 0; high < 4; high++) {
		const struct connection_key key = key_of(high + 1);
		uint32_t index = slab_take(&w.records);

		memcpy(slab_at(&w.records, index), &key, sizeof key);
		table_insert(&w.table, (uint64_t)high << 32, index);
		CU_ASSERT_EQUAL(table_find(&w.table, &key, (uint64_t)high << 32), index);
	}
	CU_ASSERT_EQUAL(w.table.live, 4);
	world_clear(&w);
}

/* The last bucket overflows into the first. */
static void it_overflows_around_the_end(void)
{
	enum { NUMBERS = 3 * TABLE_BUCKET_SLOTS };
	struct world w;
	uint64_t hash;

	world_init(&w);
	hash = 0x7700000000u | w.table.mask;
	for (unsigned number = 1; number <= NUMBERS; number++) {
		const struct connection_key key = key_of(number);
		uint32_t index = slab_take(&w.records);

		memcpy(slab_at(&w.records, index), &key, sizeof key);
		table_insert(&w.table, hash, index);
	}
	for (unsigned number = 1; number <= NUMBERS; number++) {
		const struct connection_key key = key_of(number);

		CU_ASSERT_NOT_EQUAL(table_find(&w.table, &key, hash), SLAB_NONE);
	}
	world_clear(&w);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"it grows and loses nobody", it_grows_and_loses_nobody},
		{"it churns as the model does", it_churns_as_the_model_does},
		{"freed places do not make it grow", freed_places_do_not_make_it_grow},
		{"a key is handed from record to record", a_key_is_handed_from_record_to_record},
		{"a guess is no answer but a hint", a_guess_is_no_answer_but_a_hint},
		{"equal hashes are told apart by key", equal_hashes_are_told_apart_by_key},
		{"hashes that look like empty places", hashes_that_look_like_empty_places},
		{"it overflows around the end", it_overflows_around_the_end},
		CU_TEST_INFO_NULL,
	};

	return unit_main("the connection table", tests);
}
