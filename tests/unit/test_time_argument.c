#include "cli/time_argument.h"

#include "tests/unit/unit.h"

#define NS(seconds) (INT64_C(seconds) * 1000000000)

/* 2024-05-01T10:02:03Z, and noon two days later: a moment on the day that times of day are meant for. */
static const int64_t moment_ns = NS(1714557723);
static const int64_t other_day_ns = NS(1714737600);
static const int64_t midnight_ns = NS(1714521600);

static void check_time(const char *text, int64_t ns)
{
	struct time_argument time = {0};
	g_autoptr(GError) error = NULL;

	CU_ASSERT_TRUE(time_argument_parse(text, &time, &error));
	CU_ASSERT_PTR_NULL(error);
	CU_ASSERT_TRUE(time.given);
	CU_ASSERT_EQUAL(time_argument_resolve(&time, other_day_ns), ns);
}

static void check_refused(const char *text)
{
	struct time_argument time = {0};
	g_autoptr(GError) error = NULL;

	CU_ASSERT_FALSE(time_argument_parse(text, &time, &error));
	CU_ASSERT_TRUE(g_error_matches(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE));
	CU_ASSERT_FALSE(time.given);
}

static void dates(void)
{
	check_time("2024-05-01T10:02:03Z", moment_ns);
	check_time("2024-05-01T10:02:03", moment_ns);
	check_time("2024-05-01 10:02:03Z", moment_ns);
	check_time("2024-05-01T12:02:03+02:00", moment_ns);
	check_time("2024-05-01T04:32:03-05:30", moment_ns);
}

static void seconds_since_1970(void)
{
	check_time("1714557723", moment_ns);
	check_time("0", 0);
}

static void every_digit_of_a_second_counts(void)
{
	check_time("2024-05-01T10:02:03.123456789Z", moment_ns + 123456789);
	check_time("2024-05-01T12:02:03.5+02:00", moment_ns + 500000000);
	check_time("1714557723.000000001", moment_ns + 1);
	check_time("1714557723.0000000019", moment_ns + 1);
	check_time("10:02:03,25", NS(1714737600) - NS(43200) + NS(36123) + 250000000);
}

static void times_of_day(void)
{
	struct time_argument time;

	CU_ASSERT_TRUE(time_argument_parse("10:02:03", &time, NULL));
	CU_ASSERT_TRUE(time.time_of_day);
	CU_ASSERT_EQUAL(time_argument_resolve(&time, midnight_ns), moment_ns);
	CU_ASSERT_EQUAL(time_argument_resolve(&time, midnight_ns + NS(86399)), moment_ns);
	CU_ASSERT_TRUE(time_argument_parse("10:02", &time, NULL));
	CU_ASSERT_EQUAL(time_argument_resolve(&time, midnight_ns), moment_ns - NS(3));
}

static void nonsense(void)
{
	static const char *const texts[] = {
		"", "yesterday", "24:00", "10:60", "10:02:61", "10:02:03x", "10:02:", "-1", "99999999999999",
		"2024-02-30T00:00:00Z", "2024-05-01T25:00:00Z", "2024-05-01", "10:02 .5", "1714557723.5.5", ".",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		check_refused(texts[i]);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"dates", dates},
		{"seconds since 1970", seconds_since_1970},
		{"every digit of a second counts", every_digit_of_a_second_counts},
		{"times of day", times_of_day},
		{"nonsense", nonsense},
		CU_TEST_INFO_NULL,
	};

	return unit_main("times on the command line", tests);
}
