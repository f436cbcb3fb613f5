/* What pipeline.c and pipeline_rounds.c share, and nobody else sees: a run, and what is done between its rounds. */
#ifndef CLI_PIPELINE_INSIDE_H
#define CLI_PIPELINE_INSIDE_H

#include "analyzers/neighbours.h"
#include "analyzers/scopes.h"
#include "analyzers/tracker.h"
#include "analyzers/vantage.h"
#include "capture/fragments.h"
#include "cli/crew.h"
#include "cli/feed.h"
#include "cli/pipeline.h"
#include "cli/read_ahead.h"
#include "rules/host/case.h"

/* What one thread judges in. */
struct bench {
	struct pipeline *pipeline;
	unsigned lane;
	struct facts facts;
	struct hangup_case judged;
	char apart[64]; /* from the next one's cache line */
};

struct pipeline {
	const struct rule_set *rules;
	const struct pipeline_callbacks *callbacks;
	struct anonymizer *anonymizer; /* or NULL */
	bool takes_as_is; /* segments: nobody wants to see frames, or addresses changed */
	struct run_summary *summary;
	struct vantage_hints *hints;
	struct tracker *tracker;
	struct fragments *fragments;
	struct scopes *scopes;
	struct neighbours_log heard; /* in this round, where one thread does it all */
	struct source *source;
	struct feed feed;
	size_t interfaces_known;
	bool live;
	bool begun;
	bool stopped; /* no more are wanted */
	bool short_round; /* not worth sharing */
	struct crew *crew;
	struct bench *benches;    /* one a member */
	struct read_ahead *ahead; /* NULL where one thread does it all */
	struct round *now;        /* is followed */
	struct round *filled;     /* is read into */
	gint reads_on;            /* further than the next round, when somebody has nothing else to do; atomic */
	bool owes;                /* verdicts of the round before `now` */
	gint more;                /* shards that have more to judge */
};

/* pipeline_rounds.c: the two ways, until the input ends or no more is wanted. */
void pipeline_run_alone(struct pipeline *p);
void pipeline_run_together(struct pipeline *p);
/* Reads a batch into one of the rounds that are followed together. */
enum reading pipeline_read_some(struct round *round, bool first, void *pipeline);

/* pipeline.c: work is shared by its threads unless the round is too short for that. */
void pipeline_share(struct pipeline *p, unsigned count, crew_task_fn task);
void pipeline_begin_once(struct pipeline *p);
void pipeline_judge_all(struct pipeline *p);
/* Until one task of pipeline_judge_shard() does the rest of each shard; pipeline_told() is due when all are done. */
void pipeline_judge_but_few(struct pipeline *p);
void pipeline_judge_shard(unsigned shard, unsigned member, void *user);
void pipeline_told(struct pipeline *p);
/* The addresses of those of the first so many interfaces that are new. By whoever reads. */
typedef void (*pipeline_address_fn)(const uint8_t address[16], void *user);
void pipeline_new_addresses(struct pipeline *p, size_t known, pipeline_address_fn tell, void *user);
/* The same, learnt at once. */
void pipeline_learn_interfaces(struct pipeline *p, size_t known);
void pipeline_after_live_round(struct pipeline *p);
void pipeline_ask_whether_enough(struct pipeline *p);

#endif
