/* Repetitions, as docs/tracking.md lists them: what each looks like, what is counted, and what an answer ends.
 * RFC 6298, RFC 5681 §3.2, RFC 8985 §7, RFC 2883. */
#include "tests/unit/scene.h"

/* Open, a request of 100 bytes and its acknowledgement. */
static struct scene *asked(void)
{
	struct scene *s = scene_new();

	scene_open(s);
	scene_client(s, "PA", 1, 1, 100);
	scene_server(s, "A", 1, 101, 0);
	return s;
}

/* RFC 6298 §5.5: each wait is twice the one before. */
static void timeouts_double(void)
{
	struct scene *s = asked();
	const struct facts *f;
	uint64_t first = scene_client(s, "PA", 101, 1, 100);
	int64_t wait = MS(200);

	for (int i = 0; i < 5; i++, wait *= 2) {
		scene_after(s, wait);
		scene_client(s, "PA", 101, 1, 100);
	}
	f = scene_only(s);
	CU_ASSERT_EQUAL(SIDE(f, RETRY_KIND, CLIENT), HANGUP_RETRY_DATA);
	CU_ASSERT_EQUAL(SIDE(f, RETRIES, CLIENT), 5);
	CU_ASSERT_EQUAL(SIDE(f, RETRANSMITTED, CLIENT), 5);
	CU_ASSERT_EQUAL(SIDE(f, RETRY_GAP, CLIENT), MS(3200));
	CU_ASSERT_EQUAL(SIDE(f, RETRY_SPAN, CLIENT), MS(6200));
	CU_ASSERT_EQUAL(SIDE(f, RETRY_SIZE, CLIENT), 100);
	CU_ASSERT_EQUAL(SIDE(f, RETRY_PEER_SPOKE, CLIENT), 0);
	CU_ASSERT_EQUAL(SIDE(f, OUTSTANDING, CLIENT), 100);
	CU_ASSERT_EQUAL(SIDE(f, PAYLOAD, CLIENT), 200);
	CU_ASSERT_EQUAL(PACKET(f, UNANSWERED, CLIENT), first);
	CU_ASSERT_EQUAL(PACKET(f, RETRY_FIRST, CLIENT), first + 1);
	CU_ASSERT_EQUAL(PACKET(f, RETRY_LAST, CLIENT), first + 5);
	scene_free(s);
}

/* Linux: a loss probe comes first (RFC 8985 §7), then the timeout, so the first two waits are equal. Both count. */
static void a_loss_probe_makes_two_equal_waits(void)
{
	struct scene *s = asked();

	scene_client(s, "PA", 101, 1, 100);
	scene_after(s, MS(204));
	scene_client(s, "PA", 101, 1, 100);
	scene_after(s, MS(204));
	scene_client(s, "PA", 101, 1, 100);
	scene_after(s, MS(424));
	scene_client(s, "PA", 101, 1, 100);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRIES, CLIENT), 3);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRY_GAP, CLIENT), MS(424));
	scene_free(s);
}

/* A loss probe repeats the last segment of a flight, the timeout then its first: one story, from the first byte on. */
static void probe_and_timeout_are_one_story(void)
{
	struct scene *s = asked();
	uint64_t first = scene_client(s, "A", 101, 1, 1448);

	scene_client(s, "PA", 1549, 1, 700);
	scene_after(s, MS(210));
	scene_client(s, "PA", 1549, 1, 700);
	scene_after(s, MS(210));
	scene_client(s, "A", 101, 1, 1448);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRIES, CLIENT), 2);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRY_SIZE, CLIENT), 1448);
	CU_ASSERT_EQUAL(PACKET(scene_only(s), UNANSWERED, CLIENT), first);
	scene_free(s);
}

/* Three duplicate ACKs with SACK, the missing segment again, and an ACK for all: recovered, nothing waits. */
static void a_fast_retransmission_is_answered(void)
{
	struct scene *s = asked();
	const struct facts *f;

	for (uint32_t i = 0; i < 4; i++)
		scene_client(s, "A", 101 + i * 1000, 1, 1000);
	for (uint32_t i = 0; i < 3; i++) {
		struct segment ack = scene_segment(s, HANGUP_SERVER, "A", 1, 101, 0);

		ack.options |= OPTION_SACK;
		ack.sack_left = s->end[HANGUP_CLIENT].initial + 1101;
		ack.sack_right = ack.sack_left + (i + 1) * 1000;
		scene_take(s, &ack);
	}
	scene_client(s, "A", 101, 1, 1000);
	scene_server(s, "A", 1, 4101, 0);
	f = scene_only(s);
	CU_ASSERT_EQUAL(SIDE(f, RETRANSMITTED, CLIENT), 1);
	CU_ASSERT_EQUAL(SIDE(f, RETRIES, CLIENT), 0);
	CU_ASSERT_EQUAL(SIDE(f, OUTSTANDING, CLIENT), 0);
	CU_ASSERT_EQUAL(SIDE(f, PAYLOAD, CLIENT), 4100);
	scene_free(s);
}

/* The retransmissions of one timeout follow one another at once: one attempt, not four. */
static void a_burst_is_one_attempt(void)
{
	struct scene *s = asked();

	for (uint32_t i = 0; i < 4; i++)
		scene_client(s, "A", 101 + i * 1000, 1, 1000);
	scene_after(s, MS(300));
	for (uint32_t i = 0; i < 4; i++)
		scene_client(s, "A", 101 + i * 1000, 1, 1000);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRIES, CLIENT), 1);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRANSMITTED, CLIENT), 4);
	scene_free(s);
}

/* RFC 6298 §5.4: a back-off repeats the oldest byte that is owed. A recovery that walks on from segment to segment, one
 * a round trip, is no row of unanswered attempts. */
static void a_recovery_is_no_row_of_attempts(void)
{
	struct scene *s = asked();

	for (uint32_t i = 0; i < 6; i++)
		scene_client(s, "A", 101 + i * 1000, 1, 1000);
	for (uint32_t i = 0; i < 6; i++) {
		scene_after(s, MS(80));
		scene_client(s, "A", 101 + i * 1000, 1, 1000);
	}
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRIES, CLIENT), 1);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRANSMITTED, CLIENT), 6);
	scene_free(s);
}

/* The large segment gets lost again and again, while a later small one is SACKed: the mark of a path MTU. */
static void something_later_came_through(void)
{
	struct scene *s = asked();
	struct segment ack;

	scene_client(s, "A", 101, 1, 1448);
	scene_client(s, "PA", 1549, 1, 20);
	ack = scene_segment(s, HANGUP_SERVER, "A", 1, 101, 0);
	ack.options |= OPTION_SACK;
	ack.sack_left = s->end[HANGUP_CLIENT].initial + 1549;
	ack.sack_right = ack.sack_left + 20;
	scene_take(s, &ack);
	scene_after(s, MS(300));
	scene_client(s, "A", 101, 1, 1448);
	scene_after(s, MS(600));
	scene_client(s, "A", 101, 1, 1448);
	CU_ASSERT_TRUE(SIDE(scene_only(s), RETRY_SACKED, CLIENT));
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRY_SIZE, CLIENT), 1448);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), LARGEST_ACKED, CLIENT), 100);
	scene_free(s);
}

/* RFC 2883: a duplicate SACK speaks of what came twice, not of what came through beyond a loss. */
static void a_duplicate_sack_is_no_sack(void)
{
	struct scene *s = asked();
	struct segment ack;

	scene_client(s, "PA", 101, 1, 100);
	ack = scene_segment(s, HANGUP_SERVER, "A", 1, 101, 0);
	ack.options |= OPTION_SACK;
	ack.dsack = true;
	scene_take(s, &ack);
	scene_after(s, MS(300));
	scene_client(s, "PA", 101, 1, 100);
	CU_ASSERT_FALSE(SIDE(scene_only(s), RETRY_SACKED, CLIENT));
	scene_free(s);
}

/* --- answers ---------------------------------------------------------------------------------------------- */

/* The ACK for it was captured: it is repeated because the ACK did not get through, or too late. */
static void repeating_what_was_acknowledged(void)
{
	struct scene *s = asked();

	scene_client(s, "PA", 101, 1, 100);
	scene_server(s, "A", 1, 201, 0);
	scene_after(s, MS(200));
	scene_client(s, "PA", 101, 1, 100);
	scene_after(s, MS(400));
	scene_client(s, "PA", 101, 1, 100);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRIES, CLIENT), 2);
	CU_ASSERT_TRUE(SIDE(scene_only(s), RETRY_ACKED, CLIENT));
	CU_ASSERT_EQUAL(SIDE(scene_only(s), OUTSTANDING, CLIENT), 0);
	scene_free(s);
}

/* A spurious one: it crossed its ACK, and the sender goes on with new data. It waits for nothing. */
static void a_spurious_one_is_forgotten_with_new_data(void)
{
	struct scene *s = asked();

	scene_client(s, "PA", 101, 1, 100);
	scene_server(s, "A", 1, 201, 0);
	scene_client(s, "PA", 101, 1, 100);
	scene_client(s, "PA", 201, 1, 100);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRIES, CLIENT), 0);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRANSMITTED, CLIENT), 1);
	scene_free(s);
}

/* An ACK for an earlier part is progress: the count begins anew. */
static void progress_begins_the_count_anew(void)
{
	struct scene *s = asked();

	scene_client(s, "A", 101, 1, 1000);
	scene_client(s, "A", 1101, 1, 1000);
	for (int i = 0; i < 3; i++) {
		scene_after(s, SECONDS(1));
		scene_client(s, "A", 101, 1, 1000);
	}
	scene_server(s, "A", 1, 1101, 0);
	scene_after(s, SECONDS(1));
	scene_client(s, "A", 1101, 1, 1000);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRIES, CLIENT), 1);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRANSMITTED, CLIENT), 4);
	scene_free(s);
}

/* A duplicate ACK acknowledges nothing, but shows that the other end lives: it is counted beside. */
static void a_duplicate_ack_is_no_answer(void)
{
	struct scene *s = asked();

	scene_client(s, "PA", 101, 1, 100);
	scene_after(s, MS(200));
	scene_client(s, "PA", 101, 1, 100);
	scene_server(s, "A", 1, 101, 0);
	scene_after(s, MS(400));
	scene_client(s, "PA", 101, 1, 100);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRIES, CLIENT), 2);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRY_PEER_SPOKE, CLIENT), 1);
	scene_free(s);
}

/* RFC 5681 §2: a window update is no duplicate ACK and answers nothing either. */
static void a_window_update_is_no_answer(void)
{
	struct scene *s = asked();

	scene_client(s, "PA", 101, 1, 100);
	scene_after(s, MS(200));
	scene_client(s, "PA", 101, 1, 100);
	s->end[HANGUP_SERVER].window = 900;
	scene_server(s, "A", 1, 101, 0);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRIES, CLIENT), 1);
	scene_free(s);
}

/* --- FINs and what rides with them ------------------------------------------------------------------------ */

static void a_fin_is_repeated(void)
{
	struct scene *s = asked();
	const struct facts *f;

	scene_client(s, "FA", 101, 1, 0);
	scene_after(s, MS(200));
	scene_client(s, "FA", 101, 1, 0);
	scene_after(s, MS(400));
	scene_client(s, "FA", 101, 1, 0);
	f = scene_only(s);
	CU_ASSERT_EQUAL(SIDE(f, RETRY_KIND, CLIENT), HANGUP_RETRY_FIN);
	CU_ASSERT_EQUAL(SIDE(f, RETRIES, CLIENT), 2);
	CU_ASSERT_EQUAL(SIDE(f, FINS, CLIENT), 3);
	CU_ASSERT_EQUAL(SIDE(f, OUTSTANDING, CLIENT), 1);
	CU_ASSERT_EQUAL(STATE(f, CLIENT), HANGUP_TCP_STATE_FIN_WAIT_1);
	scene_free(s);
}

/* The lost data comes again together with the FIN that followed it: data, not a FIN alone. */
static void data_and_fin_repeated_as_one(void)
{
	struct scene *s = asked();

	scene_client(s, "PA", 101, 1, 100);
	scene_client(s, "FA", 201, 1, 0);
	scene_after(s, MS(200));
	scene_client(s, "FPA", 101, 1, 100);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRY_KIND, CLIENT), HANGUP_RETRY_DATA);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), PAYLOAD, CLIENT), 200);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), FINS, CLIENT), 2);
	scene_free(s);
}

/* Lost data comes again with a FIN that was not sent before: the FIN is new, the payload is not. */
static void a_new_fin_on_old_data(void)
{
	struct scene *s = asked();
	uint64_t data;

	scene_server(s, "PA", 1, 101, 50);
	data = scene_client(s, "PA", 101, 51, 100);
	scene_server(s, "PA", 51, 101, 50);
	scene_after(s, MS(200));
	scene_client(s, "FPA", 101, 101, 100);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), PAYLOAD, CLIENT), 200);
	CU_ASSERT_EQUAL(PACKET(scene_only(s), LAST_DATA, CLIENT), data);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), UNREPLIED, CLIENT), 50);
	scene_free(s);
}

/* Repeated and new bytes in one segment, as when two small ones are sent again as one: the new ones are counted. */
static void partly_new_counts_the_new(void)
{
	struct scene *s = asked();

	scene_client(s, "PA", 101, 1, 100);
	scene_after(s, MS(200));
	scene_client(s, "PA", 101, 1, 250);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), PAYLOAD, CLIENT), 350);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), OUTSTANDING, CLIENT), 250);
	scene_free(s);
}

/* --- a clock set back -------------------------------------------------------------------------------------- */

/* NTP sets the clock back while one end repeats: until the clock has caught up these look like copies, filed late, of
 * what came before. No wait is negative. */
static void a_clock_set_back_makes_no_negative_wait(void)
{
	struct scene *s = asked();

	scene_client(s, "PA", 101, 1, 100);
	scene_after(s, -SECONDS(5));
	scene_client(s, "PA", 101, 1, 100);
	scene_after(s, SECONDS(4));
	scene_client(s, "PA", 101, 1, 100);
	scene_after(s, SECONDS(8));
	scene_client(s, "PA", 101, 1, 100);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRIES, CLIENT), 1);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRY_GAP, CLIENT), SECONDS(7));
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRY_SPAN, CLIENT), SECONDS(7));
	scene_free(s);
}

/* It is set back while data flows, and repetitions follow: the first one was sent "later" than they. */
static void nor_does_it_in_full_flow(void)
{
	struct scene *s = asked();

	scene_client(s, "PA", 101, 1, 100);
	scene_after(s, -SECONDS(5));
	scene_client(s, "PA", 201, 1, 100);
	scene_after(s, SECONDS(4));
	scene_client(s, "PA", 101, 1, 100);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), PAYLOAD, CLIENT), 300);
	CU_ASSERT_TRUE(SIDE(scene_only(s), RETRY_GAP, CLIENT) >= 0);
	CU_ASSERT_TRUE(SIDE(scene_only(s), RETRY_SPAN, CLIENT) >= 0);
	scene_free(s);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"timeouts double", timeouts_double},
		{"a loss probe makes two equal waits", a_loss_probe_makes_two_equal_waits},
		{"probe and timeout are one story", probe_and_timeout_are_one_story},
		{"a fast retransmission is answered", a_fast_retransmission_is_answered},
		{"a burst is one attempt", a_burst_is_one_attempt},
		{"a recovery is no row of attempts", a_recovery_is_no_row_of_attempts},
		{"something later came through", something_later_came_through},
		{"a duplicate SACK is no SACK", a_duplicate_sack_is_no_sack},
		{"repeating what was acknowledged", repeating_what_was_acknowledged},
		{"a spurious one is forgotten with new data", a_spurious_one_is_forgotten_with_new_data},
		{"progress begins the count anew", progress_begins_the_count_anew},
		{"a duplicate ACK is no answer", a_duplicate_ack_is_no_answer},
		{"a window update is no answer", a_window_update_is_no_answer},
		{"a FIN is repeated", a_fin_is_repeated},
		{"data and FIN repeated as one", data_and_fin_repeated_as_one},
		{"a new FIN on old data", a_new_fin_on_old_data},
		{"partly new counts the new", partly_new_counts_the_new},
		{"a clock set back makes no negative wait", a_clock_set_back_makes_no_negative_wait},
		{"nor does it in full flow", nor_does_it_in_full_flow},
		CU_TEST_INFO_NULL,
	};

	return unit_main("repetitions", tests);
}
