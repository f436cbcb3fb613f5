/* Names of everything in the vocabulary, from the .def files. */
#ifndef RULES_HOST_VOCABULARY_H
#define RULES_HOST_VOCABULARY_H

#include <stdbool.h>
#include <stdint.h>

#include <hangup/rule.h>

const char *label_name(enum hangup_label label);
const char *label_meaning(enum hangup_label label);
const char *cause_name(enum hangup_cause cause);
const char *cause_meaning(enum hangup_cause cause);
uint32_t cause_labels(enum hangup_cause cause);              /* set of 1u << HANGUP_LABEL_... */
enum hangup_severity cause_severity(enum hangup_cause cause); /* unless a rule says otherwise */
const char *actor_name(enum hangup_actor actor);
const char *severity_name(enum hangup_severity severity);
const char *level_name(enum hangup_level level);
const char *vantage_name(enum hangup_vantage vantage);
const char *vantage_meaning(enum hangup_vantage vantage);
const char *vantage_by_name(enum hangup_vantage_by by);
const char *vantage_by_meaning(enum hangup_vantage_by by);
const char *fact_name(enum hangup_fact fact);
const char *fact_meaning(enum hangup_fact fact);
const char *tcp_state_name(enum hangup_tcp_state state);
const char *os_name(enum hangup_os os);

/* From a name given on the command line; false when there is none such. */
bool label_from_name(const char *name, enum hangup_label *out_label);
bool severity_from_name(const char *name, enum hangup_severity *out_severity);

#endif
