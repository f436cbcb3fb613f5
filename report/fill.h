/* Sentences and commands with blanks, kept as data: "{actor} reset the connection {rst-delay} after ...".
 * blank.def lists the blanks, role.c the parts that are blanks too. A blank that this connection cannot fill makes
 * the whole template unusable, so a list of templates from the most telling to the plainest always yields the best
 * one that is true. "{given-up?}" fills nothing: it is a condition (condition.h) for using the template. */
#ifndef REPORT_FILL_H
#define REPORT_FILL_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

#include "rules/host/case.h"

/* A template for verdicts of one cause, as a list holds it. */
struct fill_row {
	enum hangup_cause cause;
	const char *text;
};

struct fill;

/* Parses a template, which must stay. NULL when it has a blank or a condition that does not exist. */
struct fill *fill_new(const char *template);
void fill_free(struct fill *fill);

/* Appends the template with its blanks filled from the verdict and the facts. False, and out as it was, when one
 * cannot be. */
bool fill_append(GString *out, const struct fill *fill, const struct hangup_case *c);

/* The templates of a list by cause, each cause's in the order of the list; parsed once, for the whole run. */
struct fill_list {
	struct fill **fills[HANGUP_CAUSE_COUNT]; /* each NULL-terminated */
};
struct fill_list *fill_list_new(const struct fill_row *rows, size_t rows_len);

#endif
