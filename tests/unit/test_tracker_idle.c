/* Quiet times. An idle one, in which nobody owed an answer, stays pending until something sent after it was answered:
 * only a pending one can be what a timer ended. No silence ever cuts a connection in two. */
#include "tests/unit/scene.h"

static struct scene *talked(void)
{
	struct scene *s = scene_new();

	scene_open(s);
	scene_client(s, "PA", 1, 1, 100);
	scene_server(s, "PA", 1, 101, 200);
	scene_client(s, "A", 101, 201, 0);
	return s;
}

/* The request after it gets no answer: pending, with its speaker and the packets around it. */
static void nothing_answers_after_it(void)
{
	struct scene *s = talked();
	const struct facts *f;
	uint64_t before = s->number, after;

	scene_after(s, SECONDS(350));
	after = scene_client(s, "PA", 101, 201, 100);
	scene_after(s, MS(300));
	scene_client(s, "PA", 101, 201, 100);
	f = scene_only(s);
	CU_ASSERT_EQUAL(ONE(f, IDLE_BEFORE_END), SECONDS(350));
	CU_ASSERT_EQUAL(ONE(f, IDLE_SPEAKER), HANGUP_CLIENT);
	CU_ASSERT_EQUAL(PACKET(f, IDLE_BEFORE, CLIENT), before);
	CU_ASSERT_EQUAL(PACKET(f, IDLE_AFTER, CLIENT), after);
	CU_ASSERT_EQUAL(ONE(f, IDLE_LONGEST), SECONDS(350));
	scene_free(s);
}

static void an_answer_ends_it(void)
{
	struct scene *s = talked();

	scene_after(s, SECONDS(350));
	scene_server(s, "PA", 201, 101, 100);
	scene_client(s, "A", 101, 301, 0);
	CU_ASSERT_EQUAL(ONE(scene_only(s), IDLE_BEFORE_END), 0);
	CU_ASSERT_FALSE(IS_KNOWN(scene_only(s), IDLE_SPEAKER, CLIENT));
	CU_ASSERT_EQUAL(PACKET(scene_only(s), IDLE_AFTER, CLIENT), 0);
	CU_ASSERT_EQUAL(ONE(scene_only(s), IDLE_LONGEST), SECONDS(350));
	scene_free(s);
}

/* The peer's own packets are no answer; only an acknowledgement of what was said is. */
static void the_others_old_acknowledgement_is_no_answer(void)
{
	struct scene *s = talked();

	scene_after(s, SECONDS(350));
	scene_client(s, "PA", 101, 201, 100);
	scene_server(s, "PA", 201, 101, 50);
	CU_ASSERT_EQUAL(ONE(scene_only(s), IDLE_BEFORE_END), SECONDS(350));
	scene_free(s);
}

/* A RST in answer is no normal answer: the idle time is what may explain it. */
static void a_rst_is_no_answer(void)
{
	struct scene *s = talked();

	scene_after(s, SECONDS(350));
	scene_client(s, "PA", 101, 201, 100);
	scene_server(s, "R", 201, 0, 0);
	CU_ASSERT_EQUAL(ONE(scene_only(s), IDLE_BEFORE_END), SECONDS(350));
	CU_ASSERT_EQUAL(ONE(scene_only(s), IDLE_SPEAKER), HANGUP_CLIENT);
	scene_free(s);
}

/* The first word after it is a RST: the timer spoke itself. */
static void a_rst_breaks_the_silence(void)
{
	struct scene *s = talked();
	uint64_t rst;

	scene_after(s, SECONDS(240));
	rst = scene_server(s, "RA", 201, 101, 0);
	CU_ASSERT_EQUAL(ONE(scene_only(s), IDLE_BEFORE_END), SECONDS(240));
	CU_ASSERT_EQUAL(ONE(scene_only(s), IDLE_SPEAKER), HANGUP_SERVER);
	CU_ASSERT_EQUAL(PACKET(scene_only(s), IDLE_AFTER, CLIENT), rst);
	scene_free(s);
}

/* So is a FIN: acknowledged, it ended nothing but the program's patience. */
static void a_fin_is_answered_like_data(void)
{
	struct scene *s = talked();

	scene_after(s, SECONDS(60));
	scene_server(s, "FA", 201, 101, 0);
	CU_ASSERT_EQUAL(ONE(scene_ending(s, 1), IDLE_BEFORE_END), SECONDS(60));
	scene_free(s);
	s = talked();
	scene_after(s, SECONDS(60));
	scene_server(s, "FA", 201, 101, 0);
	scene_client(s, "A", 101, 202, 0);
	CU_ASSERT_EQUAL(ONE(scene_ending(s, 1), IDLE_BEFORE_END), 0);
	scene_free(s);
}

/* A bare acknowledgement or window update asks for nothing, so silence after it says nothing. */
static void what_asks_nothing_begins_nothing(void)
{
	struct scene *s = talked();

	scene_after(s, SECONDS(350));
	scene_client(s, "A", 101, 201, 0);
	CU_ASSERT_EQUAL(ONE(scene_only(s), IDLE_BEFORE_END), 0);
	CU_ASSERT_EQUAL(ONE(scene_only(s), IDLE_LONGEST), SECONDS(350));
	scene_free(s);
}

/* While data is unanswered somebody owes something: a pause, not idle time. */
static void waiting_is_not_idling(void)
{
	struct scene *s = talked();

	scene_client(s, "PA", 101, 201, 100);
	scene_after(s, SECONDS(350));
	scene_client(s, "PA", 101, 201, 100);
	CU_ASSERT_EQUAL(ONE(scene_only(s), IDLE_LONGEST), s->pace_ns);
	CU_ASSERT_EQUAL(ONE(scene_only(s), PAUSE_LONGEST), SECONDS(350));
	CU_ASSERT_EQUAL(ONE(scene_only(s), IDLE_BEFORE_END), 0);
	scene_free(s);
}

/* A keepalive probe asks; its answer ends the idle time, its silence does not. */
static void a_keepalive_asks(void)
{
	struct scene *s = talked();

	scene_after(s, SECONDS(120));
	scene_client(s, "A", 100, 201, 0);
	CU_ASSERT_EQUAL(ONE(scene_ending(s, 1), IDLE_BEFORE_END), SECONDS(120));
	scene_free(s);
	s = talked();
	scene_after(s, SECONDS(120));
	scene_client(s, "A", 100, 201, 0);
	scene_server(s, "A", 201, 101, 0);
	CU_ASSERT_EQUAL(ONE(scene_ending(s, 1), IDLE_BEFORE_END), 0);
	scene_free(s);
}

/* The repetitions of a minute do not move the beginning: the idle time that counts is the one before the first. */
static void it_is_the_one_before_the_first_word(void)
{
	struct scene *s = talked();

	scene_after(s, SECONDS(350));
	scene_client(s, "A", 100, 201, 0);
	for (int i = 0; i < 5; i++) {
		scene_after(s, SECONDS(75));
		scene_client(s, "A", 100, 201, 0);
	}
	CU_ASSERT_EQUAL(ONE(scene_only(s), IDLE_BEFORE_END), SECONDS(350));
	scene_free(s);
}

/* Two idle times, the first survived: the second is the one that counts. */
static void a_survived_one_is_forgotten(void)
{
	struct scene *s = talked();

	scene_after(s, SECONDS(200));
	scene_client(s, "PA", 101, 201, 100);
	scene_server(s, "A", 201, 201, 0);
	scene_after(s, SECONDS(400));
	scene_client(s, "PA", 201, 201, 100);
	CU_ASSERT_EQUAL(ONE(scene_only(s), IDLE_BEFORE_END), SECONDS(400));
	CU_ASSERT_EQUAL(ONE(scene_only(s), IDLE_LONGEST), SECONDS(400));
	scene_free(s);
}

/* Below a second it is the pace of a conversation. */
static void short_ones_are_not_remembered(void)
{
	struct scene *s = talked();

	scene_after(s, MS(999));
	scene_client(s, "PA", 101, 201, 100);
	CU_ASSERT_EQUAL(ONE(scene_ending(s, 1), IDLE_BEFORE_END), 0);
	CU_ASSERT_EQUAL(ONE(scene_ending(s, 1), IDLE_LONGEST), MS(999));
	scene_free(s);
}

/* Nor are gaps below a millisecond pauses: so close, packets are one breath. */
static void one_breath_has_no_pause(void)
{
	struct scene *s = scene_new();

	s->pace_ns = US(999);
	scene_open(s);
	scene_client(s, "PA", 1, 1, 100);
	CU_ASSERT_EQUAL(ONE(scene_ending(s, 1), PAUSE_LONGEST), 0);
	scene_free(s);
	s = scene_new();
	s->pace_ns = MS(1);
	scene_open(s);
	CU_ASSERT_EQUAL(ONE(scene_ending(s, 1), PAUSE_LONGEST), MS(1));
	scene_free(s);
}

/* Every peer cuts here, at 240 to 600 s. Ours is one connection after a weekend. */
static void no_silence_cuts_a_connection(void)
{
	struct scene *s = talked();

	scene_after(s, HOURS(60));
	scene_elsewhere(s);
	CU_ASSERT_EQUAL(scene_judged(s), 0);
	scene_client(s, "PA", 101, 201, 100);
	CU_ASSERT_EQUAL(s->id, 1);
	scene_server(s, "A", 201, 201, 0);
	CU_ASSERT_EQUAL(SIDE(scene_ending(s, 1), PAYLOAD, CLIENT), 200);
	CU_ASSERT_EQUAL(ONE(scene_ending(s, 1), IDLE_LONGEST), HOURS(60) + MS(10));
	scene_free(s);
}

/* A month: more than fits into 32 bits of microseconds. */
static void a_month_is_counted_right(void)
{
	struct scene *s = talked();

	scene_after(s, HOURS(24 * 31));
	scene_client(s, "PA", 101, 201, 100);
	CU_ASSERT_EQUAL(ONE(scene_only(s), IDLE_LONGEST), HOURS(24 * 31));
	CU_ASSERT_EQUAL(ONE(scene_only(s), IDLE_BEFORE_END), HOURS(24 * 31));
	scene_free(s);
}

static void silence_is_measured_to_the_last_packet_of_all(void)
{
	struct scene *s = talked();

	scene_after(s, SECONDS(500));
	scene_elsewhere(s);
	CU_ASSERT_EQUAL(ONE(scene_ending(s, 1), SILENCE), SECONDS(500));
	scene_free(s);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"nothing answers after it", nothing_answers_after_it},
		{"an answer ends it", an_answer_ends_it},
		{"the other's old acknowledgement is no answer", the_others_old_acknowledgement_is_no_answer},
		{"a RST is no answer", a_rst_is_no_answer},
		{"a RST breaks the silence", a_rst_breaks_the_silence},
		{"a FIN is answered like data", a_fin_is_answered_like_data},
		{"what asks nothing begins nothing", what_asks_nothing_begins_nothing},
		{"waiting is not idling", waiting_is_not_idling},
		{"a keepalive asks", a_keepalive_asks},
		{"it is the one before the first word", it_is_the_one_before_the_first_word},
		{"a survived one is forgotten", a_survived_one_is_forgotten},
		{"short ones are not remembered", short_ones_are_not_remembered},
		{"one breath has no pause", one_breath_has_no_pause},
		{"no silence cuts a connection", no_silence_cuts_a_connection},
		{"a month is counted right", a_month_is_counted_right},
		{"silence is measured to the last packet of all", silence_is_measured_to_the_last_packet_of_all},
		CU_TEST_INFO_NULL,
	};

	return unit_main("idle times", tests);
}
