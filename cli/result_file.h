/* Results that are files: each appears complete or not at all. */
#ifndef CLI_RESULT_FILE_H
#define CLI_RESULT_FILE_H

#include <glib.h>

#include "cli/exit_status.h"

/* Writes beside it under another name, and renames. EXIT_INPUT after saying why it could not be written. */
enum exit_status result_file_write(const char *path, const GString *text);

#endif
