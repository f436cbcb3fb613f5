#include "report/candidate.h"

#include "report/error_endings.h"
#include "report/error_text.h"
#include "report/who.h"
#include "rules/host/text.h"

static const int64_t second_ns = 1000000000, hour_ns = 3600 * INT64_C(1000000000);

static const struct {
	double weight;
	const char *verb, *remark;
} reasons[] = {
#define CANDIDATE(id, value, words, sentence) {.weight = value, .verb = words, .remark = sentence},
#include "report/candidate.def"
#undef CANDIDATE
};

/* --- when the program was told ----------------------------------------------------------------------------- */
struct span {
	int64_t from_ns, to_ns;
};

static bool is_a_wait(enum experience e)
{
	switch (e) {
	case EXPERIENCE_WAITS:
	case EXPERIENCE_STALLED:
	case EXPERIENCE_CONNECT_TIMEOUT:
	case EXPERIENCE_GAVE_UP:
	case EXPERIENCE_GAVE_UP_NET:
	case EXPERIENCE_GAVE_UP_HOST:
	case EXPERIENCE_KEEPALIVE_FAILED:
		return true;
	default:
		return false;
	}
}

/* The earliest of what may have told this side, each if it is there. */
static int64_t told_from(const struct facts *f, enum hangup_side side, int64_t otherwise_ns)
{
	const struct {
		enum hangup_packet_role role;
		enum hangup_side side;
	} tellers[] = {
		{HANGUP_PACKET_RST, other_side(side)}, {HANGUP_PACKET_FIN, other_side(side)},
		{HANGUP_PACKET_ICMP, side}, {HANGUP_PACKET_UNANSWERED, side},
	};
	int64_t from_ns = otherwise_ns;

	for (size_t i = 0; i < G_N_ELEMENTS(tellers); i++) {
		struct hangup_packet packet;

		if (facts_packet(f, tellers[i].role, tellers[i].side, &packet))
			from_ns = MIN(from_ns, packet.time_ns);
	}
	return from_ns;
}

static struct span told_when(const struct hangup_case *c, enum hangup_side side, enum experience e)
{
	struct hangup_packet last;
	struct span span;

	facts_packet(c->facts, HANGUP_PACKET_LAST, HANGUP_CLIENT, &last);
	span.from_ns = told_from(c->facts, side, last.time_ns);
	if (!is_a_wait(e) || __builtin_add_overflow(last.time_ns, CANDIDATE_GIVE_UP_S * second_ns, &span.to_ns))
		span.to_ns = last.time_ns;
	return span;
}

/* Between times of any file. */
static int64_t difference(int64_t a_ns, int64_t b_ns)
{
	int64_t ns;

	if (__builtin_sub_overflow(a_ns, b_ns, &ns))
		return a_ns > b_ns ? INT64_MAX : -INT64_MAX;
	return ns;
}

/* From the time asked for; 0 when it lies within. */
static int64_t away_from(const struct span *span, int64_t at_ns)
{
	if (at_ns < span->from_ns)
		return difference(span->from_ns, at_ns);
	return at_ns > span->to_ns ? difference(span->to_ns, at_ns) : 0;
}

/* 1 within the skew, a half at twice the skew, a third at three times. */
static double nearness(int64_t away_ns, const struct error_asked *asked)
{
	const double away = (double)ABS(away_ns), skew = (double)MAX(asked->skew_ns, second_ns);

	return !asked->has_time || away <= skew ? 1 : skew / away;
}

/* --- how likely ---------------------------------------------------------------------------------------------- */
static enum candidate_reason reason_of(const struct app_error *error, enum hangup_os host)
{
	if (host == HANGUP_OS_UNKNOWN)
		return error->usual ? CANDIDATE_ANY_USUAL : CANDIDATE_ANY_POSSIBLE;
	if (host == error->os)
		return error->usual ? CANDIDATE_OWN_USUAL : CANDIDATE_OWN_POSSIBLE;
	return error->usual ? CANDIDATE_OTHER_USUAL : CANDIDATE_OTHER_POSSIBLE;
}

static void take_if_better(struct candidate *best, bool *any, enum candidate_reason reason, const struct app_error *error)
{
	if (*any && best->reason <= reason)
		return;
	best->reason = reason;
	if (error)
		best->error = *error;
	*any = true;
}

/* What the program on this side most likely reported of what is asked for. */
static bool candidate_on(const struct hangup_case *c, enum hangup_side side, const struct error_asked *asked,
                         struct candidate *out)
{
	const struct app_errors errors = app_errors_of(c, side);
	const enum hangup_os host = (enum hangup_os)facts_value(c->facts, HANGUP_FACT_OS, side);
	bool any = false;

	*out = (struct candidate){.side = side, .experience = errors.experience, .host = host};
	for (size_t i = 0; i < errors.len; i++) {
		if (error_query_covers(&asked->query, &errors.error[i]))
			take_if_better(out, &any, reason_of(&errors.error[i], host), &errors.error[i]);
	}
	if (asked->query.timer && app_errors_timer_may_end(errors.experience))
		take_if_better(out, &any, CANDIDATE_TIMER_POSSIBLE, NULL);
	if (!any)
		return false;
	const struct span span = told_when(c, side, errors.experience);
	out->away_ns = asked->has_time ? away_from(&span, asked->at_ns) : 0;
	out->score = reasons[out->reason].weight * case_verdict(c)->confidence * nearness(out->away_ns, asked);
	return true;
}

bool candidate_of(const struct hangup_case *c, const struct error_asked *asked, struct candidate *out)
{
	bool any = false;

	for (enum hangup_side side = HANGUP_CLIENT; side <= HANGUP_SERVER; side++) {
		struct candidate here;

		if (!(asked->query.sides >> side & 1) || !candidate_on(c, side, asked, &here))
			continue;
		if (!any || here.score > out->score)
			*out = here;
		any = true;
	}
	return any;
}

struct rank candidate_rank(const struct candidate *candidate, uint64_t id)
{
	return (struct rank){.severity = HANGUP_SEVERITY_NORMAL, .confidence = candidate->score, .id = id};
}

/* --- in words -------------------------------------------------------------------------------------------------- */
static void append_away(GString *out, const struct candidate *candidate, const struct error_asked *asked)
{
	const int64_t away_ns = ABS(candidate->away_ns), hours = away_ns / hour_ns + (away_ns % hour_ns > hour_ns / 2);

	if (away_ns <= asked->skew_ns) {
		g_string_append(out, "; at the time asked for, as far as clocks agree");
		return;
	}
	g_string_append(out, "; ");
	text_append_duration(out, away_ns);
	g_string_append_printf(out, " %s the time asked for", candidate->away_ns > 0 ? "after" : "before");
	if (hours > 0 && ABS(away_ns - hours * hour_ns) <= asked->skew_ns)
		g_string_append(out, ": is the log in another time zone?");
}

static void append_error(GString *out, const struct candidate *candidate)
{
	const struct app_error *error = &candidate->error;

	g_string_append_printf(out, " %s", error->code);
	if (error->number)
		g_string_append_printf(out, " (%d)", error->number);
	if (error->os != candidate->host)
		g_string_append_printf(out, " on %s", error_text_system(error->os));
	g_string_append_printf(out, ", %s%s", error_text_call(error->call), error_text_caveat(error->basis));
}

void candidate_append(GString *out, const struct candidate *candidate, const struct error_asked *asked)
{
	g_string_append_printf(out, "the %s's program ", candidate->side == HANGUP_CLIENT ? "client" : "server");
	if (candidate->host != HANGUP_OS_UNKNOWN)
		g_string_append_printf(out, "(on %s) ", error_text_system(candidate->host));
	g_string_append(out, reasons[candidate->reason].verb);
	if (candidate->reason != CANDIDATE_TIMER_POSSIBLE)
		append_error(out, candidate);
	g_string_append(out, reasons[candidate->reason].remark);
	if (asked->has_time)
		append_away(out, candidate, asked);
}
