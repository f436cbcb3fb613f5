/* When a template may be used: "given-up", or "sender on linux|unknown", a part (role.h) and systems (os.def). */
#ifndef REPORT_CONDITION_H
#define REPORT_CONDITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/role.h"
#include "rules/host/case.h"

struct condition {
	bool (*flag)(const struct hangup_case *c); /* or NULL: then this part is played by an end on one of these systems */
	const struct role *role;
	uint32_t systems; /* set of 1u << HANGUP_OS_... */
};

/* False when there is no such condition. */
bool condition_parse(const char *text, size_t len, struct condition *out);

/* False when it does not hold, or cannot be known. */
bool condition_holds(const struct condition *condition, const struct hangup_case *c);

#endif
