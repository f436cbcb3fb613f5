/* --anonymize: one anonymizer for all of a run, so that the same address is the same in every output. */
#ifndef CLI_ANONYMIZE_H
#define CLI_ANONYMIZE_H

#include <stdbool.h>

#include "capture/anonymizer.h"
#include "cli/command.h"
#include "cli/inputs.h"

extern const struct option_section anonymize_section;

/* Once the options are known: makes the key, or reads it. False when that cannot be done, which it says. */
bool anonymize_prepare(void);
/* What all of the run is to use; NULL when addresses are told as they are. */
struct anonymizer *anonymize_with(void);
/* Takes the names of the files away, where addresses are. */
void anonymize_inputs(struct inputs *inputs);

#endif
