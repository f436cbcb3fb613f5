/* --evidence FILE: the packets that matter, for every command that judges saved captures. They are read again for it,
 * twice, after the verdicts are known:
 *
 *     evidence_file_begin()
 *     judging_run()   evidence_verdict() for each verdict, evidence_choose() when all was read; again, evidence_segment()
 *     evidence_file_finish() */
#ifndef CLI_EVIDENCE_FILE_H
#define CLI_EVIDENCE_FILE_H

#include <stdbool.h>

#include "cli/command.h"
#include "cli/inputs.h"
#include "cli/judging.h"
#include "report/evidence.h"

extern const struct option_section evidence_section;

/* Where to write it when --evidence does not say. Takes the path over. */
void evidence_file_default(char *path);
/* Whether --evidence writes to the file of this name. */
bool evidence_file_is(const char *name);
/* Checks the options against the inputs, and begins. "-" is standard output, unless the command's own result goes there.
 * *out is NULL when no evidence is asked for, and for EXIT_USAGE. The selection in options may still be empty: what stands
 * there counts when the first verdict comes. */
enum exit_status evidence_file_begin(const struct inputs *inputs, const struct report_options *options, bool stdout_taken,
                                     struct evidence **out);
/* The second reading, for `again` of the first: after evidence_choose(), which is for `read` of the first. */
struct judging evidence_file_reading(struct evidence *evidence);
/* After both: reads the inputs once more, and writes the file. Frees it; NULL is none. */
enum exit_status evidence_file_finish(struct evidence *evidence, const struct inputs *inputs);

#endif
