/* Text from packets and files, made inert: it may hold anything, and a terminal obeys much of that. */
#ifndef REPORT_ESCAPE_H
#define REPORT_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

/* Whether a character is safe to show as it is: not a control, not invisible formatting (which can turn the
 * reading direction round), not unassigned, not a line break. */
bool escape_is_plain(gunichar c);

/* Decodes one character of text (len > 0) into *out_char. Returns its bytes, or 0 when the first byte begins
 * no valid UTF-8. */
size_t escape_next(const char *text, size_t len, gunichar *out_char);

/* Appends text on one line: characters that are not plain as \u{1b}, bytes that are not UTF-8 as \xff. With
 * ascii_only every character beyond ASCII is written as \u{...} too, but for the micro sign of our own units, which
 * becomes a u. */
void escape_append(GString *out, const char *text, size_t len, bool ascii_only);

#endif
