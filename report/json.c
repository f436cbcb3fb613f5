#include "report/json.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "report/escape.h"
#include "rules/host/append.h"

/* --- what needs nothing ---------------------------------------------------------------------------- */
#define EACH_BYTE(b) (UINT64_C(0x0101010101010101) * (b))

/* Characters that a JSON string may hold as they are and that no terminal obeys. */
static bool is_ascii_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

/* Whether any of eight bytes is no such character. Subtracting borrows from bit 7 of a byte that is smaller, so each
 * term has bit 7 set in a byte that is below 0x20, equal to the character, or not ASCII. A borrow can reach the next
 * byte, but only from one that is told already. */
static bool any_not_plain(const char *text)
{
	uint64_t eight;

	memcpy(&eight, text, sizeof(eight));
	const uint64_t control = eight - EACH_BYTE(0x20);
	const uint64_t quote = (eight ^ EACH_BYTE('"')) - EACH_BYTE(1);
	const uint64_t backslash = (eight ^ EACH_BYTE('\\')) - EACH_BYTE(1);
	const uint64_t delete = (eight ^ EACH_BYTE(0x7f)) - EACH_BYTE(1);

	return ((eight | control | quote | backslash | delete) & EACH_BYTE(0x80)) != 0;
}

static size_t plain_run(const char *text, size_t len)
{
	size_t run = 0;

	while (len - run >= sizeof(uint64_t) && !any_not_plain(text + run))
		run += sizeof(uint64_t);
	while (run < len && is_ascii_plain((unsigned char)text[run]))
		run++;
	return run;
}

/* Bytes in front that can stay, characters beyond ASCII among them. */
static size_t good_run(const char *text, size_t len)
{
	size_t run = plain_run(text, len);

	while (run < len && (unsigned char)text[run] >= 0x80) {
		gunichar c;
		const size_t step = escape_next(text + run, len - run, &c);

		if (step == 0 || !escape_is_plain(c))
			break;
		run += step;
		run += plain_run(text + run, len - run);
	}
	return run;
}

/* --- the rest -------------------------------------------------------------------------------------- */
static void append_code_unit(GString *out, unsigned unit)
{
	static const char hex[] = "0123456789abcdef";
	const char text[6] = {'\\', 'u', hex[unit >> 12 & 15], hex[unit >> 8 & 15], hex[unit >> 4 & 15], hex[unit & 15]};

	append_bytes(out, text, sizeof(text));
}

/* The short escapes of RFC 8259 where there is one, else UTF-16 code units. */
static void append_escaped(GString *out, gunichar c)
{
	static const char shorts[][2] = {{'\n', 'n'}, {'\r', 'r'}, {'\t', 't'}, {'\b', 'b'}, {'\f', 'f'},
	                                 {'"', '"'},  {'\\', '\\'}};

	for (size_t i = 0; i < G_N_ELEMENTS(shorts); i++) {
		if (c == (unsigned char)shorts[i][0]) {
			append_char(out, '\\');
			append_char(out, shorts[i][1]);
			return;
		}
	}
	if (c >= 0x10000) {
		append_code_unit(out, 0xd800 + ((c - 0x10000) >> 10));
		append_code_unit(out, 0xdc00 + ((c - 0x10000) & 0x3ff));
	} else {
		append_code_unit(out, c);
	}
}

static size_t append_one(GString *out, const char *text, size_t len)
{
	gunichar c;
	const size_t step = escape_next(text, len, &c);

	if (step == 0) {
		append_literal(out, "\xef\xbf\xbd"); /* U+FFFD */
		return 1;
	}
	append_escaped(out, c);
	return step;
}

void json_escape_from(GString *out, gsize start)
{
	const size_t good = good_run(out->str + start, out->len - start);

	if (start + good == out->len)
		return;
	g_autoptr(GString) rest = g_string_new_len(out->str + start + good, (gssize)(out->len - start - good));
	const char *text = rest->str, *end = text + rest->len;

	g_string_truncate(out, start + good);
	while (text < end) {
		const size_t run = good_run(text, (size_t)(end - text));

		append_bytes(out, text, run);
		text += run;
		if (text < end)
			text += append_one(out, text, (size_t)(end - text));
	}
}

void json_append_string(GString *out, const char *text)
{
	if (!text) {
		append_literal(out, "null");
		return;
	}
	append_char(out, '"');
	const gsize start = out->len;
	append_text(out, text);
	json_escape_from(out, start);
	append_char(out, '"');
}
