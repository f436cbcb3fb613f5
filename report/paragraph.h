/* Text in columns. Widths are those of a terminal: wide characters count two, combining ones none. */
#ifndef REPORT_PARAGRAPH_H
#define REPORT_PARAGRAPH_H

#include <stddef.h>

#include <glib.h>

/* Columns of valid UTF-8 text without control characters. */
size_t paragraph_columns(const char *text);

/* A space at which no line is broken. */
#define PARAGRAPH_TIE "\t"

/* Appends text broken at its spaces, but never between a number and its unit, into lines of at most `width` columns,
 * the first after `first` columns that are already on the line, the others after `indent` spaces. A word that is
 * longer than a line is broken. Ends with a line feed. */
void paragraph_append(GString *out, const char *text, size_t first, size_t indent, size_t width);

/* Appends a command after `indent` spaces and "$ ", on one line however long: it is to be copied into a shell. */
void paragraph_append_command(GString *out, const char *command, size_t indent);

#endif
