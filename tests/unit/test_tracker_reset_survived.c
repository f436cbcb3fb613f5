/* A RST that was believed and ended nothing: both ends go on, so it is taken back. And what looks like life after a
 * RST, but is not. RFC 5961 §3.2: a RST, a pure ACK, no second RST, and data that continues. */
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

static void lives(const struct facts *f)
{
	CU_ASSERT_FALSE(SIDE(f, RST_ENDED, SERVER));
	CU_ASSERT_EQUAL(SIDE(f, RST_KIND, SERVER), HANGUP_RESET_NONE);
	CU_ASSERT_EQUAL(STATE(f, CLIENT), HANGUP_TCP_STATE_ESTABLISHED);
	CU_ASSERT_EQUAL(STATE(f, SERVER), HANGUP_TCP_STATE_ESTABLISHED);
}

static void ended(const struct facts *f)
{
	CU_ASSERT_TRUE(SIDE(f, RST_ENDED, SERVER));
	CU_ASSERT_EQUAL(STATE(f, CLIENT), HANGUP_TCP_STATE_CLOSED);
}

/* The "resetting" server sends on, and the client acknowledges it. */
static void what_came_after_it_is_acknowledged(void)
{
	struct scene *s = talked();
	uint64_t rst = scene_server(s, "R", 201, 0, 0), on;

	on = scene_server(s, "PA", 201, 101, 300);
	scene_client(s, "A", 101, 501, 0);
	lives(scene_only(s));
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RSTS_REJECTED, SERVER), 1);
	CU_ASSERT_EQUAL(PACKET(scene_only(s), RST_REJECTED, SERVER), rst);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), SPOKE_AFTER_RST, SERVER), 1);
	CU_ASSERT_EQUAL(PACKET(scene_only(s), AFTER_RST, SERVER), on);
	scene_free(s);
}

/* The client challenges (RFC 5961 §3.2), the server has nothing to say to that, and long after the client sends on. */
static void the_reset_end_sends_new_data_long_after(void)
{
	struct scene *s = talked();

	scene_server(s, "R", 201, 0, 0);
	scene_client(s, "A", 101, 201, 0);
	scene_server(s, "A", 201, 101, 0);
	scene_after(s, SECONDS(3));
	scene_client(s, "PA", 101, 201, 50);
	lives(scene_only(s));
	scene_free(s);
}

/* A SPAN's copies of what the server sent before its RST come behind it: the server has said nothing new. */
static void copies_behind_it_are_no_speech(void)
{
	struct scene *s = talked();
	struct segment copy;

	scene_server(s, "PA", 201, 101, 100);
	copy = s->last;
	scene_client(s, "A", 101, 301, 0);
	scene_server(s, "RA", 301, 101, 0);
	scene_after(s, MS(20));
	scene_take(s, &copy);
	ended(scene_only(s));
	CU_ASSERT_EQUAL(SIDE(scene_only(s), SPOKE_AFTER_RST, SERVER), 0);
	scene_free(s);
}

/* Sent before the RST arrived: within two round trips and a delayed acknowledgement of it. */
static void data_on_its_way_proves_nothing(void)
{
	struct scene *s = talked();

	scene_server(s, "R", 201, 0, 0);
	scene_server(s, "A", 201, 101, 0);
	scene_after(s, MS(60));
	scene_client(s, "PA", 101, 201, 50);
	ended(scene_only(s));
	scene_free(s);
}

/* The RST was lost behind the capture point: the client repeats its data to nobody. That is no life of the server. */
static void the_reset_end_alone_proves_nothing(void)
{
	struct scene *s = talked();

	scene_server(s, "RA", 201, 101, 0);
	scene_after(s, SECONDS(2));
	scene_client(s, "PA", 101, 201, 50);
	scene_after(s, SECONDS(2));
	scene_client(s, "PA", 151, 201, 50);
	ended(scene_only(s));
	scene_free(s);
}

/* The server had a segment on the wire when it aborted; it comes behind the RST, out of order. */
static void the_resetting_end_alone_proves_nothing(void)
{
	struct scene *s = talked();

	scene_server(s, "RA", 401, 101, 0);
	scene_server(s, "PA", 201, 101, 200);
	scene_client(s, "A", 101, 201, 0);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), SPOKE_AFTER_RST, SERVER), 0); /* ahead of all captured: not believed */
	scene_free(s);
}

/* A repetition of old data is nothing new, even long after. */
static void repeating_proves_nothing(void)
{
	struct scene *s = talked();

	scene_client(s, "PA", 101, 201, 50);
	scene_server(s, "R", 201, 0, 0);
	scene_server(s, "A", 201, 101, 0);
	scene_after(s, SECONDS(1));
	scene_client(s, "PA", 101, 201, 50);
	ended(scene_only(s));
	scene_free(s);
}

/* A box forges a RST in each end's name, and neither believes it: both go on. */
static void a_pair_in_vain_is_taken_back(void)
{
	struct scene *s = talked();
	const struct facts *f;

	scene_server(s, "R", 201, 0, 0);
	scene_client(s, "R", 101, 0, 0);
	scene_server(s, "PA", 201, 101, 300);
	scene_client(s, "PA", 101, 501, 100);
	scene_server(s, "A", 501, 201, 0);
	f = scene_only(s);
	lives(f);
	CU_ASSERT_FALSE(SIDE(f, RST_ENDED, CLIENT));
	CU_ASSERT_EQUAL(SIDE(f, RSTS_REJECTED, CLIENT), 1);
	CU_ASSERT_EQUAL(SIDE(f, RSTS_REJECTED, SERVER), 1);
	scene_free(s);
}

/* Taken back, then it closes as usual: the close counts, not the RST. */
static void then_it_closes_with_fins(void)
{
	struct scene *s = talked();

	scene_server(s, "R", 201, 0, 0);
	scene_server(s, "PA", 201, 101, 300);
	scene_client(s, "A", 101, 501, 0);
	scene_client(s, "FA", 101, 501, 0);
	scene_server(s, "FA", 501, 102, 0);
	scene_client(s, "A", 102, 502, 0);
	CU_ASSERT_FALSE(SIDE(scene_only(s), RST_ENDED, SERVER));
	CU_ASSERT_EQUAL(STATE(scene_only(s), CLIENT), HANGUP_TCP_STATE_TIME_WAIT);
	CU_ASSERT_EQUAL(STATE(scene_only(s), SERVER), HANGUP_TCP_STATE_CLOSED);
	scene_free(s);
}

/* Taken back, and much later the server really aborts: that RST is its own, with nothing spoken after it. */
static void then_the_server_really_aborts(void)
{
	struct scene *s = talked();
	uint64_t rst;

	scene_server(s, "R", 201, 0, 0);
	scene_server(s, "PA", 201, 101, 300);
	scene_client(s, "A", 101, 501, 0);
	scene_after(s, SECONDS(20));
	rst = scene_server(s, "RA", 501, 101, 0);
	ended(scene_only(s));
	CU_ASSERT_EQUAL(PACKET(scene_only(s), RST, SERVER), rst);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RSTS, SERVER), 2);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RSTS_REJECTED, SERVER), 1);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), SPOKE_AFTER_RST, SERVER), 0);
	CU_ASSERT_EQUAL(PACKET(scene_only(s), AFTER_RST, SERVER), 0);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RST_ALIEN, SERVER), 0);
	scene_free(s);
}

/* In the window but not exact: the client challenges, and the genuine sender answers with the exact number. */
static void a_challenge_brings_the_exact_rst(void)
{
	struct scene *s = talked();
	uint64_t exact;

	scene_server(s, "R", 1201, 0, 0);
	scene_client(s, "A", 101, 201, 0);
	exact = scene_server(s, "R", 201, 0, 0);
	ended(scene_only(s));
	CU_ASSERT_EQUAL(PACKET(scene_only(s), RST, SERVER), exact);
	CU_ASSERT_EQUAL(SIDE(scene_only(s), RSTS_REJECTED, SERVER), 1);
	CU_ASSERT_TRUE(SIDE(scene_only(s), RST_FIRST, SERVER));
	scene_free(s);
}

/* It does not wait to be judged any more: life after a RST that was taken back belongs to the same connection, however
 * long it lasts. */
static void a_survivor_is_not_settled(void)
{
	struct scene *s = talked();
	uint64_t id = s->id;

	scene_server(s, "R", 201, 0, 0);
	scene_server(s, "PA", 201, 101, 300);
	scene_client(s, "A", 101, 501, 0);
	scene_after(s, SECONDS(600));
	scene_elsewhere(s);
	CU_ASSERT_EQUAL(scene_judged(s), 0);
	scene_client(s, "PA", 101, 501, 10);
	CU_ASSERT_EQUAL(s->id, id);
	scene_free(s);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"what came after it is acknowledged", what_came_after_it_is_acknowledged},
		{"the reset end sends new data long after", the_reset_end_sends_new_data_long_after},
		{"copies behind it are no speech", copies_behind_it_are_no_speech},
		{"data on its way proves nothing", data_on_its_way_proves_nothing},
		{"the reset end alone proves nothing", the_reset_end_alone_proves_nothing},
		{"the resetting end alone proves nothing", the_resetting_end_alone_proves_nothing},
		{"repeating proves nothing", repeating_proves_nothing},
		{"a pair in vain is taken back", a_pair_in_vain_is_taken_back},
		{"then it closes with FINs", then_it_closes_with_fins},
		{"then the server really aborts", then_the_server_really_aborts},
		{"a challenge brings the exact RST", a_challenge_brings_the_exact_rst},
		{"a survivor is not settled", a_survivor_is_not_settled},
		CU_TEST_INFO_NULL,
	};

	return unit_main("life after a RST", tests);
}
