/* JSON strings. With "--print" it writes every character once, for another reader to check. */
#include "report/json.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "rules/host/append.h"
#include "tests/unit/unit.h"

static void string_is(const char *text, size_t len, const char *wanted)
{
	g_autoptr(GString) out = g_string_new("\"");

	append_bytes(out, text, len);
	json_escape_from(out, 1);
	CU_ASSERT_STRING_EQUAL(out->str, wanted);
	CU_ASSERT_EQUAL(out->len, strlen(wanted));
	if (strcmp(out->str, wanted) != 0)
		printf("\n%s, not %s", out->str, wanted);
}

static void strings(void)
{
	g_autoptr(GString) out = g_string_new(NULL);

	json_append_string(out, NULL);
	json_append_string(out, "");
	json_append_string(out, "a\"b\\c/d");
	CU_ASSERT_STRING_EQUAL(out->str, "null\"\"\"a\\\"b\\\\c/d\"");
	string_is("\0\n\t\033\x7f", 5, "\"\\u0000\\n\\t\\u001b\\u007f");
	string_is("\xc3\xb6 \xff \xf0\x9f\x98\x80 \xc2\x9b \xf3\xa0\x81\x81", 17,
	          "\"\xc3\xb6 \xef\xbf\xbd \xf0\x9f\x98\x80 \\u009b \\udb40\\udc41");
}

/* Eight bytes are looked at at a time: each character in each place, in text of any length. */
static void everywhere(void)
{
	for (int c = 1; c < 0x80; c++) {
		for (size_t len = 1; len < 20; len++) {
			for (size_t at = 0; at < len; at++) {
				const bool stays = c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
				g_autofree char *text = g_strnfill(len, 'x');
				g_autoptr(GString) out = g_string_new(NULL);

				text[at] = (char)c;
				append_text(out, text);
				json_escape_from(out, 0);
				CU_ASSERT_EQUAL(strcmp(out->str, text) == 0, stays);
				CU_ASSERT_EQUAL(memcmp(out->str, text, at), 0);
				CU_ASSERT_STRING_EQUAL(out->str + out->len - (len - at - 1), text + at + 1);
			}
		}
	}
}

/* Every code point, and every single byte that is none. */
static int print(void)
{
	g_autoptr(GString) out = g_string_new(NULL);

	for (gunichar c = 0; c < 0x110000; c += c < 0x3000 ? 1 : 97) {
		char text[6];

		if (!g_unichar_validate(c))
			continue;
		g_string_append_printf(out, "[%u,\"", c);
		const gsize start = out->len;
		append_bytes(out, text, (size_t)g_unichar_to_utf8(c, text));
		json_escape_from(out, start);
		append_literal(out, "\"]\n");
	}
	for (int byte = 0x80; byte < 0x100; byte++) {
		const char text[4] = {'<', (char)byte, '>', '\0'};

		json_append_string(out, text);
		append_char(out, '\n');
	}
	fwrite(out->str, 1, out->len, stdout);
	return 0;
}

int main(int argc, char **argv)
{
	static CU_TestInfo tests[] = {
		{"strings", strings},
		{"everywhere", everywhere},
		CU_TEST_INFO_NULL,
	};

	if (argc == 2 && strcmp(argv[1], "--print") == 0)
		return print();
	return unit_main("JSON", tests);
}
