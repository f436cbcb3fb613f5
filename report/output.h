/* Bytes on their way to a FILE, in large pieces. The first failure (a closed pipe, a full disk) is kept, everything
 * after it is dropped, and the caller hears of it once, at the end. */
#ifndef REPORT_OUTPUT_H
#define REPORT_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <glib.h>

struct output {
	FILE *file; /* borrowed */
	int error;  /* errno of the first failure, 0 when there was none */
	bool watched; /* not a file: somebody may wait for each line */
	GString *pending;
};

void output_init(struct output *o, FILE *file);
void output_write(struct output *o, const char *bytes, size_t len);
void output_string(struct output *o, const GString *text);

/* Writes what is pending when somebody may wait for it. */
void output_turn(struct output *o);
/* Writes it in any case. */
void output_flush(struct output *o);
/* Writes all that is pending, and gives the memory back. FALSE and a G_FILE_ERROR when anything could not be written. */
gboolean output_finish(struct output *o, GError **error);

#endif
