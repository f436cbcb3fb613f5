#include "report/incidents/incident_rule.h"

static const struct hangup_threshold thresholds[] = {
#define INCIDENT_THRESHOLD(id, threshold_name, threshold_unit, number, text) \
	[INCIDENT_THRESHOLD_##id] = {.name = threshold_name, .unit = threshold_unit, .value = number, .help = text},
#include "report/incidents/threshold.def"
#undef INCIDENT_THRESHOLD
};

const struct hangup_rule incident_rule = {
	HANGUP_RULE_ABI,
	.name = "incidents",
	.help = "Groups endings that share a fate (docs/incidents.md); judges no connection.",
	.thresholds_count = INCIDENT_THRESHOLD_COUNT,
	.thresholds = thresholds,
};
