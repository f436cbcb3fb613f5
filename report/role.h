/* The parts that the two ends play in a verdict, by the names that templates use: "sender" waits for an answer,
 * "mute" is who does not answer. role.c lists them. */
#ifndef REPORT_ROLE_H
#define REPORT_ROLE_H

#include <stdbool.h>
#include <stddef.h>

#include "rules/host/case.h"

bool role_exists(const char *name, size_t name_len);

/* Which end plays it; false, and *out_side untouched, when neither does or no such part is known. */
bool role_find(const struct hangup_case *c, const char *name, size_t name_len, enum hangup_side *out_side);

#endif
