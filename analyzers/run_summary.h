/* What a run learnt about its input as a whole. */
#ifndef ANALYZERS_RUN_SUMMARY_H
#define ANALYZERS_RUN_SUMMARY_H

#include <stdbool.h>
#include <stdint.h>

/* Packets of several interfaces or queues stand out of order by milliseconds. A clock is set back by more: chrony's usual
 * setting steps clocks that are off by a second, ntpd those by 128 ms. */
#define RUN_CLOCK_STEP_NS INT64_C(1000000000)

struct run_summary {
	uint64_t frames;        /* read, filtered out ones included */
	uint64_t segments;      /* TCP segments tracked */
	uint64_t not_tcp;       /* frames with no TCP in them */
	uint64_t undecoded;     /* frames of a link type we do not know */
	uint64_t fragments;     /* frames with an IP fragment of TCP that completed nothing */
	uint64_t incomplete;    /* datagrams in such fragments that never were complete */
	uint64_t opaque;        /* encrypted frames: may carry TCP, which cannot be looked into */
	uint64_t notices;       /* frames without TCP that may explain how some ended */
	uint64_t truncated;     /* cut before the TCP header by the snap length */
	uint64_t invalid;       /* headers that contradict themselves */
	uint64_t connections;
	uint64_t open;          /* of those now: not over */
	uint64_t settling;      /* of those now: over, and not judged yet */
	uint64_t capture_dropped; /* frames the file says the capture lost */
	uint64_t dropped_by_cards; /* of those, live: what interfaces lost before the kernel had it */
	bool drops_told_apart;    /* that is known */
	uint64_t acked_unseen;  /* bytes acknowledged that were never captured */
	uint64_t copies;        /* segments captured twice */
	uint64_t evicted;       /* connections judged early for memory */
	uint64_t hurried;       /* connections that were over and judged for memory before they had settled */
	uint64_t clock_steps;   /* packets stamped at least RUN_CLOCK_STEP_NS before the one ahead of them */
	uint64_t comments;      /* in the capture, on packets and on files */
	uint64_t odd_times;     /* packets with a fraction of a second of a second or more */
	uint64_t out_of_order;  /* files that begin before one that was given ahead of them */
	int64_t first_ns;       /* time of the first and last frame; 0 when there were none */
	int64_t last_ns;
	bool input_cut;         /* ended in the middle of a record, or corrupt: what came before was judged */
	bool interrupted;
};

#endif
