/* Templates and numbers become text: every placeholder, everything unknown, and the edges of every unit. */
#include "rules/host/text.h"

#include <arpa/inet.h>
#include <string.h>

#include "tests/unit/unit.h"

static const struct facts facts = {
	.end = {
		[HANGUP_CLIENT] = {.address = {[10] = 0xff, [11] = 0xff, [12] = 192, 0, 2, 1}, .port = 40000},
		[HANGUP_SERVER] = {.address = {0x20, 0x01, 0x0d, 0xb8, [15] = 1}, .port = 443},
	},
};

static void expands_to(const char *template, int64_t a, int64_t b, const char *wanted)
{
	g_autoptr(GString) out = g_string_new(NULL);

	text_expand(out, &(struct case_text){.template = template, .a = a, .b = b}, &facts);
	CU_ASSERT_STRING_EQUAL(out->str, wanted);
}

static void placeholders(void)
{
	expands_to("nothing to do", 1, 2, "nothing to do");
	expands_to("", 1, 2, "");
	expands_to("{client} and {server}", 0, 0, "192.0.2.1:40000 and [2001:db8::1]:443");
	expands_to("{a} of {b}", -3, 9, "-3 of 9");
	expands_to("{a:ns}", 1200000, 0, "1.2 ms");
	expands_to("{b:bytes}", 0, 14200, "14.2 kB");
	expands_to("the {a:side} or the {b:side}", 0, 1, "the client or the server");
	expands_to("{a:side}", 2, 0, "unknown");
	expands_to("{a}{a}{b}", 1, 2, "112");
}

static void what_is_unknown_stays(void)
{
	expands_to("{c}", 1, 2, "{c}");
	expands_to("{a:feet}", 1, 2, "{a:feet}");
	expands_to("{a:n}", 1, 2, "{a:n}");
	expands_to("{ab}", 1, 2, "{ab}");
	expands_to("{clients}", 1, 2, "{clients}");
	expands_to("{}", 1, 2, "{}");
	expands_to("{", 1, 2, "{");
	expands_to("}", 1, 2, "}");
	expands_to("{a", 1, 2, "{a");
	expands_to("{{a}}", 1, 2, "{1}");
	expands_to("{x{b}", 1, 2, "{x2");
	expands_to("%s %d {a} \\", 1, 2, "%s %d 1 \\");
}

static void duration_is(int64_t ns, const char *wanted)
{
	g_autoptr(GString) out = g_string_new(NULL);

	text_append_duration(out, ns);
	CU_ASSERT_STRING_EQUAL(out->str, wanted);
}

static void durations(void)
{
	const int64_t s = 1000000000;

	duration_is(0, "0 ns");
	duration_is(999, "999 ns");
	duration_is(1000, "1 \xc2\xb5s");
	duration_is(999499, "999 \xc2\xb5s");
	duration_is(999500, "1 ms");
	duration_is(1234567, "1.23 ms");
	duration_is(12345678, "12.3 ms");
	duration_is(20040000, "20 ms");
	duration_is(s, "1 s");
	duration_is(9 * s + 994999999, "9.99 s");
	duration_is(9 * s + 996000000, "10 s");
	duration_is(10 * s + 49999999, "10 s");
	duration_is(349 * s + 998000000, "350 s");
	duration_is(900 * s, "900 s");
	duration_is(999 * s + 499999999, "999 s");
	duration_is(999 * s + 500000000, "16 min 40 s");
	duration_is(1800 * s, "30 min");
	duration_is(3599 * s + 600000000, "1 h");
	duration_is(7200 * s, "2 h");
	duration_is(7875 * s, "2 h 11 min");
	duration_is(7201 * s, "2 h");
	duration_is(432000 * s, "5 d");
	duration_is(439200 * s, "5 d 2 h");
	duration_is(-1500000, "-1.5 ms");
	duration_is(INT64_MAX, "106751 d 23 h");
	duration_is(INT64_MIN, "-106751 d 23 h");
}

static void bytes_are(int64_t bytes, const char *wanted)
{
	g_autoptr(GString) out = g_string_new(NULL);

	text_append_bytes(out, bytes);
	CU_ASSERT_STRING_EQUAL(out->str, wanted);
}

static void bytes(void)
{
	bytes_are(0, "0 bytes");
	bytes_are(1, "1 byte");
	bytes_are(812, "812 bytes");
	bytes_are(999, "999 bytes");
	bytes_are(1000, "1 kB");
	bytes_are(1024, "1.02 kB");
	bytes_are(14200, "14.2 kB");
	bytes_are(999499, "999 kB");
	bytes_are(999500, "1 MB");
	bytes_are(1500000000, "1.5 GB");
	bytes_are(INT64_MAX, "9.22 EB");
	bytes_are(INT64_MIN, "-9.22 EB");
	bytes_are(-1, "-1 byte");
}

/* The C library's own writing is the reference. */
static void address_is_as_inet_ntop(const char *text)
{
	g_autoptr(GString) out = g_string_new(NULL);
	uint8_t address[16];

	CU_ASSERT_EQUAL(inet_pton(AF_INET6, text, address), 1);
	text_append_address(out, address);
	CU_ASSERT_STRING_EQUAL(out->str, text);
}

static void addresses(void)
{
	static const char *const texts[] = {
		"::", "::1", "1::", "2001:db8::1", "2001:db8:0:1:1:1:1:1", "2001:db8::1:0:0:1", "2001:0:0:1::1",
		"1:2:3:4:5:6:7:8", "fe80::abcd:0:0:1", "1:2:3:4:5:6::", "::3:4:5:6:7:8", "0:2:3:4:5:6:7:8", "1:0:3:4:5:6:7:0",
	};
	g_autoptr(GString) out = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		address_is_as_inet_ntop(texts[i]);
	text_append_address(out, facts.end[HANGUP_CLIENT].address);
	CU_ASSERT_STRING_EQUAL(out->str, "192.0.2.1");
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"placeholders", placeholders},
		{"what is unknown stays", what_is_unknown_stays},
		{"durations", durations},
		{"bytes", bytes},
		{"addresses", addresses},
		CU_TEST_INFO_NULL,
	};

	return unit_main("text", tests);
}
