/* A ladder as lines of text. */
#ifndef REPORT_LADDER_TEXT_H
#define REPORT_LADDER_TEXT_H

#include <glib.h>

#include "report/ladder.h"
#include "report/report.h"

/* Appends about as many lines as the ladder has rows; what lies between them is counted. Lines of at most
 * options->width columns. */
void ladder_text_append(GString *out, const struct ladder *l, const struct hangup_case *c,
                        const struct report_options *options);

#endif
