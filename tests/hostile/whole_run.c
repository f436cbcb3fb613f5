#include "tests/hostile/whole_run.h"

#include <string.h>

#include "report/explain.h"
#include "report/remarks.h"
#include "report/report.h"

enum { LADDER_ROWS = 24, TEXT_WIDTH = 100, BATCH = 64 };

/* --- the rules ------------------------------------------------------------------------------------------ */

static void refused(const GError *why, void *user)
{
	(void)user;
	g_error("a rule of our own was refused: %s", why->message);
}

static struct rule_set *load_rules(void)
{
	struct rule_set *rules = rule_set_new();
	GError *error = NULL;

#ifdef HANGUP_RULES_FOLDER
	if (!rule_set_add_folder(rules, HANGUP_RULES_FOLDER, refused, NULL, &error))
#else
	if (!rule_set_add_default(rules, refused, NULL, &error))
#endif
		g_error("no rules: %s", error->message);
	return rules;
}

const struct rule_set *whole_run_rules(void)
{
	static struct rule_set *rules;

	if (rules == NULL)
		rules = load_rules();
	return rules;
}

/* --- what is promised of a verdict ---------------------------------------------------------------------- */

/* What one lane was told; lanes are told at the same time. */
struct lane {
	GArray *ids;              /* uint64_t, as they came */
	uint64_t packets;         /* of all its connections */
	uint64_t highest_packet;  /* that anything names */
};

struct going {
	const struct whole_run *run;
	struct report_sink *ndjson, *text;
	struct ladder *ladder;
	struct remarks *remarks;
	GString *explanation;     /* NULL until the connection is judged */
	struct report_options told;
	bool begun;
	struct lane lanes[PIPELINE_LANES];
};

static void note_packet(struct lane *l, const struct hangup_packet *packet)
{
	l->highest_packet = MAX(l->highest_packet, packet->number);
}

static void check_claim(struct lane *l, const struct hangup_claim *claim)
{
	g_assert(claim->confidence >= 0 && claim->confidence <= 1);
	g_assert(claim->evidence_len <= CLAIM_EVIDENCE_MAX && claim->against_len <= CLAIM_AGAINST_MAX);
	for (size_t i = 0; i < claim->evidence_len; i++)
		note_packet(l, &claim->evidence[i].packet);
}

static void check_verdict(struct lane *l, const struct hangup_case *c)
{
	struct hangup_packet first, last;

	g_assert(c->facts->id >= 1);
	g_array_append_val(l->ids, c->facts->id);
	g_assert(c->order_len >= 1 && c->claims_len <= CASE_CLAIMS_MAX);
	for (size_t i = 0; i < c->order_len; i++)
		check_claim(l, &c->claims[c->order[i]]);
	g_assert(facts_packet(c->facts, HANGUP_PACKET_FIRST, HANGUP_CLIENT, &first) && first.number >= 1);
	g_assert(facts_packet(c->facts, HANGUP_PACKET_LAST, HANGUP_CLIENT, &last) && last.number >= 1);
	note_packet(l, &first);
	note_packet(l, &last);
	l->packets += (uint64_t)facts_value(c->facts, HANGUP_FACT_PACKETS, HANGUP_CLIENT) +
	              (uint64_t)facts_value(c->facts, HANGUP_FACT_PACKETS, HANGUP_SERVER);
}

/* Every connection was judged, once. */
static void check_ids(const struct going *g, uint64_t connections)
{
	g_autofree uint8_t *judged = g_new0(uint8_t, connections + 1);
	uint64_t verdicts = 0;

	for (unsigned lane = 0; lane < PIPELINE_LANES; lane++) {
		const GArray *ids = g->lanes[lane].ids;

		verdicts += ids->len;
		for (guint i = 0; i < ids->len; i++) {
			uint64_t id = g_array_index(ids, uint64_t, i);

			g_assert(id <= connections && judged[id]++ == 0);
		}
	}
	g_assert(verdicts == connections);
}

static void check_counts(const struct going *g, const struct run_summary *s, uint64_t last_number, bool filtered)
{
	uint64_t told = s->segments + s->not_tcp + s->undecoded + s->fragments + s->truncated + s->invalid + s->opaque +
	                s->notices;
	uint64_t packets = 0;

	for (unsigned lane = 0; lane < PIPELINE_LANES; lane++) {
		g_assert(g->lanes[lane].highest_packet <= last_number);
		packets += g->lanes[lane].packets;
	}
	g_assert(packets <= s->segments);
	g_assert(filtered ? told <= s->frames : told == s->frames);
	check_ids(g, s->connections);
}

/* --- a run ---------------------------------------------------------------------------------------------- */

/* The first packet tells the day that text leaves out. */
static void open_outputs(struct going *g, int64_t first_ns)
{
	g->told = (struct report_options){.input_name = "capture", .every_connection = true, .colour = true,
	                                  .width = TEXT_WIDTH, .first_ns = first_ns};
	if (g->run->ndjson != NULL)
		g->ndjson = report_ndjson_new(g->run->ndjson, &g->told);
	if (g->run->text != NULL)
		g->text = report_text_new(g->run->text, &g->told);
	g->begun = true;
}

static void on_begin(int64_t first_ns, void *user)
{
	open_outputs(user, first_ns);
}

static void on_turn(void *user)
{
	const struct going *g = user;

	if (g->ndjson != NULL)
		report_turn(g->ndjson);
	if (g->text != NULL)
		report_turn(g->text);
}

static void explain(struct going *g, const struct hangup_case *c)
{
	g->explanation = g_string_new(NULL);
	remarks_set_ends(g->remarks, c->facts->end);
	explain_append(g->explanation, c, g->ladder, &g->told);
}

static void write_explanation(const struct going *g)
{
	remarks_append(g->explanation, g->remarks, &g->told);
	g_assert(fwrite(g->explanation->str, 1, g->explanation->len, g->run->explanation) == g->explanation->len);
	g_string_free(g->explanation, TRUE);
}

static void on_verdict(const struct hangup_case *c, unsigned lane, void *user)
{
	struct going *g = user;

	check_verdict(&g->lanes[lane], c);
	if (g->ndjson != NULL)
		report_verdict(g->ndjson, lane, c);
	if (g->text != NULL)
		report_verdict(g->text, lane, c);
	if (g->ladder != NULL && c->facts->id == g->run->explained_id)
		explain(g, c);
}

static void on_segment(const struct segment *segment, uint64_t id, enum hangup_side sender, void *user)
{
	struct going *g = user;

	if (id != g->run->explained_id)
		return;
	ladder_add(g->ladder, segment, sender);
	remarks_add_packet(g->remarks, segment->number);
}

static void on_comment(uint64_t number, const char *text, size_t text_len, void *user)
{
	remarks_add_comment(((struct going *)user)->remarks, number, text, text_len);
}

static void on_name(const uint8_t address[16], const char *text, size_t text_len, void *user)
{
	remarks_add_name(((struct going *)user)->remarks, address, text, text_len);
}

static void begin_explaining(struct going *g, struct source *source)
{
	g->ladder = ladder_new(LADDER_ROWS);
	g->remarks = remarks_new();
	source_on_comment(source, on_comment, g);
	source_on_name(source, on_name, g);
}

static void finish_explaining(struct going *g)
{
	if (g->explanation != NULL)
		write_explanation(g);
	remarks_free(g->remarks);
	ladder_free(g->ladder);
}

static void finish(struct going *g, const struct run_summary *summary)
{
	if (!g->begun)
		open_outputs(g, 0);
	if (g->ndjson != NULL)
		g_assert(report_finish(g->ndjson, summary, NULL));
	if (g->text != NULL)
		g_assert(report_finish(g->text, summary, NULL));
	if (g->ladder != NULL)
		finish_explaining(g);
	for (unsigned lane = 0; lane < PIPELINE_LANES; lane++)
		g_array_unref(g->lanes[lane].ids);
}

static int take_code(GError *error)
{
	int code;

	if (error == NULL)
		return -1;
	g_assert(error->domain == SOURCE_ERROR && error->message[0] != '\0');
	code = error->code;
	g_error_free(error);
	return code;
}

static void judge(const struct whole_run *run, struct source *source, struct whole_result *out)
{
	struct going g = {.run = run};
	struct pipeline_callbacks callbacks = {.begin = on_begin, .verdict = on_verdict, .turn = on_turn, .user = &g,
	                                       .segment = run->explanation != NULL ? on_segment : NULL};
	GError *error = NULL;
	gboolean whole;

	for (unsigned lane = 0; lane < PIPELINE_LANES; lane++)
		g.lanes[lane].ids = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	if (run->explanation != NULL)
		begin_explaining(&g, source);
	if (run->options.anonymizer != NULL)
		source_anonymize(source, run->options.anonymizer);
	whole = pipeline_run(source, whole_run_rules(), &run->options, &callbacks, &out->summary, &error);
	g_assert(whole == (error == NULL));
	out->error_code = take_code(error);
	check_counts(&g, &out->summary, out->last_number, run->options.filter != NULL);
	finish(&g, &out->summary);
}

/* The number of the last frame. Not how many there are: as Wireshark does, some blocks that are no packets count too. */
static uint64_t last_number(const char *path)
{
	struct source *source = source_open(path, NULL);
	struct frame frames[BATCH];
	uint64_t last = 0;
	size_t n;

	while (source != NULL && (n = source_next_batch(source, frames, BATCH, NULL)) > 0)
		last = frames[n - 1].number;
	source_free(source);
	return last;
}

struct whole_result whole_run(const struct whole_run *run, const char *path)
{
	struct whole_result result = {.error_code = -1};
	GError *error = NULL;
	struct source *source = source_open(path, &error);

	if (source == NULL) {
		g_assert(error != NULL);
		result.error_code = take_code(error);
		return result;
	}
	result.opened = true;
	result.last_number = last_number(path);
	judge(run, source, &result);
	source_free(source);
	return result;
}
