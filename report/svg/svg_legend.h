/* What the signs of a picture mean: of those that are on it. */
#ifndef REPORT_SVG_SVG_LEGEND_H
#define REPORT_SVG_SVG_LEGEND_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

/* Draws a sign in a room of SVG_SIGN_WIDTH that begins at x and whose middle is at y. */
enum { SVG_SIGN_WIDTH = 34 };
typedef void (*svg_sign_fn)(GString *out, int x, int y);

struct svg_key {
	bool shown;
	svg_sign_fn sign;
	const char *words; /* ours */
};

/* Draws the keys that are shown, side by side as far as `width` goes, from x and downwards from y, the middle of the
 * first line. Returns where the picture ends below them. */
int svg_legend(GString *out, const struct svg_key *keys, size_t keys_len, int x, int y, int width);

#endif
