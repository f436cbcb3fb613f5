/* What a RST did, by numbers and states alone (reset.def): one story a kind, and what is kept of the RST itself. */
#include "tests/unit/scene.h"

static enum hangup_reset kind(struct scene *s, enum hangup_side side)
{
	return (enum hangup_reset)facts_value(scene_only(s), HANGUP_FACT_RST_KIND, side);
}

/* Open, then a request of 100 bytes, acknowledged. */
static struct scene *asked(void)
{
	struct scene *s = scene_new();

	scene_open(s);
	scene_client(s, "PA", 1, 1, 100);
	scene_server(s, "A", 1, 101, 0);
	return s;
}

/* Happy Eyeballs: another address was faster, so this answer comes too late. */
static void the_end_that_connects_takes_it_back(void)
{
	struct scene *s = scene_new();

	scene_client(s, "S", 0, 0, 0);
	scene_server(s, "SA", 0, 1, 0);
	scene_client(s, "R", 1, 0, 0);
	CU_ASSERT_EQUAL(kind(s, HANGUP_CLIENT), HANGUP_RESET_CANCELS);
	CU_ASSERT_TRUE(SIDE(scene_only(s), RST_REACTIVE, CLIENT));
	scene_free(s);
}

/* ss -K while the SYN is still unanswered: the RST follows the SYN. */
static void it_takes_it_back_before_any_answer(void)
{
	struct scene *s = scene_new();

	scene_client(s, "S", 0, 0, 0);
	scene_client(s, "RA", 1, 0, 0);
	CU_ASSERT_EQUAL(kind(s, HANGUP_CLIENT), HANGUP_RESET_CANCELS);
	scene_free(s);
}

/* A health check: connect, see that it answers, linger 0. */
static void nobody_used_it(void)
{
	struct scene *s = scene_new();

	scene_open(s);
	scene_client(s, "RA", 1, 1, 0);
	CU_ASSERT_EQUAL(kind(s, HANGUP_CLIENT), HANGUP_RESET_UNUSED);
	scene_free(s);
}

/* The server decides while a request waits for its answer: close() with data unread (RFC 9293 §3.6.1). */
static void the_request_was_never_answered(void)
{
	struct scene *s = asked();

	scene_server(s, "RA", 1, 101, 0);
	CU_ASSERT_EQUAL(kind(s, HANGUP_SERVER), HANGUP_RESET_UNREAD);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), UNREPLIED, SERVER), 100);
	CU_ASSERT_TRUE(SIDE(scene_only(s), RST_ACTIVE, SERVER));
	scene_free(s);
}

/* SO_LINGER 0 after the answer. */
static void nothing_was_left_to_answer(void)
{
	struct scene *s = asked();

	scene_server(s, "PA", 1, 101, 200);
	scene_client(s, "A", 101, 201, 0);
	scene_server(s, "RA", 201, 101, 0);
	CU_ASSERT_EQUAL(kind(s, HANGUP_SERVER), HANGUP_RESET_ABORTS);
	scene_free(s);
}

/* The client stops a download in the middle: more was to come, for the last segment was full and not pushed. */
static void a_download_was_cut_short(void)
{
	struct scene *s = asked();

	scene_server(s, "A", 1, 101, 1448);
	scene_client(s, "A", 101, 1449, 0);
	scene_server(s, "A", 1449, 101, 1448);
	scene_client(s, "RA", 101, 2897, 0);
	CU_ASSERT_EQUAL(kind(s, HANGUP_CLIENT), HANGUP_RESET_UNREAD);
	CU_ASSERT_TRUE(SIDE(scene_only(s), LAST_DATA_FULL, SERVER));
	scene_free(s);
}

/* The client has its whole answer, and aborts: that is how its program closes. */
static void a_whole_answer_is_not_unread(void)
{
	struct scene *s = asked();

	scene_server(s, "PA", 1, 101, 200);
	scene_client(s, "RA", 101, 201, 0);
	CU_ASSERT_EQUAL(kind(s, HANGUP_CLIENT), HANGUP_RESET_ABORTS);
	scene_free(s);
}

/* A bare RST whose number is the other's acknowledgement: the host knows no such connection. */
static void a_stranger_answers(void)
{
	struct scene *s = asked();
	uint64_t trigger, rst;

	scene_server(s, "PA", 1, 101, 200);
	scene_after(s, SECONDS(90));
	trigger = scene_client(s, "PA", 101, 201, 100);
	scene_after(s, MS(3));
	rst = scene_server(s, "R", 201, 0, 0);
	CU_ASSERT_EQUAL(kind(s, HANGUP_SERVER), HANGUP_RESET_STRAY);
	CU_ASSERT_EQUAL(PACKET(scene_only(s), TRIGGER, CLIENT), trigger);
	CU_ASSERT_EQUAL(PACKET(scene_only(s), RST, SERVER), rst);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RST_DELAY, SERVER), MS(3));
	scene_free(s);
}

/* The server closed, the client's next request meets the closed end. */
static void data_met_a_closed_end(void)
{
	struct scene *s = asked();
	uint64_t late;

	scene_server(s, "FA", 1, 101, 0);
	scene_client(s, "A", 101, 2, 0);
	late = scene_client(s, "PA", 101, 2, 80);
	scene_server(s, "R", 2, 0, 0);
	CU_ASSERT_EQUAL(kind(s, HANGUP_SERVER), HANGUP_RESET_LATE_DATA);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), DATA_AFTER_FIN, CLIENT), 80);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), DATA_KNEW_FIN, CLIENT), 80);
	CU_ASSERT_EQUAL(PACKET(scene_only(s), DATA_AFTER_FIN, CLIENT), late);
	scene_free(s);
}

/* The keep-alive race: the request was sent before the FIN arrived, so it does not acknowledge it. */
static void data_crossed_the_fin(void)
{
	struct scene *s = asked();

	scene_server(s, "FA", 1, 101, 0);
	scene_client(s, "PA", 101, 1, 80);
	scene_server(s, "R", 1, 0, 0);
	CU_ASSERT_EQUAL(kind(s, HANGUP_SERVER), HANGUP_RESET_LATE_DATA);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), DATA_AFTER_FIN, CLIENT), 80);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), DATA_KNEW_FIN, CLIENT), 0);
	scene_free(s);
}

/* The same race at the client: its request was captured before the FIN, and was still on its way. */
static void data_crossed_the_fin_behind_the_capture(void)
{
	struct scene *s = asked();

	scene_client(s, "PA", 101, 1, 80);
	scene_server(s, "FA", 1, 101, 0);
	scene_client(s, "A", 181, 2, 0);
	scene_server(s, "R", 1, 0, 0);
	CU_ASSERT_EQUAL(kind(s, HANGUP_SERVER), HANGUP_RESET_LATE_DATA);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), DATA_AFTER_FIN, CLIENT), 0);
	scene_free(s);
}

/* shutdown(), then the process dies with linger 0. */
static void it_aborted_after_its_own_fin(void)
{
	struct scene *s = asked();

	scene_client(s, "FA", 101, 1, 0);
	scene_server(s, "A", 1, 102, 0);
	scene_client(s, "RA", 102, 1, 0);
	CU_ASSERT_EQUAL(kind(s, HANGUP_CLIENT), HANGUP_RESET_AFTER_OWN_FIN);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), STATE_BEFORE_RST, CLIENT), HANGUP_TCP_STATE_FIN_WAIT_2);
	scene_free(s);
}

/* The server's farewell came with its FIN, after the client had closed both directions. */
static void both_had_closed(void)
{
	struct scene *s = asked();

	scene_client(s, "FA", 101, 1, 0);
	scene_server(s, "FPA", 1, 102, 30);
	scene_client(s, "R", 102, 0, 0);
	CU_ASSERT_EQUAL(kind(s, HANGUP_CLIENT), HANGUP_RESET_AFTER_CLOSE);
	CU_ASSERT_TRUE(ONE(scene_only(s), RST_AFTER_CLOSE));
	scene_free(s);
}

/* The server's goodbye was on its way when the client, which had closed, reset it: data, RST, and the FIN behind the
 * data. Both had closed. */
static enum hangup_reset reset_with_fin_behind(int64_t behind_ns)
{
	struct scene *s = asked();
	enum hangup_reset found;

	scene_client(s, "FA", 101, 1, 0);
	scene_server(s, "PA", 1, 102, 30);
	scene_client(s, "R", 102, 0, 0);
	scene_after(s, behind_ns);
	scene_server(s, "FA", 31, 102, 0);
	found = kind(s, HANGUP_CLIENT);
	scene_free(s);
	return found;
}

static void the_others_fin_was_on_its_way(void)
{
	CU_ASSERT_EQUAL(reset_with_fin_behind(MS(1)), HANGUP_RESET_AFTER_CLOSE);
	CU_ASSERT_EQUAL(reset_with_fin_behind(MS(61)), HANGUP_RESET_LATE_DATA); /* a round trip and 50 ms */
}

/* --- what is kept of it ----------------------------------------------------------------------------------- */

static void its_looks_are_kept(void)
{
	struct scene *s = asked();
	struct segment rst = scene_segment(s, HANGUP_SERVER, "R", 1, 0, 0);

	rst.ttl = 250;
	rst.window = 4321;
	rst.ip_id = 0;
	rst.options = 0;
	scene_take(s, &rst);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RST_TTL_DELTA, SERVER), 186);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RST_WINDOW, SERVER), 4321);
	CU_ASSERT_TRUE(SIDE(scene_only(s), RST_IPID_ZERO, SERVER));
	CU_ASSERT_FALSE(SIDE(scene_only(s), RST_TIMESTAMP, SERVER));
	scene_free(s);
}

static void an_ip_id_is_compared_with_the_last(void)
{
	struct scene *s = asked();
	struct segment rst = scene_segment(s, HANGUP_SERVER, "RA", 1, 101, 0);

	rst.ip_id = (uint16_t)(rst.ip_id + 6);
	scene_take(s, &rst);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RST_IPID_DELTA, SERVER), 7);
	CU_ASSERT_TRUE(SIDE(scene_only(s), RST_TIMESTAMP, SERVER));
	scene_free(s);
}

static void ipv6_has_no_ip_id(void)
{
	struct scene *s = scene_new();

	scene_use_ipv6(s);
	scene_open(s);
	scene_server(s, "RA", 1, 1, 0);
	CU_ASSERT_FALSE(IS_KNOWN(scene_only(s), RST_IPID_ZERO, SERVER));
	CU_ASSERT_FALSE(IS_KNOWN(scene_only(s), RST_IPID_DELTA, SERVER));
	scene_free(s);
}

/* No packet of the side to compare with: its TTL is taken from what its host said on other connections. */
static void a_refusal_is_compared_with_other_answers(void)
{
	struct scene *s = scene_new();
	struct segment rst;

	scene_open(s);
	s->end[HANGUP_CLIENT].port++;
	s->end[HANGUP_SERVER].port = 81;
	scene_client(s, "S", 0, 0, 0);
	rst = scene_segment(s, HANGUP_SERVER, "RA", 0, 1, 0);
	rst.ttl = 61;
	scene_take(s, &rst);
	CU_ASSERT_EQUAL(SIDE(scene_ending(s, 2), RST_TTL_DELTA, SERVER), 3);
	scene_free(s);
}

static void a_refusal_without_other_answers_has_no_difference(void)
{
	struct scene *s = scene_new();

	scene_client(s, "S", 0, 0, 0);
	scene_server(s, "RA", 0, 1, 0);
	CU_ASSERT_FALSE(IS_KNOWN(scene_only(s), RST_TTL_DELTA, SERVER));
	scene_free(s);
}

/* --- both ends reset -------------------------------------------------------------------------------------- */

/* A box resets both ends when its timer runs out: two RSTs, each in the other's name. */
static void a_pair_has_a_gap(void)
{
	struct scene *s = asked();

	scene_after(s, SECONDS(240));
	scene_client(s, "R", 101, 0, 0);
	scene_after(s, US(300));
	scene_server(s, "R", 1, 0, 0);
	CU_ASSERT_EQUAL(ONE(scene_only(s), RST_PAIR_GAP), US(300));
	CU_ASSERT_TRUE(SIDE(scene_only(s), RST_FIRST, CLIENT));
	CU_ASSERT_FALSE(SIDE(scene_only(s), RST_FIRST, SERVER));
	CU_ASSERT_EQUAL(ONE(scene_only(s), CLOSE_AGE), SECONDS(240));
	scene_free(s);
}

static void one_alone_has_none(void)
{
	struct scene *s = asked();

	scene_server(s, "RA", 1, 101, 0);
	CU_ASSERT_FALSE(IS_KNOWN(scene_only(s), RST_PAIR_GAP, CLIENT));
	scene_free(s);
}

/* A forged RST in the client's name is not believed; then the server aborts. Its RST is the first that counts. */
static void the_first_is_the_first_that_counts(void)
{
	struct scene *s = asked();

	scene_client(s, "R", 5000, 0, 0);
	scene_server(s, "RA", 1, 101, 0);
	CU_ASSERT_FALSE(SIDE(scene_only(s), RST_FIRST, CLIENT));
	CU_ASSERT_TRUE(SIDE(scene_only(s), RST_FIRST, SERVER));
	scene_free(s);
}

/* Three RSTs that answer three segments already on their way: the first is the one told of. */
static void repeated_rsts_are_counted(void)
{
	struct scene *s = asked();
	uint64_t first = scene_server(s, "R", 1, 0, 0);

	scene_server(s, "R", 1, 0, 0);
	scene_server(s, "R", 1, 0, 0);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RSTS, SERVER), 3);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RSTS_REJECTED, SERVER), 0);
	CU_ASSERT_EQUAL(PACKET(scene_only(s), RST, SERVER), first);
	scene_free(s);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"the end that connects takes it back", the_end_that_connects_takes_it_back},
		{"it takes it back before any answer", it_takes_it_back_before_any_answer},
		{"nobody used it", nobody_used_it},
		{"the request was never answered", the_request_was_never_answered},
		{"nothing was left to answer", nothing_was_left_to_answer},
		{"a download was cut short", a_download_was_cut_short},
		{"a whole answer is not unread", a_whole_answer_is_not_unread},
		{"a stranger answers", a_stranger_answers},
		{"data met a closed end", data_met_a_closed_end},
		{"data crossed the FIN", data_crossed_the_fin},
		{"data crossed the FIN behind the capture", data_crossed_the_fin_behind_the_capture},
		{"it aborted after its own FIN", it_aborted_after_its_own_fin},
		{"both had closed", both_had_closed},
		{"the other's FIN was on its way", the_others_fin_was_on_its_way},
		{"its looks are kept", its_looks_are_kept},
		{"an IP-ID is compared with the last", an_ip_id_is_compared_with_the_last},
		{"IPv6 has no IP-ID", ipv6_has_no_ip_id},
		{"a refusal is compared with other answers", a_refusal_is_compared_with_other_answers},
		{"a refusal without other answers has no difference", a_refusal_without_other_answers_has_no_difference},
		{"a pair has a gap", a_pair_has_a_gap},
		{"one alone has none", one_alone_has_none},
		{"the first is the first that counts", the_first_is_the_first_that_counts},
		{"repeated RSTs are counted", repeated_rsts_are_counted},
		CU_TEST_INFO_NULL,
	};

	return unit_main("what a RST did", tests);
}
