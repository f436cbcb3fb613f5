/* The rules a command judges by: hangup's own and those named on the command line, with thresholds as set. */
#ifndef CLI_RULES_IN_FORCE_H
#define CLI_RULES_IN_FORCE_H

#include <glib.h>

#include "cli/command.h"
#include "rules/host/rule_set.h"

extern const struct option_section rules_section; /* --rules, --rules-file, --set */

/* NULL and *out_status after saying why. Rules and folders of --rules that are refused are said and left out. */
struct rule_set *rules_in_force_new(enum exit_status *out_status);

#endif
