#include "tests/unit/incident_stage.h"

#include <math.h>

#include "rules/host/vocabulary.h"

static const double NS_PER_S = 1e9;

/* Numbers follow times, so that order is the same by both. */
static void at(struct report_case *r, enum hangup_packet_role role, enum hangup_side side, double seconds)
{
	const int64_t ns = (int64_t)llround(seconds * NS_PER_S);

	r->facts.packet[role][side] = (struct hangup_packet){
		.number = (uint64_t)(1 + ns / 1000), .time_ns = REPORT_CASE_START_NS + ns};
}

static void of_side(struct report_case *r, enum hangup_fact fact, enum hangup_side side, double seconds)
{
	report_case_fact(r, fact, side, (int64_t)llround(seconds * NS_PER_S));
}

static void begin(struct report_case *r, const struct stage *s, const struct staged *who, enum hangup_label label,
                  enum hangup_cause cause, enum hangup_actor actor)
{
	enum { FIRST_PORT = 20000 };
	const uint16_t port = who->port ? who->port : (uint16_t)(FIRST_PORT + s->connections);

	report_case_init(r, label, cause, actor);
	report_case_ends(r, who->client, port, who->server, who->service);
	at(r, HANGUP_PACKET_FIRST, HANGUP_CLIENT, who->began);
	at(r, HANGUP_PACKET_LAST, HANGUP_CLIENT, who->ended);
	at(r, HANGUP_PACKET_SYN, HANGUP_CLIENT, who->began);
}

static uint64_t take(struct stage *s, struct report_case *r)
{
	r->facts.id = ++s->connections;
	incidents_take(s->incidents, 0, &r->c, true);
	return r->facts.id;
}

static void never_connected(struct report_case *r)
{
	report_case_fact(r, HANGUP_FACT_HANDSHAKE, HANGUP_CLIENT, 1);
	for (enum hangup_side side = HANGUP_CLIENT; side <= HANGUP_SERVER; side++)
		report_case_fact(r, HANGUP_FACT_PAYLOAD, side, 0);
}

static void reset_by(struct report_case *r, enum hangup_side side, double when, bool bare)
{
	report_case_fact(r, HANGUP_FACT_RST_ENDED, side, 1);
	report_case_fact(r, HANGUP_FACT_RST_FIRST, side, 1);
	report_case_fact(r, HANGUP_FACT_RST_KIND, side, bare ? HANGUP_RESET_STRAY : HANGUP_RESET_ABORTS);
	report_case_fact(r, HANGUP_FACT_RST_ACTIVE, side, !bare);
	at(r, HANGUP_PACKET_RST, side, when);
}

static void repeats(struct report_case *r, enum hangup_retry what, double when)
{
	report_case_fact(r, HANGUP_FACT_RETRIES, HANGUP_CLIENT, 6);
	report_case_fact(r, HANGUP_FACT_RETRY_KIND, HANGUP_CLIENT, what);
	at(r, HANGUP_PACKET_UNANSWERED, HANGUP_CLIENT, when);
}

/* --- the stage -------------------------------------------------------------------------------------------- */

void stage_begin(struct stage *s)
{
	*s = (struct stage){.incidents = incidents_new(NULL)};
}

const struct incident_list *stage_end(struct stage *s)
{
	incidents_turn(s->incidents);
	return incidents_conclude(s->incidents);
}

void stage_clear(struct stage *s)
{
	incidents_free(s->incidents);
}

const struct incident *stage_find(const struct incident_list *list, enum incident_kind kind)
{
	for (size_t i = 0; i < list->len; i++)
		if (list->incidents[i].kind == kind)
			return &list->incidents[i];
	return NULL;
}

/* --- connections ------------------------------------------------------------------------------------------- */

uint64_t stage_well(struct stage *s, struct staged who)
{
	struct report_case r;

	begin(&r, s, &who, HANGUP_LABEL_ORDERLY_CLOSE, HANGUP_CAUSE_CLOSE_FIN, HANGUP_ACTOR_CLIENT);
	at(&r, HANGUP_PACKET_FIN, HANGUP_CLIENT, who.ended);
	at(&r, HANGUP_PACKET_FIN, HANGUP_SERVER, who.ended);
	report_case_fact(&r, HANGUP_FACT_PAUSE_LONGEST, HANGUP_CLIENT, 100000000);
	report_case_fact(&r, HANGUP_FACT_LARGEST_ACKED, HANGUP_CLIENT, 500);
	return take(s, &r);
}

uint64_t stage_refused(struct stage *s, struct staged who)
{
	struct report_case r;

	who.ended = who.began + 0.001;
	begin(&r, s, &who, HANGUP_LABEL_RST, HANGUP_CAUSE_REFUSED, HANGUP_ACTOR_SERVER);
	never_connected(&r);
	reset_by(&r, HANGUP_SERVER, who.ended, true);
	return take(s, &r);
}

uint64_t stage_no_answer(struct stage *s, struct staged who)
{
	struct report_case r;

	who.ended = who.began + 31;
	begin(&r, s, &who, HANGUP_LABEL_RETRANSMIT_TIMEOUT, HANGUP_CAUSE_TIMEOUT_SYN, HANGUP_ACTOR_PATH);
	never_connected(&r);
	report_case_fact(&r, HANGUP_FACT_PACKETS, HANGUP_SERVER, 0);
	repeats(&r, HANGUP_RETRY_SYN, who.began);
	return take(s, &r);
}

uint64_t stage_probe(struct stage *s, struct staged who)
{
	struct report_case r;

	who.ended = who.began + 0.002;
	begin(&r, s, &who, HANGUP_LABEL_RST, HANGUP_CAUSE_PROBE, HANGUP_ACTOR_CLIENT);
	never_connected(&r);
	report_case_fact(&r, HANGUP_FACT_HANDSHAKE, HANGUP_CLIENT, 7);
	reset_by(&r, HANGUP_CLIENT, who.ended, false);
	return take(s, &r);
}

static void stall(struct report_case *r, const struct stage *s, const struct staged *who, double heard, double asked,
                  double idle)
{
	begin(r, s, who, HANGUP_LABEL_RETRANSMIT_TIMEOUT, HANGUP_CAUSE_TIMEOUT_DATA, HANGUP_ACTOR_PATH);
	repeats(r, HANGUP_RETRY_DATA, asked);
	at(r, HANGUP_PACKET_LAST_SENT, HANGUP_SERVER, heard);
	at(r, HANGUP_PACKET_LAST_SENT, HANGUP_CLIENT, who->ended);
	of_side(r, HANGUP_FACT_IDLE_BEFORE_END, HANGUP_CLIENT, idle);
	of_side(r, HANGUP_FACT_IDLE_LONGEST, HANGUP_CLIENT, idle);
}

uint64_t stage_stalled(struct stage *s, struct staged who, double heard, double asked, double idle)
{
	struct report_case r;

	stall(&r, s, &who, heard, asked, idle);
	return take(s, &r);
}

uint64_t stage_stalled_as(struct stage *s, struct staged who, double asked, enum hangup_packet_role sign, enum hangup_side of)
{
	enum { QUESTIONS = 7 };
	struct report_case r;

	stall(&r, s, &who, asked, asked, 0);
	at(&r, sign, of, asked + 1);
	report_case_fact(&r, HANGUP_FACT_SOUGHT, of, sign == HANGUP_PACKET_SOUGHT ? QUESTIONS : 0);
	return take(s, &r);
}

uint64_t stage_unknown(struct stage *s, struct staged who, double heard)
{
	struct report_case r;

	begin(&r, s, &who, HANGUP_LABEL_RST, HANGUP_CAUSE_NO_SUCH_CONNECTION, HANGUP_ACTOR_SERVER);
	reset_by(&r, HANGUP_SERVER, who.ended, true);
	at(&r, HANGUP_PACKET_LAST_SENT, HANGUP_SERVER, heard);
	return take(s, &r);
}

uint64_t stage_aborted(struct stage *s, struct staged who, double quiet)
{
	struct report_case r;

	begin(&r, s, &who, HANGUP_LABEL_RST, HANGUP_CAUSE_APP_ABORT, HANGUP_ACTOR_SERVER);
	reset_by(&r, HANGUP_SERVER, who.ended, false);
	of_side(&r, HANGUP_FACT_CLOSE_AGE, HANGUP_CLIENT, quiet);
	return take(s, &r);
}

uint64_t stage_large_lost(struct stage *s, struct staged who, int64_t lost, int64_t passed, bool known)
{
	struct report_case r;

	begin(&r, s, &who, HANGUP_LABEL_RETRANSMIT_TIMEOUT, known ? HANGUP_CAUSE_TIMEOUT_PMTU : HANGUP_CAUSE_TIMEOUT_DATA,
	      HANGUP_ACTOR_PATH);
	repeats(&r, HANGUP_RETRY_DATA, who.began + 1);
	at(&r, HANGUP_PACKET_LAST_SENT, HANGUP_SERVER, who.began + 0.9);
	report_case_fact(&r, HANGUP_FACT_RETRY_SIZE, HANGUP_CLIENT, lost);
	report_case_fact(&r, HANGUP_FACT_LARGEST_ACKED, HANGUP_CLIENT, passed);
	return take(s, &r);
}
