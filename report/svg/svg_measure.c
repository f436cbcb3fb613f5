/* Advance widths in thousandths of the size, rounded up from DejaVu Sans, the widest of the sans-serif fonts that systems
 * come with; bold letters are wider still, which is why callers leave room. */
#include "report/svg/svg_measure.h"

#include <string.h>

#include "report/escape.h"

enum { NARROW = 340, MIDDLE = 640, WIDE = 800, WIDEST = 1000, ESCAPED = 6 };

static int advance(gunichar c)
{
	if (c < 0x80 && strchr(" .,:;'|!()[]/ijlIfrt", (int)c))
		return c == 'f' || c == 'r' || c == 't' || c == '(' || c == ')' || c == '[' || c == ']' ? 420 : NARROW;
	if (c < 0x80 && strchr("mwMW%@#<>=+", (int)c))
		return WIDEST;
	if ((c >= 'A' && c <= 'Z'))
		return WIDE;
	return c < 0x80 ? MIDDLE : g_unichar_iswide(c) ? 1100 : WIDE;
}

int svg_measure(const char *text, int size)
{
	size_t len = strlen(text);
	int64_t width = 0;

	for (size_t step; len > 0; text += step, len -= step) {
		gunichar c;

		step = escape_next(text, len, &c);
		if (step == 0 || !escape_is_plain(c))
			width += ESCAPED * MIDDLE + (step ? NARROW + WIDE : 0);
		else
			width += advance(c);
		step = MAX(step, 1);
	}
	return (int)MIN((width * size + 999) / 1000, INT_MAX / 2);
}

void svg_fit(GString *text, int size, int width)
{
	static const char dots[] = "\xe2\x80\xa6";

	if (svg_measure(text->str, size) <= width)
		return;
	const int room = width - svg_measure(dots, size);
	while (text->len > 0 && svg_measure(text->str, size) > room) {
		gsize len = text->len - 1;

		while (len > 0 && ((unsigned char)text->str[len] & 0xc0) == 0x80)
			len--;
		g_string_truncate(text, len);
	}
	g_string_append(text, dots);
}
