/* The connections that evidence is to be shown of: what the first reading finds, bounded, whatever their number. */
#ifndef REPORT_EVIDENCE_FOUND_H
#define REPORT_EVIDENCE_FOUND_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "report/incidents/incident.h"

struct found;

/* most: connections to show, the most certain ones. */
struct found *found_new(unsigned most);
void found_free(struct found *f);

/* Lanes as with report_verdict(). excusable: an incident may come to excuse it. */
void found_take(struct found *f, unsigned lane, const struct hangup_case *c, bool excusable);
/* Those to show (of struct told, owned by the array, in order of id), and how many there were to choose from, without what
 * incidents excuse (NULL: nothing). Once. */
GPtrArray *found_conclude(struct found *f, const struct incident_list *incidents, uint64_t *out_all);

#endif
