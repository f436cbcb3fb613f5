/* How connections close: in order, half, at once, late, or not at all. RFC 9293 §3.6. */
#include "tests/unit/scene.h"

/* Open, a request of 100 and an answer of 200 bytes, both acknowledged. */
static struct scene *talked(void)
{
	struct scene *s = scene_new();

	scene_open(s);
	scene_client(s, "PA", 1, 1, 100);
	scene_server(s, "PA", 1, 101, 200);
	scene_client(s, "A", 101, 201, 0);
	return s;
}

static void states(const struct facts *f, enum hangup_tcp_state client, enum hangup_tcp_state server)
{
	CU_ASSERT_EQUAL(STATE(f, CLIENT), client);
	CU_ASSERT_EQUAL(STATE(f, SERVER), server);
}

/* RFC 9293 figure 12. */
static void one_after_the_other(void)
{
	struct scene *s = talked();
	const struct facts *f;
	uint64_t first, second;

	scene_after(s, SECONDS(2));
	first = scene_client(s, "FA", 101, 201, 0);
	scene_server(s, "A", 201, 102, 0);
	second = scene_server(s, "FA", 201, 102, 0);
	scene_client(s, "A", 102, 202, 0);
	f = scene_only(s);
	states(f, HANGUP_TCP_STATE_TIME_WAIT, HANGUP_TCP_STATE_CLOSED);
	CU_ASSERT_TRUE(SIDE(f, FIN_ACKED, CLIENT) && SIDE(f, FIN_ACKED, SERVER));
	CU_ASSERT_FALSE(SIDE(f, FIN_ACKS_FIN, CLIENT));
	CU_ASSERT_TRUE(SIDE(f, FIN_ACKS_FIN, SERVER));
	CU_ASSERT_EQUAL(PACKET(f, FIN, CLIENT), first);
	CU_ASSERT_EQUAL(PACKET(f, FIN, SERVER), second);
	CU_ASSERT_EQUAL(ONE(f, CLOSE_AGE), SECONDS(2));
	CU_ASSERT_EQUAL(SIDE(f, DATA_AFTER_FIN, SERVER), 0);
	scene_free(s);
}

/* The second FIN acknowledges the first: three packets. */
static void three_packets_are_enough(void)
{
	struct scene *s = talked();

	scene_server(s, "FA", 201, 101, 0);
	scene_client(s, "FA", 101, 202, 0);
	scene_server(s, "A", 202, 102, 0);
	states(scene_only(s), HANGUP_TCP_STATE_CLOSED, HANGUP_TCP_STATE_TIME_WAIT);
	scene_free(s);
}

/* RFC 9293 figure 13: neither knew of the other's FIN. */
static void both_at_once(void)
{
	struct scene *s = talked();

	scene_client(s, "FA", 101, 201, 0);
	scene_server(s, "FA", 201, 101, 0);
	states(scene_ending(s, 1), HANGUP_TCP_STATE_CLOSING, HANGUP_TCP_STATE_CLOSING);
	scene_free(s);
	s = talked();
	scene_client(s, "FA", 101, 201, 0);
	scene_server(s, "FA", 201, 101, 0);
	scene_client(s, "A", 102, 202, 0);
	scene_server(s, "A", 202, 102, 0);
	states(scene_only(s), HANGUP_TCP_STATE_TIME_WAIT, HANGUP_TCP_STATE_TIME_WAIT);
	CU_ASSERT_FALSE(SIDE(scene_only(s), FIN_ACKS_FIN, CLIENT) || SIDE(scene_only(s), FIN_ACKS_FIN, SERVER));
	scene_free(s);
}

/* shutdown(SHUT_WR): the client has said everything, and goes on listening for an hour. */
static void half_closed_and_still_talking(void)
{
	struct scene *s = talked();
	const struct facts *f;
	uint64_t late;

	scene_client(s, "FA", 101, 201, 0);
	scene_server(s, "A", 201, 102, 0);
	scene_after(s, HOURS(1));
	late = scene_server(s, "PA", 201, 102, 500);
	scene_client(s, "A", 102, 701, 0);
	f = scene_only(s);
	states(f, HANGUP_TCP_STATE_FIN_WAIT_2, HANGUP_TCP_STATE_CLOSE_WAIT);
	CU_ASSERT_EQUAL(SIDE(f, DATA_AFTER_FIN, SERVER), 500);
	CU_ASSERT_EQUAL(SIDE(f, DATA_KNEW_FIN, SERVER), 500);
	CU_ASSERT_EQUAL(PACKET(f, DATA_AFTER_FIN, SERVER), late);
	CU_ASSERT_TRUE(ONE(f, CAPTURE_ENDED));
	scene_free(s);
}

/* The answer was on its way when the client closed: captured after the FIN, sent without knowing of it. */
static void data_that_crossed_did_not_know(void)
{
	struct scene *s = talked();

	scene_client(s, "FA", 101, 201, 0);
	scene_server(s, "PA", 201, 101, 500);
	scene_client(s, "A", 102, 701, 0);
	scene_server(s, "FA", 701, 102, 0);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), DATA_AFTER_FIN, SERVER), 500);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), DATA_KNEW_FIN, SERVER), 0);
	scene_free(s);
}

/* A TLS close_notify knows of the FIN and ends the conversation; it does not go on with it. */
static void a_farewell_is_no_conversation(void)
{
	static const uint8_t close_notify[] = {21, 3, 3, 0, 2, 1, 0};
	struct scene *s = talked();

	scene_client(s, "FA", 101, 201, 0);
	scene_bytes(s, HANGUP_SERVER, "PA", 201, 102, close_notify, sizeof close_notify);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), DATA_AFTER_FIN, SERVER), sizeof close_notify);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), DATA_KNEW_FIN, SERVER), 0);
	scene_free(s);
}

static void a_fin_carries_the_last_data(void)
{
	struct scene *s = talked();

	scene_server(s, "FPA", 201, 101, 300);
	scene_client(s, "A", 101, 502, 0);
	states(scene_only(s), HANGUP_TCP_STATE_CLOSE_WAIT, HANGUP_TCP_STATE_FIN_WAIT_2);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), PAYLOAD, SERVER), 500);
	scene_free(s);
}

/* The data before the FIN is acknowledged, the FIN is not. */
static void acknowledging_the_data_is_not_acknowledging_the_fin(void)
{
	struct scene *s = talked();

	scene_server(s, "FPA", 201, 101, 300);
	scene_client(s, "A", 101, 501, 0);
	CU_ASSERT_FALSE(SIDE(scene_only(s), FIN_ACKED, SERVER));
	CU_ASSERT_EQUAL(SIDE(scene_only(s), OUTSTANDING, SERVER), 1);
	states(scene_only(s), HANGUP_TCP_STATE_CLOSE_WAIT, HANGUP_TCP_STATE_FIN_WAIT_1);
	scene_free(s);
}

static void a_close_across_the_wrap(void)
{
	struct scene *s = scene_new();

	s->end[HANGUP_CLIENT].initial = UINT32_MAX - 101;
	s->end[HANGUP_SERVER].initial = UINT32_MAX - 201;
	scene_open(s);
	scene_client(s, "PA", 1, 1, 100);
	scene_server(s, "PA", 1, 101, 200);
	scene_client(s, "FA", 101, 201, 0);
	scene_server(s, "FA", 201, 102, 0);
	scene_client(s, "A", 102, 202, 0);
	states(scene_only(s), HANGUP_TCP_STATE_TIME_WAIT, HANGUP_TCP_STATE_CLOSED);
	CU_ASSERT_TRUE(SIDE(scene_only(s), FIN_ACKED, CLIENT) && SIDE(scene_only(s), FIN_ACKED, SERVER));
	scene_free(s);
}

/* The last packets of a connection that began long before the capture. */
static void a_close_mid_stream(void)
{
	struct scene *s = scene_new();

	scene_client(s, "FA", 101, 201, 0);
	scene_server(s, "FA", 201, 102, 0);
	scene_client(s, "A", 102, 202, 0);
	states(scene_only(s), HANGUP_TCP_STATE_TIME_WAIT, HANGUP_TCP_STATE_CLOSED);
	CU_ASSERT_FALSE(ONE(scene_only(s), CAPTURE_LOSS));
	CU_ASSERT_FALSE(ONE(scene_only(s), ONE_WAY));
	scene_free(s);
}

static void the_last_packet_and_its_speaker(void)
{
	struct scene *s = talked();
	uint64_t last = scene_server(s, "PA", 201, 101, 10);

	CU_ASSERT_TRUE(SIDE(scene_only(s), LAST_SPEAKER, SERVER));
	CU_ASSERT_FALSE(SIDE(scene_only(s), LAST_SPEAKER, CLIENT));
	CU_ASSERT_EQUAL(PACKET(scene_only(s), LAST, CLIENT), last);
	CU_ASSERT_EQUAL(PACKET(scene_only(s), LAST_SENT, SERVER), last);
	CU_ASSERT_EQUAL(PACKET(scene_only(s), FIRST, CLIENT), 1);
	CU_ASSERT_EQUAL(ONE(scene_only(s), DURATION), MS(60));
	scene_free(s);
}

/* --- what was left when it ended ---------------------------------------------------------------------------- */

static void who_owes_an_answer(void)
{
	struct scene *s = talked();

	scene_client(s, "PA", 101, 201, 40);
	scene_client(s, "PA", 141, 201, 60);
	scene_server(s, "A", 201, 201, 0);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), UNREPLIED, SERVER), 100);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), UNREPLIED, CLIENT), 0);
	scene_free(s);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"one after the other", one_after_the_other},
		{"three packets are enough", three_packets_are_enough},
		{"both at once", both_at_once},
		{"half closed and still talking", half_closed_and_still_talking},
		{"data that crossed did not know", data_that_crossed_did_not_know},
		{"a farewell is no conversation", a_farewell_is_no_conversation},
		{"a FIN carries the last data", a_fin_carries_the_last_data},
		{"acknowledging the data is not the FIN", acknowledging_the_data_is_not_acknowledging_the_fin},
		{"a close across the wrap", a_close_across_the_wrap},
		{"a close mid-stream", a_close_mid_stream},
		{"the last packet and its speaker", the_last_packet_and_its_speaker},
		{"who owes an answer", who_owes_an_answer},
		CU_TEST_INFO_NULL,
	};

	return unit_main("closing", tests);
}
