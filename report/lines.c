#include "report/lines.h"

#include <string.h>

/* --- incidents, which are known at the end ----------------------------------------------------------------------- */
static bool mark(GString *out, uint64_t id, const char *line, size_t len, void *user)
{
	const struct lines_sink *l = user;
	const struct incident *i = l->marks && l->base.found ? incident_of(l->base.found, id) : NULL;

	if (i)
		l->lines->mark(l, out, line, len, i);
	return i;
}

static void write_incidents(struct lines_sink *l)
{
	g_autoptr(GString) line = g_string_new(NULL);

	for (size_t k = 0; k < l->base.found->len; k++) {
		g_string_truncate(line, 0);
		l->lines->incident(l, line, &l->base.found->incidents[k]);
		output_string(&l->base.out, line);
	}
}

/* --- when an error is asked for: a bounded number of lines waits for the end ----------------------------------- */
static void take_candidate(struct lines_sink *l, struct lines_lane *lane, const struct hangup_case *c)
{
	struct subject *s = &lane->subject;

	if (!candidate_of(c, s->asked, &s->candidate))
		return;
	const struct rank rank = candidate_rank(&s->candidate, c->facts->id);
	if (!telling_wants(l->best, &rank) || !telling_wants(lane->best, &rank))
		return;
	GString *line = g_string_new(NULL);
	l->lines->put(l, line, s);
	telling_take(lane->best, &rank, g_string_free(line, FALSE));
}

static void write_one_of_the_best(struct lines_sink *l, guint i)
{
	const char *line = telling_text(l->best, i);
	g_autoptr(GString) marked = g_string_new(NULL);

	if (mark(marked, telling_id(l->best, i), line, strlen(line), l))
		output_string(&l->base.out, marked);
	else
		output_write(&l->base.out, line, strlen(line));
}

static void write_best(struct lines_sink *l)
{
	telling_sort(l->best);
	for (guint i = 0; i < telling_len(l->best); i++)
		write_one_of_the_best(l, i);
}

/* --- the sink -------------------------------------------------------------------------------------------------- */
static void take_verdict(struct report_sink *sink, unsigned lane, const struct hangup_case *c)
{
	struct lines_sink *l = (struct lines_sink *)sink;
	struct subject *s = &l->lanes[lane].subject;

	subject_set(s, c);
	if (l->best) {
		take_candidate(l, &l->lanes[lane], c);
		return;
	}
	l->lines->put(l, order_line(l->order, lane), s);
	if (l->marks && incidents_may_include(c))
		order_hold_line(l->order, lane, c->facts->id);
	else
		order_end_line(l->order, lane, c->facts->id);
}

/* Nobody waits for those before it. */
static void tell(struct report_sink *sink, const struct hangup_case *c, const struct report_told *told)
{
	struct lines_sink *l = (struct lines_sink *)sink;
	struct subject *s = &l->lanes[0].subject;

	subject_set(s, c);
	s->told = *told;
	g_string_truncate(l->line, 0);
	l->lines->put(l, l->line, s);
	output_string(&sink->out, l->line);
}

static void skip(struct report_sink *sink, unsigned lane, uint64_t id)
{
	struct lines_sink *l = (struct lines_sink *)sink;

	if (!l->best)
		order_end_line(l->order, lane, id);
}

static void turn(struct report_sink *sink)
{
	struct lines_sink *l = (struct lines_sink *)sink;

	if (!l->best) {
		order_turn(l->order);
		return;
	}
	for (unsigned lane = 0; lane < REPORT_LANES_MAX; lane++)
		telling_move(l->best, l->lanes[lane].best);
}

static void finish(struct report_sink *sink, const struct run_summary *summary)
{
	struct lines_sink *l = (struct lines_sink *)sink;

	(void)summary;
	if (l->best)
		write_best(l);
	else
		order_finish_telling(l->order, mark, l);
	if (sink->found && l->lines->incident && !l->best) /* what is asked for is a connection */
		write_incidents(l);
	if (l->lines->rest) {
		g_string_truncate(l->line, 0);
		l->lines->rest(l, l->line);
		output_string(&sink->out, l->line);
	}
}

static void sink_free(struct report_sink *sink)
{
	struct lines_sink *l = (struct lines_sink *)sink;

	order_free(l->order);
	g_string_free(l->line, TRUE);
	if (l->lines->clear)
		l->lines->clear(l);
	for (unsigned lane = 0; lane < REPORT_LANES_MAX; lane++) {
		subject_clear(&l->lanes[lane].subject);
		g_clear_pointer(&l->lanes[lane].best, telling_free);
	}
	g_clear_pointer(&l->best, telling_free);
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

static void ask(struct lines_sink *sink, const struct error_asked *asked)
{
	sink->best = telling_new(asked->best);
	for (unsigned lane = 0; lane < REPORT_LANES_MAX; lane++) {
		sink->lanes[lane].subject.asked = asked;
		sink->lanes[lane].best = telling_new(asked->best);
	}
}

void lines_init(struct lines_sink *sink, const struct lines_class *lines, FILE *out, const struct report_options *options)
{
	static const struct report_sink_class class = {
		.verdict = take_verdict, .tell = tell, .skip = skip, .turn = turn, .finish = finish, .free = sink_free};

	report_sink_init(&sink->base, &class, out, options);
	sink->lines = lines;
	sink->order = order_new(&sink->base.out, ORDER_WAITING_MAX);
	sink->line = g_string_new(NULL);
	sink->inputs = escaped_names(lines, options);
	for (unsigned lane = 0; lane < REPORT_LANES_MAX; lane++) {
		subject_init(&sink->lanes[lane].subject, (const char *const *)sink->inputs, options->inputs != NULL);
		sink->lanes[lane].subject.calls = options->calls;
	}
	if (options->asked)
		ask(sink, options->asked);
}
