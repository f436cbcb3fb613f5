/* Values on their way to places in a picture, by integers only, and where an axis has its ticks. */
#ifndef REPORT_SVG_SVG_SCALE_H
#define REPORT_SVG_SVG_SCALE_H

#include <stdint.h>

#include <glib.h>

/* From values low to high (low < high) to places from to to, in pixels; either may run the other way. */
struct svg_scale {
	int64_t low, high;
	int from, to;
};

/* Clamped to the ends. */
int svg_place(const struct svg_scale *s, int64_t value);

/* 1, 2 or 5 times a power of ten: the smallest step of which at most `most` (at least 1) fit between. */
int64_t svg_step(int64_t span, int most);
/* The same of time in ns: beyond a second in steps that clocks have: 15 s, 1 min, 6 h, 1 d. */
int64_t svg_time_step(int64_t span_ns, int most);
/* The first multiple of step that is not below low. */
int64_t svg_first_tick(int64_t low, int64_t step);

/* "0.25", "12.5", "120": a time in ns as seconds, with the decimals that multiples of step need. */
void svg_append_seconds(GString *out, int64_t ns, int64_t step);

#endif
