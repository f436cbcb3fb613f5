/* When a template may be used: "given-up", or "sender on linux|unknown", a part (role.h) and systems (os.def). */
#ifndef REPORT_CONDITION_H
#define REPORT_CONDITION_H

#include <stdbool.h>
#include <stddef.h>

#include "rules/host/case.h"

bool condition_exists(const char *text, size_t len);

/* False when it does not hold, or cannot be known. */
bool condition_holds(const struct hangup_case *c, const char *text, size_t len);

#endif
