/* One capture from opening to the last verdict, as every command that judges does it: the options about
 * reading, progress, Control-C, and what is said when the input is not what it should be. */
#ifndef CLI_JUDGING_H
#define CLI_JUDGING_H

#include "cli/command.h"
#include "cli/inputs.h"
#include "cli/pipeline.h"

extern const struct option_section reading_section; /* --threads, --strict */

/* Where verdicts go; the others may be NULL. `enough` tells that no more are wanted. */
struct judging {
	pipeline_begin_fn begin;
	pipeline_verdict_fn verdict;
	pipeline_turn_fn turn; /* or NULL */
	pipeline_segment_fn segment;
	bool (*enough)(void *user);
	void (*ruled)(const struct rule_set *rules, void *user); /* by these, before the first packet (or NULL) */
	void (*opened)(struct source *source, void *user); /* before the first packet (or NULL) */
	/* Or NULL: after the last verdict, while the source still tells of its interfaces. */
	void (*read)(const struct source *source, const struct run_summary *summary, void *user);
	/* Or NULL: a second reading of the same, by the same rules; nothing that was said of the first is said again. Not when
	 * nothing could be read, or somebody interrupted the first. */
	const struct judging *again;
	bool streams; /* the result is written while the input is read */
	bool has_summary; /* of a run's limits; else they are told on standard error */
	void *user;
};

/* Runs captures through the rules in force. Says what went wrong. *out_summary is good unless no input could
 * not be opened at all, when every number in it is 0. */
enum exit_status judging_run(const struct inputs *inputs, const struct judging *judging, struct run_summary *out_summary);
/* The same with rules and timer files that the caller has loaded. */
enum exit_status judging_run_by(const struct rule_set *rules, const struct inputs *inputs, const struct judging *judging,
                                struct run_summary *out_summary);

/* Opens them as judging_run() does, with the same filter, for those who want the frames. Says what went wrong. */
struct source *judging_open(const struct inputs *inputs);

#endif
