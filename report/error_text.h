/* Expected errors in words: by system, the likeliest first. */
#ifndef REPORT_ERROR_TEXT_H
#define REPORT_ERROR_TEXT_H

#include <stddef.h>

#include <glib.h>

#include "report/app_errors.h"

/* As its maker writes it; "unknown" for HANGUP_OS_UNKNOWN. */
const char *error_text_system(enum hangup_os os);

/* "at a read". */
const char *error_text_call(enum app_call call);
/* " (unverified)", " (inferred)", or nothing. */
const char *error_text_caveat(enum app_basis basis);

/* "macOS, BSD: ECONNRESET (54) Connection reset by peer; sometimes EPIPE (32)": the errors from `at` on, of one
 * system and those after it that say the same. Returns where the next system's begin. */
size_t error_text_append_systems(GString *line, const struct app_errors *errors, size_t at);

/* All from `at` on, by name: "ETIMEDOUT (110) on Linux; WSAECONNABORTED (10053), sometimes ..., on Windows". */
void error_text_append_elsewhere(GString *line, const struct app_errors *errors, size_t at);

#endif
