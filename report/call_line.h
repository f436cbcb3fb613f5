/* A call that failed, in a line for people. */
#ifndef REPORT_CALL_LINE_H
#define REPORT_CALL_LINE_H

#include <glib.h>

#include "report/calls.h"
#include "report/report.h"

/* Appends the calls on a connection, a line each ("13:04:11.204 python[4711] send() -> EPIPE, 1.2 ms after packet 88, RST
 * from 10.0.0.2") or more when it is narrow, after `indent` spaces; nothing when there are none. Of many, the first ones
 * and how many more there were. */
void call_lines_append(GString *out, const struct facts *f, const struct report_options *options, size_t indent);
/* Appends those that belong to no connection of the capture, under a line that says so. */
void call_lines_append_unclaimed(GString *out, const struct report_options *options);

#endif
