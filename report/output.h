/* Bytes on their way to a FILE. The first failure (a closed pipe, a full disk) is kept, everything after it
 * is dropped, and the caller hears of it once, at the end. */
#ifndef REPORT_OUTPUT_H
#define REPORT_OUTPUT_H

#include <stddef.h>
#include <stdio.h>

#include <glib.h>

struct output {
	FILE *file; /* borrowed */
	int error;  /* errno of the first failure, 0 when there was none */
};

void output_init(struct output *o, FILE *file);
void output_write(struct output *o, const char *bytes, size_t len);
void output_string(struct output *o, const GString *text);

/* Flushes. FALSE and a G_FILE_ERROR when anything could not be written. */
gboolean output_finish(struct output *o, GError **error);

#endif
