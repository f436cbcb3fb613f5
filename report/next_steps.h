/* What somebody with this verdict should do next: commands, settings, the capture that would settle it. */
#ifndef REPORT_NEXT_STEPS_H
#define REPORT_NEXT_STEPS_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

#include "rules/host/case.h"

enum { NEXT_STEPS_MAX = 4, NEXT_STEP_BEGINNING = 40 };

/* Where a walk through the steps of a verdict is; begins zeroed. */
struct next_steps {
	size_t row;
	size_t told;
	char beginnings[NEXT_STEPS_MAX][NEXT_STEP_BEGINNING];
};

/* Appends the next step, a sentence; the cheapest comes first. False, and nothing appended, when there is no other. */
bool next_steps_next(struct next_steps *at, const struct hangup_case *c, GString *out);

/* All of them, each a new string; free with g_ptr_array_unref. */
GPtrArray *next_steps_of(const struct hangup_case *c);

#endif
