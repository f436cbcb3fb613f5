/* What every output format is behind report.h. */
#ifndef REPORT_SINK_H
#define REPORT_SINK_H

#include "report/output.h"
#include "report/report.h"

struct report_sink_class {
	void (*verdict)(struct report_sink *sink, const struct hangup_case *c);
	/* A connection that the selection leaves out; NULL when that is of no interest. */
	void (*skip)(struct report_sink *sink, uint64_t id);
	/* Writes what is still to be written. */
	gboolean (*finish)(struct report_sink *sink, const struct run_summary *summary, GError **error);
	void (*free)(struct report_sink *sink);
};

/* First member of every sink. */
struct report_sink {
	const struct report_sink_class *class;
	struct output out;
	struct report_options options; /* input_name is our own copy */
	char *input_name;
};

void report_sink_init(struct report_sink *sink, const struct report_sink_class *class, FILE *out,
                      const struct report_options *options);

#endif
