/* A clock that is set while packets are captured: time goes on evenly. */
#include "cli/live_clock.h"

#include <glib.h>

#include "tests/unit/unit.h"

static const int64_t s = 1000000000, start = INT64_C(1795752000) * 1000000000, up = INT64_C(5000) * 1000000000;
static const int64_t hour = INT64_C(3600) * 1000000000;

static void nothing_happens(void)
{
	struct live_clock c;

	live_clock_init(&c, start, up);
	CU_ASSERT_EQUAL(live_clock_now(&c, up), start);
	CU_ASSERT_EQUAL(live_clock_now(&c, up + 10 * s), start + 10 * s);
	CU_ASSERT_EQUAL(live_clock_look(&c, start + 10 * s, up + 10 * s), 0);
	CU_ASSERT_EQUAL(live_clock_stamp(&c, start + 9 * s), start + 9 * s);
	CU_ASSERT_EQUAL(c.steps, 0);
}

/* What came before is stamped by the old clock, what comes after by the new one; both mean the same time. */
static void set(int64_t by)
{
	struct live_clock c;
	int64_t now = up + 100 * s;

	live_clock_init(&c, start, up);
	live_clock_look(&c, start + 99 * s, up + 99 * s);
	CU_ASSERT_EQUAL(live_clock_look(&c, start + 100 * s + by, now), by);
	CU_ASSERT_EQUAL(c.steps, 1);
	CU_ASSERT_EQUAL(live_clock_stamp(&c, start + 100 * s - s / 10), start + 100 * s - s / 10);
	CU_ASSERT_EQUAL(live_clock_stamp(&c, start + 100 * s + s / 10 + by), start + 100 * s + s / 10);
	CU_ASSERT_EQUAL(live_clock_now(&c, now + s), start + 101 * s);
	CU_ASSERT_EQUAL(live_clock_look(&c, start + 110 * s + by, up + 110 * s), 0);
	CU_ASSERT_EQUAL(live_clock_stamp(&c, start + 110 * s + by), start + 110 * s);
}

static void set_back_an_hour(void)
{
	set(-hour);
}

static void set_ahead_an_hour(void)
{
	set(hour);
}

static void set_by_a_second(void)
{
	set(s);
	set(-s);
}

static void set_to_and_fro(void)
{
	struct live_clock c;

	live_clock_init(&c, start, up);
	live_clock_look(&c, start + s - hour, up + s);
	live_clock_look(&c, start + 2 * s, up + 2 * s);
	CU_ASSERT_EQUAL(c.steps, 2);
	CU_ASSERT_EQUAL(live_clock_stamp(&c, start + 2 * s), start + 2 * s);
	CU_ASSERT_EQUAL(live_clock_stamp(&c, start + 2 * s - hour), start + 2 * s);
}

/* Time synchronisation that works is no step, and its small moves do not add up to one unseen. */
static void slewed(void)
{
	struct live_clock c;
	int64_t moved = 0, steps = 0;

	live_clock_init(&c, start, up);
	for (int i = 1; i <= 100; i++) {
		moved += s / 50;
		steps += live_clock_look(&c, start + i * s + moved, up + i * s) != 0;
	}
	CU_ASSERT_EQUAL(steps, 4); /* 2 s in all: a step each time half a second has come together */
	CU_ASSERT_TRUE(ABS(live_clock_stamp(&c, start + 100 * s + moved) - (start + 100 * s)) < LIVE_CLOCK_STEP_NS);
}

static void asks_for_a_look(void)
{
	struct live_clock c;

	live_clock_init(&c, start, up);
	CU_ASSERT_FALSE(live_clock_is_stale(&c, start + s / 10));
	CU_ASSERT_TRUE(live_clock_is_stale(&c, start + s));
	CU_ASSERT_TRUE(live_clock_is_stale(&c, start - hour));
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"nothing happens", nothing_happens},
		{"set back an hour", set_back_an_hour},
		{"set ahead an hour", set_ahead_an_hour},
		{"set by a second", set_by_a_second},
		{"set to and fro", set_to_and_fro},
		{"slewed", slewed},
		{"asks for a look", asks_for_a_look},
		CU_TEST_INFO_NULL,
	};

	return unit_main("the clock of a live capture", tests);
}
