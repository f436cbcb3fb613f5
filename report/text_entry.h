/* One ending in the text report: who with whom, which verdict, the sentence, the packets that prove it. */
#ifndef REPORT_TEXT_ENTRY_H
#define REPORT_TEXT_ENTRY_H

#include <glib.h>

#include "report/report.h"

/* Appends two or three lines of at most options->width columns, and an empty one. Times of another day than
 * `day_ns` (any time of that day) are written with their date. */
void text_entry_append(GString *out, const struct hangup_case *c, const struct report_options *options,
                       int64_t day_ns);

#endif
