/* A file's size and SHA-256: by them anybody can tell later that it is the one that was read. */
#ifndef CLI_MEASURE_H
#define CLI_MEASURE_H

#include <stdint.h>

#include <glib.h>

/* FALSE, and nothing said, of what is not a regular file or cannot be read to its end. */
gboolean measure_file(const char *path, uint64_t *out_bytes, char out_sha256[65]);

#endif
