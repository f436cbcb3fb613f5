/* Is a rule's descriptor one that this host can work with? */
#ifndef RULES_HOST_DESCRIPTOR_H
#define RULES_HOST_DESCRIPTOR_H

#include <stdbool.h>

#include <glib.h>

#include <hangup/rule.h>

/* Checks version, size and content. FALSE and a sentence that begins with `from`, the file or "built in". */
gboolean descriptor_check(const struct hangup_rule *rule, const char *from, GError **error);

/* Can a threshold take this value? NULL, or what is wrong with it as the end of a sentence. */
const char *threshold_complaint(const struct hangup_threshold *threshold, double value);

#endif
