/* Breaks sentences into lines for help and listings. */
#ifndef CLI_WRAP_H
#define CLI_WRAP_H

#include <glib.h>

/* Appends text in lines of at most width columns, each beginning with prefix; "\n" in text ends a line. The last
 * line is not ended. */
void wrap_append(GString *out, const char *text, const char *prefix, unsigned width);

/* Appends text beside what the last line of out already holds, from column indent; on a new line if that line
 * is longer. */
void wrap_append_hanging(GString *out, const char *text, unsigned indent, unsigned width);

#endif
