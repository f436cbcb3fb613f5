/* Bounded memory, and the same out for the same in, whatever comes. */
#include "tests/unit/scene.h"

#include <string.h>

#include "analyzers/slab.h"

enum { LIMIT = 100 };

static struct scene *limited(void)
{
	return scene_new_with(&(struct tracker_options){.max_connections = LIMIT});
}

static void connect_from(struct scene *s, uint16_t port)
{
	s->end[HANGUP_CLIENT].port = port;
	scene_client(s, "S", 0, 0, 0);
}

static uint64_t live(const struct scene *s)
{
	return tracker_counts(s->tracker).connections - scene_judged(s);
}

/* --- the limit ------------------------------------------------------------------------------------------------ */

static void no_more_than_the_limit_live(void)
{
	struct scene *s = limited();
	uint64_t most = 0;

	for (uint16_t port = 1; port <= 5000; port++) {
		connect_from(s, port);
		most = MAX(most, live(s));
	}
	CU_ASSERT_EQUAL(most, LIMIT);
	CU_ASSERT_EQUAL(tracker_counts(s->tracker).evicted, 5000 - LIMIT);
	CU_ASSERT_TRUE(ONE(scene_ending(s, 1), EVICTED));
	CU_ASSERT_FALSE(ONE(scene_ending(s, 1), CAPTURE_ENDED));
	CU_ASSERT_FALSE(ONE(scene_ending(s, 5000), EVICTED));
	CU_ASSERT_EQUAL(s->endings->len, 5000);
	scene_free(s);
}

/* More live connections than one chunk of records, and none judged: each segment's owner is told all the same. */
static void owners_are_told_beyond_one_chunk(void)
{
	struct scene *s = scene_new();
	const uint16_t many = 3 * SLAB_CHUNK_RECORDS;

	for (uint16_t port = 1; port <= many; port++) {
		connect_from(s, port);
		CU_ASSERT_EQUAL(s->id, port);
	}
	scene_free(s);
}

/* Whoever speaks now and then stays; those that are silent go. (A clock is not exact: of records that all spoke since
 * the hand last passed, it takes the one it stands at.) */
static void the_quiet_ones_go_first(void)
{
	enum { BUSY = LIMIT / 2 };
	struct scene *s = limited();

	for (uint16_t port = 1; port <= 3000; port++) {
		connect_from(s, port);
		if (port <= BUSY || port % (LIMIT / 4) != 0)
			continue;
		connect_from(s, BUSY);
		CU_ASSERT_EQUAL(s->id, BUSY);
	}
	CU_ASSERT_FALSE(ONE(scene_ending(s, BUSY), EVICTED));
	scene_free(s);
}

/* Those that had ended anyway are judged early, and nobody open is cut off for them. */
static void ended_ones_go_before_open_ones(void)
{
	struct scene *s = limited();

	for (uint16_t port = 1; port <= LIMIT; port++) {
		connect_from(s, port);
		if (port <= LIMIT / 2)
			scene_server(s, "RA", 0, 1, 0);
	}
	for (uint16_t port = 1001; port <= 1000 + LIMIT / 2; port++)
		connect_from(s, port);
	CU_ASSERT_EQUAL(tracker_counts(s->tracker).evicted, 0);
	CU_ASSERT_EQUAL(scene_judged(s), LIMIT / 2);
	CU_ASSERT_EQUAL(tracker_counts(s->tracker).hurried, LIMIT / 2);
	connect_from(s, 2000);
	CU_ASSERT_EQUAL(tracker_counts(s->tracker).evicted, 1);
	scene_free(s);
}

/* A RST was taken back: that one is open, and not judged as if it had ended. */
static void a_survivor_is_an_open_one(void)
{
	struct scene *s = limited();

	scene_open(s);
	scene_server(s, "R", 1, 0, 0);
	scene_server(s, "PA", 1, 1, 100);
	scene_client(s, "A", 1, 101, 0);
	for (uint16_t port = 1; port < LIMIT; port++)
		connect_from(s, port);
	connect_from(s, 5000);
	CU_ASSERT_EQUAL(scene_judged(s), 1);
	CU_ASSERT_EQUAL(tracker_counts(s->tracker).evicted, 1);
	scene_free(s);
}

/* At the limit, a SYN takes over the very connection that must go. */
static void at_the_limit_a_port_is_used_again(void)
{
	struct scene *s = scene_new_with(&(struct tracker_options){.max_connections = 1});

	connect_from(s, 1);
	s->end[HANGUP_CLIENT].initial += 1000000;
	connect_from(s, 1);
	CU_ASSERT_EQUAL(s->id, 2);
	connect_from(s, 1);
	CU_ASSERT_EQUAL(s->id, 2);
	connect_from(s, 2);
	CU_ASSERT_EQUAL(s->id, 3);
	CU_ASSERT_EQUAL(scene_judged(s), 2);
	scene_free(s);
}

/* Two who talked once, and are silent since, among thousands whom nobody answers. */
static void a_flood_evicts_itself(void)
{
	struct scene *s = limited();

	scene_open(s);
	s->end[HANGUP_CLIENT].port = 40001;
	scene_open(s);
	for (uint16_t port = 1; port <= 5000; port++)
		connect_from(s, port);
	scene_client(s, "S", 0, 0, 0);
	CU_ASSERT_FALSE(ONE(scene_ending(s, 1), EVICTED));
	CU_ASSERT_FALSE(ONE(scene_ending(s, 2), EVICTED));
	CU_ASSERT_EQUAL(tracker_counts(s->tracker).evicted, 5000 - LIMIT + 2);
	scene_free(s);
}

/* RSTs that were taken back leave their connections in the queue of the ended, in many shards: that stops no eviction. */
static void survivors_in_the_queue_stop_no_eviction(void)
{
	struct scene *s = limited();
	uint64_t most = 0;

	for (uint16_t port = 1; port <= LIMIT / 4; port++) {
		s->end[HANGUP_CLIENT].port = port;
		scene_open(s);
		scene_server(s, "R", 1, 0, 0);
		scene_server(s, "PA", 1, 1, 100);
		scene_client(s, "A", 1, 101, 0);
	}
	for (uint16_t port = 1000; port < 1000 + 3 * LIMIT; port++) {
		connect_from(s, port);
		most = MAX(most, live(s));
	}
	CU_ASSERT_EQUAL(most, LIMIT);
	scene_free(s);
}

/* A limit of bytes works as one of connections does. */
static void memory_is_a_limit_too(void)
{
	const uint64_t bytes = 256 * 1024;
	struct scene *s = scene_new_with(&(struct tracker_options){.max_memory = bytes});
	uint64_t most = 0;

	for (uint16_t port = 1; port <= 5000; port++) {
		connect_from(s, port);
		most = MAX(most, tracker_bytes(s->tracker));
	}
	CU_ASSERT_TRUE(most <= bytes);
	CU_ASSERT_TRUE(live(s) > 100);
	CU_ASSERT_TRUE(tracker_counts(s->tracker).evicted > 4000);
	scene_free(s);
}

/* The remains of many judged connections are bounded as well, and a limit of one still works. */
static void remains_are_bounded(void)
{
	struct scene *s = limited();

	for (uint16_t port = 1; port <= 2000; port++) {
		connect_from(s, port);
		scene_server(s, "RA", 0, 1, 0);
	}
	CU_ASSERT_EQUAL(tracker_counts(s->tracker).evicted, 0);
	CU_ASSERT_TRUE(live(s) <= LIMIT);
	CU_ASSERT_EQUAL(SIDE(scene_ending(s, 1), RSTS, SERVER), 1);
	scene_free(s);
}

/* --- the second record ------------------------------------------------------------------------------------------ */

/* Whether a connection needed its teardown record: it talks, and then sends these flags. */
static bool needs_teardown(const char *flags)
{
	struct scene *s = scene_new();
	bool needed;

	scene_open(s);
	scene_client(s, "PA", 1, 1, 100);
	scene_server(s, "PA", 1, 101, 200);
	scene_client(s, flags, 101, 201, 0);
	scene_only(s);
	needed = s->teardowns > 0;
	scene_free(s);
	return needed;
}

static void trouble_or_closing_needs_a_second_record(void)
{
	CU_ASSERT_FALSE(needs_teardown("A"));
	CU_ASSERT_TRUE(needs_teardown("FA"));
	CU_ASSERT_TRUE(needs_teardown("RA"));
	CU_ASSERT_TRUE(sizeof(struct connection) <= 512);
}

/* --- noise -------------------------------------------------------------------------------------------------------- */

/* Few ends, wild numbers: most of what the tracker can meet, and much that no network ever showed. */
static struct segment noise(struct scene *s, GRand *dice)
{
	static const char *flags[] = {"S", "SA", "A", "PA", "FA", "R", "RA", "FPA", "", "SF", "SR", "FRA"};
	enum hangup_side side = g_rand_boolean(dice) ? HANGUP_CLIENT : HANGUP_SERVER;
	struct segment out;

	s->end[HANGUP_CLIENT].port = (uint16_t)g_rand_int_range(dice, 1, 400);
	out = scene_segment(s, side, flags[g_rand_int_range(dice, 0, G_N_ELEMENTS(flags))],
	                    (uint32_t)g_rand_int_range(dice, 0, 2000), (uint32_t)g_rand_int_range(dice, 0, 2000),
	                    g_rand_int_range(dice, 0, 3) == 0 ? 0 : (uint32_t)g_rand_int_range(dice, 0, 1500));
	if (g_rand_int_range(dice, 0, 50) == 0)
		out.seq = g_rand_int(dice);
	if (g_rand_int_range(dice, 0, 50) == 0)
		out.ack = g_rand_int(dice);
	if (g_rand_int_range(dice, 0, 20) == 0)
		out.window = 0;
	if (g_rand_int_range(dice, 0, 20) == 0)
		out.kind = SEGMENT_ICMP_ERROR;
	if (g_rand_int_range(dice, 0, 10) == 0) {
		out.options |= OPTION_SACK;
		out.sack_right = g_rand_int(dice);
	}
	return out;
}

static int64_t noisy_pause(GRand *dice)
{
	switch (g_rand_int_range(dice, 0, 40)) {
	case 0: return SECONDS(g_rand_int_range(dice, 1, 30));
	case 1: return -SECONDS(g_rand_int_range(dice, 1, 3));
	case 2: return 0;
	default: return US(g_rand_int_range(dice, 1, 20000));
	}
}

static struct scene *noisy_scene(guint32 seed, unsigned segments)
{
	g_autoptr(GRand) dice = g_rand_new_with_seed(seed);
	struct scene *s = scene_new_with(&(struct tracker_options){.max_connections = 150});

	for (unsigned i = 0; i < segments; i++) {
		struct segment segment = noise(s, dice);

		scene_after(s, noisy_pause(dice));
		scene_take(s, &segment);
	}
	scene_ending(s, 1);
	return s;
}

/* Every connection is judged exactly once, and whatever came, its facts make sense. */
static void noise_is_judged_once_each(void)
{
	struct scene *s = noisy_scene(1, 30000);
	const uint64_t connections = tracker_counts(s->tracker).connections;
	g_autofree uint8_t *seen = g_new0(uint8_t, connections + 1);
	unsigned wrong = 0;

	CU_ASSERT_EQUAL(s->endings->len, connections);
	for (guint i = 0; i < s->endings->len; i++) {
		const struct facts *f = &g_array_index(s->endings, struct facts, i);

		wrong += f->id == 0 || f->id > connections || seen[f->id]++ > 0;
		wrong += ONE(f, DURATION) < 0 || ONE(f, SILENCE) < 0;
		for (enum hangup_side side = HANGUP_CLIENT; side <= HANGUP_SERVER; side++) {
			wrong += facts_value(f, HANGUP_FACT_STATE, side) >= HANGUP_TCP_STATE_COUNT;
			wrong += facts_value(f, HANGUP_FACT_RETRY_SPAN, side) < 0;
			wrong += facts_value(f, HANGUP_FACT_RSTS, side) < facts_value(f, HANGUP_FACT_RSTS_REJECTED, side);
		}
	}
	CU_ASSERT_EQUAL(wrong, 0);
	scene_free(s);
}

/* The table's hash is seeded anew in each run; nothing that comes out may depend on it. */
static void the_same_noise_gives_the_same_endings(void)
{
	struct scene *a = noisy_scene(2, 20000), *b = noisy_scene(2, 20000);

	CU_ASSERT_EQUAL_FATAL(a->endings->len, b->endings->len);
	CU_ASSERT_EQUAL(memcmp(a->endings->data, b->endings->data, a->endings->len * sizeof(struct facts)), 0);
	scene_free(a);
	scene_free(b);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"no more than the limit live", no_more_than_the_limit_live},
		{"owners are told beyond one chunk", owners_are_told_beyond_one_chunk},
		{"the quiet ones go first", the_quiet_ones_go_first},
		{"ended ones go before open ones", ended_ones_go_before_open_ones},
		{"a survivor is an open one", a_survivor_is_an_open_one},
		{"at the limit a port is used again", at_the_limit_a_port_is_used_again},
		{"a flood evicts itself", a_flood_evicts_itself},
		{"survivors in the queue stop no eviction", survivors_in_the_queue_stop_no_eviction},
		{"memory is a limit too", memory_is_a_limit_too},
		{"remains are bounded", remains_are_bounded},
		{"trouble or closing needs a second record", trouble_or_closing_needs_a_second_record},
		{"noise is judged once each", noise_is_judged_once_each},
		{"the same noise gives the same endings", the_same_noise_gives_the_same_endings},
		CU_TEST_INFO_NULL,
	};

	return unit_main("memory, and the same again", tests);
}
