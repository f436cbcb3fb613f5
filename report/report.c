#include "report/report.h"

#include "report/sink.h"

void report_sink_init(struct report_sink *sink, const struct report_sink_class *class, FILE *out,
                      const struct report_options *options)
{
	sink->class = class;
	output_init(&sink->out, out);
	sink->options = *options;
	sink->input_name = g_strdup(options->input_name);
	sink->options.input_name = sink->input_name;
	sink->out.watched |= options->live;
	sink->options.width = MIN(options->width, REPORT_WIDTH_MAX);
	if (options->incidents)
		report_sink_collect_incidents(sink);
}

void report_sink_collect_incidents(struct report_sink *sink)
{
	if (!sink->incidents)
		sink->incidents = incidents_new(sink->options.incident_thresholds);
}

void report_verdict(struct report_sink *sink, unsigned lane, const struct hangup_case *c)
{
	const bool selected = report_selected(&sink->options.selection, c);

	g_assert(lane < REPORT_LANES_MAX);
	if (sink->options.calls)
		calls_claim(sink->options.calls, c->facts);
	if (sink->incidents)
		incidents_take(sink->incidents, lane, c, selected);
	if (selected)
		sink->class->verdict(sink, lane, c);
	else
		sink->class->skip(sink, lane, c->facts->id);
}

void report_tell(struct report_sink *sink, const struct hangup_case *c, const struct report_told *told)
{
	if (!report_selected(&sink->options.selection, c))
		return;
	sink->class->tell(sink, c, told);
	if (!told->more)
		output_flush(&sink->out);
}

bool report_failed(const struct report_sink *sink)
{
	return sink->out.error != 0;
}

static void turn(struct report_sink *sink)
{
	if (sink->incidents && !sink->found)
		incidents_turn(sink->incidents);
	sink->class->turn(sink);
}

void report_turn(struct report_sink *sink)
{
	turn(sink);
	output_turn(&sink->out);
}

const struct incident_list *report_conclude(struct report_sink *sink)
{
	if (sink->found || !sink->incidents)
		return sink->found;
	turn(sink);
	sink->found = incidents_conclude(sink->incidents);
	return sink->found;
}

gboolean report_finish(struct report_sink *sink, const struct run_summary *summary, GError **error)
{
	gboolean written;

	turn(sink);
	report_conclude(sink);
	sink->class->finish(sink, summary);
	written = output_finish(&sink->out, error);
	incidents_free(sink->incidents);
	g_free(sink->input_name);
	sink->class->free(sink);
	return written;
}
