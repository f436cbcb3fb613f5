/* The parts that the two ends play in a verdict, by the names that templates use: "sender" waits for an answer,
 * "mute" is who does not answer. role.c lists them. */
#ifndef REPORT_ROLE_H
#define REPORT_ROLE_H

#include <stdbool.h>
#include <stddef.h>

#include "rules/host/case.h"

struct role;

/* NULL when there is none of that name. */
const struct role *role_named(const char *name, size_t name_len);

/* Which end plays it; false, and *out_side untouched, when neither does. */
bool role_find(const struct role *role, const struct hangup_case *c, enum hangup_side *out_side);

#endif
