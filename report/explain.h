/* One connection told whole: verdict, reasoning, ladder, what each application saw, what to do next. */
#ifndef REPORT_EXPLAIN_H
#define REPORT_EXPLAIN_H

#include <glib.h>

#include "capture/segment.h"
#include "report/report.h"

/* The last packets of one connection, in order, for the ladder. Bounded: older ones are counted and dropped, but
 * packets that are evidence, and the first ones, are kept. */
struct ladder;
struct ladder *ladder_new(size_t rows_max);
void ladder_free(struct ladder *l);
void ladder_add(struct ladder *l, const struct segment *segment, enum hangup_side sender);

/* Appends the explanation. */
void explain_append(GString *out, const struct hangup_case *c, const struct ladder *ladder,
                    const struct report_options *options);

#endif
