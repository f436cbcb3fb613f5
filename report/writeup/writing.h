/* Makes a write-up in two readings of the same input. The first one counts everything and lists what ended badly; then
 * some of those are chosen to be told whole, and the second one collects their packets and takes their verdicts down.
 *
 * What report/report.h says of lanes and turns holds here. Memory is bounded: by WRITEUP_ENDINGS_MAX in the first reading,
 * by the number of connections to be told whole in the second. */
#ifndef REPORT_WRITEUP_WRITING_H
#define REPORT_WRITEUP_WRITING_H

#include "capture/segment.h"
#include "report/report.h"
#include "report/writeup/writeup.h"

struct writing;

/* options: the caller's until writing_finish(), its thresholds of incidents in force. details: how many connections to tell whole at most. */
struct writing *writing_new(const struct report_options *options, size_t details);

/* The first reading. It begins with the time of the first packet. */
void writing_begin(struct writing *w, int64_t first_ns);
void writing_count(struct writing *w, unsigned lane, const struct hangup_case *c);
void writing_turn(struct writing *w);

/* Between the two: what the first one came to. */
void writing_choose(struct writing *w, const struct run_summary *summary);
/* What ended together, from then on. */
const struct incident_list *writing_incidents(const struct writing *w);

/* The second reading: each packet, with the connection that it is of, ahead of that connection's verdict. Verdicts may
 * come by several threads, as long as each connection's comes once. */
void writing_segment(struct writing *w, const struct segment *segment, uint64_t id, enum hangup_side sender);
void writing_tell(struct writing *w, const struct hangup_case *c);

/* The write-up, without what only the caller knows of (files, interfaces, options, thresholds, version: empty);
 * free with writeup_free(). Frees the writing. */
struct writeup *writing_finish(struct writing *w);

#endif
