#include "report/incidents/record.h"

#include <string.h>

#include <glib.h>

static int64_t one(const struct facts *f, enum hangup_fact fact)
{
	return facts_value(f, fact, HANGUP_CLIENT);
}

static void record_meeting(struct meeting *out, const struct facts *f)
{
	out->id = f->id;
	for (unsigned side = 0; side < 2; side++) {
		memcpy(out->address[side], f->end[side].address, sizeof out->address[side]);
		out->port[side] = f->end[side].port;
	}
	out->began_ns = f->packet[HANGUP_PACKET_FIRST][HANGUP_CLIENT].time_ns;
	out->ended_ns = f->packet[HANGUP_PACKET_LAST][HANGUP_CLIENT].time_ns;
}

static uint16_t saturate(int64_t value)
{
	return (uint16_t)CLAMP(value, 0, UINT16_MAX);
}

/* --- what is an ending ------------------------------------------------------------------------------------- */

bool record_is_ending(const struct hangup_case *c)
{
	const struct hangup_claim *verdict = case_verdict(c);

	return verdict->severity == HANGUP_SEVERITY_ABNORMAL || verdict->cause == HANGUP_CAUSE_PROBE ||
	       verdict->cause == HANGUP_CAUSE_CONNECT_CANCELLED || verdict->cause == HANGUP_CAUSE_OPEN_STALLED;
}

/* Where the capture began late, whoever says anything but SYN has a connection. */
static bool established(const struct facts *f)
{
	enum { SYN = 1, SYN_ACK = 2 };
	int64_t handshake = one(f, HANGUP_FACT_HANDSHAKE);

	return (handshake & SYN_ACK) || !(handshake & SYN) || facts_value(f, HANGUP_FACT_PAYLOAD, HANGUP_SERVER) > 0;
}

bool record_is_attempt(const struct hangup_case *c)
{
	return case_verdict(c)->cause == HANGUP_CAUSE_PROBE || !established(c->facts);
}

static bool spoken(const struct facts *f)
{
	return facts_value(f, HANGUP_FACT_PAYLOAD, HANGUP_CLIENT) + facts_value(f, HANGUP_FACT_PAYLOAD, HANGUP_SERVER) > 0;
}

bool record_is_try(const struct hangup_case *c)
{
	return record_is_attempt(c) && !spoken(c->facts);
}

/* --- when it went wrong ------------------------------------------------------------------------------------ */

static bool waits(const struct facts *f, enum hangup_side side)
{
	return facts_value(f, HANGUP_FACT_RETRIES, side) > 0 &&
	       facts_value(f, HANGUP_FACT_RETRY_KIND, side) != HANGUP_RETRY_NONE;
}

static void record_waiting(struct ending *out, const struct facts *f)
{
	for (enum hangup_side side = HANGUP_CLIENT; side <= HANGUP_SERVER; side++) {
		const struct hangup_packet *stall = &f->packet[HANGUP_PACKET_UNANSWERED][side];

		if (!waits(f, side) || (out->stall.number && stall->time_ns >= out->stall.time_ns))
			continue;
		out->stall = *stall;
		out->waiter = (uint8_t)side;
		out->waiting = (uint8_t)facts_value(f, HANGUP_FACT_RETRY_KIND, side);
		out->retry_size = saturate(facts_value(f, HANGUP_FACT_RETRY_SIZE, side));
		out->largest_acked = saturate(facts_value(f, HANGUP_FACT_LARGEST_ACKED, side));
		out->icmp_mtu = saturate(facts_value(f, HANGUP_FACT_ICMP_MTU, side));
	}
}

/* The RST that counted, if one did: of either side. */
static void record_reset(struct ending *out, const struct facts *f)
{
	for (enum hangup_side side = HANGUP_CLIENT; side <= HANGUP_SERVER; side++) {
		int64_t kind = facts_value(f, HANGUP_FACT_RST_KIND, side);

		if (!facts_value(f, HANGUP_FACT_RST_ENDED, side) ||
		    (out->reset.number && !facts_value(f, HANGUP_FACT_RST_FIRST, side)))
			continue;
		out->reset = f->packet[HANGUP_PACKET_RST][side];
		out->flags &= (uint16_t)~(ENDING_RST_SERVER | ENDING_RST_CLIENT | ENDING_BARE_RST | ENDING_ALIEN_RST);
		out->flags |= side == HANGUP_SERVER ? ENDING_RST_SERVER : ENDING_RST_CLIENT;
		if (kind == HANGUP_RESET_STRAY || !facts_value(f, HANGUP_FACT_RST_ACTIVE, side))
			out->flags |= ENDING_BARE_RST;
		if (facts_value(f, HANGUP_FACT_RST_TTL_DELTA, side) != 0)
			out->flags |= ENDING_ALIEN_RST;
	}
}

/* The first packet that nobody answered; but when the far end then said no itself, that. */
static struct hangup_packet onset_of(const struct ending *e, const struct facts *f)
{
	static const enum hangup_packet_role last_resorts[] = {HANGUP_PACKET_REUSE, HANGUP_PACKET_LAST};

	if (e->stall.number)
		return e->stall;
	if (e->reset.number)
		return e->reset;
	for (enum hangup_side side = HANGUP_CLIENT; side <= HANGUP_SERVER; side++)
		if (f->packet[HANGUP_PACKET_FIN][side].number)
			return f->packet[HANGUP_PACKET_FIN][side];
	for (size_t i = 0; i < G_N_ELEMENTS(last_resorts); i++)
		if (f->packet[last_resorts[i]][HANGUP_CLIENT].number)
			return f->packet[last_resorts[i]][HANGUP_CLIENT];
	return f->packet[HANGUP_PACKET_FIRST][HANGUP_CLIENT];
}

/* Of a side whose last packet was the RST, what else is remembered of it. */
static int64_t heard(const struct facts *f, enum hangup_side side)
{
	static const enum hangup_packet_role roles[] = {HANGUP_PACKET_SYN, HANGUP_PACKET_LAST_DATA, HANGUP_PACKET_FIN};
	const struct hangup_packet *last = &f->packet[HANGUP_PACKET_LAST_SENT][side];
	const struct hangup_packet *before = &f->packet[HANGUP_PACKET_IDLE_BEFORE][HANGUP_CLIENT];
	int64_t when = 0;

	if (last->number && last->number != f->packet[HANGUP_PACKET_RST][side].number)
		return last->time_ns;
	for (size_t i = 0; i < G_N_ELEMENTS(roles); i++)
		if (f->packet[roles[i]][side].number)
			when = MAX(when, f->packet[roles[i]][side].time_ns);
	/* Both had said all they had to say before it. */
	return before->number ? MAX(when, before->time_ns) : when;
}

/* --- how quiet, how old ------------------------------------------------------------------------------------ */

/* The longest quiet time after which it went on: what is pending at the end is not among them. */
static int64_t survived(const struct facts *f)
{
	int64_t longest = one(f, HANGUP_FACT_IDLE_LONGEST), pending = one(f, HANGUP_FACT_IDLE_BEFORE_END);

	return longest > pending ? longest : 0;
}

/* The first FIN or RST of either side; -1 without one. */
static int64_t closed_ns(const struct facts *f, enum hangup_side *out_by)
{
	static const enum hangup_packet_role roles[] = {HANGUP_PACKET_FIN, HANGUP_PACKET_RST};
	int64_t first = -1;

	for (size_t i = 0; i < G_N_ELEMENTS(roles); i++)
		for (enum hangup_side side = HANGUP_CLIENT; side <= HANGUP_SERVER; side++) {
			const struct hangup_packet *packet = &f->packet[roles[i]][side];

			if (packet->number && (first < 0 || packet->time_ns < first)) {
				first = packet->time_ns;
				*out_by = side;
			}
		}
	return first;
}

static int64_t age(const struct facts *f)
{
	const struct hangup_packet *syn = &f->packet[HANGUP_PACKET_SYN][HANGUP_CLIENT];
	enum hangup_side by;
	int64_t closed = closed_ns(f, &by);

	return syn->number && closed >= syn->time_ns ? closed - syn->time_ns : -1;
}

/* --- what the local network says --------------------------------------------------------------------------- */

static void record_absence(struct absence *out, const struct facts *f)
{
	static const enum hangup_packet_role signs[] = {HANGUP_PACKET_THROWN_OUT, HANGUP_PACKET_ADDRESS_GONE,
	                                                HANGUP_PACKET_SOUGHT};

	for (size_t i = 0; i < G_N_ELEMENTS(signs); i++)
		for (enum hangup_side side = HANGUP_CLIENT; side <= HANGUP_SERVER; side++) {
			if (out->packet.number || !f->packet[signs[i]][side].number)
				continue;
			*out = (struct absence){.packet = f->packet[signs[i]][side], .side = (uint8_t)side, .role = (uint8_t)signs[i]};
			if (signs[i] == HANGUP_PACKET_SOUGHT)
				out->questions = (uint32_t)facts_value(f, HANGUP_FACT_SOUGHT, side);
		}
}

/* --- the records ------------------------------------------------------------------------------------------- */

static uint16_t flags_of(const struct hangup_case *c, bool wanted)
{
	const struct facts *f = c->facts;
	unsigned flags = 0;

	flags |= f->packet[HANGUP_PACKET_SYN][HANGUP_CLIENT].number ? ENDING_OPENED : 0;
	flags |= established(f) ? ENDING_ESTABLISHED : 0;
	flags |= spoken(f) ? ENDING_SPOKEN : 0;
	flags |= record_is_attempt(c) ? ENDING_ATTEMPT : 0;
	flags |= wanted ? ENDING_WANTED : 0;
	flags |= one(f, HANGUP_FACT_CAPTURE_ENDED) ? ENDING_CAPTURE_END : 0;
	flags |= one(f, HANGUP_FACT_SERVER_ANSWERED_LATER) || one(f, HANGUP_FACT_CLIENT_RECONNECTED) ? ENDING_ANSWERED_LATER : 0;
	return (uint16_t)flags;
}

void record_ending(struct ending *out, const struct hangup_case *c, bool wanted)
{
	const struct hangup_claim *verdict = case_verdict(c);
	const struct facts *f = c->facts;

	*out = (struct ending){
		.label = (uint8_t)verdict->label, .cause = (uint8_t)verdict->cause, .actor = (uint8_t)verdict->actor,
		.severity = (uint8_t)verdict->severity, .confidence = (float)verdict->confidence,
		.flags = flags_of(c, wanted),
		.idle_ns = one(f, HANGUP_FACT_IDLE_BEFORE_END),
		.survived_ns = survived(f),
		.age_ns = age(f),
		.quiet_ns = f->known[HANGUP_FACT_CLOSE_AGE][HANGUP_CLIENT] ? one(f, HANGUP_FACT_CLOSE_AGE) : -1,
		.heard_ns = {heard(f, HANGUP_CLIENT), heard(f, HANGUP_SERVER)},
	};
	record_meeting(&out->who, f);
	record_waiting(out, f);
	record_reset(out, f);
	record_absence(&out->absence, f);
	out->onset = onset_of(out, f);
}

static uint32_t ms_of(int64_t ns)
{
	return (uint32_t)CLAMP(ns / 1000000, 0, UINT32_MAX);
}

void record_witness(struct witness *out, const struct hangup_case *c)
{
	const struct facts *f = c->facts;
	enum hangup_side by = HANGUP_CLIENT;
	int64_t closed = closed_ns(f, &by);
	unsigned flags = 0;

	record_meeting(&out->who, f);
	flags |= f->packet[HANGUP_PACKET_SYN][HANGUP_CLIENT].number ? WITNESS_OPENED : 0;
	flags |= facts_value(f, HANGUP_FACT_PACKETS, HANGUP_SERVER) > 0 ? WITNESS_SERVED : 0;
	flags |= case_verdict(c)->label == HANGUP_LABEL_STILL_OPEN ? WITNESS_OPEN : 0;
	flags |= facts_value(f, HANGUP_FACT_RETRANSMITTED, HANGUP_CLIENT) + facts_value(f, HANGUP_FACT_RETRANSMITTED, HANGUP_SERVER) == 0
	                 ? WITNESS_SMOOTH : 0;
	flags |= closed >= 0 && by == HANGUP_SERVER ? WITNESS_CLOSED_SERVER : 0;
	out->survived_ms = ms_of(survived(f));
	out->pause_ms = ms_of(one(f, HANGUP_FACT_PAUSE_LONGEST));
	out->age_ms = ms_of((closed >= 0 ? closed : out->who.ended_ns) - out->who.began_ns);
	for (enum hangup_side side = HANGUP_CLIENT; side <= HANGUP_SERVER; side++)
		out->largest_acked[side] = saturate(facts_value(f, HANGUP_FACT_LARGEST_ACKED, side));
	out->flags = (uint8_t)flags;
	out->label = (uint8_t)case_verdict(c)->label;
}
