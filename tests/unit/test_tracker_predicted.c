/* The segment that was expected takes a short way: each story is told twice, once without it, and comes to the same. */
#include "tests/unit/scene.h"

#include <string.h>

typedef void (*story_fn)(struct scene *s);

static bool has_same_counts(struct tracker_counts a, struct tracker_counts b)
{
	return a.connections == b.connections && a.segments == b.segments && a.open == b.open && a.settling == b.settling &&
	       a.copies == b.copies && a.late == b.late && a.acked_unseen == b.acked_unseen;
}

/* IPv6 has no IP-ID, by which a copy might be known as well; and each end is side 0 of the key once. */
static struct scene *set(bool never_predict, bool ipv6, bool swapped)
{
	struct scene *s = scene_new_with(&(struct tracker_options){.never_predict = never_predict});

	if (ipv6)
		scene_use_ipv6(s);
	if (swapped) {
		const struct scene_end client = s->end[HANGUP_CLIENT];

		memcpy(s->end[HANGUP_CLIENT].address, s->end[HANGUP_SERVER].address, sizeof client.address);
		memcpy(s->end[HANGUP_SERVER].address, client.address, sizeof client.address);
	}
	return s;
}

static void tell_both(story_fn story, bool ipv6, bool swapped)
{
	struct scene *predicted = set(false, ipv6, swapped), *general = set(true, ipv6, swapped);

	story(predicted);
	story(general);
	CU_ASSERT_TRUE(has_same_counts(tracker_counts(predicted->tracker), tracker_counts(general->tracker)));
	CU_ASSERT(tracker_counts(predicted->tracker).predicted > 0);
	CU_ASSERT_EQUAL(tracker_counts(general->tracker).predicted, 0);
	CU_ASSERT_TRUE(scene_same_facts(scene_only(predicted), scene_only(general)));
	scene_free(general);
	scene_free(predicted);
}

static void comes_to_the_same(story_fn story)
{
	for (unsigned i = 0; i < 4; i++)
		tell_both(story, i & 1, i & 2);
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

/* The file says so much, and has a header of it: more than a sequence number can tell from a step back. */
static void a_length_that_lies(struct scene *s)
{
	talk(s);
	scene_client(s, "PA", 101, 1949, 3000000000u);
	scene_server(s, "A", 1949, 201, 0);
}

static void a_loss_and_on_they_go(struct scene *s)
{
	talk(s);
	scene_server(s, "A", 1949, 101, 1000);
	scene_after(s, MS(250));
	scene_server(s, "A", 1949, 101, 1000);
	scene_client(s, "A", 101, 2949, 0);
	scene_server(s, "PA", 2949, 101, 1000);
	scene_client(s, "PA", 101, 3949, 20);
	scene_server(s, "A", 3949, 121, 0);
}

/* What one side repeats is not answered by what the other says besides. */
static void repeated_while_the_other_speaks(struct scene *s)
{
	talk(s);
	scene_client(s, "PA", 101, 1949, 20);
	for (unsigned i = 0; i < 3; i++) {
		scene_after(s, MS(300) << i);
		scene_client(s, "PA", 101, 1949, 20);
		scene_server(s, "PA", 1949 + 10 * i, 101, 10);
	}
	scene_client(s, "PA", 121, 1979, 5);
}

static void acknowledged_and_repeated(struct scene *s)
{
	talk(s);
	scene_client(s, "PA", 101, 1949, 20);
	scene_server(s, "A", 1949, 121, 0);
	for (unsigned i = 0; i < 3; i++) {
		scene_after(s, MS(300) << i);
		scene_client(s, "PA", 101, 1949, 20);
	}
	scene_client(s, "PA", 121, 1949, 20);
	scene_server(s, "PA", 1949, 121, 30);
}

static void a_probe_and_other_news(struct scene *s)
{
	talk(s);
	for (unsigned i = 0; i < 2; i++) {
		scene_after(s, SECONDS(75));
		scene_client(s, "A", 100, 1949, 0);
	}
	scene_server(s, "PA", 1949, 101, 10);
	scene_client(s, "PA", 101, 1959, 10);
	scene_after(s, SECONDS(75));
	scene_client(s, "A", 110, 1959, 0);
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
STORY(a_length_that_lies)
STORY(a_loss_and_on_they_go)
STORY(repeated_while_the_other_speaks)
STORY(acknowledged_and_repeated)
STORY(a_probe_and_other_news)
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
		{"a length that lies", check_a_length_that_lies},
		{"a loss and on they go", check_a_loss_and_on_they_go},
		{"repeated while the other speaks", check_repeated_while_the_other_speaks},
		{"acknowledged and repeated", check_acknowledged_and_repeated},
		{"a probe and other news", check_a_probe_and_other_news},
		{"an end", check_an_end},
		{"without a beginning", check_without_a_beginning},
		CU_TEST_INFO_NULL,
	};

	return unit_main("predicted", tests);
}
