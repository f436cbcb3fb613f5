#include "report/candidate.h"

#include "report/error_endings.h"
#include "report/error_text.h"
#include "report/timestamp.h"
#include "rules/host/text.h"

static const int64_t second_ns = 1000000000, hour_ns = 3600 * INT64_C(1000000000);

static const struct {
	double weight;
	const char *verb;
} reasons[] = {
#define CANDIDATE(id, value, words) {.weight = value, .verb = words},
#include "report/candidate.def"
#undef CANDIDATE
};

/* --- how near ------------------------------------------------------------------------------------------------- */
/* Within the interval by how near the likely moment is; of what is outside, a half at twice the skew, a third at three
 * times. */
static double nearness(const struct candidate *candidate, const struct error_asked *asked)
{
	const double away = (double)ABS(candidate->away_ns);
	const int64_t skew = MAX(asked->skew_ns, second_ns);

	if (!asked->has_time)
		return 1;
	return told_span_fit(&candidate->told, asked->at_ns, skew) * (away <= (double)skew ? 1 : (double)skew / away);
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
	out->told = told_span_of(c, side, errors.experience, out->reason == CANDIDATE_TIMER_POSSIBLE ? NULL : &out->error,
	                         asked->next_call_ns);
	out->away_ns = asked->has_time ? told_span_away(&out->told, asked->at_ns) : 0;
	out->score = reasons[out->reason].weight * case_verdict(c)->confidence * nearness(out, asked);
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
static void append_clock(GString *out, const char *word, int64_t ns)
{
	char text[CLOCK_LEN];

	clock_write(text, ns);
	g_string_append_printf(out, "%s%.*s", word, (int)CLOCK_LEN, text);
}

/* Longer than clocks may differ. */
static bool is_interval(const struct told_span *told, int64_t skew_ns)
{
	return (double)told->to_ns - (double)told->from_ns > (double)skew_ns;
}

static void append_distance(GString *out, int64_t ns)
{
	text_append_duration(out, ABS(ns));
	g_string_append(out, ns > 0 ? " after the time asked for" : " before the time asked for");
}

static void append_span(GString *out, const struct told_span *told, int64_t away_ns, int64_t skew_ns)
{
	append_clock(out, "between ", told->from_ns);
	append_clock(out, " and ", told->to_ns);
	if (away_ns == 0) {
		g_string_append(out, " UTC, which the time asked for is within");
		return;
	}
	g_string_append(out, away_ns > 0 ? " UTC, at the earliest " : " UTC, at the latest ");
	append_distance(out, away_ns);
	g_string_append(out, ", which is within the skew of ");
	text_append_duration(out, skew_ns);
}

static void append_interval(GString *out, const struct told_span *told, int64_t away_ns, int64_t skew_ns)
{
	if (ABS(away_ns) > skew_ns) {
		append_distance(out, away_ns);
		g_string_append(out, away_ns > 0 ? " at the earliest" : " at the latest");
	} else {
		append_span(out, told, away_ns, skew_ns);
	}
	if (!told->even)
		append_clock(out, ", and most likely at ", told->likely_ns);
}

/* From the time asked for to what is told of it: the packet, or the interval. */
static int64_t distance_of(const struct told_span *told, int64_t at_ns)
{
	const struct told_span moment = {.from_ns = told->likely_ns, .to_ns = told->likely_ns};

	return told_span_away(told->by_next_call ? &moment : told, at_ns);
}

void candidate_append_when(GString *out, const struct told_span *told, int64_t at_ns, int64_t skew_ns)
{
	const int64_t distance_ns = distance_of(told, at_ns);

	if (!told->by_next_call && is_interval(told, skew_ns))
		append_interval(out, told, distance_ns, skew_ns);
	else if (ABS(distance_ns) > skew_ns)
		append_distance(out, distance_ns);
	else
		g_string_append(out, "at the time asked for, as far as clocks agree");
	if (told->by_next_call && distance_ns < -skew_ns)
		g_string_append(out, ", or later: by its next call");
}

static void append_away(GString *out, const struct candidate *candidate, const struct error_asked *asked)
{
	const int64_t away_ns = ABS(distance_of(&candidate->told, asked->at_ns));
	const int64_t hours = away_ns / hour_ns + (away_ns % hour_ns > hour_ns / 2);

	g_string_append(out, "; that was ");
	candidate_append_when(out, &candidate->told, asked->at_ns, asked->skew_ns);
	if (away_ns > asked->skew_ns && hours > 0 && ABS(away_ns - hours * hour_ns) <= asked->skew_ns)
		g_string_append(out, ": is the log in another time zone?");
}

/* Told on another system than the host's packets look like. */
static bool is_other(const struct candidate *candidate)
{
	return candidate->reason == CANDIDATE_OTHER_USUAL || candidate->reason == CANDIDATE_OTHER_POSSIBLE;
}

static void append_error(GString *out, const struct candidate *candidate)
{
	const struct app_error *error = &candidate->error;

	g_string_append_printf(out, " %s", error->code);
	if (error->number)
		g_string_append_printf(out, " (%d)", error->number);
	if (is_other(candidate))
		g_string_append_printf(out, " if it runs on %s", error_text_system(error->os));
	else if (error->os != candidate->host)
		g_string_append_printf(out, " on %s", error_text_system(error->os));
	g_string_append_printf(out, ", %s%s", error_text_call(error->call), error_text_caveat(error->basis));
}

void candidate_append(GString *out, const struct candidate *candidate, const struct error_asked *asked)
{
	g_string_append_printf(out, "the %s's program ", candidate->side == HANGUP_CLIENT ? "client" : "server");
	if (candidate->host != HANGUP_OS_UNKNOWN && !is_other(candidate))
		g_string_append_printf(out, "(on %s) ", error_text_system(candidate->host));
	g_string_append(out, reasons[candidate->reason].verb);
	if (candidate->reason != CANDIDATE_TIMER_POSSIBLE)
		append_error(out, candidate);
	if (is_other(candidate))
		g_string_append_printf(out, "; its packets look like those of %s, which a NAT or proxy on the way can give them",
		                       error_text_system(candidate->host));
	if (asked->has_time)
		append_away(out, candidate, asked);
}
