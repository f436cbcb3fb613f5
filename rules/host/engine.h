/* The judges' bench: asks every rule about a case and weighs the claims. */
#ifndef RULES_HOST_ENGINE_H
#define RULES_HOST_ENGINE_H

#include <stddef.h>

#include <glib.h>

#include "rules/host/case.h"
#include "rules/host/rule_set.h"

/* Judges the connection with all rules of the set. Fills *c anew; facts must outlive it. Same facts, rules and
 * thresholds give the same verdict: ties go to the label listed first, then the cause listed first. */
void engine_judge(const struct rule_set *rules, const struct facts *facts, struct hangup_case *c);

#endif
