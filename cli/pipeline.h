/* The line from files to verdicts, as code: source -> decode -> connections -> context -> rules -> sink. */
#ifndef CLI_PIPELINE_H
#define CLI_PIPELINE_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "analyzers/facts.h"
#include "analyzers/run_summary.h"
#include "capture/source.h"
#include "rules/host/case.h"
#include "rules/host/rule_set.h"

/* What to track; zero means the default. */
struct pipeline_options {
	const char *filter;           /* BPF, or NULL */
	const char *const *local;     /* NULL-terminated addresses or CIDRs of the capturing host, or NULL */
	uint64_t max_connections;     /* live ones; the oldest is judged early beyond it */
	int64_t settle_ns;            /* wait after an ending before it is judged */
};

/* Called once, before anything else, with the time of the first frame; not when there is none. */
typedef void (*pipeline_begin_fn)(int64_t first_ns, void *user);
/* Called for each judged connection, in order of judgement, which is the same in every run on the same input;
 * ids tell the order of first packets. The case is valid until it returns. */
typedef void (*pipeline_verdict_fn)(const struct hangup_case *c, void *user);
/* Called now and then while reading; return false to stop early (what is known is still judged). */
typedef bool (*pipeline_progress_fn)(const struct source *source, void *user);
/* Called for each TCP segment or ICMP error, with the id of its connection (0: none), before the connection's
 * verdict: for ladders. */
struct segment;
typedef void (*pipeline_segment_fn)(const struct segment *segment, uint64_t id, enum hangup_side sender, void *user);

struct pipeline_callbacks {
	pipeline_begin_fn begin;       /* or NULL */
	pipeline_verdict_fn verdict;
	pipeline_progress_fn progress; /* or NULL */
	pipeline_segment_fn segment;   /* or NULL */
	void *user;
};

/* Runs a source to its end. FALSE and error when something went wrong with the input; *out_summary and every
 * verdict handed out are good in either case. */
gboolean pipeline_run(struct source *source, const struct rule_set *rules, const struct pipeline_options *options,
                      const struct pipeline_callbacks *callbacks, struct run_summary *out_summary,
                      GError **error);

#endif
