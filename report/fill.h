/* Sentences and commands with blanks, kept as data: "{actor} reset the connection {rst-delay} after ...".
 * blank.def lists the blanks, role.c the parts that are blanks too. A blank that this connection cannot fill makes
 * the whole template unusable, so a list of templates from the most telling to the plainest always yields the best
 * one that is true. "{given-up?}" fills nothing: it is a condition (condition.h) for using the template. */
#ifndef REPORT_FILL_H
#define REPORT_FILL_H

#include <stdbool.h>

#include <glib.h>

#include "rules/host/case.h"

/* Appends the template with its blanks filled from the verdict and the facts. False, and out as it was, when one
 * cannot be. */
bool fill_template(GString *out, const char *template, const struct hangup_case *c);

/* Whether every blank and condition in a template exists: for tests. */
bool fill_knows_all(const char *template);

#endif
