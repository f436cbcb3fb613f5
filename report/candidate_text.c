/* Text about an error that somebody has: which connections can have produced it, the likeliest first, or that none can. */
#include "report/report.h"

#include <string.h>

#include "report/candidate.h"
#include "report/escape.h"
#include "report/paragraph.h"
#include "report/sink.h"
#include "report/style.h"
#include "report/telling.h"
#include "report/text_entry.h"
#include "report/text_summary.h"

enum { INDENT = 6, ASKED_MAX = 60 /* bytes of the error's text that are repeated */ };

/* What came since the last turn. */
struct lane {
	struct text_counts counts;
	struct telling *best;
	char apart[64]; /* from the next lane's cache line */
};

struct candidates_sink {
	struct report_sink base;
	struct text_counts counts;
	struct telling *best; /* changes in turns only */
	struct lane lanes[REPORT_LANES_MAX];
};

/* --- a verdict ------------------------------------------------------------------------------------- */
static void count(struct text_counts *counts, const struct hangup_claim *verdict)
{
	counts->told++;
	counts->label[verdict->label]++;
	counts->severity[verdict->severity]++;
}

static void append_why(GString *out, const struct candidate *candidate, const struct report_options *options)
{
	g_autoptr(GString) line = g_string_new(NULL), safe = g_string_new(NULL);

	candidate_append(line, candidate, options->asked);
	line->str[0] = g_ascii_toupper(line->str[0]);
	g_string_append_c(line, '.');
	escape_append(safe, line->str, line->len, options->ascii);
	g_string_append_printf(out, "%*s", INDENT, "");
	paragraph_append(out, safe->str, INDENT, INDENT, options->width);
}

static char *entry_of(const struct hangup_case *c, const struct candidate *candidate, const struct report_options *options)
{
	GString *entry = g_string_new(NULL);

	text_entry_append(entry, c, options, options->first_ns);
	g_string_truncate(entry, entry->len - 1); /* its empty line */
	append_why(entry, candidate, options);
	g_string_append_c(entry, '\n');
	return g_string_free(entry, FALSE);
}

static void take_verdict(struct report_sink *sink, unsigned lane, const struct hangup_case *c)
{
	struct candidates_sink *k = (struct candidates_sink *)sink;
	struct lane *l = &k->lanes[lane];
	struct candidate candidate;

	count(&l->counts, case_verdict(c));
	if (!candidate_of(c, sink->options.asked, &candidate))
		return;
	const struct rank rank = candidate_rank(&candidate, c->facts->id);
	l->counts.listable++;
	if (telling_wants(k->best, &rank) && telling_wants(l->best, &rank))
		telling_take(l->best, &rank, entry_of(c, &candidate, &sink->options));
}

static void skip(struct report_sink *sink, unsigned lane, uint64_t id)
{
	(void)sink;
	(void)lane;
	(void)id;
}

/* --- a turn, and the end ---------------------------------------------------------------------------- */
static void turn(struct report_sink *sink)
{
	struct candidates_sink *k = (struct candidates_sink *)sink;

	for (unsigned lane = 0; lane < REPORT_LANES_MAX; lane++) {
		text_counts_move(&k->counts, &k->lanes[lane].counts);
		telling_move(k->best, k->lanes[lane].best);
	}
}

/* As it was given, on one line and not too long. */
static void append_asked(GString *out, const struct report_options *options)
{
	const char *text = options->asked->text;
	const size_t len = strlen(text);

	g_string_append_c(out, '"');
	escape_append(out, text, MIN(len, ASKED_MAX), options->ascii);
	g_string_append(out, len > ASKED_MAX ? "...\"" : "\"");
}

/* "5 of them can have produced "10053", the likeliest first:". */
static void append_found(GString *out, const struct candidates_sink *k)
{
	const struct report_options *options = &k->base.options;
	g_autoptr(GString) line = g_string_new(NULL), wrapped = g_string_new(NULL);

	if (k->counts.listable == 0) {
		g_string_append(line, "None of them can have produced ");
		append_asked(line, options);
		g_string_append_c(line, '.');
	} else {
		g_string_append_printf(line, "%" G_GUINT64_FORMAT " of them can have produced ", k->counts.listable);
		append_asked(line, options);
		g_string_append(line, k->counts.listable > 1 ? ", the likeliest first:" : ":");
	}
	paragraph_append(wrapped, line->str, 0, 0, options->width);
	g_string_truncate(wrapped, wrapped->len - 1);
	style_append(out, STYLE_STRONG, wrapped->str, options->colour);
	g_string_append(out, "\n\n");
}

static void append_not_shown(GString *out, const struct candidates_sink *k)
{
	const uint64_t left = k->counts.listable - telling_len(k->best);
	g_autofree char *line = g_strdup_printf("%" G_GUINT64_FORMAT " less likely ones are not shown: --best says how many "
	                                        "are; --at, --host and --port narrow it down.", left);

	if (left > 0)
		paragraph_append(out, line, 0, 0, k->base.options.width);
}

/* What to ask when there is none, or what is a guess about all. */
static void append_advice(GString *out, const struct candidates_sink *k)
{
	const struct report_options *options = &k->base.options;

	if (k->counts.listable == 0) {
		paragraph_append(out, "\"hangup errors\" with the same words says what can produce it, and whether it is to be "
		                      "seen in a capture at all.", 0, 0, options->width);
		return;
	}
	paragraph_append(out, "Expected, not observed: a capture does not contain what programs are told.", 0, 0,
	                 options->width);
}

static void finish(struct report_sink *sink, const struct run_summary *summary)
{
	struct candidates_sink *k = (struct candidates_sink *)sink;
	g_autoptr(GString) text = g_string_new(NULL), tail = g_string_new(NULL);

	telling_sort(k->best);
	text_counts_excuse(&k->counts, sink->found);
	text_summary_append_head(text, &k->counts, summary, &sink->options);
	append_found(text, k);
	output_string(&sink->out, text);
	for (guint i = 0; i < telling_len(k->best); i++)
		output_write(&sink->out, telling_text(k->best, i), strlen(telling_text(k->best, i)));
	append_not_shown(tail, k);
	append_advice(tail, k);
	if (telling_len(k->best) > 0)
		k->counts.example = telling_id(k->best, 0);
	k->counts.listed = k->counts.listable; /* said above */
	text_summary_append_tail(tail, &k->counts, summary, &sink->options);
	output_string(&sink->out, tail);
}

static void sink_free(struct report_sink *sink)
{
	struct candidates_sink *k = (struct candidates_sink *)sink;

	for (unsigned lane = 0; lane < REPORT_LANES_MAX; lane++)
		telling_free(k->lanes[lane].best);
	telling_free(k->best);
	g_free(k);
}

struct report_sink *report_candidates_new(FILE *out, const struct report_options *options)
{
	static const struct report_sink_class class = {
		.verdict = take_verdict, .skip = skip, .turn = turn, .finish = finish, .free = sink_free};
	struct candidates_sink *k = g_new0(struct candidates_sink, 1);

	report_sink_init(&k->base, &class, out, options);
	report_sink_collect_incidents(&k->base);
	k->best = telling_new(options->asked->best);
	for (unsigned lane = 0; lane < REPORT_LANES_MAX; lane++)
		k->lanes[lane].best = telling_new(options->asked->best);
	return &k->base;
}
