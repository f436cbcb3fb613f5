/* Why an alternative lost. */
#ifndef REPORT_WHY_NOT_H
#define REPORT_WHY_NOT_H

#include <glib.h>

#include "rules/host/case.h"

/* Appends what decided against this losing claim: what the verdict rests on where that excludes or explains it,
 * else what its own rule says against it, else the first thing the verdict rests on. Nothing when there is none. */
void why_not_append(GString *out, const struct hangup_claim *claim, const struct hangup_case *c);

#endif
