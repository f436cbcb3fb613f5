/* When packets were lost, and which times that touches. */
#include "analyzers/losses.h"

#include <glib.h>

#include "tests/unit/unit.h"

static const int64_t s = 1000000000;

static void nothing_lost(void)
{
	g_autofree struct losses *l = g_new0(struct losses, 1);

	for (int64_t now = 1; now < 100; now++)
		losses_note(l, 0, now * s);
	CU_ASSERT_EQUAL(losses_between(l, 0, 100 * s), 0);
}

/* The counter was looked at with a second in between, so that it happened somewhere around. */
static void who_lived_then(void)
{
	g_autofree struct losses *l = g_new0(struct losses, 1);

	losses_note(l, 0, 10 * s);
	losses_note(l, 7, 11 * s);
	losses_note(l, 7, 12 * s);
	CU_ASSERT_EQUAL(losses_between(l, 1 * s, 20 * s), 7);
	CU_ASSERT_EQUAL(losses_between(l, 1 * s, 10 * s), 7);
	CU_ASSERT_EQUAL(losses_between(l, 11 * s, 20 * s), 7);
	CU_ASSERT_EQUAL(losses_between(l, 1 * s, 8 * s), 0);
	CU_ASSERT_EQUAL(losses_between(l, 12 * s, 20 * s), 0);
}

static void two_losses(void)
{
	g_autofree struct losses *l = g_new0(struct losses, 1);

	losses_note(l, 5, 10 * s);
	losses_note(l, 5, 19 * s);
	losses_note(l, 8, 20 * s);
	CU_ASSERT_EQUAL(losses_between(l, 9 * s, 30 * s), 8);
	CU_ASSERT_EQUAL(losses_between(l, 12 * s, 30 * s), 3);
	CU_ASSERT_EQUAL(losses_between(l, 9 * s, 12 * s), 5);
}

/* Of very many the oldest are told together: none is forgotten, and the latest stay apart. */
static void very_many(void)
{
	g_autofree struct losses *l = g_new0(struct losses, 1);
	const uint64_t times = 10 * LOSSES_MAX;

	for (uint64_t i = 1; i <= times; i++)
		losses_note(l, i, (int64_t)i * 10 * s);
	CU_ASSERT_EQUAL(l->len, LOSSES_MAX);
	CU_ASSERT_EQUAL(losses_between(l, 0, INT64_MAX), times);
	CU_ASSERT_EQUAL(losses_between(l, ((int64_t)times * 10 - 12) * s, INT64_MAX), 2);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"nothing lost", nothing_lost},
		{"who lived then", who_lived_then},
		{"two losses", two_losses},
		{"very many", very_many},
		CU_TEST_INFO_NULL,
	};

	return unit_main("losses of a live capture", tests);
}
