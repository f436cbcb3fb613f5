/* The options about what is looked at, whether it is read or captured. */
#ifndef CLI_INPUT_OPTIONS_H
#define CLI_INPUT_OPTIONS_H

#include "cli/command.h"
#include "cli/pipeline.h"

extern const struct option_section input_section; /* -f, --local, --max-connections, --max-memory */

/* Fills in what they say; borrowed. */
void input_options_get(struct pipeline_options *out);

#endif
