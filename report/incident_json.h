/* An incident as a line of NDJSON, schema hangup.incident/1: docs/output.md says what every field means. */
#ifndef REPORT_INCIDENT_JSON_H
#define REPORT_INCIDENT_JSON_H

#include <stdbool.h>

#include <glib.h>

#include "report/incidents/incident.h"

/* inputs: names, escaped, by a packet's input; packets name their file only where there are several. */
void incident_json_append(GString *out, const struct incident_list *list, const struct incident *i,
                          const char *const *inputs, bool several);

#endif
