/* The JSON writer. With "--print" it writes every kind of value once, for another reader to check. */
#include "report/json_writer.h"

#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "tests/unit/unit.h"

static void text_is(struct json_writer *w, const char *wanted)
{
	CU_ASSERT_EQUAL(w->len, strlen(wanted));
	CU_ASSERT(w->len == strlen(wanted) && memcmp(w->bytes, wanted, w->len) == 0);
	if (w->len != strlen(wanted) || memcmp(w->bytes, wanted, w->len) != 0)
		printf("\n%.*s, not %s", (int)w->len, w->bytes, wanted);
	json_reset(w);
}

static void commas(void)
{
	struct json_writer w;

	json_init(&w);
	json_begin_object(&w);
	json_key(&w, "a");
	json_begin_array(&w);
	json_end_array(&w);
	json_key(&w, "b");
	json_begin_array(&w);
	json_null(&w);
	json_bool(&w, true);
	json_begin_object(&w);
	json_end_object(&w);
	json_begin_object(&w);
	json_key(&w, "c");
	json_bool(&w, false);
	json_end_object(&w);
	json_end_array(&w);
	json_end_object(&w);
	json_end_line(&w);
	text_is(&w, "{\"a\":[],\"b\":[null,true,{},{\"c\":false}]}\n");
	json_clear(&w);
}

static void numbers(void)
{
	struct json_writer w;

	json_init(&w);
	json_unsigned(&w, 0);
	json_unsigned(&w, UINT64_MAX);
	json_integer(&w, 0);
	json_integer(&w, -1);
	json_integer(&w, INT64_MIN);
	json_integer(&w, INT64_MAX);
	text_is(&w, "0,18446744073709551615,0,-1,-9223372036854775808,9223372036854775807");
	json_decimal(&w, 0, 9);
	json_decimal(&w, 1, 9);
	json_decimal(&w, -1500000000, 9);
	json_decimal(&w, 123, 3);
	json_decimal(&w, INT64_MIN, 9);
	text_is(&w, "0.000000000,0.000000001,-1.500000000,0.123,-9223372036.854775808");
	json_clear(&w);
}

static void times(void)
{
	struct json_writer w;

	json_init(&w);
	json_time(&w, 0);
	json_time(&w, -1);
	json_time(&w, INT64_C(951782400) * 1000000000);  /* a leap day in a century year that has one */
	json_time(&w, INT64_C(4107542400) * 1000000000 - 1);
	text_is(&w, "\"1970-01-01T00:00:00.000000000Z\",\"1969-12-31T23:59:59.999999999Z\","
	            "\"2000-02-29T00:00:00.000000000Z\",\"2100-02-28T23:59:59.999999999Z\"");
	json_time(&w, INT64_MIN);
	json_time(&w, INT64_MAX);
	text_is(&w, "\"1677-09-21T00:12:43.145224192Z\",\"2262-04-11T23:47:16.854775807Z\"");
	json_clear(&w);
}

static void strings(void)
{
	struct json_writer w;

	json_init(&w);
	json_string(&w, NULL);
	json_string(&w, "");
	json_string(&w, "a\"b\\c/d");
	json_string_len(&w, "\0\n\t\033\x7f", 5);
	text_is(&w, "null,\"\",\"a\\\"b\\\\c/d\",\"\\u0000\\n\\t\\u001b\\u007f\"");
	json_string(&w, "\xc3\xb6 \xff \xf0\x9f\x98\x80 \xc2\x9b \xf3\xa0\x81\x81");
	text_is(&w, "\"\xc3\xb6 \xef\xbf\xbd \xf0\x9f\x98\x80 \\u009b \\udb40\\udc41\"");
	json_clear(&w);
}

static void grows(void)
{
	struct json_writer w;
	g_autofree char *text = g_strnfill(100000, 'x');

	json_init(&w);
	json_begin_array(&w);
	for (int i = 0; i < 50; i++)
		json_string(&w, text);
	json_end_array(&w);
	CU_ASSERT_EQUAL(w.len, 50 * 100002 + 49 + 2);
	CU_ASSERT_EQUAL(w.bytes[w.len - 1], ']');
	json_clear(&w);
}

/* Every code point and every single byte as strings, numbers at their edges, and times. */
static int print(void)
{
	struct json_writer w;

	json_init(&w);
	for (gunichar c = 0; c < 0x110000; c += c < 0x3000 ? 1 : 97) {
		char text[6];

		if (g_unichar_validate(c)) {
			json_begin_array(&w);
			json_unsigned(&w, c);
			json_string_len(&w, text, (size_t)g_unichar_to_utf8(c, text));
			json_end_array(&w);
			json_end_line(&w);
		}
	}
	for (int byte = 0x80; byte < 0x100; byte++) {
		const char text[3] = {'<', (char)byte, '>'};

		json_string_len(&w, text, sizeof(text));
		json_end_line(&w);
	}
	fwrite(w.bytes, 1, w.len, stdout);
	json_clear(&w);
	return 0;
}

int main(int argc, char **argv)
{
	static CU_TestInfo tests[] = {
		{"commas", commas}, {"numbers", numbers}, {"times", times},
		{"strings", strings}, {"grows", grows}, CU_TEST_INFO_NULL,
	};

	if (argc == 2 && strcmp(argv[1], "--print") == 0)
		return print();
	return unit_main("json writer", tests);
}
