/* NDJSON, one object a connection, schema hangup.connection/1: docs/output.md says what every field means, and
 * docs/output.schema.json is checked in the tests. Fields come in the order in which they stand here. */
#include "report/report.h"

#include "report/alternatives.h"
#include "report/app_errors.h"
#include "report/community_id.h"
#include "report/conn_state.h"
#include "report/evidence_text.h"
#include "report/filter.h"
#include "report/json_writer.h"
#include "report/next_steps.h"
#include "report/order.h"
#include "report/sentence.h"
#include "report/sink.h"
#include "report/why_not.h"
#include "rules/host/text.h"
#include "rules/host/vocabulary.h"

enum { DECIMALS_S = 9, DECIMALS_MS = 6, CONFIDENCE_DECIMALS = 3 }; /* of a nanosecond: exact */

/* What one lane writes with. */
struct pen {
	const char *input_name;
	struct json_writer json; /* the line being built */
	GString *scratch;
	char apart[64]; /* from the next lane's cache line */
};

struct ndjson_sink {
	struct report_sink base;
	struct order *order;
	struct pen pens[REPORT_LANES_MAX];
};

static const char *const side_keys[] = {[HANGUP_CLIENT] = "client", [HANGUP_SERVER] = "server"};

/* --- one value --------------------------------------------------------------------------------------- */
static void put_fact(struct json_writer *w, const struct facts *f, enum hangup_fact fact, enum hangup_side side)
{
	int64_t value;

	if (facts_get(f, fact, side, &value))
		json_integer(w, value);
	else
		json_null(w);
}

/* Nanoseconds in a larger unit, exactly. */
static void put_time_fact(struct json_writer *w, const struct facts *f, enum hangup_fact fact, enum hangup_side side,
                          unsigned decimals)
{
	int64_t ns;

	if (facts_get(f, fact, side, &ns))
		json_decimal(w, ns, decimals);
	else
		json_null(w);
}

static void put_both(struct json_writer *w, const char *key, const struct facts *f, enum hangup_fact fact)
{
	json_key(w, key);
	json_begin_object(w);
	for (enum hangup_side side = HANGUP_CLIENT; side <= HANGUP_SERVER; side++) {
		json_key(w, side_keys[side]);
		put_fact(w, f, fact, side);
	}
	json_end_object(w);
}

static void put_packet_number(struct json_writer *w, const char *key, const struct hangup_packet *packet)
{
	json_key(w, key);
	if (packet->number)
		json_unsigned(w, packet->number);
	else
		json_null(w);
}

static void put_packet_time(struct json_writer *w, const char *key, const struct hangup_packet *packet)
{
	json_key(w, key);
	if (packet->number)
		json_time(w, packet->time_ns);
	else
		json_null(w);
}

static void put_string(struct json_writer *w, const char *key, const char *text)
{
	json_key(w, key);
	json_string(w, text);
}

static void put_scratch(struct pen *p, const char *key)
{
	json_key(&p->json, key);
	json_string_len(&p->json, p->scratch->str, p->scratch->len);
	g_string_truncate(p->scratch, 0);
}

static void put_confidence(struct json_writer *w, double confidence)
{
	json_key(w, "confidence");
	json_decimal(w, (int64_t)(confidence * 1000 + 0.5), CONFIDENCE_DECIMALS);
}

/* --- who ----------------------------------------------------------------------------------------------- */
static void put_end(struct pen *p, const struct facts *f, enum hangup_side side)
{
	struct json_writer *w = &p->json;
	int64_t os = facts_value(f, HANGUP_FACT_OS, side);

	json_key(w, side_keys[side]);
	json_begin_object(w);
	text_append_address(p->scratch, f->end[side].address);
	put_scratch(p, "ip");
	json_key(w, "port");
	json_unsigned(w, f->end[side].port);
	put_string(w, "host_os", os == HANGUP_OS_UNKNOWN ? NULL : os_name((enum hangup_os)os));
	json_key(w, "hops");
	put_fact(w, f, HANGUP_FACT_HOPS, side);
	json_end_object(w);
}

static void put_identity(struct pen *p, const struct facts *f)
{
	struct json_writer *w = &p->json;
	char community_id[COMMUNITY_ID_LEN + 1];

	put_string(w, "schema", "hangup.connection/1");
	json_key(w, "id");
	json_unsigned(w, f->id);
	community_id_write(community_id, f);
	put_string(w, "community_id", community_id);
	put_string(w, "input", p->input_name);
	put_end(p, f, HANGUP_CLIENT);
	put_end(p, f, HANGUP_SERVER);
	json_key(w, "client_known");
	json_bool(w, facts_value(f, HANGUP_FACT_CLIENT_KNOWN, HANGUP_CLIENT) != 0);
	json_key(w, "vantage");
	json_begin_object(w);
	put_string(w, "side", vantage_name((enum hangup_vantage)facts_value(f, HANGUP_FACT_VANTAGE, HANGUP_CLIENT)));
	put_string(w, "by",
	           vantage_by_name((enum hangup_vantage_by)facts_value(f, HANGUP_FACT_VANTAGE_BY, HANGUP_CLIENT)));
	json_end_object(w);
}

/* --- when and how much --------------------------------------------------------------------------------- */
static void put_extent(struct json_writer *w, const struct facts *f)
{
	struct hangup_packet first, last;

	facts_packet(f, HANGUP_PACKET_FIRST, HANGUP_CLIENT, &first);
	facts_packet(f, HANGUP_PACKET_LAST, HANGUP_CLIENT, &last);
	put_packet_time(w, "start", &first);
	put_packet_time(w, "end", &last);
	json_key(w, "duration_s");
	put_time_fact(w, f, HANGUP_FACT_DURATION, HANGUP_CLIENT, DECIMALS_S);
	put_packet_number(w, "first_packet", &first);
	put_packet_number(w, "last_packet", &last);
}

static void put_rtt(struct json_writer *w, const struct facts *f)
{
	json_key(w, "rtt_ms");
	json_begin_object(w);
	for (enum hangup_side side = HANGUP_CLIENT; side <= HANGUP_SERVER; side++) {
		json_key(w, side_keys[side]);
		put_time_fact(w, f, HANGUP_FACT_RTT, side, DECIMALS_MS);
	}
	json_end_object(w);
}

static void put_idle(struct json_writer *w, const struct facts *f)
{
	json_key(w, "idle_s");
	json_begin_object(w);
	json_key(w, "longest");
	put_time_fact(w, f, HANGUP_FACT_IDLE_LONGEST, HANGUP_CLIENT, DECIMALS_S);
	json_key(w, "before_end");
	put_time_fact(w, f, HANGUP_FACT_IDLE_BEFORE_END, HANGUP_CLIENT, DECIMALS_S);
	json_end_object(w);
}

static void put_states(struct json_writer *w, const struct facts *f)
{
	json_key(w, "states");
	json_begin_object(w);
	for (enum hangup_side side = HANGUP_CLIENT; side <= HANGUP_SERVER; side++) {
		int64_t state = facts_value(f, HANGUP_FACT_STATE, side);

		put_string(w, side_keys[side],
		           state == HANGUP_TCP_STATE_UNKNOWN ? NULL : tcp_state_name((enum hangup_tcp_state)state));
	}
	json_end_object(w);
}

static void put_traffic(struct json_writer *w, const struct facts *f)
{
	put_extent(w, f);
	put_both(w, "packets", f, HANGUP_FACT_PACKETS);
	put_both(w, "bytes", f, HANGUP_FACT_PAYLOAD);
	put_both(w, "retransmitted", f, HANGUP_FACT_RETRANSMITTED);
	put_rtt(w, f);
	put_idle(w, f);
	put_states(w, f);
	put_string(w, "conn_state", conn_state(f));
	put_string(w, "history", f->history);
}

/* --- the verdict --------------------------------------------------------------------------------------- */
static void put_claim(struct json_writer *w, const struct hangup_claim *claim)
{
	put_string(w, "label", label_name(claim->label));
	put_string(w, "cause", cause_name(claim->cause));
	put_string(w, "actor", actor_name(claim->actor));
}

static void put_evidence(struct pen *p, const struct hangup_case *c)
{
	struct json_writer *w = &p->json;
	const struct hangup_claim *verdict = case_verdict(c);

	json_key(w, "evidence");
	json_begin_array(w);
	for (size_t i = 0; i < verdict->evidence_len; i++) {
		const struct case_evidence *e = &verdict->evidence[i];

		json_begin_object(w);
		put_packet_number(w, "packet", &e->packet);
		put_packet_time(w, "time", &e->packet);
		put_string(w, "level", level_name(e->level));
		put_string(w, "fact", fact_name(e->fact));
		evidence_text_append(p->scratch, e, c->facts);
		put_scratch(p, "text");
		json_end_object(w);
	}
	json_end_array(w);
}

static void put_alternatives(struct pen *p, const struct hangup_case *c)
{
	struct json_writer *w = &p->json;
	struct alternatives alternatives = alternatives_of(c);

	json_key(w, "alternatives");
	json_begin_array(w);
	for (size_t i = 0; i < alternatives.len; i++) {
		const struct hangup_claim *claim = alternatives.claim[i];

		json_begin_object(w);
		put_claim(w, claim);
		put_confidence(w, claim->confidence);
		why_not_append(p->scratch, claim, c);
		if (p->scratch->len)
			put_scratch(p, "against");
		else
			put_string(w, "against", NULL);
		json_end_object(w);
	}
	json_end_array(w);
}

static void put_app_errors(struct json_writer *w, const struct hangup_case *c)
{
	json_key(w, "app_errors");
	json_begin_object(w);
	for (enum hangup_side side = HANGUP_CLIENT; side <= HANGUP_SERVER; side++) {
		struct app_errors errors = app_errors_of(c, side);

		json_key(w, side_keys[side]);
		json_begin_array(w);
		for (size_t i = 0; i < errors.len; i++) {
			json_begin_object(w);
			put_string(w, "os", os_name(errors.error[i].os));
			put_string(w, "code", errors.error[i].code);
			json_key(w, "number");
			json_integer(w, errors.error[i].number);
			put_string(w, "name", errors.error[i].message);
			put_string(w, "likely", errors.error[i].most_likely ? "most" : "also");
			json_end_object(w);
		}
		json_end_array(w);
	}
	json_end_object(w);
}

static void put_next_steps(struct json_writer *w, const struct hangup_case *c)
{
	g_autoptr(GPtrArray) steps = next_steps_of(c);

	json_key(w, "next_steps");
	json_begin_array(w);
	for (guint i = 0; i < steps->len; i++)
		json_string(w, steps->pdata[i]);
	json_end_array(w);
}

/* Names of the rules whose claims were weighed, the verdict's first, each once. */
static void put_rules(struct json_writer *w, const struct hangup_case *c)
{
	json_key(w, "rules");
	json_begin_array(w);
	for (size_t i = 0; i < c->order_len; i++) {
		const struct hangup_rule *rule = c->claims[c->order[i]].rule;
		bool told = !rule;

		for (size_t k = 0; k < i && !told; k++)
			told = c->claims[c->order[k]].rule == rule;
		if (!told)
			json_string(w, rule->name);
	}
	json_end_array(w);
}

static void put_verdict(struct pen *p, const struct hangup_case *c)
{
	struct json_writer *w = &p->json;
	const struct hangup_claim *verdict = case_verdict(c);

	put_claim(w, verdict);
	put_string(w, "severity", severity_name(verdict->severity));
	put_confidence(w, verdict->confidence);
	sentence_append(p->scratch, c, true);
	put_scratch(p, "summary");
	put_evidence(p, c);
	put_alternatives(p, c);
	put_app_errors(w, c);
	put_next_steps(w, c);
	filter_append(p->scratch, c->facts);
	put_scratch(p, "display_filter");
	put_string(w, "incident", NULL);
	json_key(w, "capture_loss");
	json_bool(w, facts_value(c->facts, HANGUP_FACT_CAPTURE_LOSS, HANGUP_CLIENT) != 0);
	put_rules(w, c);
}

/* --- the sink ------------------------------------------------------------------------------------------ */
static void write_line(struct pen *p, const struct hangup_case *c)
{
	json_reset(&p->json);
	json_begin_object(&p->json);
	put_identity(p, c->facts);
	put_traffic(&p->json, c->facts);
	put_verdict(p, c);
	json_end_object(&p->json);
	json_end_line(&p->json);
}

static void take_verdict(struct report_sink *sink, unsigned lane, const struct hangup_case *c)
{
	struct ndjson_sink *n = (struct ndjson_sink *)sink;
	struct pen *p = &n->pens[lane];

	write_line(p, c);
	buffer_add(order_line(n->order, lane), p->json.bytes, p->json.len);
	order_end_line(n->order, lane, c->facts->id);
}

static void skip(struct report_sink *sink, unsigned lane, uint64_t id)
{
	order_end_line(((struct ndjson_sink *)sink)->order, lane, id);
}

static void turn(struct report_sink *sink)
{
	order_turn(((struct ndjson_sink *)sink)->order);
}

static void finish(struct report_sink *sink, const struct run_summary *summary)
{
	(void)summary;
	order_finish(((struct ndjson_sink *)sink)->order);
}

static void sink_free(struct report_sink *sink)
{
	struct ndjson_sink *n = (struct ndjson_sink *)sink;

	order_free(n->order);
	for (unsigned lane = 0; lane < REPORT_LANES_MAX; lane++) {
		json_clear(&n->pens[lane].json);
		g_string_free(n->pens[lane].scratch, TRUE);
	}
	g_free(n);
}

struct report_sink *report_ndjson_new(FILE *out, const struct report_options *options)
{
	static const struct report_sink_class class = {
		.verdict = take_verdict, .skip = skip, .turn = turn, .finish = finish, .free = sink_free};
	struct ndjson_sink *n = g_new0(struct ndjson_sink, 1);

	report_sink_init(&n->base, &class, out, options);
	n->order = order_new(&n->base.out, ORDER_WAITING_MAX);
	for (unsigned lane = 0; lane < REPORT_LANES_MAX; lane++) {
		n->pens[lane].input_name = n->base.input_name;
		json_init(&n->pens[lane].json);
		n->pens[lane].scratch = g_string_new(NULL);
	}
	return &n->base;
}
