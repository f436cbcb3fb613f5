/* What claims are worth against each other: strength, less what the capture lacks, less what rivals say. */
#ifndef RULES_HOST_WEIGH_H
#define RULES_HOST_WEIGH_H

#include <hangup/rule.h>

#include "rules/host/case.h"

/* The engine as a rule: its thresholds are those of the weighing, and its judge() makes the claim that stands when
 * nobody else makes one. */
extern const struct hangup_rule engine_rule;

/* Gives every claim its confidence and fills c->order. There must be a claim. `thresholds` are engine_rule's. */
void weigh_claims(struct hangup_case *c, const double *thresholds);

#endif
