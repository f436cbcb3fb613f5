#include "report/escape.h"

#include "rules/host/append.h"

enum { MICRO_SIGN = 0xb5 };

bool escape_is_plain(gunichar c)
{
	if (c < 0x80)
		return c >= 0x20 && c != 0x7f;
	GUnicodeType type = g_unichar_type(c);
	return g_unichar_isprint(c) && type != G_UNICODE_LINE_SEPARATOR && type != G_UNICODE_PARAGRAPH_SEPARATOR
	       && type != G_UNICODE_PRIVATE_USE;
}

size_t escape_next(const char *text, size_t len, gunichar *out_char)
{
	/* GLib takes a zero byte for the end of the text, and so for a character cut short */
	gunichar c = *text ? g_utf8_get_char_validated(text, (gssize)len) : 0;

	if (c == (gunichar)-1 || c == (gunichar)-2)
		return 0;
	*out_char = c;
	return (size_t)g_unichar_to_utf8(c, NULL);
}

/* Of how many bytes in front each is a plain character: nearly everything that is written. */
static size_t plain_ascii(const char *text, size_t len)
{
	size_t plain = 0;

	while (plain < len && text[plain] >= 0x20 && text[plain] < 0x7f)
		plain++;
	return plain;
}

/* Returns how many bytes it took. */
static size_t append_character(GString *out, const char *text, size_t len, bool ascii_only)
{
	gunichar c;
	const size_t step = escape_next(text, len, &c);

	if (step == 0) {
		g_string_append_printf(out, "\\x%02x", (unsigned char)*text);
		return 1;
	}
	if (ascii_only && c == MICRO_SIGN)
		append_char(out, 'u');
	else if (!escape_is_plain(c) || (ascii_only && c >= 0x80))
		g_string_append_printf(out, "\\u{%x}", c);
	else
		append_bytes(out, text, step);
	return step;
}

void escape_append(GString *out, const char *text, size_t len, bool ascii_only)
{
	for (size_t step; len > 0; text += step, len -= step) {
		step = plain_ascii(text, len);
		if (step > 0)
			append_bytes(out, text, step);
		else
			step = append_character(out, text, len, ascii_only);
	}
}
