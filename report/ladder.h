/* The packets of one connection as a ladder: time runs down, arrows go between the client's column and the
 * server's. Collected while the capture is read, drawn when the verdict is known. */
#ifndef REPORT_LADDER_H
#define REPORT_LADDER_H

#include <glib.h>

#include "report/explain.h"

/* Appends about as many lines as the ladder has rows: the first packets, those that are evidence, and the last ones;
 * what lies between is counted. Lines of at most options->width columns. */
void ladder_append(GString *out, const struct ladder *l, const struct hangup_case *c,
                   const struct report_options *options);

#endif
