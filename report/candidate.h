/* A connection whose program may have reported the error that somebody has in a log: how likely, on which side, and how
 * far from the time in the log. */
#ifndef REPORT_CANDIDATE_H
#define REPORT_CANDIDATE_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "report/error_query.h"
#include "report/telling.h"
#include "report/told_span.h"

/* Clocks of hosts that keep time by NTP differ by much less, and a line of a log is often written a second or two after
 * the call failed. */
enum { CANDIDATE_SKEW_S = 5 };

/* What is asked. */
struct error_asked {
	const char *text; /* as it was given, raw; borrowed */
	struct error_query query;
	bool has_time;
	int64_t at_ns;
	int64_t skew_ns; /* by which clocks may differ */
	int64_t next_call_ns; /* until how long after a packet the program's next call may be told of it */
	unsigned best;   /* connections to tell of */
};

enum candidate_reason {
#define CANDIDATE(id, weight, verb) CANDIDATE_##id,
#include "report/candidate.def"
#undef CANDIDATE
	CANDIDATE_COUNT
};

struct candidate {
	double score; /* 0 to 1: reason, confidence of the verdict, and time together */
	enum candidate_reason reason;
	enum hangup_side side;
	enum experience experience;
	enum hangup_os host;    /* of that side, as far as its packets tell */
	struct app_error error; /* not of CANDIDATE_TIMER_POSSIBLE */
	struct told_span told;  /* when */
	int64_t away_ns;        /* from the time asked for to when the program was told; 0: may be the same. Negative: before */
};

/* FALSE when neither program can have reported it. */
bool candidate_of(const struct hangup_case *c, const struct error_asked *asked, struct candidate *out);

/* The best first, then by id. */
struct rank candidate_rank(const struct candidate *candidate, uint64_t id);

/* "the client's program (on Windows) is usually told WSAECONNABORTED (10053), at the next read or write; that was
 * 3.2 s after the time asked for". */
void candidate_append(GString *out, const struct candidate *candidate, const struct error_asked *asked);

/* "at the time asked for, as far as clocks agree", "between 10:05:03.100 and 10:05:33.400 UTC, which the time asked for
 * is within, and most likely at 10:05:30.600", "3.2 s after the time asked for", "24.5 s before the time asked for, or
 * later: by its next call". */
void candidate_append_when(GString *out, const struct told_span *told, int64_t at_ns, int64_t skew_ns);

#endif
