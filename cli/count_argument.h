/* A whole number as given on a command line, from 1 to a limit. */
#ifndef CLI_COUNT_ARGUMENT_H
#define CLI_COUNT_ARGUMENT_H

#include <glib.h>

/* FALSE and a G_OPTION_ERROR that names the option when it is none. */
gboolean count_argument_parse(const char *option, const char *text, gint64 most, gint64 *out, GError **error);

#endif
