/* Colour, when the terminal has it and the user did not object. */
#ifndef REPORT_STYLE_H
#define REPORT_STYLE_H

#include <stdbool.h>

#include <glib.h>

#include <hangup/rule.h>

enum style { STYLE_STRONG, STYLE_FAINT, STYLE_GOOD, STYLE_ODD, STYLE_BAD };

/* Appends text in that style; plain when colour is false. */
void style_append(GString *out, enum style style, const char *text, bool colour);

/* How a severity looks. */
enum style style_of_severity(enum hangup_severity severity);

#endif
