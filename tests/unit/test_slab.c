/* Records by number: they never move, come back zeroed, and cost memory only at the peak. */
#include "analyzers/slab.h"

#include <string.h>

#include "tests/unit/unit.h"

enum { RECORD_BYTES = 128 };

static struct arena arena;

static void numbers_begin_at_one_and_are_zeroed(void)
{
	static const char zeros[RECORD_BYTES];
	struct slab s;
	uint32_t index;

	slab_init(&s, &arena, RECORD_BYTES);
	index = slab_take(&s);
	CU_ASSERT_NOT_EQUAL(index, SLAB_NONE);
	CU_ASSERT_EQUAL(memcmp(slab_at(&s, index), zeros, RECORD_BYTES), 0);
	CU_ASSERT_EQUAL(s.live, 1);
	slab_clear(&s);
}

static void a_record_given_back_is_taken_next_and_zeroed(void)
{
	static const char zeros[RECORD_BYTES];
	struct slab s;
	uint32_t kept, given;

	slab_init(&s, &arena, RECORD_BYTES);
	kept = slab_take(&s);
	given = slab_take(&s);
	memset(slab_at(&s, kept), 0xee, RECORD_BYTES);
	memset(slab_at(&s, given), 0xff, RECORD_BYTES);
	slab_give(&s, given);
	CU_ASSERT_EQUAL(slab_take(&s), given);
	CU_ASSERT_EQUAL(memcmp(slab_at(&s, given), zeros, RECORD_BYTES), 0);
	CU_ASSERT_EQUAL(*(unsigned char *)slab_at(&s, kept), 0xee);
	slab_clear(&s);
}

static void records_lie_on_cache_lines_and_never_move(void)
{
	struct slab s;
	void *first;

	slab_init(&s, &arena, RECORD_BYTES);
	first = slab_at(&s, slab_take(&s));
	for (unsigned i = 0; i < 3 * SLAB_CHUNK_RECORDS; i++)
		CU_ASSERT_EQUAL((uintptr_t)slab_at(&s, slab_take(&s)) % 64, 0);
	CU_ASSERT_PTR_EQUAL(slab_at(&s, 1), first);
	slab_clear(&s);
}

/* No two live records share a number or a byte: each keeps its own number written all over it. */
static void live_records_never_overlap(void)
{
	enum { ROUNDS = 20000, HELD = 5000 };
	g_autofree uint32_t *held = g_new0(uint32_t, HELD);
	g_autoptr(GRand) dice = g_rand_new_with_seed(7);
	struct slab s;

	slab_init(&s, &arena, RECORD_BYTES);
	for (unsigned round = 0; round < ROUNDS; round++) {
		uint32_t *at = &held[g_rand_int_range(dice, 0, HELD)];

		if (*at != SLAB_NONE) {
			CU_ASSERT_EQUAL(*(uint32_t *)slab_at(&s, *at), *at);
			CU_ASSERT_EQUAL(((uint32_t *)slab_at(&s, *at))[RECORD_BYTES / 4 - 1], *at);
			slab_give(&s, *at);
			*at = SLAB_NONE;
			continue;
		}
		*at = slab_take(&s);
		((uint32_t *)slab_at(&s, *at))[0] = *at;
		((uint32_t *)slab_at(&s, *at))[RECORD_BYTES / 4 - 1] = *at;
	}
	slab_clear(&s);
}

/* Churn at a steady number of live records takes no more memory than its peak. */
static void memory_stays_at_the_peak(void)
{
	struct slab s;

	slab_init(&s, &arena, RECORD_BYTES);
	for (unsigned i = 0; i < 100 * SLAB_CHUNK_RECORDS; i++)
		slab_give(&s, slab_take(&s));
	CU_ASSERT_EQUAL(s.chunks_len, 1);
	CU_ASSERT_EQUAL(s.used, 2);
	CU_ASSERT_EQUAL(s.live, 0);
	slab_clear(&s);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"numbers begin at one and are zeroed", numbers_begin_at_one_and_are_zeroed},
		{"a record given back is taken next, zeroed", a_record_given_back_is_taken_next_and_zeroed},
		{"records lie on cache lines and never move", records_lie_on_cache_lines_and_never_move},
		{"live records never overlap", live_records_never_overlap},
		{"memory stays at the peak", memory_stays_at_the_peak},
		CU_TEST_INFO_NULL,
	};

	int status;

	arena_init(&arena);
	status = unit_main("records by number", tests);
	arena_clear(&arena);
	return status;
}
