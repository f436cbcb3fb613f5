/* Keepalives (RFC 1122 §4.2.3.6) and probes of a closed window (RFC 9293 §3.8.6.1), which Linux sends with the same
 * bytes: the window tells them apart. */
#include "tests/unit/scene.h"

static struct scene *asked(void)
{
	struct scene *s = scene_new();

	scene_open(s);
	scene_client(s, "PA", 1, 1, 100);
	scene_server(s, "A", 1, 101, 0);
	return s;
}

static void unanswered_keepalives_are_counted(void)
{
	struct scene *s = asked();
	const struct facts *f;
	uint64_t first;

	scene_after(s, SECONDS(60));
	first = scene_client(s, "A", 100, 1, 0);
	for (int i = 0; i < 3; i++) {
		scene_after(s, SECONDS(10));
		scene_client(s, "A", 100, 1, 0);
	}
	f = scene_only(s);
	CU_ASSERT_EQUAL(SIDE(f, RETRY_KIND, CLIENT), HANGUP_RETRY_KEEPALIVE);
	CU_ASSERT_EQUAL(SIDE(f, RETRIES, CLIENT), 4);
	CU_ASSERT_EQUAL(SIDE(f, KEEPALIVES, CLIENT), 4);
	CU_ASSERT_EQUAL(SIDE(f, RETRY_SPAN, CLIENT), SECONDS(30));
	CU_ASSERT_EQUAL(SIDE(f, RETRY_GAP, CLIENT), SECONDS(10));
	CU_ASSERT_EQUAL(SIDE(f, RETRANSMITTED, CLIENT), 0);
	CU_ASSERT_EQUAL(SIDE(f, OUTSTANDING, CLIENT), 0);
	CU_ASSERT_EQUAL(PACKET(f, UNANSWERED, CLIENT), first);
	scene_free(s);
}

/* Windows and old BSD repeat the last byte. */
static void a_keepalive_may_carry_one_byte(void)
{
	struct scene *s = asked();

	scene_after(s, SECONDS(60));
	scene_client(s, "A", 100, 1, 1);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), KEEPALIVES, CLIENT), 1);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRIES, CLIENT), 1);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRANSMITTED, CLIENT), 0);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), PAYLOAD, CLIENT), 100);
	scene_free(s);
}

static void its_answer_is_the_same_acknowledgement_again(void)
{
	struct scene *s = asked();

	for (int i = 0; i < 3; i++) {
		scene_after(s, SECONDS(60));
		scene_client(s, "A", 100, 1, 0);
		scene_server(s, "A", 1, 101, 0);
	}
	CU_ASSERT_EQUAL(SIDE(scene_only(s), KEEPALIVES, CLIENT), 3);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRIES, CLIENT), 0);
	CU_ASSERT_EQUAL(ONE(scene_only(s), IDLE_BEFORE_END), 0);
	scene_free(s);
}

/* Data of the other end is as good a sign of life as an answer: stacks stop counting then (RFC 1122 §4.2.3.6). */
static void data_of_the_other_end_answers_as_well(void)
{
	struct scene *s = asked();

	scene_after(s, SECONDS(60));
	scene_client(s, "A", 100, 1, 0);
	scene_after(s, SECONDS(10));
	scene_client(s, "A", 100, 1, 0);
	scene_server(s, "PA", 1, 101, 40);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRIES, CLIENT), 0);
	CU_ASSERT_EQUAL(ONE(scene_only(s), IDLE_BEFORE_END), 0);
	scene_free(s);
}

/* With data outstanding there is no keepalive: a segment of one byte is a repetition. */
static void one_byte_again_is_a_repetition(void)
{
	struct scene *s = asked();

	scene_client(s, "PA", 101, 1, 1);
	scene_after(s, MS(300));
	scene_client(s, "PA", 101, 1, 1);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRY_KIND, CLIENT), HANGUP_RETRY_DATA);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), KEEPALIVES, CLIENT), 0);
	scene_free(s);
}

/* --- a closed window ---------------------------------------------------------------------------------------- */

/* The server stops reading: it acknowledges everything and closes its window. */
static struct scene *window_closed(uint64_t *out_closed)
{
	struct scene *s = asked();

	scene_client(s, "A", 101, 1, 1000);
	s->end[HANGUP_SERVER].window = 0;
	*out_closed = scene_server(s, "A", 1, 1101, 0);
	return s;
}

/* Linux (tcp_write_wakeup) probes with the number before the next: a keepalive by its bytes, not by its meaning. */
static void linux_probes_look_like_keepalives(void)
{
	uint64_t closed;
	struct scene *s = window_closed(&closed);
	const struct facts *f;
	int64_t wait = MS(210);

	for (int i = 0; i < 4; i++, wait *= 2) {
		scene_after(s, wait);
		scene_client(s, "A", 1100, 1, 0);
	}
	f = scene_only(s);
	CU_ASSERT_EQUAL(SIDE(f, RETRY_KIND, CLIENT), HANGUP_RETRY_ZERO_WINDOW);
	CU_ASSERT_EQUAL(SIDE(f, RETRIES, CLIENT), 4);
	CU_ASSERT_EQUAL(SIDE(f, KEEPALIVES, CLIENT), 0);
	CU_ASSERT_TRUE(SIDE(f, WINDOW_CLOSED, SERVER));
	CU_ASSERT_FALSE(SIDE(f, WINDOW_CLOSED, CLIENT));
	CU_ASSERT_EQUAL(PACKET(f, ZERO_WINDOW, SERVER), closed);
	scene_free(s);
}

/* BSD and Windows send the next byte, which does not fit, again and again. */
static void others_probe_with_the_next_byte(void)
{
	uint64_t closed;
	struct scene *s = window_closed(&closed);
	int64_t wait = SECONDS(5);

	scene_after(s, wait);
	scene_client(s, "A", 1101, 1, 1);
	for (int i = 0; i < 3; i++) {
		scene_after(s, wait);
		scene_client(s, "A", 1101, 1, 1);
	}
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRY_KIND, CLIENT), HANGUP_RETRY_ZERO_WINDOW);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRIES, CLIENT), 3);
	scene_free(s);
}

/* Still no room, but the server lives. */
static void an_answered_probe_waits_for_nothing(void)
{
	uint64_t closed;
	struct scene *s = window_closed(&closed);

	for (int i = 0; i < 3; i++) {
		scene_after(s, MS(500));
		scene_client(s, "A", 1100, 1, 0);
		scene_server(s, "A", 1, 1101, 0);
	}
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRIES, CLIENT), 0);
	CU_ASSERT_TRUE(SIDE(scene_only(s), WINDOW_CLOSED, SERVER));
	CU_ASSERT_EQUAL(PACKET(scene_only(s), ZERO_WINDOW, SERVER), closed);
	scene_free(s);
}

/* The window shrank with data on its way (RFC 9293 §3.8.6 discourages it): the repetitions are probes. */
static void repeating_into_a_closed_window_is_probing(void)
{
	struct scene *s = asked();

	scene_client(s, "A", 101, 1, 1000);
	s->end[HANGUP_SERVER].window = 0;
	scene_server(s, "A", 1, 101, 0);
	scene_after(s, MS(300));
	scene_client(s, "A", 101, 1, 1000);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRY_KIND, CLIENT), HANGUP_RETRY_ZERO_WINDOW);
	scene_free(s);
}

static void the_window_opens_again(void)
{
	uint64_t closed;
	struct scene *s = window_closed(&closed);

	scene_after(s, MS(210));
	scene_client(s, "A", 1100, 1, 0);
	s->end[HANGUP_SERVER].window = 502;
	scene_server(s, "A", 1, 1101, 0);
	scene_client(s, "PA", 1101, 1, 100);
	scene_server(s, "A", 1, 1201, 0);
	CU_ASSERT_FALSE(SIDE(scene_only(s), WINDOW_CLOSED, SERVER));
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRIES, CLIENT), 0);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), PAYLOAD, CLIENT), 1200);
	scene_free(s);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"unanswered keepalives are counted", unanswered_keepalives_are_counted},
		{"a keepalive may carry one byte", a_keepalive_may_carry_one_byte},
		{"its answer is the same acknowledgement again", its_answer_is_the_same_acknowledgement_again},
		{"data of the other end answers as well", data_of_the_other_end_answers_as_well},
		{"one byte again is a repetition", one_byte_again_is_a_repetition},
		{"Linux probes look like keepalives", linux_probes_look_like_keepalives},
		{"others probe with the next byte", others_probe_with_the_next_byte},
		{"an answered probe waits for nothing", an_answered_probe_waits_for_nothing},
		{"repeating into a closed window is probing", repeating_into_a_closed_window_is_probing},
		{"the window opens again", the_window_opens_again},
		CU_TEST_INFO_NULL,
	};

	return unit_main("keepalives and probes", tests);
}
