/* The incidents of a text report, before the endings: one sentence each, with what speaks for it. */
#ifndef REPORT_TEXT_INCIDENTS_H
#define REPORT_TEXT_INCIDENTS_H

#include <glib.h>

#include "report/incidents/incident.h"
#include "report/report.h"

/* Nothing when there are none, and nothing was left out. endings_follow: they are told apart by a heading then. */
void text_incidents_append(GString *out, const struct incident_list *list, bool endings_follow,
                           const struct report_options *options);

#endif
