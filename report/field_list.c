/* What there can be several of, as one column: one property of each, joined by commas as tshark does. */
#include "report/field.h"

#include "report/alternatives.h"
#include "report/app_errors.h"
#include "rules/host/append.h"
#include "rules/host/vocabulary.h"

static void separate(GString *out, size_t i)
{
	if (i > 0)
		append_char(out, ',');
}

/* --- evidence -------------------------------------------------------------------------------------- */
typedef void (*evidence_fn)(GString *out, const struct case_evidence *e, struct subject *s);

static bool put_evidence(GString *out, struct subject *s, evidence_fn put)
{
	for (size_t i = 0; i < s->verdict->evidence_len; i++) {
		separate(out, i);
		put(out, &s->verdict->evidence[i], s);
	}
	return s->verdict->evidence_len > 0;
}

static void put_packet(GString *out, const struct case_evidence *e, struct subject *s)
{
	(void)s;
	if (e->packet.number)
		append_unsigned(out, hangup_packet_in_file(e->packet.number));
}

static void put_file(GString *out, const struct case_evidence *e, struct subject *s)
{
	field_append_file(out, s, &e->packet);
}

static void put_time(GString *out, const struct case_evidence *e, struct subject *s)
{
	if (e->packet.number)
		field_append_packet_time(out, &e->packet, &s->day);
}

static void put_level(GString *out, const struct case_evidence *e, struct subject *s)
{
	(void)s;
	append_text(out, level_name(e->level));
}

static void put_fact(GString *out, const struct case_evidence *e, struct subject *s)
{
	(void)s;
	append_text(out, fact_name(e->fact));
}

bool field_evidence_packet(GString *out, struct subject *s)
{
	return put_evidence(out, s, put_packet);
}

bool field_evidence_file(GString *out, struct subject *s)
{
	return put_evidence(out, s, put_file);
}

bool field_evidence_time(GString *out, struct subject *s)
{
	return put_evidence(out, s, put_time);
}

bool field_evidence_level(GString *out, struct subject *s)
{
	return put_evidence(out, s, put_level);
}

bool field_evidence_fact(GString *out, struct subject *s)
{
	return put_evidence(out, s, put_fact);
}

/* --- alternatives ---------------------------------------------------------------------------------- */
typedef void (*claim_fn)(GString *out, const struct hangup_claim *claim);

static bool put_alternatives(GString *out, const struct subject *s, claim_fn put)
{
	const struct alternatives alternatives = alternatives_of(s->c);

	for (size_t i = 0; i < alternatives.len; i++) {
		separate(out, i);
		put(out, alternatives.claim[i]);
	}
	return alternatives.len > 0;
}

static void put_label(GString *out, const struct hangup_claim *claim)
{
	append_text(out, label_name(claim->label));
}

static void put_cause(GString *out, const struct hangup_claim *claim)
{
	append_text(out, cause_name(claim->cause));
}

static void put_actor(GString *out, const struct hangup_claim *claim)
{
	append_text(out, actor_name(claim->actor));
}

static void put_confidence(GString *out, const struct hangup_claim *claim)
{
	field_append_confidence(out, claim->confidence);
}

bool field_alternatives_label(GString *out, struct subject *s)
{
	return put_alternatives(out, s, put_label);
}

bool field_alternatives_cause(GString *out, struct subject *s)
{
	return put_alternatives(out, s, put_cause);
}

bool field_alternatives_actor(GString *out, struct subject *s)
{
	return put_alternatives(out, s, put_actor);
}

bool field_alternatives_confidence(GString *out, struct subject *s)
{
	return put_alternatives(out, s, put_confidence);
}

/* --- errors ---------------------------------------------------------------------------------------- */
typedef void (*error_fn)(GString *out, const struct app_error *error);

static bool put_errors(GString *out, const struct subject *s, enum hangup_side side, error_fn put)
{
	const struct app_errors errors = app_errors_of(s->c, side);

	for (size_t i = 0; i < errors.len; i++) {
		separate(out, i);
		put(out, &errors.error[i]);
	}
	return errors.len > 0;
}

static void put_os(GString *out, const struct app_error *error)
{
	append_text(out, os_name(error->os));
}

static void put_code(GString *out, const struct app_error *error)
{
	append_text(out, error->code);
}

static void put_number(GString *out, const struct app_error *error)
{
	append_integer(out, error->number);
}

static void put_likely(GString *out, const struct app_error *error)
{
	append_text(out, error->most_likely ? "most" : "also");
}

bool field_app_errors_client_os(GString *out, struct subject *s)
{
	return put_errors(out, s, HANGUP_CLIENT, put_os);
}

bool field_app_errors_client_code(GString *out, struct subject *s)
{
	return put_errors(out, s, HANGUP_CLIENT, put_code);
}

bool field_app_errors_client_number(GString *out, struct subject *s)
{
	return put_errors(out, s, HANGUP_CLIENT, put_number);
}

bool field_app_errors_client_likely(GString *out, struct subject *s)
{
	return put_errors(out, s, HANGUP_CLIENT, put_likely);
}

bool field_app_errors_server_os(GString *out, struct subject *s)
{
	return put_errors(out, s, HANGUP_SERVER, put_os);
}

bool field_app_errors_server_code(GString *out, struct subject *s)
{
	return put_errors(out, s, HANGUP_SERVER, put_code);
}

bool field_app_errors_server_number(GString *out, struct subject *s)
{
	return put_errors(out, s, HANGUP_SERVER, put_number);
}

bool field_app_errors_server_likely(GString *out, struct subject *s)
{
	return put_errors(out, s, HANGUP_SERVER, put_likely);
}

/* --- rules ----------------------------------------------------------------------------------------- */
bool field_rules_list(GString *out, struct subject *s)
{
	const char *names[CASE_CLAIMS_MAX];
	const size_t len = field_rule_names(s->c, names);

	for (size_t i = 0; i < len; i++) {
		separate(out, i);
		append_text(out, names[i]);
	}
	return len > 0;
}
