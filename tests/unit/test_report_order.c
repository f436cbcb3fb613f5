/* Any order in, order of id out; beyond the bound the lowest ids first, and the same bytes by however many lanes. */
#include "report/order.h"

#include <string.h>

#include "report/report.h"
#include "tests/unit/report_case.h"
#include "tests/unit/unit.h"

struct ordering {
	FILE *file;
	struct output out;
	struct order *order;
};

static void begin(struct ordering *t, size_t waiting_max)
{
	t->file = report_case_open();
	output_init(&t->out, t->file);
	t->order = order_new(&t->out, waiting_max);
}

static char *end(struct ordering *t)
{
	order_finish(t->order);
	CU_ASSERT_TRUE(output_finish(&t->out, NULL));
	order_free(t->order);
	return report_case_close(t->file);
}

static void add(struct ordering *t, unsigned lane, uint64_t id)
{
	g_autofree char *line = g_strdup_printf("%" G_GUINT64_FORMAT "\n", id);

	g_string_append(order_line(t->order, lane), line);
	order_end_line(t->order, lane, id);
}

/* What has left so far. */
static void has_written(struct ordering *t, const char *wanted)
{
	CU_ASSERT_STRING_EQUAL(t->out.pending->str, wanted);
}

static uint64_t *shuffled_ids(uint64_t count, guint32 seed)
{
	uint64_t *ids = g_new(uint64_t, count);
	GRand *chance = g_rand_new_with_seed(seed);

	for (uint64_t i = 0; i < count; i++) {
		uint64_t other = (uint64_t)g_rand_int_range(chance, 0, (gint32)i + 1);

		ids[i] = ids[other];
		ids[other] = i + 1;
	}
	g_rand_free(chance);
	return ids;
}

/* Hands in 1..count shuffled, every seventh without a line, a turn after each `round` of them. */
static char *shuffled(uint64_t count, size_t waiting_max, guint32 seed, unsigned lanes, uint64_t round)
{
	g_autofree uint64_t *ids = shuffled_ids(count, seed);
	struct ordering t;

	begin(&t, waiting_max);
	for (uint64_t i = 0; i < count; i++) {
		unsigned lane = (unsigned)(ids[i] * 7919 % lanes);

		if (ids[i] % 7 == 0)
			order_end_line(t.order, lane, ids[i]);
		else
			add(&t, lane, ids[i]);
		if (i % round == round - 1)
			order_turn(t.order);
	}
	return end(&t);
}

static char *all_lines(uint64_t count)
{
	GString *wanted = g_string_new(NULL);

	for (uint64_t id = 1; id <= count; id++) {
		if (id % 7 != 0)
			g_string_append_printf(wanted, "%" G_GUINT64_FORMAT "\n", id);
	}
	return g_string_free(wanted, FALSE);
}

static void within_the_bound(void)
{
	for (guint32 seed = 0; seed < 20; seed++) {
		const uint64_t count = 1 + seed * 130;
		g_autofree char *got = shuffled(count, 1 << 20, seed, 1 + seed % REPORT_LANES_MAX, 1 + seed);
		g_autofree char *wanted = all_lines(count);

		CU_ASSERT_STRING_EQUAL(got, wanted);
	}
}

static gint compare_lines(gconstpointer a, gconstpointer b)
{
	return (int)(g_ascii_strtoll(*(char *const *)a, NULL, 10) - g_ascii_strtoll(*(char *const *)b, NULL, 10));
}

/* Nothing is lost and nothing twice. */
static void beyond_the_bound(void)
{
	static const size_t bounds[] = {0, 100, 4096, 50000};
	const uint64_t count = 10000;
	g_autofree char *wanted = all_lines(count);

	for (size_t i = 0; i < G_N_ELEMENTS(bounds); i++) {
		g_autofree char *got = shuffled(count, bounds[i], 1, 1, 64);
		g_auto(GStrv) lines = g_strsplit(got, "\n", -1);

		CU_ASSERT_STRING_NOT_EQUAL(got, wanted);
		qsort(lines, g_strv_length(lines) - 1, sizeof(*lines), compare_lines);
		g_autofree char *sorted = g_strjoinv("\n", lines);
		CU_ASSERT_STRING_EQUAL(sorted, wanted);
	}
}

static void the_same_by_any_number_of_lanes(void)
{
	g_autofree char *one = shuffled(5000, 4096, 5, 1, 100);

	for (unsigned lanes = 2; lanes <= REPORT_LANES_MAX; lanes++) {
		g_autofree char *more = shuffled(5000, 4096, 5, lanes, 100);

		CU_ASSERT_STRING_EQUAL(more, one);
	}
}

static void hold(struct ordering *t, unsigned lane, uint64_t id)
{
	g_string_append_printf(order_line(t->order, lane), "%" G_GUINT64_FORMAT "\n", id);
	order_hold_line(t->order, lane, id);
}

/* Even ones are another line at the end. */
static bool tell_even(GString *out, uint64_t id, const char *line, size_t len, void *user)
{
	if (id % 2 == 1)
		return false;
	g_string_append_printf(out, "<%.*s>\n", (int)len - 1, line);
	(*(int *)user)++;
	return true;
}

static void what_is_held_waits_and_is_told_at_the_end(void)
{
	struct ordering t;
	int told = 0;

	begin(&t, 1 << 20);
	add(&t, 0, 1);
	add(&t, 1, 2);
	hold(&t, 0, 3);
	add(&t, 1, 4);
	order_turn(t.order);
	has_written(&t, "1\n2\n");
	hold(&t, 2, 6);
	add(&t, 2, 5);
	order_turn(t.order);
	has_written(&t, "1\n2\n");
	order_finish_telling(t.order, tell_even, &told);
	CU_ASSERT_EQUAL(told, 2);
	g_autofree char *text = end(&t);
	CU_ASSERT_STRING_EQUAL(text, "1\n2\n3\n<4>\n5\n<6>\n");
}

/* All leave as they are, in order, and so do those that come later. */
static void holding_ends_at_the_bound(void)
{
	struct ordering t;
	int told = 0;

	begin(&t, 300);
	for (uint64_t id = 1; id <= 10; id++)
		hold(&t, 0, id);
	order_turn(t.order);
	has_written(&t, "");
	for (uint64_t id = 11; id <= 40; id++)
		hold(&t, 1, id);
	order_turn(t.order);
	CU_ASSERT(g_str_has_prefix(t.out.pending->str, "1\n2\n3\n4\n"));
	CU_ASSERT(g_str_has_suffix(t.out.pending->str, "38\n39\n40\n"));
	hold(&t, 0, 41);
	order_turn(t.order);
	CU_ASSERT(g_str_has_suffix(t.out.pending->str, "\n41\n"));
	order_finish_telling(t.order, tell_even, &told);
	CU_ASSERT_EQUAL(told, 0);
	g_free(end(&t));
}

static void streams_as_soon_as_it_can(void)
{
	struct ordering t;

	begin(&t, 1 << 20);
	add(&t, 0, 2);
	add(&t, 1, 3);
	order_turn(t.order);
	has_written(&t, "");
	add(&t, 2, 1);
	has_written(&t, "");
	order_turn(t.order);
	has_written(&t, "1\n2\n3\n");
	add(&t, 0, 4);
	add(&t, 0, 6);
	order_turn(t.order);
	has_written(&t, "1\n2\n3\n4\n");
	order_end_line(t.order, 0, 5);
	order_turn(t.order);
	has_written(&t, "1\n2\n3\n4\n6\n");
	g_free(end(&t));
}

static void what_was_given_up_comes_when_it_comes(void)
{
	struct ordering t;

	begin(&t, 40); /* with their slots, two lines of two bytes */
	add(&t, 0, 3);
	add(&t, 0, 4);
	add(&t, 0, 5);
	order_turn(t.order);
	has_written(&t, "3\n4\n5\n");
	add(&t, 0, 2);
	add(&t, 0, 6);
	add(&t, 1, 1);
	order_turn(t.order);
	has_written(&t, "3\n4\n5\n1\n2\n6\n");
	g_free(end(&t));
}

static void gaps_do_not_lose_lines(void)
{
	struct ordering t;

	begin(&t, ORDER_WAITING_MAX);
	add(&t, 0, 500000);
	add(&t, 0, 3);
	order_turn(t.order);
	add(&t, 0, 5);
	g_autofree char *got = end(&t);
	CU_ASSERT_STRING_EQUAL(got, "3\n5\n500000\n");
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"within the bound", within_the_bound},
		{"beyond the bound", beyond_the_bound},
		{"the same by any number of lanes", the_same_by_any_number_of_lanes},
		{"what is held waits, and is told at the end", what_is_held_waits_and_is_told_at_the_end},
		{"holding ends at the bound", holding_ends_at_the_bound},
		{"streams as soon as it can", streams_as_soon_as_it_can},
		{"what was given up comes when it comes", what_was_given_up_comes_when_it_comes},
		{"gaps do not lose lines", gaps_do_not_lose_lines},
		CU_TEST_INFO_NULL,
	};

	return unit_main("order", tests);
}
