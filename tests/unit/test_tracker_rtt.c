/* Round trips each side of the capture point: the smallest time between a segment and what acknowledges it, timed as
 * RFC 6298 asks, one segment at a time and never a repeated one. */
#include "tests/unit/scene.h"

/* Captured 20 ms from the server and 3 ms from the client. */
static struct scene *opened(void)
{
	struct scene *s = scene_new();

	scene_client(s, "S", 0, 0, 0);
	scene_after(s, MS(20));
	scene_server(s, "SA", 0, 1, 0);
	scene_after(s, MS(3));
	scene_client(s, "A", 1, 1, 0);
	return s;
}

static void the_handshake_times_both_sides(void)
{
	struct scene *s = opened();

	CU_ASSERT_EQUAL(SIDE(scene_only(s), RTT, SERVER), MS(20));
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RTT, CLIENT), MS(3));
	scene_free(s);
}

static void the_smallest_is_kept(void)
{
	struct scene *s = opened();

	scene_client(s, "PA", 1, 1, 100);
	scene_after(s, MS(60)); /* a delayed acknowledgement */
	scene_server(s, "A", 1, 101, 0);
	scene_client(s, "PA", 101, 1, 100);
	scene_after(s, MS(19));
	scene_server(s, "A", 1, 201, 0);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RTT, SERVER), MS(19));
	scene_free(s);
}

/* RFC 6298 §3 (Karn): whose transmission an acknowledgement answers cannot be told. */
static void a_repeated_segment_times_nothing(void)
{
	struct scene *s = scene_new();

	scene_client(s, "S", 0, 0, 0);
	scene_after(s, SECONDS(1));
	scene_client(s, "S", 0, 0, 0);
	scene_after(s, MS(2));
	scene_server(s, "SA", 0, 1, 0);
	CU_ASSERT_FALSE(IS_KNOWN(scene_only(s), RTT, SERVER));
	scene_free(s);
}

/* One segment is timed at a time: an acknowledgement of the second one is timed from the first. */
static void a_flight_is_timed_by_its_first(void)
{
	struct scene *s = opened();

	scene_client(s, "A", 1, 1, 1000);
	scene_after(s, MS(1));
	scene_client(s, "PA", 1001, 1, 1000);
	scene_after(s, MS(14));
	scene_server(s, "A", 1, 2001, 0);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RTT, SERVER), MS(15));
	scene_free(s);
}

/* The acknowledgement of something earlier does not end the timing. */
static void an_earlier_acknowledgement_times_nothing(void)
{
	struct scene *s = opened();

	scene_client(s, "PA", 1, 1, 100);
	scene_after(s, MS(1));
	scene_server(s, "PA", 1, 1, 50);
	scene_after(s, MS(1));
	scene_server(s, "A", 51, 51, 0);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RTT, SERVER), MS(20));
	scene_free(s);
}

/* Two packets with one stamp are still one round trip, not an unknown one. */
static void below_the_clocks_tick(void)
{
	struct scene *s = opened();

	scene_server(s, "PA", 1, 1, 50);
	scene_after(s, 0);
	scene_client(s, "A", 1, 51, 0);
	CU_ASSERT_TRUE(IS_KNOWN(scene_only(s), RTT, CLIENT));
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RTT, CLIENT), 1);
	scene_free(s);
}

static void a_clock_set_back_times_nothing(void)
{
	struct scene *s = scene_new();

	scene_client(s, "S", 0, 0, 0);
	scene_after(s, -SECONDS(3));
	scene_server(s, "SA", 0, 1, 0);
	CU_ASSERT_FALSE(IS_KNOWN(scene_only(s), RTT, SERVER));
	scene_free(s);
}

/* Longer than four seconds is a program, or a fault, and no path. */
static void no_path_is_that_long(void)
{
	struct scene *s = scene_new();

	scene_client(s, "S", 0, 0, 0);
	scene_after(s, SECONDS(5));
	scene_server(s, "SA", 0, 1, 0);
	CU_ASSERT_FALSE(IS_KNOWN(scene_only(s), RTT, SERVER));
	scene_free(s);
}

/* A refusal is an answer like any. */
static void a_refusal_times_the_server(void)
{
	struct scene *s = scene_new();

	scene_client(s, "S", 0, 0, 0);
	scene_after(s, MS(12));
	scene_server(s, "RA", 0, 1, 0);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RTT, SERVER), MS(12));
	scene_free(s);
}

/* The SYN captured behind its own answer (two queues) was acknowledged before it was seen: nothing to time. */
static void what_is_acknowledged_already_is_not_timed(void)
{
	struct scene *s = scene_new();

	scene_server(s, "SA", 0, 1, 0);
	scene_client(s, "S", 0, 0, 0);
	scene_client(s, "A", 1, 1, 0);
	scene_after(s, SECONDS(2));
	scene_server(s, "PA", 1, 1, 30); /* a banner, two seconds later: not an answer to the SYN */
	CU_ASSERT_FALSE(IS_KNOWN(scene_only(s), RTT, SERVER));
	scene_free(s);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"the handshake times both sides", the_handshake_times_both_sides},
		{"the smallest is kept", the_smallest_is_kept},
		{"a repeated segment times nothing", a_repeated_segment_times_nothing},
		{"a flight is timed by its first", a_flight_is_timed_by_its_first},
		{"an earlier acknowledgement times nothing", an_earlier_acknowledgement_times_nothing},
		{"below the clock's tick", below_the_clocks_tick},
		{"a clock set back times nothing", a_clock_set_back_times_nothing},
		{"no path is that long", no_path_is_that_long},
		{"a refusal times the server", a_refusal_times_the_server},
		{"what is acknowledged already is not timed", what_is_acknowledged_already_is_not_timed},
		CU_TEST_INFO_NULL,
	};

	return unit_main("round trips", tests);
}
