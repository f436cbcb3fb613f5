/* One JSON object a connection, on one line, of any list of fields. */
#ifndef REPORT_NDJSON_H
#define REPORT_NDJSON_H

#include <stddef.h>

#include "report/field.h"
#include "report/report.h"

/* Fields are named by paths: "a.b" is {"a":{"b":...}}, and those of one object follow each other. Nothing of them is kept
 * but the functions. */
struct report_sink *ndjson_of_fields(FILE *out, const struct report_options *options, const struct field *fields,
                                     size_t len);

#endif
