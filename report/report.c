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
	sink->options.width = MIN(options->width, REPORT_WIDTH_MAX);
}

void report_verdict(struct report_sink *sink, const struct hangup_case *c)
{
	if (report_selected(&sink->options.selection, c))
		sink->class->verdict(sink, c);
	else if (sink->class->skip)
		sink->class->skip(sink, c->facts->id);
}

gboolean report_finish(struct report_sink *sink, const struct run_summary *summary, GError **error)
{
	gboolean sorted = sink->class->finish(sink, summary, error);
	gboolean written = output_finish(&sink->out, sorted ? error : NULL);

	g_free(sink->input_name);
	sink->class->free(sink);
	return sorted && written;
}
