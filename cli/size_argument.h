/* A number of bytes as given on a command line: "500000", "64K", "512M", "2G", with powers of 1024. */
#ifndef CLI_SIZE_ARGUMENT_H
#define CLI_SIZE_ARGUMENT_H

#include <stdint.h>

#include <glib.h>

/* FALSE and a G_OPTION_ERROR when it is none, 0, or more than 2^62. */
gboolean size_argument_parse(const char *text, uint64_t *out_bytes, GError **error);

#endif
