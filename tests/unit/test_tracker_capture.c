/* What the capture does to packets: it sees them twice, late, out of order, or not at all. None of that is the
 * network's doing, and none may look like it. */
#include "tests/unit/scene.h"

static struct scene *asked(void)
{
	struct scene *s = scene_new();

	scene_open(s);
	scene_client(s, "PA", 1, 1, 100);
	scene_server(s, "A", 1, 101, 0);
	return s;
}

/* --- twice ------------------------------------------------------------------------------------------------- */

/* A bridge and its port, a SPAN of both directions: the same bytes a moment later. */
static void the_same_bytes_at_once_are_a_copy(void)
{
	struct scene *s = asked();

	scene_client(s, "PA", 101, 1, 100);
	scene_after(s, US(30));
	scene_copy(s);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRANSMITTED, CLIENT), 0);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRIES, CLIENT), 0);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), PAYLOAD, CLIENT), 200);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), PACKETS, CLIENT), 5);
	scene_free(s);
}

/* A routed SPAN: the copy has one hop less. */
static void a_copy_may_have_another_ttl(void)
{
	struct scene *s = asked();
	struct segment copy;

	scene_client(s, "PA", 101, 1, 100);
	copy = s->last;
	copy.ttl--;
	scene_after(s, US(30));
	scene_take(s, &copy);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRANSMITTED, CLIENT), 0);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), TTL, CLIENT), 64);
	scene_free(s);
}

/* A burst of three, and behind it its copies: their IP-IDs have been passed. */
static void a_burst_is_copied_behind_its_end(void)
{
	struct scene *s = asked();
	struct segment burst[3];

	s->pace_ns = US(30);
	for (uint32_t i = 0; i < 3; i++) {
		scene_client(s, "A", 101 + 1000 * i, 1, 1000);
		burst[i] = s->last;
	}
	for (uint32_t i = 0; i < 3; i++)
		scene_take(s, &burst[i]);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRANSMITTED, CLIENT), 0);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), PAYLOAD, CLIENT), 3100);
	scene_free(s);
}

/* The same numbers with the next IP-ID: the host sent it twice, however soon. */
static void another_ip_id_is_a_repetition(void)
{
	struct scene *s = asked();

	scene_client(s, "PA", 101, 1, 100);
	scene_after(s, MS(1));
	scene_client(s, "PA", 101, 1, 100);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRANSMITTED, CLIENT), 1);
	scene_free(s);
}

/* A host that sends IP-ID 0 repeats after a timeout: too late for a copy. */
static void the_same_bytes_much_later_are_a_repetition(void)
{
	struct scene *s = asked();

	scene_client(s, "PA", 101, 1, 100);
	scene_after(s, MS(200));
	scene_copy(s);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRANSMITTED, CLIENT), 1);
	scene_free(s);
}

/* IPv6 has no IP-ID: the timestamp option tells a copy from a repetition. */
static void ipv6_is_told_by_timestamps(void)
{
	struct scene *s = scene_new();

	scene_use_ipv6(s);
	scene_open(s);
	scene_client(s, "PA", 1, 1, 100);
	scene_after(s, US(50));
	scene_copy(s);
	CU_ASSERT_EQUAL(SIDE(scene_ending(s, 1), RETRANSMITTED, CLIENT), 0);
	scene_free(s);
	s = scene_new();
	scene_use_ipv6(s);
	scene_open(s);
	scene_client(s, "PA", 1, 1, 100);
	scene_after(s, MS(3));
	scene_client(s, "PA", 1, 1, 100);
	CU_ASSERT_EQUAL(SIDE(scene_ending(s, 1), RETRANSMITTED, CLIENT), 1);
	scene_free(s);
}

/* Every packet of a whole connection twice: it opens, talks and closes once. */
static void a_connection_seen_twice_closes_once(void)
{
	static const struct {
		bool server;
		const char *flags;
		uint32_t seq, ack, payload;
	} packets[] = {{false, "S", 0, 0, 0}, {true, "SA", 0, 1, 0}, {false, "A", 1, 1, 0}, {false, "PA", 1, 1, 100},
	               {true, "PA", 1, 101, 200}, {false, "FA", 101, 201, 0}, {true, "FA", 201, 102, 0},
	               {false, "A", 102, 202, 0}};
	struct scene *s = scene_new();

	for (size_t i = 0; i < G_N_ELEMENTS(packets); i++) {
		(packets[i].server ? scene_server : scene_client)(s, packets[i].flags, packets[i].seq, packets[i].ack,
		                                                   packets[i].payload);
		scene_after(s, US(20));
		scene_copy(s);
	}
	CU_ASSERT_EQUAL(SIDE(scene_only(s), FINS, CLIENT), 1);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRANSMITTED, CLIENT) + SIDE(scene_only(s), RETRANSMITTED, SERVER), 0);
	CU_ASSERT_STRING_EQUAL(scene_only(s)->history, "ShADdFf");
	scene_free(s);
}

/* --- late -------------------------------------------------------------------------------------------------- */

/* A file that holds one interface's packets behind the other's: copies stamped before what is known already. */
static void what_was_filed_behind_changes_nothing(void)
{
	struct scene *s = asked();
	const int64_t then = s->now_ns;

	scene_after(s, SECONDS(5));
	scene_client(s, "PA", 101, 1, 100);
	scene_server(s, "A", 1, 201, 0);
	scene_after(s, then + MS(1) - s->now_ns);
	scene_client(s, "PA", 1, 1, 100);
	scene_server(s, "A", 1, 101, 0);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRANSMITTED, CLIENT), 0);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRIES, CLIENT), 0);
	CU_ASSERT_EQUAL(PACKET(scene_only(s), LAST_SENT, CLIENT), 6);
	scene_free(s);
}

/* Two queues of one network card: the RST is stamped a little before the packet that was read first. */
static void a_rst_whose_stamp_crosses_counts(void)
{
	struct scene *s = asked();

	scene_client(s, "A", 101, 1, 0);
	scene_after(s, -US(40));
	scene_server(s, "RA", 1, 101, 0);
	CU_ASSERT_TRUE(SIDE(scene_only(s), RST_ENDED, SERVER));
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RSTS, SERVER), 1);
	CU_ASSERT_EQUAL(STATE(scene_only(s), CLIENT), HANGUP_TCP_STATE_CLOSED);
	scene_free(s);
}

/* So is a FIN, which is new by its number. */
static void a_fin_whose_stamp_crosses_counts(void)
{
	struct scene *s = asked();

	scene_client(s, "A", 101, 1, 0);
	scene_after(s, -US(40));
	scene_server(s, "FA", 1, 101, 0);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), FINS, SERVER), 1);
	scene_free(s);
}

/* --- out of order ------------------------------------------------------------------------------------------ */

/* The network turned two segments round: neither was repeated, nothing was lost. */
static void turned_round_is_no_repetition(void)
{
	struct scene *s = asked();
	const struct facts *f;

	scene_client(s, "A", 1101, 1, 1000);
	scene_after(s, US(200));
	scene_client(s, "A", 101, 1, 1000);
	scene_server(s, "A", 1, 2101, 0);
	f = scene_only(s);
	CU_ASSERT_EQUAL(SIDE(f, RETRANSMITTED, CLIENT), 0);
	CU_ASSERT_EQUAL(SIDE(f, PAYLOAD, CLIENT), 2100);
	CU_ASSERT_FALSE(ONE(f, CAPTURE_LOSS));
	scene_free(s);
}

/* Lost before the capture point, and sent again: for us the bytes are new. */
static void lost_before_us_and_sent_again(void)
{
	struct scene *s = asked();

	scene_client(s, "A", 1101, 1, 1000);
	scene_server(s, "A", 1, 101, 0);
	scene_after(s, MS(250));
	scene_client(s, "A", 101, 1, 1000);
	scene_server(s, "A", 1, 2101, 0);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), PAYLOAD, CLIENT), 2100);
	CU_ASSERT_FALSE(ONE(scene_only(s), CAPTURE_LOSS));
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRIES, CLIENT), 0);
	scene_free(s);
}

/* Two segments of one flight lost before us, with one between them that came: both come again, nothing is missing. */
static void two_holes_are_filled(void)
{
	struct scene *s = asked();

	scene_client(s, "A", 1101, 1, 1000);
	scene_client(s, "A", 3101, 1, 1000);
	scene_client(s, "A", 101, 1, 1000);
	scene_client(s, "A", 2101, 1, 1000);
	scene_server(s, "A", 1, 4101, 0);
	CU_ASSERT_FALSE(ONE(scene_only(s), CAPTURE_LOSS));
	CU_ASSERT_EQUAL(SIDE(scene_only(s), PAYLOAD, CLIENT), 4100);
	scene_free(s);
}

/* And the other way round. */
static void two_holes_are_filled_from_behind(void)
{
	struct scene *s = asked();

	scene_client(s, "A", 1101, 1, 1000);
	scene_client(s, "A", 3101, 1, 1000);
	scene_client(s, "A", 2101, 1, 1000);
	scene_client(s, "A", 101, 1, 1000);
	scene_server(s, "A", 1, 4101, 0);
	CU_ASSERT_FALSE(ONE(scene_only(s), CAPTURE_LOSS));
	CU_ASSERT_EQUAL(SIDE(scene_only(s), PAYLOAD, CLIENT), 4100);
	scene_free(s);
}

/* The first of two is filled, and acknowledged as far as the second, which is still missing and not yet reproached. */
static void a_hole_is_acknowledged_up_to_the_next(void)
{
	struct scene *s = asked();

	scene_client(s, "A", 1101, 1, 1000);
	scene_client(s, "A", 3101, 1, 1000);
	scene_client(s, "A", 101, 1, 1000);
	scene_server(s, "A", 1, 2101, 0);
	CU_ASSERT_FALSE(ONE(scene_ending(s, 1), CAPTURE_LOSS));
	scene_free(s);
	s = asked();
	scene_client(s, "A", 1101, 1, 1000);
	scene_client(s, "A", 3101, 1, 1000);
	scene_client(s, "A", 101, 1, 1000);
	scene_server(s, "A", 1, 2102, 0);
	CU_ASSERT_TRUE(ONE(scene_ending(s, 1), CAPTURE_LOSS));
	scene_free(s);
}

/* What fills a hole is the sender's last word, if nothing of its came after in time: it answers what it received. */
static void what_fills_a_hole_is_data_like_any(void)
{
	struct scene *s = asked();
	uint64_t filling;

	scene_client(s, "A", 101, 151, 0);
	filling = scene_server(s, "PA", 1, 101, 150);
	CU_ASSERT_EQUAL(PACKET(scene_only(s), LAST_DATA, SERVER), filling);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), UNREPLIED, SERVER), 0);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), UNREPLIED, CLIENT), 150);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), PAYLOAD, SERVER), 150);
	CU_ASSERT_FALSE(ONE(scene_only(s), CAPTURE_LOSS));
	scene_free(s);
}

/* --- not at all --------------------------------------------------------------------------------------------- */

/* Acknowledged, so it arrived, and we never saw it: the capture lost it, not the network. */
static void acknowledged_and_never_seen(void)
{
	struct scene *s = asked();

	scene_server(s, "A", 1, 1601, 0);
	CU_ASSERT_TRUE(ONE(scene_only(s), CAPTURE_LOSS));
	CU_ASSERT_EQUAL(tracker_counts(s->tracker).acked_unseen, 1500);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), OUTSTANDING, CLIENT), 0);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), PAYLOAD, CLIENT), 100);
	scene_free(s);
}

/* The capture shows the ACK before the data it is for (two queues): the reproach is taken back. */
static void the_data_comes_a_moment_later(void)
{
	struct scene *s = asked();

	scene_server(s, "A", 1, 1601, 0);
	scene_after(s, US(20));
	scene_client(s, "A", 101, 1, 1000);
	scene_client(s, "A", 1101, 1, 500);
	CU_ASSERT_FALSE(ONE(scene_only(s), CAPTURE_LOSS));
	CU_ASSERT_EQUAL(tracker_counts(s->tracker).acked_unseen, 0);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), PAYLOAD, CLIENT), 1600);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRANSMITTED, CLIENT), 0);
	scene_free(s);
}

/* The same with the stamps in their true order: the data is stamped before the ACK that was read first. */
static void the_data_comes_later_with_an_earlier_stamp(void)
{
	struct scene *s = asked();

	scene_server(s, "A", 1, 1101, 0);
	scene_after(s, -US(300));
	scene_client(s, "A", 101, 1, 1000);
	CU_ASSERT_FALSE(ONE(scene_only(s), CAPTURE_LOSS));
	CU_ASSERT_EQUAL(SIDE(scene_only(s), PAYLOAD, CLIENT), 1100);
	scene_free(s);
}

/* A gap in what was captured, and the end behind it acknowledged. */
static void a_gap_that_was_acknowledged(void)
{
	struct scene *s = asked();

	scene_client(s, "A", 1101, 1, 1000);
	scene_server(s, "A", 1, 2101, 0);
	CU_ASSERT_TRUE(ONE(scene_only(s), CAPTURE_LOSS));
	scene_free(s);
}

/* A gap that was not acknowledged: the network lost it, as far as anybody knows. */
static void a_gap_that_was_not_acknowledged(void)
{
	struct scene *s = asked();

	scene_client(s, "A", 1101, 1, 1000);
	scene_server(s, "A", 1, 101, 0);
	CU_ASSERT_FALSE(ONE(scene_only(s), CAPTURE_LOSS));
	scene_free(s);
}

/* An acknowledgement half the number space away is nonsense, or another connection's. */
static void a_wild_acknowledgement_is_nothing(void)
{
	struct scene *s = asked();

	scene_server(s, "A", 1, 101 + (1u << 30), 0);
	scene_client(s, "PA", 101, 1, 100);
	CU_ASSERT_FALSE(ONE(scene_only(s), CAPTURE_LOSS));
	CU_ASSERT_EQUAL(SIDE(scene_only(s), OUTSTANDING, CLIENT), 100);
	scene_free(s);
}

/* So is a segment far beyond any window: what follows it is not taken for old. */
static void a_wild_number_is_nothing(void)
{
	struct scene *s = asked();

	scene_client(s, "PA", 50000000, 1, 100);
	scene_client(s, "PA", 101, 1, 100);
	scene_server(s, "A", 1, 201, 0);
	CU_ASSERT_FALSE(ONE(scene_only(s), CAPTURE_LOSS));
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRANSMITTED, CLIENT), 0);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), OUTSTANDING, CLIENT), 0);
	scene_free(s);
}

/* And a FIN far beyond any window closes nothing (RFC 9293 §3.10.7.4: not acceptable, dropped). */
static void a_wild_fin_closes_nothing(void)
{
	struct scene *s = asked();

	scene_client(s, "FA", 50000000, 1, 0);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), FINS, CLIENT), 0);
	CU_ASSERT_EQUAL(STATE(scene_only(s), CLIENT), HANGUP_TCP_STATE_ESTABLISHED);
	CU_ASSERT_EQUAL(STATE(scene_only(s), SERVER), HANGUP_TCP_STATE_ESTABLISHED);
	scene_free(s);
}

/* The answers stop being captured. The upload goes on far beyond the last window we saw, and its FIN closes it. */
static void an_upload_whose_answers_are_not_captured(void)
{
	enum { MEGABYTE = 1 << 20, MEGABYTES = 40 };
	struct scene *s = asked();

	for (uint32_t i = 0; i < MEGABYTES; i++)
		scene_client(s, "A", 101 + i * MEGABYTE, 1, MEGABYTE);
	scene_client(s, "FA", 101 + MEGABYTES * MEGABYTE, 1, 0);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), PAYLOAD, CLIENT), 100 + MEGABYTES * MEGABYTE);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), FINS, CLIENT), 1);
	scene_free(s);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"the same bytes at once are a copy", the_same_bytes_at_once_are_a_copy},
		{"a copy may have another TTL", a_copy_may_have_another_ttl},
		{"a burst is copied behind its end", a_burst_is_copied_behind_its_end},
		{"another IP-ID is a repetition", another_ip_id_is_a_repetition},
		{"the same bytes much later are a repetition", the_same_bytes_much_later_are_a_repetition},
		{"IPv6 is told by timestamps", ipv6_is_told_by_timestamps},
		{"a connection seen twice closes once", a_connection_seen_twice_closes_once},
		{"what was filed behind changes nothing", what_was_filed_behind_changes_nothing},
		{"a RST whose stamp crosses counts", a_rst_whose_stamp_crosses_counts},
		{"a FIN whose stamp crosses counts", a_fin_whose_stamp_crosses_counts},
		{"turned round is no repetition", turned_round_is_no_repetition},
		{"lost before us and sent again", lost_before_us_and_sent_again},
		{"two holes are filled", two_holes_are_filled},
		{"two holes are filled from behind", two_holes_are_filled_from_behind},
		{"a hole is acknowledged up to the next", a_hole_is_acknowledged_up_to_the_next},
		{"what fills a hole is data like any", what_fills_a_hole_is_data_like_any},
		{"acknowledged and never seen", acknowledged_and_never_seen},
		{"the data comes a moment later", the_data_comes_a_moment_later},
		{"the data comes later with an earlier stamp", the_data_comes_later_with_an_earlier_stamp},
		{"a gap that was acknowledged", a_gap_that_was_acknowledged},
		{"a gap that was not acknowledged", a_gap_that_was_not_acknowledged},
		{"a wild acknowledgement is nothing", a_wild_acknowledgement_is_nothing},
		{"a wild number is nothing", a_wild_number_is_nothing},
		{"a wild FIN closes nothing", a_wild_fin_closes_nothing},
		{"an upload whose answers are not captured", an_upload_whose_answers_are_not_captured},
		CU_TEST_INFO_NULL,
	};

	return unit_main("what the capture does to packets", tests);
}
