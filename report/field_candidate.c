/* How a connection fits the error that is asked for; nothing is known when none is. */
#include "report/field.h"

#include "report/json.h"
#include "rules/host/append.h"
#include "rules/host/vocabulary.h"

/* What TCP reported; not when a time limit of the program may have ended it. */
static const struct app_error *error_of(const struct subject *s)
{
	return s->asked && s->candidate.reason != CANDIDATE_TIMER_POSSIBLE ? &s->candidate.error : NULL;
}

bool field_error_match_score(GString *out, struct subject *s)
{
	enum { DECIMALS = 6 };

	if (s->asked)
		append_decimal(out, (int64_t)(s->candidate.score * 1e6 + 0.5), DECIMALS);
	return s->asked != NULL;
}

bool field_error_match_side(GString *out, struct subject *s)
{
	if (s->asked)
		append_text(out, s->candidate.side == HANGUP_CLIENT ? "client" : "server");
	return s->asked != NULL;
}

bool field_error_match_os(GString *out, struct subject *s)
{
	if (error_of(s))
		append_text(out, os_name(error_of(s)->os));
	return error_of(s) != NULL;
}

bool field_error_match_code(GString *out, struct subject *s)
{
	if (error_of(s))
		append_text(out, error_of(s)->code);
	return error_of(s) != NULL;
}

bool field_error_match_number(GString *out, struct subject *s)
{
	if (error_of(s))
		append_integer(out, error_of(s)->number);
	return error_of(s) != NULL;
}

bool field_error_match_away(GString *out, struct subject *s)
{
	enum { NS_DECIMALS = 9 };

	if (!s->asked || !s->asked->has_time)
		return false;
	append_decimal(out, s->candidate.away_ns, NS_DECIMALS);
	return true;
}

static void append_member(GString *out, struct subject *s, const char *key, field_fn put, bool is_name)
{
	append_text(out, key);
	const gsize value = out->len;
	if (is_name)
		append_char(out, '"');
	if (!put(out, s)) {
		g_string_truncate(out, value);
		append_literal(out, "null");
	} else if (is_name) {
		append_char(out, '"');
	}
}

bool field_error_match(GString *out, struct subject *s)
{
	g_autoptr(GString) text = g_string_new(NULL);

	candidate_append(text, &s->candidate, s->asked);
	append_member(out, s, "{\"score\":", field_error_match_score, false);
	append_member(out, s, ",\"side\":", field_error_match_side, true);
	append_member(out, s, ",\"os\":", field_error_match_os, true);
	append_member(out, s, ",\"code\":", field_error_match_code, true);
	append_member(out, s, ",\"number\":", field_error_match_number, false);
	append_member(out, s, ",\"away_s\":", field_error_match_away, false);
	append_literal(out, ",\"text\":");
	json_append_string(out, text->str);
	append_char(out, '}');
	return true;
}
