/* The errors that the application on a side most likely saw, system by system. Expected, not observed: a capture
 * does not contain them. */
#ifndef REPORT_APP_ERRORS_H
#define REPORT_APP_ERRORS_H

#include <stdbool.h>
#include <stddef.h>

#include "report/app_code.h"
#include "report/experience.h"

/* Which call fails: a set. */
enum app_call {
	APP_CALL_CONNECT = 1 << 0,
	APP_CALL_READ = 1 << 1,
	APP_CALL_WRITE = 1 << 2,
	APP_CALL_READ_WRITE = APP_CALL_READ | APP_CALL_WRITE, /* whichever comes first */
	APP_CALL_NEXT_WRITE = 1 << 3, /* a write after the error was told */
	APP_CALL_ANY = APP_CALL_CONNECT | APP_CALL_READ_WRITE | APP_CALL_NEXT_WRITE,
};

/* How that is known; app_errors.def explains. */
enum app_basis { APP_BASIS_MEASURED, APP_BASIS_SOURCE, APP_BASIS_DOCUMENTED, APP_BASIS_INFERRED, APP_BASIS_UNVERIFIED };

struct app_error {
	enum app_code_id id;
	enum hangup_os os;
	const char *code;    /* these three as in app_codes[id] */
	int number;
	const char *message;
	enum app_call call;
	enum app_basis basis;
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

/* Whether a time limit of the program itself may end it, of which TCP reports nothing. */
bool app_errors_timer_may_end(enum experience experience);

#endif
