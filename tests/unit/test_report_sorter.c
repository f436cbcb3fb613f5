/* Any order in, order of id out, also when the lines that wait do not fit into memory. */
#include "report/sorter.h"

#include <string.h>

#include "tests/unit/report_case.h"
#include "tests/unit/unit.h"

static void add(struct sorter *s, uint64_t id)
{
	g_autofree char *line = g_strdup_printf("%" G_GUINT64_FORMAT "\n", id);

	sorter_add(s, id, line, strlen(line));
}

/* Hands in 1..count shuffled, every seventh left out, and checks what comes. */
static void shuffled(uint64_t count, size_t memory_max, guint32 seed)
{
	g_autofree uint64_t *ids = g_new(uint64_t, count);
	g_autoptr(GString) wanted = g_string_new(NULL);
	GRand *chance = g_rand_new_with_seed(seed);
	FILE *file = report_case_open();
	struct output out;

	output_init(&out, file);
	struct sorter *s = sorter_new(&out, memory_max);
	for (uint64_t i = 0; i < count; i++) {
		uint64_t other = (uint64_t)g_rand_int_range(chance, 0, (gint32)i + 1);

		ids[i] = ids[other];
		ids[other] = i + 1;
	}
	for (uint64_t i = 0; i < count; i++) {
		if (ids[i] % 7 == 0)
			sorter_skip(s, ids[i]);
		else
			add(s, ids[i]);
		if ((i + 1) % 7 != 0)
			g_string_append_printf(wanted, "%" G_GUINT64_FORMAT "\n", i + 1);
	}
	CU_ASSERT_TRUE(sorter_finish(s, NULL));
	CU_ASSERT_TRUE(output_finish(&out, NULL));
	sorter_free(s);
	g_rand_free(chance);
	g_autofree char *got = report_case_close(file);
	CU_ASSERT_STRING_EQUAL(got, wanted->str);
}

static void in_memory(void)
{
	for (guint32 seed = 0; seed < 20; seed++)
		shuffled(1 + seed * 13, 1 << 20, seed);
}

static void spilled(void)
{
	shuffled(10000, 4096, 1); /* some fifty lines at a time: hundreds of runs */
	shuffled(10000, 100000, 2);
	shuffled(300, 0, 3);      /* every line that waits */
}

static void streams_as_soon_as_it_can(void)
{
	FILE *file = report_case_open();
	struct output out;

	output_init(&out, file);
	struct sorter *s = sorter_new(&out, 1 << 20);
	add(s, 2);
	add(s, 3);
	CU_ASSERT_EQUAL(ftell(file), 0);
	add(s, 1);
	CU_ASSERT_EQUAL(ftell(file), 6);
	add(s, 4);
	CU_ASSERT_EQUAL(ftell(file), 8);
	add(s, 6);
	CU_ASSERT_EQUAL(ftell(file), 8);
	sorter_skip(s, 5);
	CU_ASSERT_EQUAL(ftell(file), 10);
	sorter_free(s);
	fclose(file);
}

static void streams_from_the_spill_too(void)
{
	FILE *file = report_case_open();
	struct output out;

	output_init(&out, file);
	struct sorter *s = sorter_new(&out, 0);
	for (uint64_t id = 9; id > 1; id--)
		add(s, id);
	CU_ASSERT_EQUAL(ftell(file), 0);
	add(s, 1);
	CU_ASSERT_EQUAL(ftell(file), 18);
	add(s, 11);
	add(s, 10);
	CU_ASSERT_EQUAL(ftell(file), 24);
	sorter_free(s);
	fclose(file);
}

static void gaps_do_not_lose_lines(void)
{
	FILE *file = report_case_open();
	struct output out;

	output_init(&out, file);
	struct sorter *s = sorter_new(&out, 1 << 20);
	add(s, 5);
	add(s, 3);
	CU_ASSERT_TRUE(sorter_finish(s, NULL));
	sorter_free(s);
	g_autofree char *got = report_case_close(file);
	CU_ASSERT_STRING_EQUAL(got, "3\n5\n");
}

static void lines_longer_than_a_window(void)
{
	FILE *file = report_case_open();
	g_autofree char *line = g_strnfill(3 * SORTER_RUN_BUFFER + 17, 'x');
	struct output out;

	output_init(&out, file);
	struct sorter *s = sorter_new(&out, 0);
	sorter_add(s, 2, line, strlen(line));
	sorter_add(s, 3, "", 0);
	sorter_add(s, 1, "1", 1);
	CU_ASSERT_EQUAL((size_t)ftell(file), strlen(line) + 1);
	sorter_free(s);
	fclose(file);
}

static void no_place_to_spill(void)
{
	FILE *file = report_case_open();
	g_autoptr(GError) error = NULL;
	struct output out;

	output_init(&out, file);
	struct sorter *s = sorter_new(&out, 0);
	add(s, 2);
	add(s, 1);
	CU_ASSERT_EQUAL(ftell(file), 2); /* what needs no waiting is written all the same */
	CU_ASSERT_FALSE(sorter_finish(s, &error));
	CU_ASSERT(error && strstr(error->message, g_get_tmp_dir()));
	sorter_free(s);
	fclose(file);
}

/* Where there is no folder for temporary files (the test's other run) only that can be tested. */
int main(void)
{
	static CU_TestInfo homeless[] = {{"no place to spill", no_place_to_spill}, CU_TEST_INFO_NULL};
	static CU_TestInfo tests[] = {
		{"in memory", in_memory},
		{"spilled", spilled},
		{"streams as soon as it can", streams_as_soon_as_it_can},
		{"streams from the spill too", streams_from_the_spill_too},
		{"gaps do not lose lines", gaps_do_not_lose_lines},
		{"lines longer than a window", lines_longer_than_a_window},
		CU_TEST_INFO_NULL,
	};

	return unit_main("sorter", g_file_test(g_get_tmp_dir(), G_FILE_TEST_IS_DIR) ? tests : homeless);
}
