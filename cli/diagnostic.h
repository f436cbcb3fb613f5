/* What hangup says on standard error: one sentence a line, "hangup: FILE: ...". Control characters in it (they
 * come from file names and files) are written as escapes, so that no file can talk to the terminal. */
#ifndef CLI_DIAGNOSTIC_H
#define CLI_DIAGNOSTIC_H

#include <glib.h>

/* Something failed: always said. */
void diagnostic_error(const char *format, ...) G_GNUC_PRINTF(1, 2);
/* Something worth knowing: said unless diagnostic_be_quiet() was called. */
void diagnostic_warning(const char *format, ...) G_GNUC_PRINTF(1, 2);
void diagnostic_be_quiet(void);

#endif
