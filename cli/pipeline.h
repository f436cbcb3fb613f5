/* The line from files to verdicts, as code: source -> decode -> connections -> context -> rules -> sink. */
#ifndef CLI_PIPELINE_H
#define CLI_PIPELINE_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "analyzers/facts.h"
#include "capture/source.h"
#include "rules/host/case.h"
#include "rules/host/rule_set.h"

/* What a run learnt about the input as a whole. */
struct pipeline_summary {
	uint64_t frames;        /* read, filtered out ones included */
	uint64_t segments;      /* TCP segments tracked */
	uint64_t not_tcp;       /* frames with no TCP in them */
	uint64_t undecoded;     /* frames of a link type we do not know */
	uint64_t fragments;     /* later IP fragments: ports unknown */
	uint64_t truncated;     /* cut before the TCP header by the snap length */
	uint64_t invalid;       /* headers that contradict themselves */
	uint64_t connections;
	uint64_t capture_dropped; /* frames the file says the capture lost */
	uint64_t acked_unseen;  /* bytes acknowledged that were never captured */
	uint64_t evicted;       /* connections judged early for memory */
	int64_t first_ns;       /* time of the first and last frame; 0 when there were none */
	int64_t last_ns;
	bool input_cut;         /* ended in the middle of a record, or corrupt: what came before was judged */
	bool interrupted;
};

/* What to track; zero means the default. */
struct pipeline_options {
	const char *filter;           /* BPF, or NULL */
	const char *const *local;     /* NULL-terminated addresses or CIDRs of the capturing host, or NULL */
	uint64_t max_connections;     /* live ones; the oldest is judged early beyond it */
	int64_t settle_ns;            /* wait after an ending before it is judged */
};

/* Called for each judged connection, in order of id. The case is valid until it returns. */
typedef void (*pipeline_verdict_fn)(const struct hangup_case *c, void *user);
/* Called now and then while reading; return false to stop early (what is known is still judged). */
typedef bool (*pipeline_progress_fn)(const struct source *source, void *user);
/* Called for each TCP segment or ICMP error, with the id of its connection (0: none): for ladders. */
struct segment;
typedef void (*pipeline_segment_fn)(const struct segment *segment, uint64_t id, enum hangup_side sender, void *user);

struct pipeline_callbacks {
	pipeline_verdict_fn verdict;
	pipeline_progress_fn progress; /* or NULL */
	pipeline_segment_fn segment;   /* or NULL */
	void *user;
};

/* Runs a source to its end. FALSE and error when something went wrong with the input; *out_summary and every
 * verdict handed out are good in either case. */
gboolean pipeline_run(struct source *source, const struct rule_set *rules, const struct pipeline_options *options,
                      const struct pipeline_callbacks *callbacks, struct pipeline_summary *out_summary,
                      GError **error);

#endif
