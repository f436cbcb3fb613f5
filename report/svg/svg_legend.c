#include "report/svg/svg_legend.h"

#include <string.h>

#include "report/svg/svg_measure.h"
#include "report/svg/svg_write.h"

enum { PITCH = 19, LINE_PITCH = 14, BASELINE = 4, BETWEEN = 18, SIZE = 11 };

/* Bytes of words that fit on a line: up to a space, or all. */
static size_t fitting(const char *words, int room)
{
	size_t fits = 0;

	if (svg_measure(words, SIZE) <= room)
		return strlen(words);
	for (const char *space = words; (space = strchr(space, ' ')); space++) {
		g_autofree char *line = g_strndup(words, (gsize)(space - words));

		if (svg_measure(line, SIZE) > room)
			break;
		fits = (size_t)(space - words);
	}
	return fits ? fits : strlen(words);
}

/* Returns the y of the last line. */
static int draw_words(GString *out, const char *words, int x, int y, int room)
{
	for (;;) {
		size_t fits = fitting(words, room);
		g_autofree char *line = g_strndup(words, fits);

		svg_text(out, "l f", x, y + BASELINE, line);
		words += fits;
		if (!*words)
			return y;
		words++;
		y += LINE_PITCH;
	}
}

int svg_legend(GString *out, const struct svg_key *keys, size_t keys_len, int x, int y, int width)
{
	const int begin = x, end = x + width;

	for (size_t i = 0; i < keys_len; i++) {
		if (!keys[i].shown)
			continue;
		const int wide = SVG_SIGN_WIDTH + svg_measure(keys[i].words, SIZE);

		if (x > begin && x + wide > end) {
			x = begin;
			y += PITCH;
		}
		keys[i].sign(out, x, y);
		y = draw_words(out, keys[i].words, x + SVG_SIGN_WIDTH, y, end - x - SVG_SIGN_WIDTH);
		g_string_append_c(out, '\n');
		x += wide + BETWEEN;
	}
	return y + PITCH / 2;
}
