/* A round of many segments: what is asked ahead of a segment's turn, while those before it open connections, take their
 * keys over and give them back, changes nothing; nor does it in which order shards are followed. */
#include "tests/unit/scene.h"

#include <string.h>

enum { SEGMENTS = 400, KEYS = 6 };

struct many {
	const struct segment *all; /* SEGMENTS */
	const struct placed *placed;
};

/* --- a crowd of segments ------------------------------------------------------------------------------------- */

static const struct line {
	enum hangup_side from;
	const char *flags;
	uint32_t seq, ack, payload;
} conversation[] = {
	{HANGUP_CLIENT, "S", 0, 0, 0},      {HANGUP_SERVER, "SA", 0, 1, 0},  {HANGUP_CLIENT, "A", 1, 1, 0},
	{HANGUP_CLIENT, "PA", 1, 1, 100},   {HANGUP_SERVER, "A", 1, 101, 0}, {HANGUP_SERVER, "PA", 1, 101, 100},
	{HANGUP_CLIENT, "A", 101, 101, 0},  {HANGUP_CLIENT, "FA", 101, 101, 0}, {HANGUP_SERVER, "FA", 101, 102, 0},
	{HANGUP_CLIENT, "A", 102, 102, 0},  {HANGUP_CLIENT, "R", 102, 0, 0},
};

/* Few keys, each in the middle of a conversation, out of which it is torn now and then: by any other line of it, and of two
 * attempts as often of the one as of the other. So keys are taken over, given back, and go on. */
static struct segment any_segment(struct scene *s, GRand *dice, unsigned at[KEYS])
{
	const int key = g_rand_int_range(dice, 0, KEYS);
	const bool goes_on = g_rand_int_range(dice, 0, 8) > 0;
	const struct line *l;

	if (!goes_on)
		at[key] = (unsigned)g_rand_int_range(dice, 0, 2 * (int)G_N_ELEMENTS(conversation));
	l = &conversation[at[key] % G_N_ELEMENTS(conversation)];
	s->end[HANGUP_CLIENT].port = (uint16_t)(40000 + key);
	s->end[HANGUP_CLIENT].initial = at[key] / G_N_ELEMENTS(conversation) % 2 == 0 ? 5000000 : 3000000000u;
	at[key]++;
	return scene_segment(s, l->from, l->flags, l->seq, l->ack, l->payload);
}

static void fill(struct segment all[SEGMENTS], uint32_t seed)
{
	struct scene *s = scene_new();
	GRand *dice = g_rand_new_with_seed(seed);
	unsigned at[KEYS] = {0};

	for (unsigned i = 0; i < SEGMENTS; i++) {
		all[i] = any_segment(s, dice, at);
		all[i].number = i + 1;
		all[i].time_ns = s->now_ns + MS(i);
	}
	g_rand_free(dice);
	scene_free(s);
}

/* --- three ways to follow it ----------------------------------------------------------------------------------- */

static void each_by_itself(struct tracker *t, const struct many *m)
{
	for (unsigned i = 0; i < SEGMENTS; i++)
		tracker_follow(t, &m->all[i], &m->placed[i], NULL, 1);
}

static void all_at_once(struct tracker *t, const struct many *m)
{
	tracker_follow(t, m->all, m->placed, NULL, SEGMENTS);
}

static void by_shards(struct tracker *t, const struct many *m)
{
	for (unsigned shard = TRACKER_SHARDS; shard-- > 0;) {
		uint16_t which[SEGMENTS];
		size_t count = 0;

		for (uint16_t i = 0; i < SEGMENTS; i++)
			if (m->placed[i].shard == shard)
				which[count++] = i;
		tracker_follow(t, m->all, m->placed, which, count);
	}
}

struct told {
	struct scene *scene;
	uint64_t owners[SEGMENTS];
};

/* Each tracker hashes keys with a seed of its own, and so each places them itself. */
static struct told follow(const struct segment all[SEGMENTS], void (*how)(struct tracker *t, const struct many *m))
{
	struct told told = {.scene = scene_new()};
	struct placed placed[SEGMENTS];
	struct tracker *t = told.scene->tracker;

	for (unsigned i = 0; i < SEGMENTS; i++)
		tracker_place(t, &all[i], MS(i), i, &placed[i]);
	how(t, &(struct many){all, placed});
	tracker_turn(t, SEGMENTS, all[SEGMENTS - 1].time_ns);
	for (unsigned i = 0; i < SEGMENTS; i++)
		told.owners[i] = tracker_owner(t, &placed[i], &told.scene->side);
	return told;
}

/* Judges and frees the second one. */
static void is_the_same(struct told *one, struct told other)
{
	const uint64_t count = tracker_counts(one->scene->tracker).connections;

	CU_ASSERT_EQUAL_FATAL(tracker_counts(other.scene->tracker).connections, count);
	CU_ASSERT_EQUAL(tracker_counts(other.scene->tracker).predicted, tracker_counts(one->scene->tracker).predicted);
	CU_ASSERT_EQUAL(memcmp(one->owners, other.owners, sizeof other.owners), 0);
	for (uint64_t id = 1; id <= count; id++)
		CU_ASSERT_TRUE(scene_same_facts(scene_ending(one->scene, id), scene_ending(other.scene, id)));
	scene_free(other.scene);
}

static void what_is_asked_ahead_changes_nothing(void)
{
	struct segment all[SEGMENTS];
	uint64_t connections = 0, predicted = 0;

	for (uint32_t seed = 0; seed < 200; seed++) {
		struct told told;

		fill(all, seed);
		told = follow(all, each_by_itself);
		is_the_same(&told, follow(all, all_at_once));
		is_the_same(&told, follow(all, by_shards));
		connections += tracker_counts(told.scene->tracker).connections;
		predicted += tracker_counts(told.scene->tracker).predicted;
		scene_free(told.scene);
	}
	CU_ASSERT(connections > 200 * 2 * KEYS); /* keys were taken over */
	CU_ASSERT(predicted > 0);
}

/* --- ids ----------------------------------------------------------------------------------------------------- */

/* A connection is born at each of these places, and at no other. */
static void births_are_counted_by_their_places(void)
{
	static const unsigned born[] = {0, 1, 62, 63, 64, 127, 128, 4095, 4096, TRACKER_ROUND_MAX - 2, TRACKER_ROUND_MAX - 1};
	struct scene *s = scene_new();
	uint64_t id = 0;

	for (unsigned round = 0; round < 2; round++) {
		struct placed placed[G_N_ELEMENTS(born)];

		for (unsigned i = 0; i < G_N_ELEMENTS(born); i++) {
			struct segment syn;

			s->end[HANGUP_CLIENT].port = (uint16_t)(1000 * (round + 1) + i);
			syn = scene_segment(s, HANGUP_CLIENT, "S", 0, 0, 0);
			syn.number = ++s->number;
			syn.time_ns = s->now_ns;
			tracker_place(s->tracker, &syn, 0, born[i], &placed[i]);
			tracker_follow(s->tracker, &syn, &placed[i], NULL, 1);
		}
		tracker_turn(s->tracker, TRACKER_ROUND_MAX, s->now_ns);
		for (unsigned i = 0; i < G_N_ELEMENTS(born); i++)
			CU_ASSERT_EQUAL(tracker_owner(s->tracker, &placed[i], &s->side), ++id);
	}
	scene_free(s);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"what is asked ahead changes nothing", what_is_asked_ahead_changes_nothing},
		{"births are counted by their places", births_are_counted_by_their_places},
		CU_TEST_INFO_NULL,
	};

	return unit_main("a round of the tracker", tests);
}
