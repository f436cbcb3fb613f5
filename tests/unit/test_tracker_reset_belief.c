/* Which RSTs end a connection, row by row: RFC 9293 §3.10.7.4, RFC 5961 §3.2, and what Linux (tcp_input.c), XNU and
 * FreeBSD do beyond them. What reached a host is not known from here, so anything between acknowledged and sent may
 * be its next number. */
#include "tests/unit/scene.h"

static void believed(const struct facts *f)
{
	CU_ASSERT_TRUE(SIDE(f, RST_ENDED, SERVER));
	CU_ASSERT_EQUAL(STATE(f, CLIENT), HANGUP_TCP_STATE_CLOSED);
	CU_ASSERT_EQUAL(STATE(f, SERVER), HANGUP_TCP_STATE_CLOSED);
	CU_ASSERT_EQUAL(SIDE(f, RSTS_REJECTED, SERVER), 0);
	CU_ASSERT_EQUAL(PACKET(f, RST_REJECTED, SERVER), 0);
}

static void rejected(const struct facts *f, enum hangup_tcp_state client_is)
{
	CU_ASSERT_FALSE(SIDE(f, RST_ENDED, SERVER));
	CU_ASSERT_EQUAL(SIDE(f, RST_KIND, SERVER), HANGUP_RESET_NONE);
	CU_ASSERT_EQUAL(STATE(f, CLIENT), client_is);
	CU_ASSERT_EQUAL(SIDE(f, RSTS, SERVER), SIDE(f, RSTS_REJECTED, SERVER));
	CU_ASSERT_NOT_EQUAL(PACKET(f, RST_REJECTED, SERVER), 0);
}

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

/* --- established ----------------------------------------------------------------------------------------- */

static void exactly_the_next_number_resets(void)
{
	struct scene *s = talked();
	uint64_t rst = scene_server(s, "RA", 201, 101, 0);

	believed(scene_only(s));
	CU_ASSERT_TRUE(SIDE(scene_only(s), RST_EXACT, SERVER));
	CU_ASSERT_EQUAL(PACKET(scene_only(s), RST, SERVER), rst);
	scene_free(s);
}

/* Data 201 to 501 may or may not have arrived: a RST at 401 may answer what did. Linux resets at the right edge of
 * the highest SACK block too, and aborts with the edge of the window when that lies before its next number. */
static void between_acknowledged_and_sent_resets(void)
{
	struct scene *s = talked();

	scene_server(s, "PA", 201, 101, 300);
	scene_server(s, "R", 401, 0, 0);
	believed(scene_only(s));
	CU_ASSERT_FALSE(SIDE(scene_only(s), RST_EXACT, SERVER));
	CU_ASSERT_TRUE(SIDE(scene_only(s), RST_BEHIND, SERVER));
	scene_free(s);
}

/* RFC 5961 §3.2: in the window but not exact draws a challenge ACK. From here it may also mean that what lies between
 * was never captured, so how far ahead it was is kept. */
static void in_the_window_but_ahead_is_challenged(void)
{
	struct scene *s = talked();
	uint64_t rst;

	scene_after(s, SECONDS(7));
	rst = scene_server(s, "R", 1201, 0, 0);
	rejected(scene_only(s), HANGUP_TCP_STATE_ESTABLISHED);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RST_AHEAD, SERVER), 1000);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RST_AHEAD_AGE, SERVER), SECONDS(7));
	CU_ASSERT_EQUAL(PACKET(scene_only(s), RST_AHEAD, SERVER), rst);
	CU_ASSERT_TRUE(ONE(scene_only(s), CAPTURE_LOSS));
	scene_free(s);
}

/* But when its sender goes on where it was, nothing lay between: the number was guessed. */
static void ahead_of_a_sender_that_goes_on_nothing_is_lost(void)
{
	struct scene *s = talked();

	scene_server(s, "R", 1201, 0, 0);
	scene_client(s, "A", 101, 201, 0);
	scene_server(s, "PA", 201, 101, 50);
	scene_client(s, "A", 101, 251, 0);
	rejected(scene_only(s), HANGUP_TCP_STATE_ESTABLISHED);
	CU_ASSERT_FALSE(ONE(scene_only(s), CAPTURE_LOSS));
	scene_free(s);
}

static void beyond_the_window_is_dropped(void)
{
	struct scene *s = talked();

	scene_server(s, "R", 201 + (502 << 7) + 1, 0, 0);
	rejected(scene_only(s), HANGUP_TCP_STATE_ESTABLISHED);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RST_AHEAD, SERVER), 0);
	scene_free(s);
}

static void below_the_window_is_dropped(void)
{
	struct scene *s = talked();

	scene_server(s, "R", 200, 0, 0);
	scene_server(s, "RA", 1, 101, 0);
	rejected(scene_only(s), HANGUP_TCP_STATE_ESTABLISHED);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RSTS_REJECTED, SERVER), 2);
	scene_free(s);
}

/* RFC 7323 §5.2: PAWS does not apply to a RST, whose timestamp is an hour old. */
static void an_old_timestamp_does_not_save_it(void)
{
	struct scene *s = talked();
	struct segment rst = scene_segment(s, HANGUP_SERVER, "RA", 201, 101, 0);

	rst.ts_value = (uint32_t)((s->now_ns - HOURS(1)) / MS(1));
	scene_take(s, &rst);
	believed(scene_only(s));
	scene_free(s);
}

/* Numbers wrap: the RST's is small, what came before it large. */
static void the_next_number_may_have_wrapped(void)
{
	struct scene *s = scene_new();

	s->end[HANGUP_SERVER].initial = UINT32_MAX - 50;
	scene_open(s);
	scene_client(s, "PA", 1, 1, 100);
	scene_server(s, "PA", 1, 101, 200);
	scene_server(s, "RA", 201, 101, 0);
	believed(scene_only(s));
	CU_ASSERT_TRUE(SIDE(scene_only(s), RST_EXACT, SERVER));
	scene_free(s);
}

/* --- closing --------------------------------------------------------------------------------------------- */

/* Linux tcp_reset_check() and XNU accept a RST with the number of the FIN itself from an end that closed. */
static void the_number_of_its_fin_resets(void)
{
	struct scene *s = talked();

	scene_server(s, "FA", 201, 101, 0);
	scene_client(s, "A", 101, 202, 0);
	scene_server(s, "R", 201, 0, 0);
	believed(scene_only(s));
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RST_KIND, SERVER), HANGUP_RESET_AFTER_OWN_FIN);
	scene_free(s);
}

static void two_before_is_still_below(void)
{
	struct scene *s = talked();

	scene_server(s, "FA", 201, 101, 0);
	scene_client(s, "A", 101, 202, 0);
	scene_server(s, "R", 200, 0, 0);
	rejected(scene_only(s), HANGUP_TCP_STATE_CLOSE_WAIT);
	scene_free(s);
}

/* RFC 9293 §3.10.7.4; RFC 1337 would rather ignore it. Either way the connection was over before. */
static void time_wait_is_cut_short(void)
{
	struct scene *s = talked();

	scene_client(s, "FA", 101, 201, 0);
	scene_server(s, "FA", 201, 102, 0);
	scene_client(s, "A", 102, 202, 0);
	scene_server(s, "R", 202, 0, 0);
	believed(scene_only(s));
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RST_KIND, SERVER), HANGUP_RESET_AFTER_CLOSE);
	CU_ASSERT_TRUE(ONE(scene_only(s), RST_AFTER_CLOSE));
	scene_free(s);
}

/* --- opening --------------------------------------------------------------------------------------------- */

static void a_rst_that_acknowledges_the_syn_refuses(void)
{
	struct scene *s = scene_new();
	struct segment rst;

	scene_client(s, "S", 0, 0, 0);
	rst = scene_segment(s, HANGUP_SERVER, "RA", 0, 1, 0);
	rst.seq = 0;
	scene_take(s, &rst);
	believed(scene_only(s));
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RST_KIND, SERVER), HANGUP_RESET_REFUSES);
	CU_ASSERT_FALSE(SIDE(scene_only(s), RST_ACTIVE, SERVER));
	scene_free(s);
}

/* RFC 7413 §4.2: a SYN with data is acknowledged with or without it. */
static void refusing_a_syn_with_data_acknowledges_the_data(void)
{
	struct scene *s = scene_new();
	struct segment rst;

	scene_client(s, "S", 0, 0, 120);
	rst = scene_segment(s, HANGUP_SERVER, "RA", 0, 121, 0);
	rst.seq = 0;
	scene_take(s, &rst);
	believed(scene_only(s));
	scene_free(s);
}

static void in_syn_sent_a_bare_rst_is_nothing(void)
{
	struct scene *s = scene_new();

	scene_client(s, "S", 0, 0, 0);
	scene_server(s, "R", 0, 0, 0);
	rejected(scene_only(s), HANGUP_TCP_STATE_SYN_SENT);
	scene_free(s);
}

static void in_syn_sent_a_wrong_acknowledgement_is_nothing(void)
{
	struct scene *s = scene_new();

	scene_client(s, "S", 0, 0, 0);
	scene_server(s, "RA", 0, 0, 0);
	scene_server(s, "RA", 0, 2, 0);
	rejected(scene_only(s), HANGUP_TCP_STATE_SYN_SENT);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RSTS_REJECTED, SERVER), 2);
	scene_free(s);
}

/* Windows sends the SYN again half a second after a RST, twice or more, before it gives up: all one connection,
 * refused each time. */
static void each_syn_is_refused_anew(void)
{
	struct scene *s = scene_new();

	for (int i = 0; i < 3; i++) {
		scene_after(s, MS(500));
		scene_client(s, "S", 0, 0, 0);
		scene_server(s, "RA", 0, 1, 0);
	}
	believed(scene_only(s));
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RSTS, SERVER), 3);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), SYNS, CLIENT), 3);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RST_KIND, SERVER), HANGUP_RESET_REFUSES);
	scene_free(s);
}

/* --- with little to compare ------------------------------------------------------------------------------- */

/* Backscatter, or the tail of something older: nothing speaks against it. */
static void alone_it_is_believed(void)
{
	struct scene *s = scene_new();

	scene_server(s, "R", 777, 0, 0);
	believed(scene_only(s));
	CU_ASSERT_FALSE(ONE(scene_only(s), CLIENT_KNOWN));
	scene_free(s);
}

/* Only one end's packets were captured, but its acknowledgements say what is due from the other. */
static void the_unseen_ends_number_is_known_from_its_peer(void)
{
	struct scene *s = scene_new();

	scene_client(s, "PA", 101, 201, 100);
	scene_server(s, "R", 100, 0, 0);
	rejected(scene_ending(s, 1), HANGUP_TCP_STATE_ESTABLISHED);
	scene_free(s);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"exactly the next number resets", exactly_the_next_number_resets},
		{"between acknowledged and sent resets", between_acknowledged_and_sent_resets},
		{"in the window but ahead is challenged", in_the_window_but_ahead_is_challenged},
		{"ahead of a sender that goes on, nothing is lost", ahead_of_a_sender_that_goes_on_nothing_is_lost},
		{"beyond the window is dropped", beyond_the_window_is_dropped},
		{"below the window is dropped", below_the_window_is_dropped},
		{"an old timestamp does not save it", an_old_timestamp_does_not_save_it},
		{"the next number may have wrapped", the_next_number_may_have_wrapped},
		{"the number of its FIN resets", the_number_of_its_fin_resets},
		{"two before is still below", two_before_is_still_below},
		{"TIME-WAIT is cut short", time_wait_is_cut_short},
		{"a RST that acknowledges the SYN refuses", a_rst_that_acknowledges_the_syn_refuses},
		{"refusing a SYN with data acknowledges the data", refusing_a_syn_with_data_acknowledges_the_data},
		{"in SYN-SENT a bare RST is nothing", in_syn_sent_a_bare_rst_is_nothing},
		{"in SYN-SENT a wrong acknowledgement is nothing", in_syn_sent_a_wrong_acknowledgement_is_nothing},
		{"each SYN is refused anew", each_syn_is_refused_anew},
		{"alone it is believed", alone_it_is_believed},
		{"the unseen end's number is known from its peer", the_unseen_ends_number_is_known_from_its_peer},
		CU_TEST_INFO_NULL,
	};

	return unit_main("RSTs, believed or not", tests);
}
