/* When a program was told of an error: an interval, for a capture shows what can have told it and not that it was. */
#ifndef REPORT_TOLD_SPAN_H
#define REPORT_TOLD_SPAN_H

#include <stdbool.h>
#include <stdint.h>

#include "report/app_errors.h"

/* The longest that a stack waits between two repetitions (Linux TCP_RTO_MAX, 120 s): so long after the last one that was
 * captured it may give up, where others may have been lost on the way to the capture point. */
enum { TOLD_WAIT_MAX_S = 120 };
/* The longest that it goes on repeating in all (Linux tcp_retries2: from 924 s to some 30 minutes), where the capture
 * ended before it gave up. */
enum { TOLD_GIVE_UP_MAX_S = 1800 };

/* How long after a RST, a FIN or an ICMP error the program may still come to its next call, which is told of it: our
 * judgement, and --next-call sets another. Connection pools keep idle connections from a minute to half an hour. */
enum { TOLD_NEXT_CALL_S = 1800 };

struct told_span {
	int64_t from_ns, to_ns;
	int64_t likely_ns; /* between the two */
	bool even;         /* no moment is likelier than others */
	bool by_next_call; /* a packet is there to be told of at the likely moment, and the program's next call may come later */
};

/* What told this side of the error (NULL: a time limit of the program itself), and when. next_call_ns: until how long after
 * a packet its next call may come. */
struct told_span told_span_of(const struct hangup_case *c, enum hangup_side side, enum experience experience,
                              const struct app_error *error, int64_t next_call_ns);

/* From a time to the interval: negative when it was told before, 0 within. */
int64_t told_span_away(const struct told_span *span, int64_t at_ns);
/* How near a time is to the likely moment: 1 there, a half at the ends and beyond; in a straight line between, or by the
 * logarithm of the distance until a next call, for most calls come soon. What is nearer to it than slack_ns (at least 1)
 * is there, and where the ends are so near all is. */
double told_span_fit(const struct told_span *span, int64_t at_ns, int64_t slack_ns);

#endif
