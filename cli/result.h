/* Text on its way to standard output, and what is said when it cannot be written. */
#ifndef CLI_RESULT_H
#define CLI_RESULT_H

#include <glib.h>

#include "cli/exit_status.h"

/* Writes it all, or says why not. */
enum exit_status result_write(const GString *text);

/* Says why a result could not be written. A reader that had enough (| head) is no failure: usually SIGPIPE ended us
 * by then, but whoever started us may have had it ignored. */
enum exit_status result_failed(const GError *error);

#endif
