/* A call that failed, as JSON: docs/output.md. */
#ifndef REPORT_CALL_JSON_H
#define REPORT_CALL_JSON_H

#include <glib.h>

#include "report/calls.h"
#include "report/timestamp.h"

/* An object beside its connection, in which its ends are. */
void call_json_append(GString *out, const struct call *call, const struct facts *f, struct timestamp_day *day);
/* A line of its own, schema hangup.call/1. */
void call_json_append_alone(GString *out, const struct call *call);

#endif
