/* Lines that wait keep their bytes, and take memory in proportion, however they come and go. */
#include "report/waiting.h"

#include <string.h>

#include <glib.h>

#include "tests/unit/unit.h"

enum { LINE = 2000 };

/* A line that tells its id in every byte that matters. */
static void put(struct waiting *w, uint64_t id, size_t len)
{
	g_autofree char *line = g_strnfill(len, (char)('a' + id % 26));

	waiting_lend(w, id, line, len);
	waiting_keep(w, id);
}

static bool takes(struct waiting *w, uint64_t id, size_t wanted_len)
{
	const char *bytes;
	size_t len;
	const char wanted = (char)('a' + id % 26);

	if (waiting_due(w) != id || !waiting_take(w, &bytes, &len) || len != wanted_len)
		return false;
	return len == 0 || (bytes[0] == wanted && memcmp(bytes, bytes + 1, len - 1) == 0);
}

static void in_and_out(void)
{
	struct waiting *w = waiting_new();
	const char *bytes;
	size_t len;

	CU_ASSERT_FALSE(waiting_take(w, &bytes, &len));
	put(w, 3, LINE);
	put(w, 2, 0);
	CU_ASSERT_FALSE(waiting_take(w, &bytes, &len));
	put(w, 1, LINE);
	CU_ASSERT(waiting_bytes(w) >= 2 * LINE);
	for (uint64_t id = 1; id <= 3; id++)
		CU_ASSERT_TRUE(takes(w, id, id == 2 ? 0 : LINE));
	CU_ASSERT_EQUAL(waiting_bytes(w), 0);
	put(w, 100000, LINE);
	waiting_give_up(w);
	CU_ASSERT_TRUE(takes(w, 100000, LINE));
	CU_ASSERT_EQUAL(waiting_bytes(w), 0);
	waiting_free(w);
}

static void lines_longer_than_a_block(void)
{
	struct waiting *w = waiting_new();

	put(w, 2, 3000017);
	put(w, 3, 5);
	put(w, 1, 1000001);
	CU_ASSERT_TRUE(takes(w, 1, 1000001));
	CU_ASSERT_TRUE(takes(w, 2, 3000017));
	CU_ASSERT_TRUE(takes(w, 3, 5));
	waiting_free(w);
}

/* In every hundred lines one that stays: without copying together each would hold a whole block. */
static void late_lines_hold_no_memory(void)
{
	enum { ROUNDS = 2000, EACH = 100 };
	struct waiting *w = waiting_new();
	size_t most = 0;

	for (uint64_t round = 0; round < ROUNDS; round++) {
		put(w, ROUNDS * EACH + round + 1, LINE);
		for (uint64_t i = 1; i <= EACH; i++)
			put(w, round * EACH + i, LINE);
		for (uint64_t i = 1; i <= EACH; i++)
			CU_ASSERT_TRUE(takes(w, round * EACH + i, LINE));
		most = MAX(most, waiting_blocks(w));
	}
	CU_ASSERT(most <= 2 * ROUNDS * LINE + (10 << 20));
	for (uint64_t round = 0; round < ROUNDS; round++)
		CU_ASSERT_TRUE(takes(w, ROUNDS * EACH + round + 1, LINE));
	waiting_free(w);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"in and out", in_and_out},
		{"lines longer than a block", lines_longer_than_a_block},
		{"late lines hold no memory", late_lines_hold_no_memory},
		CU_TEST_INFO_NULL,
	};

	return unit_main("waiting", tests);
}
