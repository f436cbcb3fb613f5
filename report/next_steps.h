/* What somebody with this verdict should do next: commands, settings, the capture that would settle it. */
#ifndef REPORT_NEXT_STEPS_H
#define REPORT_NEXT_STEPS_H

#include <glib.h>

#include "rules/host/case.h"

enum { NEXT_STEPS_MAX = 4 };

/* Sentences, the cheapest first, each a new string; free with g_ptr_array_unref. */
GPtrArray *next_steps_of(const struct hangup_case *c);

#endif
