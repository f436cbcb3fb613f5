/* The line from files to verdicts, as code: source -> decode -> connections -> context -> rules -> sink. */
#ifndef CLI_PIPELINE_H
#define CLI_PIPELINE_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "analyzers/facts.h"
#include "analyzers/run_summary.h"
#include "capture/anonymizer.h"
#include "capture/source.h"
#include "rules/host/case.h"
#include "rules/host/rule_set.h"

/* What to track; zero means the default. */
struct pipeline_options {
	const char *filter;           /* BPF, or NULL */
	const char *const *local;     /* NULL-terminated addresses or CIDRs of the capturing host, or NULL */
	uint64_t max_connections;     /* live ones; beyond it some are judged early */
	uint64_t max_memory;          /* bytes that what is known of connections may take; as well */
	int64_t settle_ns;            /* wait after an ending before it is judged */
	int64_t (*now)(void *user);   /* of a live source: what time it is, by the clock that stamps are of; else NULL */
	struct anonymizer *anonymizer; /* or NULL: maps addresses before anything else sees them; the source is told too */
	bool never_predict;           /* of the tracker's options: for tests */
	unsigned threads;             /* at most PIPELINE_THREADS_MAX; 0 for as many as there are cores. Live: one */
};
enum { PIPELINE_THREADS_MAX = 16, PIPELINE_CONNECTIONS_MAX = 1 << 25 };

struct segment;

/* Called once, before any verdict, turn or segment, with the time of the first frame; not when there is none. */
typedef void (*pipeline_begin_fn)(int64_t first_ns, void *user);
/* Called for each judged connection; the case is valid until it returns. Lanes (0 to PIPELINE_LANES - 1) may call at the
 * same time, each from one thread at a time. Which verdicts come between two turns, and their order in each lane, is the
 * same in every run on the same input, whatever the number of threads; ids tell the order of first packets. */
enum { PIPELINE_LANES = 16 };
typedef void (*pipeline_verdict_fn)(const struct hangup_case *c, unsigned lane, void *user);
/* Live: called for a connection that has fallen silent, with what would be judged if the capture ended now. It may be
 * called for it again, and its verdict is still to come. On one thread, in no turn. */
typedef void (*pipeline_look_fn)(const struct hangup_case *c, void *user);
/* Live: called after each round, four times a second or more, with what is known so far. */
typedef void (*pipeline_round_fn)(const struct run_summary *so_far, void *user);
/* Live: called for each frame, after it was decoded. */
typedef void (*pipeline_frame_fn)(const struct frame *frame, const struct segment *segment, void *user);
/* Called now and then while no lane is busy, and after the last verdict. */
typedef void (*pipeline_turn_fn)(void *user);
/* Called now and then while reading, on the thread that reads, which may be another one each time and runs while others call
 * what is above; return false to stop early (what is known is still judged). */
typedef bool (*pipeline_progress_fn)(const struct source *source, void *user);
/* Called for each TCP segment or ICMP error, in order, with the id of its connection (0: none), before the connection's
 * verdict: for ladders. */
typedef void (*pipeline_segment_fn)(const struct segment *segment, uint64_t id, enum hangup_side sender, void *user);

struct pipeline_callbacks {
	pipeline_begin_fn begin;       /* or NULL */
	pipeline_verdict_fn verdict;
	pipeline_turn_fn turn;         /* or NULL */
	pipeline_progress_fn progress; /* or NULL */
	pipeline_segment_fn segment;   /* or NULL */
	pipeline_look_fn look;         /* or NULL */
	pipeline_round_fn round;       /* or NULL */
	pipeline_frame_fn frame;       /* or NULL */
	void *user; /* of now() too */
};

/* Runs a source to its end. FALSE and error when something went wrong with the input; *out_summary and every
 * verdict handed out are good in either case. */
gboolean pipeline_run(struct source *source, const struct rule_set *rules, const struct pipeline_options *options,
                      const struct pipeline_callbacks *callbacks, struct run_summary *out_summary,
                      GError **error);

#endif
