#include "report/blank.h"

#include "report/idle_timers.h"
#include "report/who.h"
#include "rules/host/append.h"
#include "rules/host/text.h"

static const int64_t NS_PER_S = 1000000000;

static bool put_duration(GString *out, bool known, int64_t ns)
{
	if (known)
		text_append_duration(out, ns);
	return known;
}

static bool put_fact_duration(GString *out, const struct hangup_case *c, enum hangup_fact fact, enum hangup_side side)
{
	int64_t ns;
	bool known = facts_get(c->facts, fact, side, &ns);

	return put_duration(out, known && ns >= 0, ns);
}

bool blank_rst_delay(GString *out, const struct hangup_case *c)
{
	enum hangup_side side;

	return who_reset(c, &side) && put_fact_duration(out, c, HANGUP_FACT_RST_DELAY, side);
}

bool blank_close_age(GString *out, const struct hangup_case *c)
{
	return put_fact_duration(out, c, HANGUP_FACT_CLOSE_AGE, HANGUP_CLIENT);
}

bool blank_silence(GString *out, const struct hangup_case *c)
{
	int64_t ns = facts_value(c->facts, HANGUP_FACT_SILENCE, HANGUP_CLIENT);

	return put_duration(out, ns > 0, ns);
}

static int64_t idle_ns(const struct hangup_case *c)
{
	return facts_value(c->facts, HANGUP_FACT_IDLE_BEFORE_END, HANGUP_CLIENT);
}

bool blank_idle(GString *out, const struct hangup_case *c)
{
	return put_duration(out, idle_ns(c) > 0, idle_ns(c));
}

/* The shortest quiet time known to kill: this connection's, or that of another to the same server. */
static int64_t killed_ns(const struct hangup_case *c)
{
	const int64_t others_ns = facts_value(c->facts, HANGUP_FACT_IDLE_KILLED, HANGUP_CLIENT);

	return others_ns > 0 && others_ns < idle_ns(c) ? others_ns : idle_ns(c);
}

/* The longest that others lived through; 0 where that is above what killed: then the timer did not hold for them. */
static int64_t survived_ns(const struct hangup_case *c)
{
	const int64_t ns = facts_value(c->facts, HANGUP_FACT_IDLE_SURVIVED, HANGUP_CLIENT);

	return ns < killed_ns(c) ? ns : 0;
}

bool blank_idle_bracket(GString *out, const struct hangup_case *c)
{
	const int64_t above_ns = survived_ns(c), at_most_ns = killed_ns(c);

	if (at_most_ns <= 0)
		return false;
	if (above_ns > at_most_ns / 2) {
		g_string_append(out, "above ");
		text_append_duration(out, above_ns);
		g_string_append(out, " and ");
	}
	g_string_append(out, "at most ");
	text_append_duration(out, at_most_ns);
	return true;
}

/* Boxes whose timer fits: those that show at expiry what was seen. */
static struct idle_timer_fit fitting_timers(const struct hangup_case *c)
{
	switch (case_verdict(c)->cause) {
	case HANGUP_CAUSE_IDLE_RST_LATE:
		return idle_timers_fit(killed_ns(c), IDLE_EXPIRY_RST_LATE);
	case HANGUP_CAUSE_IDLE_RST_BOTH:
		return idle_timers_fit(idle_ns(c), IDLE_EXPIRY_RST_BOTH);
	case HANGUP_CAUSE_APP_ABORT:
	case HANGUP_CAUSE_LATE_DATA:
	case HANGUP_CAUSE_CLOSE_FIN:
		return idle_timers_fit(facts_value(c->facts, HANGUP_FACT_CLOSE_AGE, HANGUP_CLIENT),
		                       IDLE_EXPIRY_CLOSE);
	default:
		return idle_timers_fit(killed_ns(c), IDLE_EXPIRY_SILENT);
	}
}

/* Half of the idle time in whole seconds: keepalives at that interval would have refreshed the box in time. Of what others
 * lived through, where that is known and no wild guess below the timer. */
bool blank_keepalive_seconds(GString *out, const struct hangup_case *c)
{
	struct idle_timer_fit fit = fitting_timers(c);
	const int64_t safe_ns = survived_ns(c) > killed_ns(c) / 2 ? survived_ns(c) : killed_ns(c);
	const int64_t seconds = safe_ns / NS_PER_S;

	if (seconds < 2)
		return false;
	append_integer(out, MIN(seconds, fit.len ? fit.timer[0]->seconds : seconds) / 2);
	return true;
}

bool blank_timer(GString *out, const struct hangup_case *c)
{
	struct idle_timer_fit fit = fitting_timers(c);

	return fit.len > 0 && put_duration(out, true, fit.timer[0]->seconds * NS_PER_S);
}

bool blank_close_timer(GString *out, const struct hangup_case *c)
{
	return fitting_timers(c).close && blank_timer(out, c);
}

bool blank_devices(GString *out, const struct hangup_case *c)
{
	struct idle_timer_fit fit = fitting_timers(c);

	idle_timers_append_devices(out, &fit);
	return fit.len > 0;
}

static bool put_between(GString *out, const struct hangup_packet *from, const struct hangup_packet *to)
{
	return put_duration(out, from->number && to->number && to->time_ns >= from->time_ns,
	                    to->time_ns - from->time_ns);
}

static bool put_after_fin(GString *out, const struct hangup_case *c, enum hangup_packet_role role, bool of_other)
{
	enum hangup_side side;
	struct hangup_packet fin, then;

	if (!who_acted(c, &side))
		return false;
	facts_packet(c->facts, HANGUP_PACKET_FIN, side, &fin);
	facts_packet(c->facts, role, of_other ? other_side(side) : side, &then);
	return put_between(out, &fin, &then);
}

bool blank_fin_to_data(GString *out, const struct hangup_case *c)
{
	return put_after_fin(out, c, HANGUP_PACKET_DATA_AFTER_FIN, true);
}

bool blank_fin_to_rst(GString *out, const struct hangup_case *c)
{
	return put_after_fin(out, c, HANGUP_PACKET_RST, false);
}

bool blank_retry_span(GString *out, const struct hangup_case *c)
{
	enum hangup_side side;

	return who_waits(c, &side) && put_fact_duration(out, c, HANGUP_FACT_RETRY_SPAN, side);
}

bool blank_rtt(GString *out, const struct hangup_case *c)
{
	int64_t client, server;
	const bool known = facts_get(c->facts, HANGUP_FACT_RTT, HANGUP_CLIENT, &client)
	                   | facts_get(c->facts, HANGUP_FACT_RTT, HANGUP_SERVER, &server);

	return put_duration(out, known && client + server > 0, client + server);
}
