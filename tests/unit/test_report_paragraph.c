/* Text in columns: breaks at spaces, indents, ties, words longer than a line, wide characters. */
#include "report/paragraph.h"

#include <string.h>

#include "report/endpoint.h"
#include "tests/unit/report_case.h"
#include "tests/unit/unit.h"

static void becomes(const char *text, size_t first, size_t indent, size_t width, const char *wanted)
{
	g_autoptr(GString) out = g_string_new(NULL);

	paragraph_append(out, text, first, indent, width);
	CU_ASSERT_STRING_EQUAL(out->str, wanted);
	if (strcmp(out->str, wanted) != 0)
		printf("\n%s", out->str);
}

static void breaks_at_spaces(void)
{
	becomes("", 0, 0, 10, "\n");
	becomes("one two three", 0, 0, 20, "one two three\n");
	becomes("one two three", 0, 0, 13, "one two three\n");
	becomes("one two three", 0, 0, 12, "one two\nthree\n");
	becomes("one two three", 0, 2, 9, "one two\n  three\n");
	becomes("one two three", 6, 2, 10, "one\n  two\n  three\n");
	becomes("one  two ", 0, 0, 20, "one two\n");
}

static void ties_hold(void)
{
	becomes("one two" PARAGRAPH_TIE "three", 0, 0, 12, "one\ntwo three\n");
}

static void units_stay_with_their_numbers(void)
{
	becomes("waited 36.1 ms, then", 0, 0, 12, "waited\n36.1 ms,\nthen\n");
	becomes("waited 36.1 \xc2\xb5s", 0, 0, 12, "waited\n36.1 \xc2\xb5s\n");
	becomes("for 1 h 12 min", 0, 0, 11, "for 1 h\n12 min\n");
	becomes("sent (5 times)", 0, 0, 7, "sent\n(5\ntimes)\n"); /* no room for both at all */
	becomes("port 443 smiles", 0, 0, 8, "port 443\nsmiles\n");
}

static void long_words_are_broken(void)
{
	becomes("abcdefghij", 0, 0, 4, "abcd\nefgh\nij\n");
	becomes("ab cdefghij", 0, 1, 4, "ab\n cde\n fgh\n ij\n");
	becomes("abcdef", 2, 2, 5, "abc\n  def\n");
}

static void commands_can_be_copied(void)
{
	g_autoptr(GString) out = g_string_new(NULL);

	paragraph_append_command(out, "tcpdump -i any -w x 'host 192.0.2.1 and port 80 or icmp' -v", 2);
	CU_ASSERT_STRING_EQUAL(out->str, "  $ tcpdump -i any -w x 'host 192.0.2.1 and port 80 or icmp' -v\n");
}

static void columns_are_a_terminals(void)
{
	CU_ASSERT_EQUAL(paragraph_columns("\xe2\x86\x92"), 1);
	CU_ASSERT_EQUAL(paragraph_columns("\xe5\x8c\x97"), 2);
	CU_ASSERT_EQUAL(paragraph_columns("e\xcc\x81"), 1);
	becomes("\xe5\x8c\x97\xe5\x8c\x97\xe5\x8c\x97", 0, 0, 4, "\xe5\x8c\x97\xe5\x8c\x97\n\xe5\x8c\x97\n");
}

static void end_is(const char *address, size_t columns, bool ascii, const char *wanted)
{
	struct report_case r;
	g_autoptr(GString) out = g_string_new(NULL);

	report_case_init(&r, HANGUP_LABEL_STILL_OPEN, HANGUP_CAUSE_OPEN_IDLE, HANGUP_ACTOR_NONE);
	report_case_ends(&r, address, 65535, "::1", 1);
	endpoint_append(out, &r.facts.end[HANGUP_CLIENT], columns, ascii);
	CU_ASSERT_STRING_EQUAL(out->str, wanted);
	if (strcmp(out->str, wanted) != 0)
		printf("\n%s, not %s", out->str, wanted);
}

static void long_addresses_are_elided(void)
{
	const char *longest = "2001:db81:1111:2222:3333:4444:5555:6666";

	end_is("255.255.255.255", 0, true, "255.255.255.255:65535");
	end_is("2001:db8::1", 30, true, "[2001:db8::1]:65535");
	end_is(longest, 80, true, "[2001:db81:1111:2222:3333:4444:5555:6666]:65535");
	end_is(longest, 40, true, "[2001:db81:1111:2222:..:5555:6666]:65535");
	end_is(longest, 40, false, "[2001:db81:1111:2222:\xe2\x80\xa6:5555:6666]:65535");
	end_is(longest, 21, true, "[2001:..:6666]:65535");
	end_is("fe80::1:2:3:4", 21, true, "[fe80::1:2:3:4]:65535");
	end_is("fe80::11:22:33:44", 21, true, "[fe80:..:33:44]:65535");
}

static void never_wider_than_asked(void)
{
	struct report_case r;

	report_case_init(&r, HANGUP_LABEL_STILL_OPEN, HANGUP_CAUSE_OPEN_IDLE, HANGUP_ACTOR_NONE);
	report_case_ends(&r, "2001:db81:1111:2222:3333:4444:5555:6666", 65535, "fe80::1234:5678:9abc:def0", 65535);
	for (size_t columns = 46; columns < 100; columns++) {
		g_autoptr(GString) ascii = g_string_new(NULL), full = g_string_new(NULL);

		endpoint_append_pair(ascii, &r.facts, columns, true);
		CU_ASSERT(paragraph_columns(ascii->str) <= columns);
		endpoint_append_pair(full, &r.facts, columns, false);
		CU_ASSERT(paragraph_columns(full->str) <= columns);
	}
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"breaks at spaces", breaks_at_spaces},
		{"ties hold", ties_hold},
		{"units stay with their numbers", units_stay_with_their_numbers},
		{"long words are broken", long_words_are_broken},
		{"commands can be copied", commands_can_be_copied},
		{"columns are a terminal's", columns_are_a_terminals},
		{"long addresses are elided", long_addresses_are_elided},
		{"pairs are never wider than asked", never_wider_than_asked},
		CU_TEST_INFO_NULL,
	};

	return unit_main("paragraph", tests);
}
