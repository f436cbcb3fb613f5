/* A length of time as given on a command line: "90" or "90s", "10m", "2h", "7d". */
#ifndef CLI_DURATION_ARGUMENT_H
#define CLI_DURATION_ARGUMENT_H

#include <stdint.h>

#include <glib.h>

/* FALSE and a G_OPTION_ERROR when it is none, 0, or more than ten years. */
gboolean duration_argument_parse(const char *text, int64_t *out_ns, GError **error);

#endif
