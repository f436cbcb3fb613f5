#include "tests/hostile/inert.h"

#include <string.h>

#include <glib.h>

/* The length of a colour that begins here, 0 when it is another escape. */
static size_t colour_len(const char *at, const char *end)
{
	const char *p = at + 1;

	if (p == end || *p++ != '[')
		return 0;
	while (p < end && (g_ascii_isdigit(*p) || *p == ';'))
		p++;
	return p < end && *p == 'm' ? (size_t)(p + 1 - at) : 0;
}

static bool is_harmless(gunichar c)
{
	switch (g_unichar_type(c)) {
	case G_UNICODE_CONTROL:
		return c == '\n';
	case G_UNICODE_FORMAT:
	case G_UNICODE_LINE_SEPARATOR:
	case G_UNICODE_PARAGRAPH_SEPARATOR:
	case G_UNICODE_PRIVATE_USE:
	case G_UNICODE_SURROGATE:
	case G_UNICODE_UNASSIGNED:
		return false;
	default:
		return true;
	}
}

bool inert_text(const char *text, size_t len)
{
	const char *end = text + len;

	if (!g_utf8_validate(text, (gssize)len, NULL))
		return false;
	while (text < end) {
		gunichar c = g_utf8_get_char(text);
		size_t colour = c == 0x1b ? colour_len(text, end) : 0;

		if (colour == 0 && !is_harmless(c))
			return false;
		text = colour > 0 ? text + colour : g_utf8_next_char(text);
	}
	return true;
}
