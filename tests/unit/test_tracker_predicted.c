/* The segment that was expected takes a short way: each story is told twice, once without it, and comes to the same. */
#include "tests/unit/scene.h"

#include <string.h>

typedef void (*story_fn)(struct scene *s);

static bool has_same_facts(const struct facts *a, const struct facts *b)
{
	bool same = g_str_equal(a->history, b->history);

	for (unsigned fact = 0; fact < HANGUP_FACT_COUNT; fact++) {
		for (unsigned side = 0; side < 2; side++) {
			int64_t one, other;

			same &= facts_get(a, fact, side, &one) == facts_get(b, fact, side, &other) && one == other;
		}
	}
	return same && memcmp(a->packet, b->packet, sizeof a->packet) == 0;
}

static void comes_to_the_same(story_fn story)
{
	struct scene *predicted = scene_new(), *general = scene_new_with(&(struct tracker_options){.never_predict = true});

	story(predicted);
	story(general);
	CU_ASSERT_TRUE(has_same_facts(scene_only(predicted), scene_only(general)));
	scene_free(general);
	scene_free(predicted);
}

static void talk(struct scene *s)
{
	scene_open(s);
	scene_client(s, "PA", 1, 1, 100);
	scene_server(s, "A", 1, 101, 1448);
	scene_server(s, "PA", 1449, 101, 500);
	scene_client(s, "A", 101, 1949, 0);
}

static void and_both_go_on(struct scene *s)
{
	talk(s);
	scene_client(s, "PA", 101, 1949, 7);
	scene_client(s, "PA", 108, 1949, 7);
	scene_server(s, "A", 1949, 115, 0);
}

static void a_window_closes(struct scene *s)
{
	talk(s);
	s->end[HANGUP_SERVER].window = 0;
	scene_server(s, "PA", 1949, 101, 10);
	scene_after(s, MS(300));
	scene_client(s, "A", 101, 1959, 1);
}

static void a_copy_in_between(struct scene *s)
{
	talk(s);
	s->pace_ns = US(100);
	scene_client(s, "A", 101, 1949, 50);
	scene_copy(s);
	scene_server(s, "A", 1949, 151, 0);
	scene_copy(s);
}

static void the_clock_is_set_back(struct scene *s)
{
	talk(s);
	scene_after(s, -SECONDS(10));
	scene_client(s, "A", 101, 1949, 50);
	scene_after(s, SECONDS(3));
	scene_server(s, "A", 1949, 151, 0);
}

static void a_pause_and_an_answer(struct scene *s)
{
	talk(s);
	scene_after(s, SECONDS(90));
	scene_client(s, "PA", 101, 1949, 50);
	scene_server(s, "PA", 1949, 151, 5);
	scene_after(s, SECONDS(40));
	scene_client(s, "PA", 151, 1954, 50);
}

static void a_tls_alert(struct scene *s)
{
	static const uint8_t alert[] = {21, 3, 3, 0, 2, 2, 40};

	talk(s);
	scene_bytes(s, HANGUP_SERVER, "PA", 1949, 101, alert, sizeof alert);
	scene_client(s, "RA", 101, 1956, 0);
}

/* Something came through beyond what did not: what is repeated later was known to be lost. */
static void an_acknowledgement_with_a_hole(struct scene *s)
{
	struct segment ack;

	talk(s);
	for (unsigned i = 0; i < 3; i++)
		scene_server(s, "A", 1949 + i * 1000, 101, 1000);
	ack = scene_segment(s, HANGUP_CLIENT, "A", 101, 2949, 0);
	ack.options |= OPTION_SACK;
	ack.sack_left = s->end[HANGUP_SERVER].initial + 3949;
	ack.sack_right = ack.sack_left + 1000;
	scene_take(s, &ack);
	for (unsigned i = 0; i < 3; i++) {
		scene_after(s, MS(400) << i);
		scene_server(s, "A", 2949, 101, 1000);
	}
}

static void a_gap_that_is_filled(struct scene *s)
{
	talk(s);
	scene_server(s, "A", 2949, 101, 1000);
	scene_client(s, "A", 101, 3949, 0);
	scene_server(s, "A", 1949, 101, 1000);
	scene_server(s, "PA", 3949, 101, 1000);
	scene_client(s, "A", 101, 4949, 0);
}

static void marked_on_the_way(struct scene *s)
{
	struct segment segment;

	talk(s);
	segment = scene_segment(s, HANGUP_CLIENT, "PA", 101, 1949, 3000);
	segment.direction = 2;
	segment.ttl = 17;
	scene_take(s, &segment);
}

static void an_end(struct scene *s)
{
	and_both_go_on(s);
	scene_client(s, "FA", 115, 1949, 0);
	scene_server(s, "PA", 1949, 116, 300);
	scene_client(s, "RA", 116, 2249, 0);
}

static void without_a_beginning(struct scene *s)
{
	scene_server(s, "PA", 1, 1, 100);
	scene_client(s, "A", 1, 101, 0);
	scene_client(s, "PA", 1, 101, 100);
	scene_server(s, "A", 101, 101, 0);
}

#define STORY(name) static void check_##name(void) { comes_to_the_same(name); }
STORY(and_both_go_on)
STORY(a_window_closes)
STORY(a_copy_in_between)
STORY(the_clock_is_set_back)
STORY(a_pause_and_an_answer)
STORY(a_tls_alert)
STORY(an_acknowledgement_with_a_hole)
STORY(a_gap_that_is_filled)
STORY(marked_on_the_way)
STORY(an_end)
STORY(without_a_beginning)

int main(void)
{
	static CU_TestInfo tests[] = {
		{"both go on", check_and_both_go_on},
		{"a window closes", check_a_window_closes},
		{"a copy in between", check_a_copy_in_between},
		{"the clock is set back", check_the_clock_is_set_back},
		{"a pause and an answer", check_a_pause_and_an_answer},
		{"a TLS alert", check_a_tls_alert},
		{"an acknowledgement with a hole", check_an_acknowledgement_with_a_hole},
		{"a gap that is filled", check_a_gap_that_is_filled},
		{"marked on the way", check_marked_on_the_way},
		{"an end", check_an_end},
		{"without a beginning", check_without_a_beginning},
		CU_TEST_INFO_NULL,
	};

	return unit_main("predicted", tests);
}
