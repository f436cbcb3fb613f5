/* An ending waits before it is judged, so that what follows can speak. The wait is packet time: no clock but the
 * capture's. */
#include "capture/timescale.h"
#include "tests/unit/scene.h"

static struct scene *opened_in(struct scene *s)
{
	scene_open(s);
	scene_client(s, "PA", 1, 1, 100);
	scene_server(s, "PA", 1, 101, 200);
	return s;
}

static struct scene *closed(void)
{
	struct scene *s = opened_in(scene_new());

	scene_client(s, "FA", 101, 201, 0);
	scene_server(s, "FA", 201, 102, 0);
	scene_client(s, "A", 102, 202, 0);
	return s;
}

static void ten_seconds_of_packet_time(void)
{
	struct scene *s = closed();

	scene_after(s, SECONDS(9));
	scene_elsewhere(s);
	CU_ASSERT_EQUAL(scene_judged(s), 0);
	scene_after(s, SECONDS(2));
	scene_elsewhere(s);
	CU_ASSERT_EQUAL(scene_judged(s), 1);
	CU_ASSERT_FALSE(ONE(scene_ending(s, 1), CAPTURE_ENDED));
	scene_free(s);
}

static void the_wait_can_be_chosen(void)
{
	struct scene *s = opened_in(scene_new_with(&(struct tracker_options){.settle_ns = SECONDS(5)}));

	scene_server(s, "RA", 201, 101, 0);
	scene_after(s, SECONDS(4));
	scene_elsewhere(s);
	CU_ASSERT_EQUAL(scene_judged(s), 0);
	scene_after(s, SECONDS(2));
	scene_elsewhere(s);
	CU_ASSERT_EQUAL(scene_judged(s), 1);
	scene_free(s);
}

/* What is open is never judged by waiting. */
static void an_open_one_is_never_due(void)
{
	struct scene *s = opened_in(scene_new());

	scene_client(s, "FA", 101, 201, 0);
	scene_server(s, "A", 201, 102, 0);
	scene_after(s, HOURS(100));
	scene_elsewhere(s);
	CU_ASSERT_EQUAL(scene_judged(s), 0);
	scene_free(s);
}

/* A packet in the second half of the wait: somebody is still at it, and the judgement waits for him. */
static void who_still_speaks_is_waited_for(void)
{
	struct scene *s = closed();

	scene_after(s, SECONDS(8));
	scene_server(s, "FA", 201, 102, 0);
	scene_after(s, SECONDS(4));
	scene_elsewhere(s);
	CU_ASSERT_EQUAL(scene_judged(s), 0);
	scene_after(s, SECONDS(11));
	scene_elsewhere(s);
	CU_ASSERT_EQUAL(scene_judged(s), 1);
	CU_ASSERT_EQUAL(SIDE(scene_ending(s, 1), FINS, SERVER), 2);
	scene_free(s);
}

/* But not for ever: thirty times at most. Somebody who repeats himself every four seconds holds no memory. */
static void not_for_ever(void)
{
	struct scene *s = closed();
	int64_t begun = s->now_ns;

	for (int i = 0; i < 200 && scene_judged(s) == 0; i++) {
		scene_after(s, SECONDS(4));
		scene_server(s, "FA", 201, 102, 0);
	}
	CU_ASSERT_EQUAL(scene_judged(s), 1);
	CU_ASSERT_TRUE(s->now_ns - begun > SECONDS(300) && s->now_ns - begun < SECONDS(400));
	scene_free(s);
}

/* A FIN nobody acknowledged: Linux repeats it for a hundred seconds, with half a minute between. */
static void a_fin_without_an_answer_is_waited_for(void)
{
	struct scene *s = opened_in(scene_new());

	scene_client(s, "FA", 101, 201, 0);
	scene_server(s, "FA", 201, 102, 0);
	for (int i = 0; i < 3; i++) {
		scene_after(s, SECONDS(30));
		scene_server(s, "FA", 201, 102, 0);
	}
	CU_ASSERT_EQUAL(scene_judged(s), 0);
	scene_after(s, SECONDS(141));
	scene_elsewhere(s);
	CU_ASSERT_EQUAL(scene_judged(s), 1);
	CU_ASSERT_EQUAL(SIDE(scene_ending(s, 1), RETRIES, SERVER), 3);
	scene_free(s);
}

/* --- late packets ---------------------------------------------------------------------------------------------- */

/* A RST half a minute after the judgement: the pair is still known, so it is nobody's new connection. */
static void late_packets_are_known(void)
{
	struct scene *s = closed();

	scene_after(s, SECONDS(40));
	scene_server(s, "R", 202, 0, 0);
	CU_ASSERT_EQUAL(scene_judged(s), 1);
	CU_ASSERT_EQUAL(s->id, 1);
	CU_ASSERT_EQUAL(s->side, HANGUP_SERVER);
	CU_ASSERT_EQUAL(tracker_counts(s->tracker).late, 1);
	CU_ASSERT_EQUAL(tracker_counts(s->tracker).connections, 1);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RSTS, SERVER), 0);
	scene_free(s);
}

/* The SYN of the judged connection, filed behind, is late as well; one with another number begins anew. */
static void a_syn_is_late_by_its_number(void)
{
	struct scene *s = closed();

	scene_after(s, SECONDS(20));
	scene_client(s, "S", 0, 0, 0);
	CU_ASSERT_EQUAL(s->id, 1);
	s->end[HANGUP_CLIENT].initial += 1000000;
	scene_client(s, "S", 0, 0, 0);
	CU_ASSERT_EQUAL(s->id, 2);
	scene_server(s, "R", 0, 0, 0);
	CU_ASSERT_EQUAL(s->id, 2);
	scene_after(s, SECONDS(70)); /* what remained of the first is gone without a trace */
	scene_client(s, "S", 0, 0, 0);
	CU_ASSERT_EQUAL(s->id, 2);
	CU_ASSERT_EQUAL(SIDE(scene_ending(s, 2), SYNS, CLIENT), 2);
	scene_free(s);
}

/* Only the server's half is captured: its SYN-ACK with another number is the first we see of the next connection. */
static void so_is_a_syn_ack(void)
{
	struct scene *s = closed();

	scene_after(s, SECONDS(20));
	s->end[HANGUP_CLIENT].initial += 1000000;
	s->end[HANGUP_SERVER].initial += 1000000;
	scene_server(s, "SA", 0, 1, 0);
	CU_ASSERT_EQUAL(s->id, 2);
	scene_free(s);
}

/* A RST an hour after the close: nobody remembers, however quiet the capture was meanwhile. */
static void what_comes_much_later_is_another_one(void)
{
	struct scene *s = closed();

	scene_after(s, HOURS(1));
	scene_server(s, "R", 202, 0, 0);
	CU_ASSERT_EQUAL(s->id, 2);
	CU_ASSERT_EQUAL(SIDE(scene_ending(s, 1), RSTS, SERVER), 0);
	CU_ASSERT_FALSE(ONE(scene_ending(s, 2), CLIENT_KNOWN));
	CU_ASSERT_EQUAL(SIDE(scene_ending(s, 2), PACKETS, CLIENT), 0);
	scene_free(s);
}

/* --- a clock set back ------------------------------------------------------------------------------------------- */

/* The clock goes back an hour: nothing waits longer for it, because time stands still until it has caught up. */
static void a_clock_set_back_judges_nothing_early(void)
{
	struct scene *s = closed();

	scene_after(s, -HOURS(1));
	scene_elsewhere(s);
	CU_ASSERT_EQUAL(scene_judged(s), 0);
	scene_after(s, HOURS(1) + SECONDS(11));
	scene_elsewhere(s);
	CU_ASSERT_EQUAL(scene_judged(s), 1);
	scene_free(s);
}

/* One packet stamped a year ahead: what had ended is judged a little early, and nothing else ends by it. */
static void one_packet_from_the_future(void)
{
	struct scene *s = closed();
	int64_t now = s->now_ns;

	s->end[HANGUP_CLIENT].port++;
	scene_open(s);
	s->end[HANGUP_CLIENT].port++;
	scene_after(s, HOURS(24 * 365));
	scene_client(s, "S", 0, 0, 0);
	CU_ASSERT_EQUAL(scene_judged(s), 1);
	scene_after(s, now + SECONDS(1) - s->now_ns);
	s->end[HANGUP_CLIENT].port--;
	scene_client(s, "FA", 1, 1, 0);
	scene_server(s, "FA", 1, 2, 0);
	scene_client(s, "A", 2, 2, 0);
	scene_after(s, SECONDS(9));
	scene_elsewhere(s);
	CU_ASSERT_EQUAL(scene_judged(s), 1);
	scene_after(s, SECONDS(2));
	scene_elsewhere(s);
	CU_ASSERT_EQUAL(scene_judged(s), 2);
	CU_ASSERT_EQUAL(ONE(scene_ending(s, 2), SILENCE) / SECONDS(1), 11);
	scene_free(s);
}

/* A connection that lives while its clock is set back keeps its numbers and its duration. */
static void a_clock_set_back_in_a_conversation(void)
{
	struct scene *s = scene_new();

	scene_open(s);
	scene_client(s, "PA", 1, 1, 100);
	scene_after(s, -HOURS(1));
	scene_server(s, "PA", 1, 101, 200);
	scene_client(s, "A", 101, 201, 0);
	CU_ASSERT_EQUAL(s->id, 1);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), PAYLOAD, SERVER), 200);
	CU_ASSERT_TRUE(ONE(scene_only(s), DURATION) >= 0);
	CU_ASSERT_TRUE(ONE(scene_only(s), SILENCE) >= 0);
	CU_ASSERT_EQUAL(ONE(scene_only(s), IDLE_BEFORE_END), 0);
	scene_free(s);
}

/* A file that lies about time, as far as a file can: nothing overflows, and everything is judged. */
static void times_as_far_apart_as_they_can_be(void)
{
	struct scene *s = opened_in(scene_new());

	for (int turn = 0; turn < 4; turn++) {
		scene_after(s, (turn % 2 == 0 ? TIMESCALE_MOST_NS : -TIMESCALE_MOST_NS) - s->now_ns);
		scene_client(s, turn < 2 ? "PA" : "FA", 101 + 10 * (uint32_t)turn, 201, 10);
		scene_after(s, 0);
		scene_server(s, turn < 2 ? "PA" : "FA", 201 + 10 * (uint32_t)turn, 111 + 10 * (uint32_t)turn, 10);
		scene_after(s, 0);
		scene_elsewhere(s);
	}
	CU_ASSERT_TRUE(ONE(scene_ending(s, 1), DURATION) >= 0);
	CU_ASSERT_TRUE(ONE(scene_ending(s, 1), SILENCE) >= 0);
	scene_free(s);
}

/* All that is left at the end is judged, each once, whether it had ended or not. */
static void the_capture_ends(void)
{
	struct scene *s = scene_new();

	for (uint16_t port = 1; port <= 5; port++) {
		s->end[HANGUP_CLIENT].port = port;
		scene_client(s, "S", 0, 0, 0);
	}
	s->end[HANGUP_CLIENT].port = 3;
	scene_server(s, "RA", 0, 1, 0);
	CU_ASSERT_TRUE(ONE(scene_ending(s, 3), CAPTURE_ENDED));
	CU_ASSERT_EQUAL(s->endings->len, 5);
	for (uint64_t id = 1; id <= 5; id++)
		CU_ASSERT_EQUAL(scene_ending(s, id)->id, id);
	scene_free(s);
}

/* What is neither a segment nor about one is nobody's. */
static void other_frames_are_skipped(void)
{
	struct scene *s = scene_new();
	struct segment strange = scene_segment(s, HANGUP_CLIENT, "S", 0, 0, 0);

	strange.kind = SEGMENT_FRAGMENT;
	scene_take(s, &strange);
	CU_ASSERT_EQUAL(s->id, 0);
	CU_ASSERT_EQUAL(tracker_counts(s->tracker).connections, 0);
	CU_ASSERT_EQUAL(tracker_counts(s->tracker).segments, 0);
	scene_free(s);
}

static void counts_are(const struct scene *s, uint64_t open, uint64_t settling)
{
	const struct tracker_counts counts = tracker_counts(s->tracker);

	CU_ASSERT_EQUAL(counts.open, open);
	CU_ASSERT_EQUAL(counts.settling, settling);
}

/* From its end on a connection is not open, though it is not judged yet. */
static void what_is_over_is_not_open(void)
{
	struct scene *s = opened_in(scene_new());

	counts_are(s, 1, 0);
	scene_client(s, "FA", 101, 201, 0);
	counts_are(s, 1, 0);
	scene_server(s, "FA", 201, 102, 0);
	counts_are(s, 0, 1);
	scene_client(s, "A", 102, 202, 0);
	counts_are(s, 0, 1);
	scene_after(s, SECONDS(11));
	scene_elsewhere(s);
	CU_ASSERT_EQUAL(scene_judged(s), 1);
	counts_are(s, 1, 0);
	scene_free(s);
}

/* It stays in the queue, and is open all the same. */
static void what_came_back_to_life_is_open(void)
{
	struct scene *s = opened_in(scene_new());

	scene_client(s, "A", 101, 201, 0);
	scene_server(s, "R", 201, 0, 0);
	counts_are(s, 0, 1);
	scene_server(s, "PA", 201, 101, 300);
	scene_client(s, "A", 101, 501, 0);
	counts_are(s, 1, 0);
	scene_after(s, SECONDS(11));
	scene_elsewhere(s);
	CU_ASSERT_EQUAL(scene_judged(s), 0);
	counts_are(s, 2, 0);
	scene_free(s);
}

/* Of two on one key the new one is open. */
static void of_two_on_a_key_one_is_open(void)
{
	struct scene *s = opened_in(scene_new());

	scene_client(s, "S", 1 << 20, 0, 0);
	counts_are(s, 1, 1);
	scene_after(s, SECONDS(11));
	scene_elsewhere(s);
	CU_ASSERT_EQUAL(scene_judged(s), 1);
	counts_are(s, 2, 0);
	scene_free(s);
}

enum { BATCH = 8 };

/* Three connections' packets, each a round of its own. */
static struct scene *one_at_a_time(struct segment out_all[BATCH])
{
	struct scene *s = scene_new();

	for (unsigned i = 0; i < BATCH; i++) {
		s->end[HANGUP_CLIENT].port = (uint16_t)(1 + i % 3);
		scene_client(s, i < 3 ? "S" : "PA", i < 3 ? 0 : 1, i < 3 ? 0 : 1, i < 3 ? 0 : i);
		out_all[i] = s->last;
	}
	return s;
}

/* The segments of one shard after those of another, as threads may come to them. */
static void follow_by_shard(struct scene *s, const struct segment *all, const struct placed *placed)
{
	for (unsigned shard = TRACKER_SHARDS; shard-- > 0;) {
		uint16_t which[BATCH];
		size_t count = 0;

		for (uint16_t i = 0; i < BATCH; i++)
			if (placed[i].shard == shard)
				which[count++] = i;
		tracker_follow(s->tracker, all, placed, which, count);
	}
}

/* One at a time or in one round, in order or shard by shard: the same endings, numbered alike. */
static void rounds_and_shards_change_nothing(void)
{
	struct segment all[BATCH];
	struct placed placed[BATCH];
	struct scene *one = one_at_a_time(all), *round = scene_new();
	enum hangup_side side;

	for (unsigned i = 0; i < BATCH; i++)
		tracker_place(round->tracker, &all[i], all[i].time_ns - all[0].time_ns, i, &placed[i]);
	follow_by_shard(round, all, placed);
	tracker_turn(round->tracker, BATCH, all[BATCH - 1].time_ns);
	for (unsigned i = 0; i < BATCH; i++) {
		CU_ASSERT_EQUAL(tracker_owner(round->tracker, &placed[i], &side), 1 + i % 3);
		CU_ASSERT_EQUAL(side, HANGUP_CLIENT);
	}
	for (uint64_t id = 1; id <= 3; id++)
		CU_ASSERT_EQUAL(SIDE(scene_ending(one, id), PAYLOAD, CLIENT), SIDE(scene_ending(round, id), PAYLOAD, CLIENT));
	scene_free(one);
	scene_free(round);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"ten seconds of packet time", ten_seconds_of_packet_time},
		{"the wait can be chosen", the_wait_can_be_chosen},
		{"an open one is never due", an_open_one_is_never_due},
		{"who still speaks is waited for", who_still_speaks_is_waited_for},
		{"not for ever", not_for_ever},
		{"a FIN without an answer is waited for", a_fin_without_an_answer_is_waited_for},
		{"late packets are known", late_packets_are_known},
		{"a SYN is late by its number", a_syn_is_late_by_its_number},
		{"so is a SYN-ACK", so_is_a_syn_ack},
		{"what comes much later is another one", what_comes_much_later_is_another_one},
		{"a clock set back judges nothing early", a_clock_set_back_judges_nothing_early},
		{"a clock set back in a conversation", a_clock_set_back_in_a_conversation},
		{"one packet from the future", one_packet_from_the_future},
		{"times as far apart as they can be", times_as_far_apart_as_they_can_be},
		{"the capture ends", the_capture_ends},
		{"other frames are skipped", other_frames_are_skipped},
		{"what is over is not open", what_is_over_is_not_open},
		{"what came back to life is open", what_came_back_to_life_is_open},
		{"of two on a key one is open", of_two_on_a_key_one_is_open},
		{"rounds and shards change nothing", rounds_and_shards_change_nothing},
		CU_TEST_INFO_NULL,
	};

	return unit_main("settling", tests);
}
