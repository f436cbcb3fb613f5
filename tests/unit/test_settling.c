/* The queue of those who wait to be judged: first in, first out, however it grows. */
#include "analyzers/settling.h"

#include "tests/unit/unit.h"

static void empty_nothing_is_due(void)
{
	struct settling q;

	settling_init(&q);
	CU_ASSERT_EQUAL(settling_due(&q), INT64_MAX);
	CU_ASSERT_PTR_NULL(settling_peek(&q, 0));
	settling_clear(&q);
}

static void the_first_is_due_first(void)
{
	struct settling q;

	settling_init(&q);
	settling_push(&q, 7, 100);
	settling_push(&q, 8, 100);
	settling_push(&q, 9, 250);
	CU_ASSERT_EQUAL(settling_due(&q), 100);
	CU_ASSERT_EQUAL(settling_peek(&q, 2)->index, 9);
	CU_ASSERT_PTR_NULL(settling_peek(&q, 3));
	CU_ASSERT_EQUAL(settling_pop(&q).index, 7);
	CU_ASSERT_EQUAL(settling_pop(&q).index, 8);
	CU_ASSERT_EQUAL(settling_due(&q), 250);
	settling_clear(&q);
}

/* Grows while its beginning lies in the middle of the ring, several times over. */
static void it_keeps_the_order_as_it_grows(void)
{
	enum { COUNT = 20000 };
	uint32_t next_out = 0;
	unsigned wrong = 0;
	struct settling q;

	settling_init(&q);
	for (uint32_t in = 0; in < COUNT; in++) {
		settling_push(&q, in, in);
		if (in % 3 == 2)
			wrong += settling_pop(&q).index != next_out++;
	}
	while (q.len > 0)
		wrong += settling_pop(&q).index != next_out++;
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT_EQUAL(next_out, COUNT);
	settling_clear(&q);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"empty, nothing is due", empty_nothing_is_due},
		{"the first is due first", the_first_is_due_first},
		{"it keeps the order as it grows", it_keeps_the_order_as_it_grows},
		CU_TEST_INFO_NULL,
	};

	return unit_main("the settling queue", tests);
}
