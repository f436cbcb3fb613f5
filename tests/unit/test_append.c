/* Numbers without printf are the numbers of printf. */
#include "rules/host/append.h"

#include <stdio.h>

#include "rules/host/digits.h"
#include "tests/unit/unit.h"

static void integers(void)
{
	static const int64_t edges[] = {0, 9, 10, 99, 100, 101, 65535, 999999999, INT64_MAX, -1, -10, INT64_MIN};

	for (size_t i = 0; i < G_N_ELEMENTS(edges); i++) {
		g_autoptr(GString) out = g_string_new("x");
		g_autofree char *wanted = g_strdup_printf("x%" G_GINT64_FORMAT "%" G_GUINT64_FORMAT, edges[i],
		                                          (uint64_t)edges[i]);

		append_integer(out, edges[i]);
		append_unsigned(out, (uint64_t)edges[i]);
		CU_ASSERT_STRING_EQUAL(out->str, wanted);
		CU_ASSERT_EQUAL(out->len, strlen(wanted));
	}
}

static void every_length(void)
{
	uint64_t value = 0;

	for (int digits = 1; digits <= DIGITS_MAX - 1; digits++) {
		g_autoptr(GString) out = g_string_new(NULL);

		value = value * 10 + (uint64_t)(digits % 10);
		append_unsigned(out, value);
		g_autofree char *wanted = g_strdup_printf("%" G_GUINT64_FORMAT, value);
		CU_ASSERT_STRING_EQUAL(out->str, wanted);
	}
}

static void decimals(void)
{
	g_autoptr(GString) out = g_string_new(NULL);

	append_decimal(out, 0, 9);
	append_char(out, ' ');
	append_decimal(out, 1, 9);
	append_char(out, ' ');
	append_decimal(out, -1500000000, 9);
	append_char(out, ' ');
	append_decimal(out, 123, 3);
	append_char(out, ' ');
	append_decimal(out, -5, 6);
	append_char(out, ' ');
	append_decimal(out, INT64_MIN, 9);
	CU_ASSERT_STRING_EQUAL(out->str, "0.000000000 0.000000001 -1.500000000 0.123 -0.000005 -9223372036.854775808");
}

static void fixed(void)
{
	char text[8] = "-------";

	digits_fixed(text + 1, 123, 5);
	CU_ASSERT_STRING_EQUAL(text, "-00123-");
	digits_fixed(text + 1, 98765432, 4);
	CU_ASSERT_STRING_EQUAL(text, "-54323-");
	digits_fixed(text + 1, 7, 1);
	CU_ASSERT_STRING_EQUAL(text, "-74323-");
}

static void grows(void)
{
	g_autoptr(GString) out = g_string_new(NULL);

	for (int i = 0; i < 100000; i++)
		append_literal(out, "0123456789");
	CU_ASSERT_EQUAL(out->len, 1000000);
	CU_ASSERT_EQUAL(strlen(out->str), 1000000);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"integers", integers}, {"every length", every_length}, {"decimals", decimals},
		{"fixed", fixed},       {"grows", grows},               CU_TEST_INFO_NULL,
	};

	return unit_main("append", tests);
}
