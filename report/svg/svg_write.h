/* Elements of SVG, in whole pixels of the viewBox. Classes and ids are ours, texts anybody's. */
#ifndef REPORT_SVG_SVG_WRITE_H
#define REPORT_SVG_SVG_WRITE_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

/* Opens the picture. kind: one more class. Without links it is one image to a screen reader, with links a group that can
 * be entered. */
void svg_open(GString *out, const char *id, const char *kind, int width, int height, bool links);
/* What it is, and what is to be seen on it; right after svg_open(), whose id they belong to. */
void svg_describe(GString *out, const char *id, const char *title, const char *description);
void svg_close(GString *out);

/* "class" may be NULL everywhere. */
void svg_group_open(GString *out, const char *class);
void svg_group_close(GString *out);
void svg_rect(GString *out, const char *class, int x, int y, int width, int height, int radius);
void svg_circle(GString *out, const char *class, int x, int y, int radius);
void svg_line(GString *out, const char *class, int x1, int y1, int x2, int y2);
/* path: data of a <path>, ours. */
void svg_path(GString *out, const char *class, const char *path);
/* At its baseline. */
void svg_text(GString *out, const char *class, int x, int y, const char *text);

/* An arrow head whose tip is at x, y; direction 1 to the right, -1 to the left. */
void svg_arrow_head(GString *out, int x, int y, int direction);
/* A cross around x, y. */
void svg_cross(GString *out, int x, int y);

#endif
