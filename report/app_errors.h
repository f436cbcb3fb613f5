/* The errors that the application on a side most likely saw, system by system. Expected, not observed: a capture
 * does not contain them. */
#ifndef REPORT_APP_ERRORS_H
#define REPORT_APP_ERRORS_H

#include <stdbool.h>
#include <stddef.h>

#include "report/experience.h"

struct app_error {
	enum hangup_os os;
	const char *code;    /* "ECONNRESET", "WSAECONNRESET", "EOF" */
	int number;          /* errno or Winsock code; 0 for EOF */
	const char *message; /* as the system words it in English */
	bool most_likely;    /* else also possible */
	bool usual;          /* what that system usually reports, were this host such a one */
};

enum { APP_ERRORS_MAX = 16 };

struct app_errors {
	enum experience experience;
	struct app_error error[APP_ERRORS_MAX]; /* none: no error */
	size_t len;
};

/* The host's own system, when known, comes first and only its errors can be the most likely ones; within a
 * system the likeliest comes first. */
struct app_errors app_errors_for(enum experience experience, enum hangup_os host);
struct app_errors app_errors_of(const struct hangup_case *c, enum hangup_side side);

#endif
