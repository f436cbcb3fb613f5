/* Keys chosen to fall on one bucket of the connection table: whoever knows the seed can do it, and whoever does not gets
 * what chance gives. */
#include "analyzers/key.h"
#include "analyzers/table.h"

#include <string.h>

#include <glib.h>

#include "tests/unit/unit.h"

enum { BUCKETS = 1024, KEYS = 1000, SEEDS = 32 };
/* Of 1000 keys in 1024 buckets, chance puts 6 or 7 on the fullest. Keys that differ by the same step each do better with
 * nearly every seed, and with one in some thousands several times worse: hence the mean of many. */
enum { FULLEST_BY_CHANCE = 16 };

static unsigned fullest(const struct connection_key *keys, const struct key_seed *seed)
{
	unsigned count[BUCKETS] = {0}, most = 0;

	for (unsigned i = 0; i < KEYS; i++) {
		unsigned n = ++count[table_tag(key_hash(&keys[i], seed)) % BUCKETS];

		most = MAX(most, n);
	}
	return most;
}

static unsigned mean_fullest_of_unknown_seeds(const struct connection_key *keys)
{
	unsigned sum = 0;

	for (unsigned i = 0; i < SEEDS; i++) {
		struct key_seed seed;

		key_seed_random(&seed);
		sum += fullest(keys, &seed);
	}
	return sum / SEEDS;
}

static struct connection_key key_of(uint32_t client, uint16_t port)
{
	struct segment s = {.source = {[10] = 0xff, [11] = 0xff, 10}, .target = {[10] = 0xff, [11] = 0xff, 198, 51, 100, 2},
	                    .source_port = port, .target_port = 443};
	struct connection_key key;

	s.source[13] = (uint8_t)(client >> 16);
	s.source[14] = (uint8_t)(client >> 8);
	s.source[15] = (uint8_t)client;
	key_from_segment(&key, &s);
	return key;
}

/* Tries clients and ports until enough fall on bucket 7. */
static void aim(struct connection_key keys[KEYS], const struct key_seed *seed)
{
	unsigned found = 0;

	for (uint32_t i = 0; found < KEYS; i++) {
		keys[found] = key_of(i >> 8, (uint16_t)(1024 + (i & 255)));
		found += table_tag(key_hash(&keys[found], seed)) % BUCKETS == 7;
	}
}

static void a_known_seed_can_be_aimed_at(void)
{
	static struct connection_key keys[KEYS];
	const struct key_seed known = {{1, 1, 1, 1}};

	aim(keys, &known);
	CU_ASSERT_EQUAL(fullest(keys, &known), KEYS);
}

static void an_unknown_one_cannot(void)
{
	static struct connection_key keys[KEYS];
	const struct key_seed guess = {{1, 1, 1, 1}};

	aim(keys, &guess);
	CU_ASSERT_TRUE(mean_fullest_of_unknown_seeds(keys) <= FULLEST_BY_CHANCE);
}

/* Keys that differ as little as keys can: in a few bits, at any place. */
static void regular_keys_are_no_worse(void)
{
	static struct connection_key keys[KEYS];

	for (unsigned word = 0; word < sizeof keys[0] / 8; word++) {
		for (unsigned shift = 0; shift < 64 - 10; shift += 6) {
			memset(keys, 0, sizeof keys);
			for (uint64_t i = 0; i < KEYS; i++)
				((uint64_t *)&keys[i])[word] = i << shift;
			CU_ASSERT_TRUE(mean_fullest_of_unknown_seeds(keys) <= FULLEST_BY_CHANCE);
		}
	}
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"a known seed can be aimed at", a_known_seed_can_be_aimed_at},
		{"an unknown one cannot", an_unknown_one_cannot},
		{"regular keys are no worse", regular_keys_are_no_worse},
		CU_TEST_INFO_NULL,
	};

	return unit_main("hash collisions", tests);
}
