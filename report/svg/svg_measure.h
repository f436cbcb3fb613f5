/* How wide text will be. Nothing here knows the reader's fonts, so it reckons with wide ones. */
#ifndef REPORT_SVG_SVG_MEASURE_H
#define REPORT_SVG_SVG_MEASURE_H

#include <glib.h>

/* Pixels that text takes at a size in pixels, hardly ever more. Text as it will be shown: html_escape_append() makes
 * some characters longer. */
int svg_measure(const char *text, int size);

/* Cuts text at its end, with dots, until it takes no more than `width`. */
void svg_fit(GString *text, int size, int width);

#endif
