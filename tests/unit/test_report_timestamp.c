/* Times at the edges of days, years and 64 bits, with the date kept and without. */
#include "report/timestamp.h"

#include <string.h>

#include <glib.h>

#include "tests/unit/unit.h"

static const struct {
	int64_t ns;
	const char *text;
} times[] = {
	{0, "1970-01-01T00:00:00.000000000Z"},
	{-1, "1969-12-31T23:59:59.999999999Z"},
	{INT64_C(951782400) * 1000000000, "2000-02-29T00:00:00.000000000Z"}, /* a century year that is a leap year */
	{INT64_C(4107542400) * 1000000000 - 1, "2100-02-28T23:59:59.999999999Z"},
	{INT64_C(4107542400) * 1000000000, "2100-03-01T00:00:00.000000000Z"},
	{INT64_C(1772359333123456789), "2026-03-01T10:02:13.123456789Z"},
	{INT64_C(1772359334000000001), "2026-03-01T10:02:14.000000001Z"},
	{INT64_MIN, "1677-09-21T00:12:43.145224192Z"},
	{INT64_MAX, "2262-04-11T23:47:16.854775807Z"},
};

static void whole(void)
{
	struct timestamp_day day = {0};

	for (size_t i = 0; i < G_N_ELEMENTS(times); i++) {
		char text[TIMESTAMP_LEN + 1] = "", kept[TIMESTAMP_LEN + 1] = "";

		timestamp_write(text, times[i].ns);
		timestamp_write_in(kept, times[i].ns, &day);
		CU_ASSERT_STRING_EQUAL(text, times[i].text);
		CU_ASSERT_STRING_EQUAL(kept, times[i].text);
	}
}

static void parts(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(times); i++) {
		char date[DATE_LEN], clock[CLOCK_LEN];

		date_write(date, times[i].ns);
		clock_write(clock, times[i].ns);
		CU_ASSERT_EQUAL(memcmp(date, times[i].text, DATE_LEN), 0);
		CU_ASSERT_EQUAL(memcmp(clock, times[i].text + DATE_LEN + 1, CLOCK_LEN), 0);
	}
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"whole", whole},
		{"parts", parts},
		CU_TEST_INFO_NULL,
	};

	return unit_main("timestamp", tests);
}
