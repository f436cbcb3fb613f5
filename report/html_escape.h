/* Text in HTML and SVG, made inert: between tags and within quoted attributes alike. */
#ifndef REPORT_HTML_ESCAPE_H
#define REPORT_HTML_ESCAPE_H

#include <stddef.h>

#include <glib.h>

/* Appends text on one line: what HTML takes for markup as character references, characters that are not plain
 * (report/escape.h: controls, invisible formatting, whatever turns the reading direction round) as \u{202e}, bytes that
 * are not UTF-8 as \xff. Attributes must stand in double or single quotes, and hold no script or address to follow. */
void html_escape_append(GString *out, const char *text);
void html_escape_append_len(GString *out, const char *text, size_t len);

#endif
