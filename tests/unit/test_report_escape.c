/* Nothing a packet or a file name holds may move a cursor, change a colour, or turn text round. */
#include "report/escape.h"

#include <string.h>

#include "tests/unit/unit.h"

static void shows(const char *text, size_t len, bool ascii, const char *wanted)
{
	g_autoptr(GString) out = g_string_new(NULL);

	escape_append(out, text, len, ascii);
	CU_ASSERT_STRING_EQUAL(out->str, wanted);
}

#define SHOWS(text, ascii, wanted) shows(text, sizeof(text) - 1, ascii, wanted)

static void plain_text_stays(void)
{
	SHOWS("", false, "");
	SHOWS("capture-1 (old).pcapng ~", false, "capture-1 (old).pcapng ~");
	SHOWS("gr\xc3\xb6\xc3\x9f" "er", false, "gr\xc3\xb6\xc3\x9f" "er");
	SHOWS("\xe5\x8c\x97\xe4\xba\xac", false, "\xe5\x8c\x97\xe4\xba\xac");
}

static void controls_are_spelled(void)
{
	SHOWS("\033[31mred", false, "\\u{1b}[31mred");
	SHOWS("a\nb\tc\rd\be", false, "a\\u{a}b\\u{9}c\\u{d}d\\u{8}e");
	SHOWS("\x7f", false, "\\u{7f}");
	SHOWS("\xc2\x9b" "2J", false, "\\u{9b}2J");         /* CSI as one character */
	SHOWS("\xe2\x80\xae" "gpj", false, "\\u{202e}gpj"); /* turns the reading direction */
	SHOWS("a\xe2\x80\xa8" "b", false, "a\\u{2028}b");   /* line separator */
	SHOWS("\xef\xbb\xbf", false, "\\u{feff}");
	SHOWS("a\0b", false, "a\\u{0}b");
}

static void bytes_that_are_no_text(void)
{
	SHOWS("\xff\xfe", false, "\\xff\\xfe");
	SHOWS("a\xc3", false, "a\\xc3");             /* cut in the middle */
	SHOWS("\xc0\xaf", false, "\\xc0\\xaf");      /* longer than need be */
	SHOWS("\xed\xa0\x80", false, "\\xed\\xa0\\x80"); /* half a surrogate pair */
}

static void ascii_only(void)
{
	SHOWS("gr\xc3\xb6\xc3\x9f" "er", true, "gr\\u{f6}\\u{df}er");
}

static void every_byte_alone_is_inert(void)
{
	for (int byte = 0; byte < 256; byte++) {
		g_autoptr(GString) out = g_string_new(NULL);
		const char text[1] = {(char)byte};

		escape_append(out, text, 1, false);
		for (gsize i = 0; i < out->len; i++)
			CU_ASSERT((unsigned char)out->str[i] >= 0x20 && (unsigned char)out->str[i] < 0x7f);
	}
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"plain text stays", plain_text_stays},
		{"controls are spelled", controls_are_spelled},
		{"bytes that are no text", bytes_that_are_no_text},
		{"ASCII only", ascii_only},
		{"every byte alone is inert", every_byte_alone_is_inert},
		CU_TEST_INFO_NULL,
	};

	return unit_main("escape", tests);
}
