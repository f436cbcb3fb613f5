/* What there can be several of, as JSON. */
#include "report/field.h"

#include "report/alternatives.h"
#include "report/app_errors.h"
#include "report/evidence_text.h"
#include "report/json.h"
#include "report/next_steps.h"
#include "report/why_not.h"
#include "rules/host/append.h"
#include "rules/host/vocabulary.h"

static void separate(GString *out, bool first)
{
	if (!first)
		append_char(out, ',');
}

/* --- evidence -------------------------------------------------------------------------------------- */
static void put_packet(GString *out, struct subject *s, const struct hangup_packet *packet)
{
	if (!packet->number) {
		append_literal(out, "{\"packet\":null,");
		if (s->several)
			append_literal(out, "\"file\":null,");
		append_literal(out, "\"time\":null");
		return;
	}
	append_literal(out, "{\"packet\":");
	append_unsigned(out, hangup_packet_in_file(packet->number));
	if (s->several) {
		append_literal(out, ",\"file\":\"");
		field_append_file(out, s, packet);
		append_char(out, '"');
	}
	append_literal(out, ",\"time\":\"");
	field_append_packet_time(out, packet, &s->day);
	append_char(out, '"');
}

static void put_evidence(GString *out, struct subject *s, const struct case_evidence *e)
{
	put_packet(out, s, &e->packet);
	append_literal(out, ",\"level\":\"");
	append_text(out, level_name(e->level));
	append_literal(out, "\",\"fact\":\"");
	append_text(out, fact_name(e->fact));
	append_literal(out, "\",\"text\":\"");
	const gsize start = out->len;
	evidence_text_append(out, e, s->facts);
	json_escape_from(out, start);
	append_literal(out, "\"}");
}

bool field_evidence(GString *out, struct subject *s)
{
	append_char(out, '[');
	for (size_t i = 0; i < s->verdict->evidence_len; i++) {
		separate(out, i == 0);
		put_evidence(out, s, &s->verdict->evidence[i]);
	}
	append_char(out, ']');
	return true;
}

/* --- alternatives ---------------------------------------------------------------------------------- */
static void put_against(GString *out, const struct subject *s, const struct hangup_claim *claim)
{
	append_char(out, '"');
	const gsize start = out->len;
	why_not_append(out, claim, s->c);
	if (out->len == start) {
		g_string_truncate(out, start - 1);
		append_literal(out, "null");
		return;
	}
	json_escape_from(out, start);
	append_char(out, '"');
}

static void put_alternative(GString *out, const struct subject *s, const struct hangup_claim *claim)
{
	append_literal(out, "{\"label\":\"");
	append_text(out, label_name(claim->label));
	append_literal(out, "\",\"cause\":\"");
	append_text(out, cause_name(claim->cause));
	append_literal(out, "\",\"actor\":\"");
	append_text(out, actor_name(claim->actor));
	append_literal(out, "\",\"confidence\":");
	field_append_confidence(out, claim->confidence);
	append_literal(out, ",\"against\":");
	put_against(out, s, claim);
	append_char(out, '}');
}

bool field_alternatives(GString *out, struct subject *s)
{
	const struct alternatives alternatives = alternatives_of(s->c);

	append_char(out, '[');
	for (size_t i = 0; i < alternatives.len; i++) {
		separate(out, i == 0);
		put_alternative(out, s, alternatives.claim[i]);
	}
	append_char(out, ']');
	return true;
}

/* --- errors: the same for all who lived through the same on the same system ------------------------------- */
static void put_error(GString *out, const struct app_error *error)
{
	append_literal(out, "{\"os\":");
	json_append_string(out, os_name(error->os));
	append_literal(out, ",\"code\":");
	json_append_string(out, error->code);
	append_literal(out, ",\"number\":");
	append_integer(out, error->number);
	append_literal(out, ",\"name\":");
	json_append_string(out, error->message);
	append_literal(out, ",\"likely\":");
	json_append_string(out, error->most_likely ? "most" : "also");
	append_char(out, '}');
}

static GString *errors_new(enum experience experience, enum hangup_os os)
{
	const struct app_errors errors = app_errors_for(experience, os);
	GString *out = g_string_new("[");

	for (size_t i = 0; i < errors.len; i++) {
		separate(out, i == 0);
		put_error(out, &errors.error[i]);
	}
	append_char(out, ']');
	return out;
}

struct error_texts {
	GString *text[EXPERIENCE_COUNT][HANGUP_OS_COUNT];
};

static const struct error_texts *error_texts(void)
{
	static struct error_texts *texts;

	if (g_once_init_enter(&texts)) {
		struct error_texts *made = g_new(struct error_texts, 1);

		for (enum experience experience = 0; experience < EXPERIENCE_COUNT; experience++) {
			for (enum hangup_os os = 0; os < HANGUP_OS_COUNT; os++)
				made->text[experience][os] = errors_new(experience, os);
		}
		g_once_init_leave(&texts, made);
	}
	return texts;
}

static bool put_errors(GString *out, const struct subject *s, enum hangup_side side)
{
	const int64_t os = facts_value(s->facts, HANGUP_FACT_OS, side);
	const GString *text = error_texts()->text[experience_of(s->c, side)][os];

	append_bytes(out, text->str, text->len);
	return true;
}

bool field_app_errors_client(GString *out, struct subject *s)
{
	return put_errors(out, s, HANGUP_CLIENT);
}

bool field_app_errors_server(GString *out, struct subject *s)
{
	return put_errors(out, s, HANGUP_SERVER);
}

/* --- texts ----------------------------------------------------------------------------------------- */
bool field_next_steps(GString *out, struct subject *s)
{
	struct next_steps at = {0};

	append_literal(out, "[\"");
	gsize start = out->len;
	while (next_steps_next(&at, s->c, out)) {
		json_escape_from(out, start);
		append_literal(out, "\",\"");
		start = out->len;
	}
	g_string_truncate(out, start - (at.told > 0 ? 2 : 1)); /* what was begun for one more */
	append_char(out, ']');
	return true;
}

bool field_rules(GString *out, struct subject *s)
{
	const char *names[CASE_CLAIMS_MAX];
	const size_t len = field_rule_names(s->c, names);

	append_char(out, '[');
	for (size_t i = 0; i < len; i++) {
		separate(out, i == 0);
		json_append_string(out, names[i]);
	}
	append_char(out, ']');
	return true;
}
