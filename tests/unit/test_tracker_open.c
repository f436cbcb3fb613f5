/* How connections begin: who is the client, what the handshake agrees on, and beginnings that were not captured. */
#include "tests/unit/scene.h"

#include <string.h>

static void three_packets_open_it(void)
{
	struct scene *s = scene_new();
	const struct facts *f;

	scene_open(s);
	f = scene_only(s);
	CU_ASSERT_EQUAL(ONE(f, HANDSHAKE), 7);
	CU_ASSERT_TRUE(ONE(f, CLIENT_KNOWN));
	CU_ASSERT_EQUAL(STATE(f, CLIENT), HANGUP_TCP_STATE_ESTABLISHED);
	CU_ASSERT_EQUAL(STATE(f, SERVER), HANGUP_TCP_STATE_ESTABLISHED);
	CU_ASSERT_EQUAL(f->end[HANGUP_CLIENT].port, 40000);
	CU_ASSERT_EQUAL(f->end[HANGUP_SERVER].port, 443);
	CU_ASSERT_EQUAL(PACKET(f, SYN, CLIENT), 1);
	CU_ASSERT_EQUAL(PACKET(f, SYN, SERVER), 2);
	CU_ASSERT_EQUAL(SIDE(f, MSS, CLIENT), 1460);
	CU_ASSERT_EQUAL(SIDE(f, OS, CLIENT), HANGUP_OS_LINUX);
	CU_ASSERT_EQUAL(SIDE(f, PAYLOAD, CLIENT), 0);
	CU_ASSERT_FALSE(ONE(f, ONE_WAY));
	scene_free(s);
}

/* Linux sends it at 0, 1, 3, 7 s: one wait a repetition, each twice the one before. */
static void a_syn_nobody_answers_is_repeated(void)
{
	struct scene *s = scene_new();
	const struct facts *f;
	int64_t wait = SECONDS(1);

	scene_client(s, "S", 0, 0, 0);
	for (int i = 0; i < 3; i++, wait *= 2) {
		scene_after(s, wait);
		scene_client(s, "S", 0, 0, 0);
	}
	f = scene_only(s);
	CU_ASSERT_EQUAL(SIDE(f, RETRY_KIND, CLIENT), HANGUP_RETRY_SYN);
	CU_ASSERT_EQUAL(SIDE(f, RETRIES, CLIENT), 3);
	CU_ASSERT_EQUAL(SIDE(f, RETRY_SPAN, CLIENT), SECONDS(7));
	CU_ASSERT_EQUAL(SIDE(f, RETRY_GAP, CLIENT), SECONDS(4));
	CU_ASSERT_EQUAL(SIDE(f, SYNS, CLIENT), 4);
	CU_ASSERT_EQUAL(PACKET(f, UNANSWERED, CLIENT), 1);
	CU_ASSERT_EQUAL(PACKET(f, RETRY_FIRST, CLIENT), 2);
	CU_ASSERT_EQUAL(PACKET(f, RETRY_LAST, CLIENT), 4);
	CU_ASSERT_EQUAL(STATE(f, CLIENT), HANGUP_TCP_STATE_SYN_SENT);
	CU_ASSERT_EQUAL(STATE(f, SERVER), HANGUP_TCP_STATE_LISTEN);
	CU_ASSERT_EQUAL(ONE(f, HANDSHAKE), 1);
	scene_free(s);
}

/* A SYN announces a window, and is no closed one. */
static void a_syn_closes_no_window(void)
{
	struct scene *s = scene_new();

	scene_client(s, "S", 0, 0, 0);
	CU_ASSERT_TRUE(IS_KNOWN(scene_only(s), WINDOW_CLOSED, CLIENT));
	CU_ASSERT_FALSE(SIDE(scene_only(s), WINDOW_CLOSED, CLIENT));
	scene_free(s);
}

/* The SYN-ACKs get nowhere: the client repeats its SYN, the server its SYN-ACK. */
static void a_syn_ack_nobody_answers_is_repeated(void)
{
	struct scene *s = scene_new();
	const struct facts *f;

	scene_client(s, "S", 0, 0, 0);
	scene_server(s, "SA", 0, 1, 0);
	scene_after(s, SECONDS(1));
	scene_server(s, "SA", 0, 1, 0);
	scene_after(s, SECONDS(2));
	scene_server(s, "SA", 0, 1, 0);
	f = scene_only(s);
	CU_ASSERT_EQUAL(SIDE(f, RETRY_KIND, SERVER), HANGUP_RETRY_SYN_ACK);
	CU_ASSERT_EQUAL(SIDE(f, RETRIES, SERVER), 2);
	CU_ASSERT_EQUAL(STATE(f, SERVER), HANGUP_TCP_STATE_SYN_RECEIVED);
	scene_free(s);
}

/* The SYN-ACK was captured, and then lost: the client cannot know of it, and says so by asking again. */
static void the_client_asks_again_after_the_answer(void)
{
	struct scene *s = scene_new();

	scene_client(s, "S", 0, 0, 0);
	scene_server(s, "SA", 0, 1, 0);
	scene_after(s, SECONDS(1));
	scene_client(s, "S", 0, 0, 0);
	CU_ASSERT_EQUAL(STATE(scene_only(s), CLIENT), HANGUP_TCP_STATE_SYN_SENT);
	CU_ASSERT_EQUAL(STATE(scene_only(s), SERVER), HANGUP_TCP_STATE_SYN_RECEIVED);
	CU_ASSERT_TRUE(SIDE(scene_only(s), RETRY_ACKED, CLIENT));
	scene_free(s);
}

static void an_answer_ends_the_repetitions(void)
{
	struct scene *s = scene_new();

	scene_client(s, "S", 0, 0, 0);
	scene_after(s, SECONDS(1));
	scene_client(s, "S", 0, 0, 0);
	scene_server(s, "SA", 0, 1, 0);
	scene_client(s, "A", 1, 1, 0);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRIES, CLIENT), 0);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRY_KIND, CLIENT), HANGUP_RETRY_NONE);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRANSMITTED, CLIENT), 1);
	scene_free(s);
}

/* RFC 9293 §3.5 figure 7: the SYNs cross, each end then sends a SYN-ACK. One connection; the first SYN's sender
 * counts as the client. */
/* SYN cookies, or another server behind the same address: the client takes the second, and nothing was lost. */
static void the_last_answer_counts(void)
{
	static const uint32_t other_numbers[] = {50000, (uint32_t)-100000000};

	for (size_t i = 0; i < G_N_ELEMENTS(other_numbers); i++) {
		struct scene *s = scene_new();
		uint32_t first = other_numbers[i];

		scene_client(s, "S", 0, 0, 0);
		scene_server(s, "SA", 0, 1, 0);
		scene_server(s, "SA", first, 1, 0);
		scene_client(s, "A", 1, first + 1, 0);
		scene_server(s, "PA", first + 1, 1, 100);
		scene_client(s, "A", 1, first + 101, 0);
		CU_ASSERT_FALSE(ONE(scene_only(s), CAPTURE_LOSS));
		CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRANSMITTED, SERVER), 0);
		CU_ASSERT_EQUAL(SIDE(scene_only(s), PAYLOAD, SERVER), 100);
		CU_ASSERT_EQUAL(ONE(scene_only(s), HANDSHAKE), 7);
		scene_free(s);
	}
}

static void both_open_at_once(void)
{
	struct scene *s = scene_new();
	const struct facts *f;

	scene_client(s, "S", 0, 0, 0);
	scene_server(s, "S", 0, 0, 0);
	scene_client(s, "SA", 0, 1, 0);
	scene_server(s, "SA", 0, 1, 0);
	scene_client(s, "PA", 1, 1, 100);
	scene_server(s, "A", 1, 101, 0);
	f = scene_only(s);
	CU_ASSERT_EQUAL(f->end[HANGUP_CLIENT].port, 40000);
	CU_ASSERT_EQUAL(STATE(f, CLIENT), HANGUP_TCP_STATE_ESTABLISHED);
	CU_ASSERT_EQUAL(STATE(f, SERVER), HANGUP_TCP_STATE_ESTABLISHED);
	CU_ASSERT_EQUAL(SIDE(f, PAYLOAD, CLIENT), 100);
	CU_ASSERT_EQUAL(SIDE(f, RETRIES, CLIENT), 0);
	scene_free(s);
}

/* RFC 7413: the request rides in the SYN, and is answered before the handshake is complete. */
static void a_fast_open_carries_data(void)
{
	struct scene *s = scene_new();

	scene_client(s, "S", 0, 0, 120);
	scene_server(s, "SA", 0, 121, 0);
	scene_server(s, "PA", 1, 121, 300);
	scene_client(s, "A", 121, 301, 0);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), PAYLOAD, CLIENT), 120);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), PAYLOAD, SERVER), 300);
	CU_ASSERT_EQUAL(STATE(scene_only(s), SERVER), HANGUP_TCP_STATE_ESTABLISHED);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRANSMITTED, CLIENT), 0);
	CU_ASSERT_FALSE(ONE(scene_only(s), CAPTURE_LOSS));
	scene_free(s);
}

/* RFC 7413 §4.2: the server takes the SYN alone, so the client sends the data once more: repeated, not lost. */
static void a_fast_open_refused_sends_data_again(void)
{
	struct scene *s = scene_new();

	scene_client(s, "S", 0, 0, 120);
	scene_server(s, "SA", 0, 1, 0);
	scene_client(s, "PA", 1, 1, 120);
	scene_server(s, "A", 1, 121, 0);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), PAYLOAD, CLIENT), 120);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRANSMITTED, CLIENT), 1);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRIES, CLIENT), 0);
	scene_free(s);
}

/* --- numbers and windows --------------------------------------------------------------------------------- */

/* 200,000 bytes across the wrap: the unique payload is counted, and nothing looks repeated or lost. */
static void numbers_wrap(void)
{
	struct scene *s = scene_new();
	const struct facts *f;

	s->end[HANGUP_CLIENT].initial = UINT32_MAX - 100000;
	s->end[HANGUP_SERVER].initial = UINT32_MAX;
	scene_open(s);
	for (uint32_t sent = 0; sent < 200000; sent += 1000) {
		scene_client(s, "PA", 1 + sent, 1, 1000);
		scene_server(s, "A", 1, 1001 + sent, 0);
	}
	f = scene_only(s);
	CU_ASSERT_EQUAL(SIDE(f, PAYLOAD, CLIENT), 200000);
	CU_ASSERT_EQUAL(SIDE(f, RETRANSMITTED, CLIENT), 0);
	CU_ASSERT_EQUAL(SIDE(f, OUTSTANDING, CLIENT), 0);
	CU_ASSERT_FALSE(ONE(f, CAPTURE_LOSS));
	scene_free(s);
}

/* How far the window reaches shows in which RST is ahead of what was captured, and which is nonsense. */
static int64_t ahead_within_window(struct scene *s, uint32_t ahead)
{
	int64_t found;

	scene_open(s);
	scene_server(s, "R", 1 + ahead, 0, 0);
	found = SIDE(scene_only(s), RST_AHEAD, SERVER);
	scene_free(s);
	return found;
}

/* RFC 7323 §2.2: the window of a segment without SYN is shifted by its sender's scale. */
static void windows_are_scaled(void)
{
	CU_ASSERT_EQUAL(ahead_within_window(scene_new(), 64000), 64000);
	CU_ASSERT_EQUAL(ahead_within_window(scene_new(), 65000), 0); /* 502 << 7 is 64256 */
}

/* A SYN-ACK without the option switches both off. */
static void windows_are_scaled_only_when_both_offer(void)
{
	struct scene *s = scene_new();

	s->end[HANGUP_SERVER].scale = -1;
	CU_ASSERT_EQUAL(ahead_within_window(s, 64000), 0);
	s = scene_new();
	s->end[HANGUP_SERVER].scale = -1;
	CU_ASSERT_EQUAL(ahead_within_window(s, 500), 500);
}

/* RFC 7323 §2.3: a shift above 14 counts as 14. */
static void scales_end_at_fourteen(void)
{
	struct scene *s = scene_new();

	s->end[HANGUP_CLIENT].scale = 15;
	s->end[HANGUP_CLIENT].window = 2;
	CU_ASSERT_EQUAL(ahead_within_window(s, 32000), 32000);
	s = scene_new();
	s->end[HANGUP_CLIENT].scale = 15;
	s->end[HANGUP_CLIENT].window = 2;
	CU_ASSERT_EQUAL(ahead_within_window(s, 33000), 0);
}

/* --- what was not captured -------------------------------------------------------------------------------- */

/* No SYN: the end with the lower port is taken for the server, and said to be a guess. */
static void mid_stream_the_lower_port_serves(void)
{
	struct scene *s = scene_new();
	const struct facts *f;

	scene_server(s, "PA", 5000, 300, 200);
	scene_client(s, "A", 300, 5200, 0);
	scene_client(s, "PA", 300, 5200, 50);
	scene_server(s, "A", 5200, 350, 0);
	f = scene_only(s);
	CU_ASSERT_FALSE(ONE(f, CLIENT_KNOWN));
	CU_ASSERT_EQUAL(f->end[HANGUP_SERVER].port, 443);
	CU_ASSERT_EQUAL(ONE(f, HANDSHAKE), 0);
	CU_ASSERT_EQUAL(STATE(f, CLIENT), HANGUP_TCP_STATE_ESTABLISHED);
	CU_ASSERT_EQUAL(SIDE(f, PAYLOAD, SERVER), 200);
	CU_ASSERT_EQUAL(SIDE(f, PAYLOAD, CLIENT), 50);
	CU_ASSERT_FALSE(ONE(f, CAPTURE_LOSS));
	CU_ASSERT_FALSE(IS_KNOWN(f, OS, CLIENT));
	CU_ASSERT_FALSE(IS_KNOWN(f, MSS, CLIENT));
	scene_free(s);
}

static void a_syn_ack_tells_as_much(void)
{
	struct scene *s = scene_new();
	const struct facts *f;

	scene_server(s, "SA", 0, 1, 0);
	scene_client(s, "A", 1, 1, 0);
	f = scene_only(s);
	CU_ASSERT_TRUE(ONE(f, CLIENT_KNOWN));
	CU_ASSERT_EQUAL(f->end[HANGUP_SERVER].port, 443);
	CU_ASSERT_EQUAL(ONE(f, HANDSHAKE), 6);
	CU_ASSERT_EQUAL(STATE(f, SERVER), HANGUP_TCP_STATE_ESTABLISHED);
	scene_free(s);
}

/* The capture begins between a keepalive probe and its answer. The byte before the next number that the answer
 * acknowledges was sent before the capture began: nothing was lost. */
static void mid_stream_a_keepalive_is_no_loss(void)
{
	struct scene *s = scene_new();
	const struct facts *f;

	scene_client(s, "A", 4999, 800, 0);
	scene_server(s, "A", 800, 5000, 0);
	scene_after(s, SECONDS(75));
	scene_client(s, "A", 4999, 800, 0);
	scene_server(s, "A", 800, 5000, 0);
	f = scene_only(s);
	CU_ASSERT_FALSE(ONE(f, CAPTURE_LOSS));
	CU_ASSERT_EQUAL(SIDE(f, RETRIES, CLIENT), 0);
	CU_ASSERT_EQUAL(SIDE(f, OUTSTANDING, CLIENT), 0);
	scene_free(s);
}

/* The capture begins in the middle of a flight: its first part is acknowledged without having been seen. */
static void mid_stream_older_bytes_are_no_loss(void)
{
	struct scene *s = scene_new();

	scene_server(s, "A", 20000, 300, 1448);
	scene_client(s, "A", 300, 17000, 0);
	scene_client(s, "A", 300, 21448, 0);
	CU_ASSERT_FALSE(ONE(scene_only(s), CAPTURE_LOSS));
	CU_ASSERT_EQUAL(SIDE(scene_only(s), OUTSTANDING, SERVER), 0);
	scene_free(s);
}

/* Asymmetric routing: the client's half alone was captured, and what it acknowledges proves the other half. */
static void one_direction_alone(void)
{
	struct scene *s = scene_new();
	const struct facts *f;

	scene_client(s, "S", 0, 0, 0);
	scene_client(s, "A", 1, 1, 0);
	scene_client(s, "PA", 1, 1, 100);
	scene_client(s, "A", 101, 3001, 0);
	f = scene_only(s);
	CU_ASSERT_TRUE(ONE(f, ONE_WAY));
	CU_ASSERT_EQUAL(SIDE(f, PACKETS, SERVER), 0);
	CU_ASSERT_EQUAL(STATE(f, CLIENT), HANGUP_TCP_STATE_ESTABLISHED);
	CU_ASSERT_FALSE(ONE(f, CAPTURE_LOSS));
	scene_free(s);
}

/* Mid-stream in one direction: the acknowledgements advance though nobody speaks. */
static void one_direction_alone_mid_stream(void)
{
	struct scene *s = scene_new();

	scene_client(s, "A", 101, 3001, 0);
	scene_client(s, "A", 101, 9001, 0);
	CU_ASSERT_TRUE(ONE(scene_only(s), ONE_WAY));
	scene_free(s);
}

/* Silence of the other end is not one-way: a SYN nobody answers, or a sender whose peer is gone. */
static void silence_is_not_one_way(void)
{
	struct scene *s = scene_new();

	scene_client(s, "S", 0, 0, 0);
	CU_ASSERT_FALSE(ONE(scene_only(s), ONE_WAY));
	scene_free(s);
	s = scene_new();
	scene_client(s, "PA", 101, 3001, 50);
	scene_after(s, SECONDS(1));
	scene_client(s, "PA", 101, 3001, 50);
	CU_ASSERT_FALSE(ONE(scene_only(s), ONE_WAY));
	scene_free(s);
}

/* VLAN and IP version stay with the connection. */
static void it_keeps_where_it_came_from(void)
{
	struct scene *s = scene_new();
	struct segment syn;

	scene_use_ipv6(s);
	syn = scene_segment(s, HANGUP_CLIENT, "S", 0, 0, 0);
	syn.scope = 12;
	scene_take(s, &syn);
	CU_ASSERT_EQUAL(scene_only(s)->scope, 12);
	CU_ASSERT_EQUAL(scene_only(s)->ip_version, 6);
	CU_ASSERT_EQUAL(memcmp(scene_only(s)->end[0].address, s->end[0].address, 16), 0);
	scene_free(s);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"three packets open it", three_packets_open_it},
		{"a SYN nobody answers is repeated", a_syn_nobody_answers_is_repeated},
		{"a SYN closes no window", a_syn_closes_no_window},
		{"a SYN-ACK nobody answers is repeated", a_syn_ack_nobody_answers_is_repeated},
		{"the client asks again after the answer", the_client_asks_again_after_the_answer},
		{"an answer ends the repetitions", an_answer_ends_the_repetitions},
		{"the last answer counts", the_last_answer_counts},
		{"both open at once", both_open_at_once},
		{"a fast open carries data", a_fast_open_carries_data},
		{"a fast open refused sends data again", a_fast_open_refused_sends_data_again},
		{"numbers wrap", numbers_wrap},
		{"windows are scaled", windows_are_scaled},
		{"windows are scaled only when both offer", windows_are_scaled_only_when_both_offer},
		{"scales end at fourteen", scales_end_at_fourteen},
		{"mid-stream, the lower port serves", mid_stream_the_lower_port_serves},
		{"a SYN-ACK tells as much", a_syn_ack_tells_as_much},
		{"mid-stream, a keepalive is no loss", mid_stream_a_keepalive_is_no_loss},
		{"mid-stream, older bytes are no loss", mid_stream_older_bytes_are_no_loss},
		{"one direction alone", one_direction_alone},
		{"one direction alone, mid-stream", one_direction_alone_mid_stream},
		{"silence is not one-way", silence_is_not_one_way},
		{"it keeps where it came from", it_keeps_where_it_came_from},
		CU_TEST_INFO_NULL,
	};

	return unit_main("beginnings", tests);
}
