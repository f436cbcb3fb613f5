/* The error that somebody has in a log, and when: the options that ask which connection it was. */
#ifndef CLI_ERROR_ASKED_H
#define CLI_ERROR_ASKED_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/command.h"
#include "report/candidate.h"

extern const struct option_section error_section; /* --error, --at, --skew, --next-call, --best */

/* FALSE when an option stands without the one that it is about. */
gboolean error_asked_check(GError **error);
/* Whether an error is asked for. */
bool error_asked_given(void);
/* What is asked, or NULL. day_ns: any moment on the capture's first day, which --at may mean. Good until called again. */
const struct error_asked *error_asked_get(int64_t day_ns);

#endif
