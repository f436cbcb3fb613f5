/* The words of the progress line, at moments that no run would wait for. */
#include "cli/progress_line.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/unit.h"

static const gint64 second_us = 1000000;

static void line_is(struct progress_rates *rates, gint64 at_us, uint64_t packets, uint64_t bytes, uint64_t total,
                    const char *wanted)
{
	const struct progress_state now = {.at_us = at_us, .packets = packets, .bytes = bytes};
	g_autoptr(GString) out = g_string_new(NULL);

	progress_line_append(out, rates, &now, total);
	CU_ASSERT_STRING_EQUAL(out->str, wanted);
	if (strcmp(out->str, wanted) != 0)
		printf("\n%s", out->str);
}

static void of_a_file(void)
{
	struct progress_rates rates = {.last = {.at_us = 5 * second_us}};

	line_is(&rates, 6 * second_us, 8000000, 780000000, 39000000000,
	        "  2%  8.0 M packets, 8.0 M/s, 780 MB/s, 49 s left");
	line_is(&rates, 10 * second_us, 40000000, 3900000000, 39000000000,
	        " 10%  40.0 M packets, 8.0 M/s, 780 MB/s, 45 s left");
	line_is(&rates, 55 * second_us, 400000000, 39000000000, 39000000000,
	        "100%  400 M packets, 8.0 M/s, 780 MB/s");
}

static void of_a_pipe(void)
{
	struct progress_rates rates = {.last = {.at_us = 0}};

	line_is(&rates, second_us, 950, 90000, 0, "950 packets, 90 kB, 950/s, 90 kB/s");
	line_is(&rates, 2 * second_us, 1234567, 123456789, 0, "1.2 M packets, 123 MB, 309 k/s, 30.9 MB/s");
}

/* A run that stalls: the rate falls, and the time left grows, but neither becomes nonsense. */
static void a_stall(void)
{
	struct progress_rates rates = {.last = {.at_us = 0}};

	line_is(&rates, second_us, 1000, 1000000, 100000000, "  1%  1.0 k packets, 1.0 k/s, 1 MB/s, 99 s left");
	for (int i = 0; i < 1000; i++) {
		const struct progress_state now = {.at_us = (i + 2) * second_us, .packets = 1000, .bytes = 1000000};
		g_autoptr(GString) out = g_string_new(NULL);

		progress_line_append(out, &rates, &now, 100000000);
		CU_ASSERT(g_str_has_prefix(out->str, "  1%  1.0 k packets, "));
		CU_ASSERT(out->len < 80);
	}
	line_is(&rates, 2000 * second_us, 1000, 1000000, 100000000, "  1%  1.0 k packets, 0/s, 0 bytes/s");
}

/* The clock may stand still, and a file may have grown. */
static void edges(void)
{
	struct progress_rates rates = {.last = {.at_us = second_us}};

	line_is(&rates, second_us, 10, 1000, 500, "100%  10 packets, 0/s, 0 bytes/s");
	line_is(&rates, 2 * second_us, 0, 0, 500, "  0%  0 packets, 0/s, 0 bytes/s");
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"of a file", of_a_file}, {"of a pipe", of_a_pipe}, {"a stall", a_stall}, {"edges", edges}, CU_TEST_INFO_NULL,
	};

	return unit_main("progress line", tests);
}
