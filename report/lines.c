#include "report/lines.h"

static void take_verdict(struct report_sink *sink, unsigned lane, const struct hangup_case *c)
{
	struct lines_sink *l = (struct lines_sink *)sink;
	struct subject *s = &l->lanes[lane].subject;

	subject_set(s, c);
	l->lines->put(l, order_line(l->order, lane), s);
	order_end_line(l->order, lane, c->facts->id);
}

static void skip(struct report_sink *sink, unsigned lane, uint64_t id)
{
	order_end_line(((struct lines_sink *)sink)->order, lane, id);
}

static void turn(struct report_sink *sink)
{
	order_turn(((struct lines_sink *)sink)->order);
}

static void finish(struct report_sink *sink, const struct run_summary *summary)
{
	(void)summary;
	order_finish(((struct lines_sink *)sink)->order);
}

static void sink_free(struct report_sink *sink)
{
	struct lines_sink *l = (struct lines_sink *)sink;

	order_free(l->order);
	if (l->lines->clear)
		l->lines->clear(l);
	for (unsigned lane = 0; lane < REPORT_LANES_MAX; lane++)
		subject_clear(&l->lanes[lane].subject);
	g_strfreev(l->inputs);
	g_free(l);
}

static char **escaped_names(const struct lines_class *lines, const struct report_options *options)
{
	const char *const one[] = {options->input_name, NULL};
	GPtrArray *names = g_ptr_array_new();

	for (const char *const *name = options->inputs ? options->inputs : one; *name; name++) {
		GString *escaped = g_string_new(*name);

		if (lines->escape)
			lines->escape(escaped, 0);
		g_ptr_array_add(names, g_string_free(escaped, FALSE));
	}
	g_ptr_array_add(names, NULL);
	return (char **)g_ptr_array_free(names, FALSE);
}

void lines_init(struct lines_sink *sink, const struct lines_class *lines, FILE *out, const struct report_options *options)
{
	static const struct report_sink_class class = {
		.verdict = take_verdict, .skip = skip, .turn = turn, .finish = finish, .free = sink_free};

	report_sink_init(&sink->base, &class, out, options);
	sink->lines = lines;
	sink->order = order_new(&sink->base.out, ORDER_WAITING_MAX);
	sink->inputs = escaped_names(lines, options);
	for (unsigned lane = 0; lane < REPORT_LANES_MAX; lane++)
		subject_init(&sink->lanes[lane].subject, (const char *const *)sink->inputs, options->inputs != NULL);
}
