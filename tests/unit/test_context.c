/* What other connections say about one: its server answers others, its client came back, or nobody is there. */
#include "analyzers/context.h"

#include "tests/unit/scene.h"

/* --- through the tracker ---------------------------------------------------------------------------------- */

/* A connection that stalls: a request that nobody acknowledges. It has number 1. */
static struct scene *stalled(void)
{
	struct scene *s = scene_new();

	scene_open(s);
	scene_client(s, "PA", 1, 1, 100);
	scene_after(s, SECONDS(1));
	scene_client(s, "PA", 1, 1, 100);
	return s;
}

/* Somebody else, or the same client from another port, connects to the server. */
static void another(struct scene *s, uint8_t client_byte, uint16_t port)
{
	s->end[HANGUP_CLIENT].address[15] = client_byte;
	s->end[HANGUP_CLIENT].port = port;
	scene_client(s, "S", 0, 0, 0);
}

static void nobody_else_says_nothing(void)
{
	struct scene *s = stalled();

	CU_ASSERT_FALSE(ONE(scene_only(s), SERVER_ANSWERED_LATER));
	CU_ASSERT_FALSE(ONE(scene_only(s), CLIENT_RECONNECTED));
	CU_ASSERT_FALSE(ONE(scene_only(s), SERVER_GONE_LATER));
	scene_free(s);
}

static void the_server_answers_somebody_else(void)
{
	struct scene *s = stalled();

	another(s, 9, 50000);
	scene_server(s, "SA", 0, 1, 0);
	CU_ASSERT_TRUE(ONE(scene_ending(s, 1), SERVER_ANSWERED_LATER));
	CU_ASSERT_FALSE(ONE(scene_ending(s, 1), CLIENT_RECONNECTED));
	CU_ASSERT_FALSE(ONE(scene_ending(s, 1), SERVER_GONE_LATER));
	scene_free(s);
}

static void the_client_comes_back_and_is_answered(void)
{
	struct scene *s = stalled();

	another(s, 1, 40001);
	scene_server(s, "SA", 0, 1, 0);
	CU_ASSERT_TRUE(ONE(scene_ending(s, 1), CLIENT_RECONNECTED));
	CU_ASSERT_TRUE(ONE(scene_ending(s, 1), SERVER_ANSWERED_LATER));
	scene_free(s);
}

/* Two connections of one client side by side; the first, having been answered, stalls. */
static struct scene *stalled_beside_another(void)
{
	struct scene *s = scene_new();

	scene_open(s);
	s->end[HANGUP_CLIENT].port = 40001;
	scene_open(s);
	s->end[HANGUP_CLIENT].port = 40000;
	scene_client(s, "PA", 1, 1, 100);
	scene_server(s, "A", 1, 101, 0);
	scene_client(s, "PA", 101, 1, 100);
	s->end[HANGUP_CLIENT].port = 40001;
	scene_after(s, SECONDS(30));
	return s;
}

/* The other one shows that the server lives; it is not the client coming back. */
static void a_parallel_connection_is_no_return(void)
{
	struct scene *s = stalled_beside_another();

	scene_client(s, "PA", 1, 1, 100);
	scene_server(s, "A", 1, 101, 0);
	CU_ASSERT_TRUE(ONE(scene_ending(s, 1), SERVER_ANSWERED_LATER));
	CU_ASSERT_FALSE(ONE(scene_ending(s, 1), CLIENT_RECONNECTED));
	scene_free(s);
}

/* The same, and the other one has closed and been judged long before. */
static void one_that_was_judged_has_spoken(void)
{
	struct scene *s = stalled_beside_another();

	scene_client(s, "FA", 1, 1, 0);
	scene_server(s, "FA", 1, 2, 0);
	scene_client(s, "A", 2, 2, 0);
	scene_after(s, SECONDS(100));
	scene_elsewhere(s);
	CU_ASSERT_EQUAL(scene_judged(s), 1);
	CU_ASSERT_TRUE(ONE(scene_ending(s, 1), SERVER_ANSWERED_LATER));
	scene_free(s);
}

/* A SYN to it afterwards gets no answer. */
static void the_server_is_silent_to_others(void)
{
	struct scene *s = stalled();

	another(s, 9, 50000);
	CU_ASSERT_TRUE(ONE(scene_ending(s, 1), SERVER_GONE_LATER));
	CU_ASSERT_FALSE(ONE(scene_ending(s, 1), SERVER_ANSWERED_LATER));
	scene_free(s);
}

static void the_server_refuses_others(void)
{
	struct scene *s = stalled();

	another(s, 9, 50000);
	scene_server(s, "RA", 0, 1, 0);
	CU_ASSERT_TRUE(ONE(scene_ending(s, 1), SERVER_GONE_LATER));
	CU_ASSERT_FALSE(ONE(scene_ending(s, 1), SERVER_ANSWERED_LATER));
	scene_free(s);
}

/* It was silent for a while, and answers again: not gone. */
static void the_server_comes_back(void)
{
	struct scene *s = stalled();

	another(s, 9, 50000);
	scene_after(s, SECONDS(1));
	another(s, 9, 50000);
	scene_server(s, "SA", 0, 1, 0);
	CU_ASSERT_FALSE(ONE(scene_ending(s, 1), SERVER_GONE_LATER));
	CU_ASSERT_TRUE(ONE(scene_ending(s, 1), SERVER_ANSWERED_LATER));
	scene_free(s);
}

/* Another port of the same host is another server. */
static void another_port_is_another_server(void)
{
	struct scene *s = stalled();

	s->end[HANGUP_SERVER].port = 80;
	another(s, 9, 50000);
	scene_server(s, "SA", 0, 1, 0);
	CU_ASSERT_FALSE(ONE(scene_ending(s, 1), SERVER_ANSWERED_LATER));
	scene_free(s);
}

/* What the server said before its last word here proves nothing about afterwards. */
static void what_was_before_is_not_later(void)
{
	struct scene *s = scene_new();

	another(s, 9, 50000);
	scene_server(s, "SA", 0, 1, 0);
	another(s, 1, 40000);
	scene_server(s, "SA", 0, 1, 0);
	scene_client(s, "A", 1, 1, 0);
	CU_ASSERT_FALSE(ONE(scene_ending(s, 2), SERVER_ANSWERED_LATER));
	CU_ASSERT_TRUE(ONE(scene_ending(s, 1), SERVER_ANSWERED_LATER));
	scene_free(s);
}

/* Two ends that closed in order ask nobody: not known, which is not "no". */
static void an_orderly_close_asks_nobody(void)
{
	struct scene *s = scene_new();

	scene_open(s);
	scene_client(s, "FA", 1, 1, 0);
	scene_server(s, "FA", 1, 2, 0);
	scene_client(s, "A", 2, 2, 0);
	CU_ASSERT_FALSE(IS_KNOWN(scene_only(s), SERVER_ANSWERED_LATER, CLIENT));
	scene_free(s);
}

/* --- fates shared -------------------------------------------------------------------------------------------- */

/* The server's data, unanswered: first sent `ago` before now, then repeated three times. */
static void stall(struct scene *s, uint16_t port, int64_t ago)
{
	int64_t now = s->now_ns;

	s->end[HANGUP_CLIENT].port = port;
	scene_after(s, -ago);
	scene_server(s, "PA", 1, 1, 100);
	scene_after(s, now - s->now_ns);
	for (int i = 0; i < 3; i++) {
		scene_after(s, MS(300));
		scene_server(s, "PA", 1, 1, 100);
	}
}

static struct scene *opened(uint16_t connections)
{
	struct scene *s = scene_new();

	for (uint16_t port = 1; port <= connections; port++) {
		s->end[HANGUP_CLIENT].port = port;
		scene_open(s);
	}
	scene_after(s, SECONDS(100));
	scene_elsewhere(s);
	return s;
}

/* A link breaks: three of the host's connections get no answer any more, all from the same second on. */
static void they_stalled_together(void)
{
	struct scene *s = opened(3);

	for (uint16_t port = 1; port <= 3; port++)
		stall(s, port, MS(700) * port);
	CU_ASSERT_EQUAL(SIDE(scene_ending(s, 1), STALLED_TOGETHER, SERVER), 3);
	CU_ASSERT_EQUAL(SIDE(scene_ending(s, 3), STALLED_TOGETHER, SERVER), 3);
	scene_free(s);
}

/* The second one began to wait long before the first, though its repetitions came later. */
static void they_stalled_one_by_one(void)
{
	struct scene *s = opened(2);

	stall(s, 1, MS(10));
	stall(s, 2, SECONDS(60));
	CU_ASSERT_EQUAL(SIDE(scene_ending(s, 1), STALLED_TOGETHER, SERVER), 1);
	CU_ASSERT_EQUAL(SIDE(scene_ending(s, 2), STALLED_TOGETHER, SERVER), 1);
	scene_free(s);
}

/* Ten segments of one download lost and repaired within a second, before another connection stalls: losses that the
 * first repetition repairs are no stall, and one connection is not ten. */
static void losses_are_no_stall(void)
{
	struct scene *s = opened(2);

	s->end[HANGUP_CLIENT].port = 1;
	for (uint32_t i = 0; i < 10; i++) {
		scene_server(s, "A", 1 + 1000 * i, 1, 1000);
		scene_server(s, "A", 1 + 1000 * i, 1, 1000);
		scene_client(s, "A", 1, 1001 + 1000 * i, 0);
	}
	stall(s, 2, MS(100));
	CU_ASSERT_EQUAL(SIDE(scene_ending(s, 2), STALLED_TOGETHER, SERVER), 1);
	scene_free(s);
}

/* Two idle times of one server's connections: one survived, one did not. The timer lies between them. */
static void idle_times_speak_for_the_timer(void)
{
	struct scene *s = opened(2);

	s->end[HANGUP_CLIENT].port = 1;
	scene_client(s, "PA", 1, 1, 10);
	scene_server(s, "A", 1, 11, 0);
	scene_after(s, SECONDS(250));
	s->end[HANGUP_CLIENT].port = 2;
	scene_client(s, "PA", 1, 1, 10);
	scene_after(s, SECONDS(1));
	scene_client(s, "PA", 1, 1, 10);
	CU_ASSERT_EQUAL(ONE(scene_ending(s, 2), IDLE_SURVIVED) / SECONDS(1), 100);
	CU_ASSERT_EQUAL(ONE(scene_ending(s, 2), IDLE_KILLED) / SECONDS(1), 350);
	scene_free(s);
}

/* --- the memory itself ------------------------------------------------------------------------------------ */

static struct facts_end end_of(unsigned number, uint16_t port)
{
	struct facts_end e = {.address = {[10] = 0xff, [11] = 0xff}, .port = port};

	e.address[12] = (uint8_t)(number >> 24);
	e.address[13] = (uint8_t)(number >> 16);
	e.address[14] = (uint8_t)(number >> 8);
	e.address[15] = (uint8_t)number;
	return e;
}

static void each_kind_of_word_is_kept(void)
{
	const struct facts_end client = end_of(1, 40000), server = end_of(2, 443), other = end_of(3, 443);
	struct context_log log = {0};
	struct context *x = context_new();
	struct context_server s;

	context_asked(&log, &server, 10);
	context_answered(&log, &client, &server, 20, 57);
	context_alive(&log, &server, 25);
	context_refused(&log, &server, 30);
	context_learn(x, &log);
	s = context_server(x, &server);
	CU_ASSERT_EQUAL(s.asked_ns, 10);
	CU_ASSERT_EQUAL(s.answered_ns, 25);
	CU_ASSERT_EQUAL(s.refused_ns, 30);
	CU_ASSERT_EQUAL(context_pair_answered(x, &client, &server), 20);
	CU_ASSERT_EQUAL(context_host_ttl(x, &server), 57);
	CU_ASSERT_EQUAL(context_server(x, &other).answered_ns, 0);
	CU_ASSERT_EQUAL(context_pair_answered(x, &client, &other), 0);
	context_log_clear(&log);
	context_free(x);
}

/* The time of an answer never goes back, even if the capture's clock does. */
static void an_answer_stays_answered(void)
{
	const struct facts_end client = end_of(1, 40000), server = end_of(2, 443);
	struct context_log log = {0};
	struct context *x = context_new();

	context_answered(&log, &client, &server, 500, 64);
	context_answered(&log, &client, &server, 400, 64);
	context_learn(x, &log);
	CU_ASSERT_EQUAL(context_server(x, &server).answered_ns, 500);
	CU_ASSERT_EQUAL(context_pair_answered(x, &client, &server), 500);
	context_log_clear(&log);
	context_free(x);
}

/* The client's port is not part of a pair, the server's is; a host's TTL holds for all its ports. */
static void pairs_are_of_hosts_with_a_server(void)
{
	const struct facts_end client = end_of(1, 40000), again = end_of(1, 50000), server = end_of(2, 443),
	                       web = end_of(2, 80);
	struct context_log log = {0};
	struct context *x = context_new();

	context_answered(&log, &client, &server, 7, 61);
	context_learn(x, &log);
	CU_ASSERT_EQUAL(context_pair_answered(x, &again, &server), 7);
	CU_ASSERT_EQUAL(context_pair_answered(x, &client, &web), 0);
	CU_ASSERT_EQUAL(context_host_ttl(x, &web), 61);
	context_log_clear(&log);
	context_free(x);
}

/* A hundred thousand servers do not fit. What is forgotten is unknown; nothing is ever said of the wrong one. */
static void it_forgets_and_never_confuses(void)
{
	enum { SERVERS = 100000 };
	struct context_log log = {0};
	struct context *x = context_new();
	unsigned kept = 0, wrong = 0;

	for (unsigned i = 1; i <= SERVERS; i++) {
		const struct facts_end client = end_of(SERVERS + i, 40000), server = end_of(i, 443);

		context_answered(&log, &client, &server, i, 64);
	}
	context_learn(x, &log);
	for (unsigned i = 1; i <= SERVERS; i++) {
		const struct facts_end client = end_of(SERVERS + i, 40000), server = end_of(i, 443);
		int64_t answered = context_server(x, &server).answered_ns, pair = context_pair_answered(x, &client, &server);

		kept += answered != 0;
		wrong += (answered != 0 && answered != i) || (pair != 0 && pair != i);
	}
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT_TRUE(kept > 1000);
	context_log_clear(&log);
	context_free(x);
}

/* No seed: the same words are kept and forgotten in every run. */
static void it_forgets_the_same_each_time(void)
{
	struct context_log log = {0};
	struct context *a = context_new(), *b = context_new();
	unsigned differ = 0;

	for (unsigned i = 1; i <= 50000; i++) {
		const struct facts_end server = end_of(i, 443);

		context_alive(&log, &server, i);
		context_learn(a, &log);
		context_alive(&log, &server, i);
		context_learn(b, &log);
	}
	for (unsigned i = 1; i <= 50000; i++) {
		const struct facts_end server = end_of(i, 443);

		differ += context_server(a, &server).answered_ns != context_server(b, &server).answered_ns;
	}
	CU_ASSERT_EQUAL(differ, 0);
	context_log_clear(&log);
	context_free(a);
	context_free(b);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"nobody else says nothing", nobody_else_says_nothing},
		{"the server answers somebody else", the_server_answers_somebody_else},
		{"the client comes back and is answered", the_client_comes_back_and_is_answered},
		{"a parallel connection is no return", a_parallel_connection_is_no_return},
		{"one that was judged has spoken", one_that_was_judged_has_spoken},
		{"the server is silent to others", the_server_is_silent_to_others},
		{"the server refuses others", the_server_refuses_others},
		{"the server comes back", the_server_comes_back},
		{"another port is another server", another_port_is_another_server},
		{"what was before is not later", what_was_before_is_not_later},
		{"an orderly close asks nobody", an_orderly_close_asks_nobody},
		{"they stalled together", they_stalled_together},
		{"they stalled one by one", they_stalled_one_by_one},
		{"losses are no stall", losses_are_no_stall},
		{"idle times speak for the timer", idle_times_speak_for_the_timer},
		{"each kind of word is kept", each_kind_of_word_is_kept},
		{"an answer stays answered", an_answer_stays_answered},
		{"pairs are of hosts with a server", pairs_are_of_hosts_with_a_server},
		{"it forgets and never confuses", it_forgets_and_never_confuses},
		{"it forgets the same each time", it_forgets_the_same_each_time},
		CU_TEST_INFO_NULL,
	};

	return unit_main("context", tests);
}
