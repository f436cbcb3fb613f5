/* Which connections to tell of: the options that select, as the report understands them. */
#ifndef CLI_SELECTION_H
#define CLI_SELECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/command.h"
#include "report/report.h"

extern const struct option_section selection_section;

/* FALSE when no connection could ever be selected: --from later than --to. Of a time of day beside a date that shows
 * only in the capture, and nothing is selected then. */
gboolean selection_check(GError **error);

/* day_ns: any moment on the capture's first day, which --from and --to may mean. */
void selection_get(struct report_selection *out, int64_t day_ns);

/* Reads "rst,missing-fin" into a set of 1u << HANGUP_LABEL_...; adds to what is there. */
gboolean selection_parse_labels(const char *text, uint32_t *labels, GError **error);

#endif
