#include "report/cell.h"

#include <stdbool.h>
#include <stddef.h>

#include "report/escape.h"
#include "rules/host/append.h"

static bool needs_none(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		const unsigned char c = (unsigned char)text[i];

		if (c < 0x20 || c >= 0x7f || c == '\\')
			return false;
	}
	return true;
}

/* The letter that stands after a backslash for this character; 0 when none does. */
static char short_of(char c)
{
	switch (c) {
	case '\t':
		return 't';
	case '\n':
		return 'n';
	case '\r':
		return 'r';
	case '\\':
		return '\\';
	default:
		return '\0';
	}
}

void cell_escape_from(GString *out, gsize start)
{
	if (needs_none(out->str + start, out->len - start))
		return;
	g_autoptr(GString) raw = g_string_new_len(out->str + start, (gssize)(out->len - start));
	const char *text = raw->str, *end = text + raw->len;

	g_string_truncate(out, start);
	while (text < end) {
		const char *piece = text;

		while (text < end && !short_of(*text))
			text++;
		escape_append(out, piece, (size_t)(text - piece), false);
		if (text < end) {
			append_char(out, '\\');
			append_char(out, short_of(*text++));
		}
	}
}
