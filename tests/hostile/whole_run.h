/* One capture through all of hangup, in this process: opened, judged by all rules, told as NDJSON and as text. What
 * hangup promises of any input is checked on the way; a promise that is broken ends the process. */
#ifndef TESTS_HOSTILE_WHOLE_RUN_H
#define TESTS_HOSTILE_WHOLE_RUN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <glib.h>

#include "analyzers/run_summary.h"
#include "cli/pipeline.h"

/* The rules that come with hangup, loaded once a process; never freed. */
const struct rule_set *whole_run_rules(void);

/* Where the outputs go, and how much of them is made. */
struct whole_run {
	FILE *ndjson; /* or NULL */
	FILE *text;   /* or NULL: every connection */
	FILE *explanation; /* or NULL: of the connection of this id */
	uint64_t explained_id;
	struct pipeline_options options;
};

struct whole_result {
	bool opened;
	int error_code; /* enum source_error, or -1 */
	uint64_t last_number; /* of a frame */
	struct run_summary summary;
};

struct whole_result whole_run(const struct whole_run *run, const char *path);

#endif
