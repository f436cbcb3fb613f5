/* What the blanks of a template (fill.h) are filled with. Each appends its words; false, and nothing appended, when
 * this connection has none. */
#ifndef REPORT_BLANK_H
#define REPORT_BLANK_H

#include <stdbool.h>

#include <glib.h>

#include "rules/host/case.h"

typedef bool (*blank_fn)(GString *out, const struct hangup_case *c);

#define BLANK(name, function) bool function(GString *out, const struct hangup_case *c);
#include "report/blank.def"
#undef BLANK

#endif
