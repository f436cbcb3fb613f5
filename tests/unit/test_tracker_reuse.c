/* A SYN on addresses and ports already in use: repeated, crossing, a new connection, or a stale one that draws a
 * challenge ACK (RFC 9293 §3.5.1, RFC 5961 §4, RFC 6191). */
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

static void close_by_client(struct scene *s)
{
	scene_client(s, "FA", 101, 201, 0);
	scene_server(s, "FA", 201, 102, 0);
	scene_client(s, "A", 102, 202, 0);
}

/* The next connection of the same ends, with numbers of its own. */
static void renumber(struct scene *s)
{
	s->end[HANGUP_CLIENT].initial = 3000000000u;
	s->end[HANGUP_SERVER].initial = 70000;
}

static void the_same_number_is_a_repetition(void)
{
	struct scene *s = scene_new();

	scene_client(s, "S", 0, 0, 0);
	scene_after(s, SECONDS(1));
	scene_client(s, "S", 0, 0, 0);
	CU_ASSERT_EQUAL(s->id, 1);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), SYNS, CLIENT), 2);
	scene_free(s);
}

/* A program that connects from a fixed port gave the first attempt up: another number, another connection. */
static void another_number_is_another_attempt(void)
{
	struct scene *s = scene_new();
	uint64_t again;

	scene_client(s, "S", 0, 0, 0);
	scene_after(s, SECONDS(5));
	renumber(s);
	again = scene_client(s, "S", 0, 0, 0);
	scene_server(s, "SA", 0, 1, 0);
	CU_ASSERT_EQUAL(s->id, 2);
	CU_ASSERT_TRUE(ONE(scene_ending(s, 1), REUSED));
	CU_ASSERT_EQUAL(PACKET(scene_ending(s, 1), REUSE, CLIENT), again);
	CU_ASSERT_FALSE(ONE(scene_ending(s, 2), REUSED));
	scene_free(s);
}

/* RFC 6191: a SYN may reopen a pair in TIME-WAIT. The first connection had closed and stays as it was. */
static void time_wait_is_reopened(void)
{
	struct scene *s = talked();

	close_by_client(s);
	scene_after(s, SECONDS(20));
	renumber(s);
	scene_open(s);
	CU_ASSERT_EQUAL(s->id, 2);
	CU_ASSERT_FALSE(ONE(scene_ending(s, 1), REUSED));
	CU_ASSERT_EQUAL(STATE(scene_ending(s, 1), CLIENT), HANGUP_TCP_STATE_TIME_WAIT);
	CU_ASSERT_EQUAL(SIDE(scene_ending(s, 1), PACKETS, CLIENT), 6);
	CU_ASSERT_EQUAL(STATE(scene_ending(s, 2), SERVER), HANGUP_TCP_STATE_ESTABLISHED);
	scene_free(s);
}

/* A SYN older than the pair in TIME-WAIT is answered with the old numbers; the client resets that, and its SYN, sent
 * again a second later, is taken. Nothing of this is loss, nor an end of the new connection. */
static struct scene *older_syn_after(int64_t pause_ns)
{
	struct scene *s = talked();
	const struct scene_end client = s->end[HANGUP_CLIENT], server = s->end[HANGUP_SERVER];

	close_by_client(s);
	scene_after(s, pause_ns);
	s->end[HANGUP_CLIENT].initial -= 100000;
	scene_client(s, "S", 0, 0, 0);
	s->end[HANGUP_CLIENT] = client;
	scene_server(s, "A", 202, 102, 0);
	scene_client(s, "R", 102, 0, 0);
	s->end[HANGUP_CLIENT].initial -= 100000;
	s->end[HANGUP_SERVER] = server;
	s->end[HANGUP_SERVER].initial = 70000;
	scene_after(s, SECONDS(1));
	scene_open(s);
	CU_ASSERT_EQUAL(s->id, 2);
	CU_ASSERT_EQUAL(STATE(scene_ending(s, 2), CLIENT), HANGUP_TCP_STATE_ESTABLISHED);
	CU_ASSERT_EQUAL(STATE(scene_ending(s, 2), SERVER), HANGUP_TCP_STATE_ESTABLISHED);
	CU_ASSERT_FALSE(SIDE(scene_ending(s, 2), RST_ENDED, CLIENT));
	CU_ASSERT_EQUAL(SIDE(scene_ending(s, 2), OUTSTANDING, CLIENT), 0);
	CU_ASSERT_FALSE(ONE(scene_ending(s, 2), CAPTURE_LOSS));
	return s;
}

/* The old connection was not judged yet, and the two packets are its own. */
static void time_wait_refuses_an_older_syn(void)
{
	struct scene *s = older_syn_after(SECONDS(3));

	CU_ASSERT_EQUAL(SIDE(scene_ending(s, 1), RSTS, CLIENT), 1);
	CU_ASSERT_EQUAL(SIDE(scene_ending(s, 2), RSTS, CLIENT), 0);
	CU_ASSERT_EQUAL(SIDE(scene_ending(s, 2), PACKETS, SERVER), 1);
	scene_free(s);
}

/* It was judged: they fall to the new one, which takes no notice (RFC 9293 §3.10.7.3). */
static void time_wait_refuses_it_after_the_judgement(void)
{
	struct scene *s = older_syn_after(SECONDS(30));

	CU_ASSERT_EQUAL(SIDE(scene_ending(s, 2), RSTS, CLIENT), 1);
	CU_ASSERT_EQUAL(SIDE(scene_ending(s, 2), RSTS_REJECTED, CLIENT), 1);
	scene_free(s);
}

/* A NAT gave the port to somebody else, who is answered: the first connection ended unseen. */
static void an_open_connection_is_taken_over(void)
{
	struct scene *s = talked();
	uint64_t syn;

	scene_after(s, SECONDS(8000));
	renumber(s);
	syn = scene_client(s, "S", 0, 0, 0);
	scene_server(s, "SA", 0, 1, 0);
	scene_client(s, "A", 1, 1, 0);
	scene_client(s, "PA", 1, 1, 100);
	CU_ASSERT_EQUAL(s->id, 2);
	CU_ASSERT_TRUE(ONE(scene_ending(s, 1), REUSED));
	CU_ASSERT_EQUAL(PACKET(scene_ending(s, 1), REUSE, CLIENT), syn);
	CU_ASSERT_EQUAL(SIDE(scene_ending(s, 2), PAYLOAD, CLIENT), 100);
	scene_free(s);
}

/* The client restarted and uses the port again. The server, still connected, challenges with the old numbers
 * (RFC 5961 §4.2); the client resets the old connection and its next SYN is taken. */
static void a_challenged_syn_then_succeeds(void)
{
	struct scene *s = talked();
	const struct scene_end client = s->end[HANGUP_CLIENT], server = s->end[HANGUP_SERVER];
	uint64_t rst;

	scene_after(s, SECONDS(95));
	renumber(s);
	scene_client(s, "S", 0, 0, 0);
	s->end[HANGUP_CLIENT] = client;
	s->end[HANGUP_SERVER] = server;
	scene_server(s, "A", 201, 101, 0);
	CU_ASSERT_EQUAL(s->id, 1);
	rst = scene_client(s, "R", 101, 0, 0);
	CU_ASSERT_EQUAL(s->id, 1);
	renumber(s);
	scene_open(s);
	CU_ASSERT_EQUAL(s->id, 2);
	scene_client(s, "PA", 1, 1, 100);
	scene_server(s, "A", 1, 101, 0);
	CU_ASSERT_EQUAL(PACKET(scene_ending(s, 1), RST, CLIENT), rst);
	CU_ASSERT_TRUE(SIDE(scene_ending(s, 1), RST_ENDED, CLIENT));
	CU_ASSERT_EQUAL(STATE(scene_ending(s, 2), CLIENT), HANGUP_TCP_STATE_ESTABLISHED);
	CU_ASSERT_EQUAL(STATE(scene_ending(s, 2), SERVER), HANGUP_TCP_STATE_ESTABLISHED);
	CU_ASSERT_EQUAL(SIDE(scene_ending(s, 2), PAYLOAD, CLIENT), 100);
	CU_ASSERT_EQUAL(SIDE(scene_ending(s, 2), RETRANSMITTED, SERVER), 0);
	CU_ASSERT_FALSE(ONE(scene_ending(s, 2), CAPTURE_LOSS));
	scene_free(s);
}

/* Somebody forged the SYN: the client never sent it, and goes on where it was. It has its connection back, and the
 * SYN is a connection of its own that nobody answered. */
static void a_forged_syn_changes_nothing(void)
{
	struct scene *s = talked();
	const struct scene_end client = s->end[HANGUP_CLIENT];

	s->end[HANGUP_CLIENT].initial = 3000000000u;
	scene_client(s, "S", 0, 0, 0);
	CU_ASSERT_EQUAL(s->id, 2);
	s->end[HANGUP_CLIENT] = client;
	scene_server(s, "A", 201, 101, 0);
	scene_client(s, "PA", 101, 201, 100);
	CU_ASSERT_EQUAL(s->id, 1);
	scene_server(s, "A", 201, 201, 0);
	scene_client(s, "FA", 201, 201, 0);
	scene_server(s, "FA", 201, 202, 0);
	CU_ASSERT_EQUAL(s->id, 1);
	CU_ASSERT_FALSE(ONE(scene_ending(s, 1), REUSED));
	CU_ASSERT_EQUAL(SIDE(scene_ending(s, 1), FINS, CLIENT), 1);
	CU_ASSERT_TRUE(SIDE(scene_ending(s, 1), FIN_ACKED, CLIENT));
	CU_ASSERT_EQUAL(SIDE(scene_ending(s, 2), PACKETS, CLIENT), 1);
	CU_ASSERT_EQUAL(SIDE(scene_ending(s, 2), PACKETS, SERVER), 0);
	scene_free(s);
}

/* Captured from the middle: a SYN begins anew whatever was thought of the numbers before. */
static void a_syn_ends_what_began_mid_stream(void)
{
	struct scene *s = scene_new();

	scene_client(s, "PA", 101, 201, 100);
	renumber(s);
	scene_open(s);
	CU_ASSERT_EQUAL(s->id, 2);
	CU_ASSERT_TRUE(ONE(scene_ending(s, 2), CLIENT_KNOWN));
	scene_free(s);
}

/* The capture shows the SYN-ACK before the SYN it answers. */
static void a_syn_captured_late_is_no_new_one(void)
{
	struct scene *s = scene_new();

	scene_server(s, "SA", 0, 1, 0);
	scene_client(s, "S", 0, 0, 0);
	scene_client(s, "A", 1, 1, 0);
	CU_ASSERT_EQUAL(s->id, 1);
	CU_ASSERT_EQUAL(ONE(scene_only(s), HANDSHAKE), 7);
	CU_ASSERT_EQUAL(STATE(scene_only(s), CLIENT), HANGUP_TCP_STATE_ESTABLISHED);
	CU_ASSERT_EQUAL(STATE(scene_only(s), SERVER), HANGUP_TCP_STATE_ESTABLISHED);
	scene_free(s);
}

/* The roles turn: what was the server connects to what was the client, from and to the same ports. */
static void the_other_end_may_connect_next(void)
{
	struct scene *s = talked();

	close_by_client(s);
	renumber(s);
	scene_server(s, "S", 0, 0, 0);
	scene_client(s, "SA", 0, 1, 0);
	CU_ASSERT_EQUAL(s->id, 2);
	CU_ASSERT_EQUAL(s->side, HANGUP_SERVER);
	CU_ASSERT_EQUAL(scene_ending(s, 2)->end[HANGUP_CLIENT].port, 443);
	scene_free(s);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"the same number is a repetition", the_same_number_is_a_repetition},
		{"another number is another attempt", another_number_is_another_attempt},
		{"TIME-WAIT is reopened", time_wait_is_reopened},
		{"TIME-WAIT refuses an older SYN", time_wait_refuses_an_older_syn},
		{"TIME-WAIT refuses it after the judgement", time_wait_refuses_it_after_the_judgement},
		{"an open connection is taken over", an_open_connection_is_taken_over},
		{"a challenged SYN then succeeds", a_challenged_syn_then_succeeds},
		{"a forged SYN changes nothing", a_forged_syn_changes_nothing},
		{"a SYN ends what began mid-stream", a_syn_ends_what_began_mid_stream},
		{"a SYN captured late is no new one", a_syn_captured_late_is_no_new_one},
		{"the other end may connect next", the_other_end_may_connect_next},
		CU_TEST_INFO_NULL,
	};

	return unit_main("addresses and ports used again", tests);
}
