/* What every output format is behind report.h. */
#ifndef REPORT_SINK_H
#define REPORT_SINK_H

#include "report/incidents/incident.h"
#include "report/output.h"
#include "report/report.h"

struct report_sink_class {
	void (*verdict)(struct report_sink *sink, unsigned lane, const struct hangup_case *c);
	/* Or NULL where nothing is told live. */
	void (*tell)(struct report_sink *sink, const struct hangup_case *c, const struct report_told *told);
	/* A connection that the selection leaves out. */
	void (*skip)(struct report_sink *sink, unsigned lane, uint64_t id);
	/* Takes the lanes together. */
	void (*turn)(struct report_sink *sink);
	/* After the last turn: writes what is still to be written. */
	void (*finish)(struct report_sink *sink, const struct run_summary *summary);
	void (*free)(struct report_sink *sink);
};

/* First member of every sink. */
struct report_sink {
	const struct report_sink_class *class;
	struct output out;
	struct report_options options; /* input_name is our own copy */
	char *input_name;
	struct incidents *incidents; /* of a sink that tells of them */
	const struct incident_list *found; /* when all verdicts came */
};

void report_sink_init(struct report_sink *sink, const struct report_sink_class *class, FILE *out,
                      const struct report_options *options);
/* Has incidents collected, from whatever comes, selected or not: they are known in finish(). */
void report_sink_collect_incidents(struct report_sink *sink);

#endif
