/* What to do about an incident, in place of what each of its connections would suggest by itself. */
#ifndef REPORT_INCIDENTS_ACTION_H
#define REPORT_INCIDENTS_ACTION_H

#include "report/incidents/incident.h"

/* A sentence without a full stop, that begins in lower case: a new string, or NULL where the steps of its connections
 * are the thing to do. */
char *incident_action(const struct incident *incident);
/* What an idle-timer incident knows of the timer is put into the facts of a member: no quiet time that killed or was lived
 * through is nearer to it. */
void incident_inform(const struct incident *incident, struct facts *facts);

#endif
