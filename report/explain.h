/* One connection told whole: verdict, reasoning, ladder, what each application saw, what to do next. */
#ifndef REPORT_EXPLAIN_H
#define REPORT_EXPLAIN_H

#include <glib.h>

#include "report/ladder.h"
#include "report/report.h"

/* Appends the explanation. */
void explain_append(GString *out, const struct hangup_case *c, const struct ladder *ladder,
                    const struct report_options *options);

#endif
