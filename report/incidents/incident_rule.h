/* The thresholds of incidents, in the form in which rules have theirs: listed by `hangup rules`, set by --set and
 * --rules-file. */
#ifndef REPORT_INCIDENTS_INCIDENT_RULE_H
#define REPORT_INCIDENTS_INCIDENT_RULE_H

#include <hangup/rule.h>

enum incident_threshold {
#define INCIDENT_THRESHOLD(id, name, unit, value, help) INCIDENT_THRESHOLD_##id,
#include "report/incidents/threshold.def"
#undef INCIDENT_THRESHOLD
	INCIDENT_THRESHOLD_COUNT
};

/* Judges nothing: it has no judge(). For rule_set_add_thresholds(). */
extern const struct hangup_rule incident_rule;

#endif
