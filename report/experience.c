/* The verdict says what happened to the connection; what its programs noticed depends on where in its life each
 * end stood. Linux, the reference: a RST found an end that had already received a FIN is never told to a
 * reader (it keeps reading the end of the stream), only to a writer, as EPIPE; a RST in ESTABLISHED is told to
 * whoever reads or writes first. */
#include "report/experience.h"

#include <glib.h>

#include "report/outcome.h"
#include "report/who.h"

static const char *const all_words[] = {
#define EXPERIENCE(id, words) [EXPERIENCE_##id] = words,
#define EXPERIENCED(cause, earliest, fin, pivot, one, other)
#define ICMP_EXPERIENCE(version, type, code, connecting, open)
#include "report/experience.def"
#undef EXPERIENCE
#undef EXPERIENCED
#undef ICMP_EXPERIENCE
};

static const struct {
	uint8_t ip_version;
	int64_t error; /* type * 256 + code */
	enum experience connecting, open;
} by_icmp[] = {
#define EXPERIENCE(id, words)
#define EXPERIENCED(cause, earliest, fin, pivot, one, other)
#define ICMP_EXPERIENCE(version, type, code, while_connecting, while_open) \
	{.ip_version = version, .error = type * 256 + code, .connecting = EXPERIENCE_##while_connecting, \
	 .open = EXPERIENCE_##while_open},
#include "report/experience.def"
#undef EXPERIENCE
#undef EXPERIENCED
#undef ICMP_EXPERIENCE
};

const char *experience_words(enum experience e)
{
	return all_words[e];
}

/* --- a RST ----------------------------------------------------------------------------------------- */
/* Whether this end had sent a FIN when the RST for `side` came. */
static bool had_sent_fin(const struct facts *f, enum hangup_side end, enum hangup_side side)
{
	struct hangup_packet fin, rst;

	return facts_packet(f, HANGUP_PACKET_FIN, end, &fin)
	       && (!facts_packet(f, HANGUP_PACKET_RST, other_side(side), &rst) || hangup_packet_before(&fin, &rst));
}

/* What the verdict says of its own, or the packets. */
static bool was_connected(const struct hangup_case *c, enum hangup_side side)
{
	const enum earliest earliest = outcomes_by_cause[case_verdict(c)->cause].earliest;

	return earliest == EARLIEST_OPEN || (earliest == EARLIEST_ANSWERED && side == HANGUP_CLIENT)
	       || who_was_connected(c->facts, side);
}

/* The same of a FIN that this side had received when it was reset. */
static bool had_got_fin(const struct hangup_case *c, enum hangup_side side)
{
	switch (outcomes_by_cause[case_verdict(c)->cause].fin) {
	case OUTCOME_NO_FIN:
		return false;
	case OUTCOME_AFTER_FIN:
		return true;
	default:
		return had_sent_fin(c->facts, other_side(side), side);
	}
}

/* The state that the RST found this side in. */
static enum hangup_tcp_state state_before(const struct hangup_case *c, enum hangup_side side)
{
	const bool sent_fin = had_sent_fin(c->facts, side, side), got_fin = had_got_fin(c, side);

	if (sent_fin)
		return got_fin ? HANGUP_TCP_STATE_LAST_ACK : HANGUP_TCP_STATE_FIN_WAIT_2;
	if (got_fin)
		return HANGUP_TCP_STATE_CLOSE_WAIT;
	if (was_connected(c, side))
		return HANGUP_TCP_STATE_ESTABLISHED;
	return side == HANGUP_CLIENT ? HANGUP_TCP_STATE_SYN_SENT : HANGUP_TCP_STATE_SYN_RECEIVED;
}

/* Whether the side was in the middle of writing although it had received the other's FIN: its next call is a write.
 * One whole message into a closed connection (a request on a pooled one) is followed by a read, and data that
 * crossed the FIN on the way came from a program that could not know. */
static bool was_writing_on(const struct facts *f, enum hangup_side side)
{
	return facts_value(f, HANGUP_FACT_DATA_KNEW_FIN, side) > 0 && facts_value(f, HANGUP_FACT_LAST_DATA_FULL, side);
}

static enum experience by_rst(const struct hangup_case *c, enum hangup_side side)
{
	switch (state_before(c, side)) {
	case HANGUP_TCP_STATE_SYN_SENT:
		return EXPERIENCE_REFUSED;
	case HANGUP_TCP_STATE_SYN_RECEIVED:
		return EXPERIENCE_NOBODY_THERE;
	case HANGUP_TCP_STATE_FIN_WAIT_2:
		return EXPERIENCE_RESET_AFTER_OWN_END;
	case HANGUP_TCP_STATE_CLOSE_WAIT:
		return was_writing_on(c->facts, side) ? EXPERIENCE_RESET_AFTER_END_WRITER : EXPERIENCE_RESET_AFTER_END_READER;
	case HANGUP_TCP_STATE_LAST_ACK:
		return EXPERIENCE_OWN_CLOSE;
	default:
		return EXPERIENCE_RESET;
	}
}

static bool got_rst(const struct facts *f, enum hangup_side side)
{
	return facts_value(f, HANGUP_FACT_RST_ENDED, other_side(side)) != 0;
}

/* Whether what was sent to this side fell into a hole on the way. It did not when the side's answers were captured:
 * those were lost then, on the way back. */
static bool is_deaf(const struct hangup_case *c, enum hangup_side side)
{
	const struct hangup_claim *verdict = case_verdict(c);

	return (verdict->label == HANGUP_LABEL_RETRANSMIT_TIMEOUT || verdict->cause == HANGUP_CAUSE_IDLE_SILENT)
	       && !facts_value(c->facts, HANGUP_FACT_RETRY_ACKED, other_side(side));
}

/* A side that a RST may or may not have reached, and that waits if it did not. A RST that went into the hole
 * which swallowed everything else was captured on its way, so only a capture on the receiver's host tells. */
static enum experience by_rst_if_any(const struct hangup_case *c, enum hangup_side side)
{
	int64_t vantage = facts_value(c->facts, HANGUP_FACT_VANTAGE, HANGUP_CLIENT);
	enum hangup_vantage here = side == HANGUP_CLIENT ? HANGUP_VANTAGE_CLIENT : HANGUP_VANTAGE_SERVER;
	bool lost = is_deaf(c, side) && vantage != here;

	return got_rst(c->facts, side) && !lost ? by_rst(c, side) : EXPERIENCE_WAITS;
}

/* --- ICMP ------------------------------------------------------------------------------------------- */
/* The experience of an ICMP error that answers this side's packets; fallback when there was none that counts. */
static enum experience by_icmp_error(const struct facts *f, enum hangup_side side, bool open,
                                     enum experience fallback)
{
	int64_t error;

	if (!facts_get(f, HANGUP_FACT_ICMP_ERROR, side, &error))
		return fallback;
	for (size_t i = 0; i < G_N_ELEMENTS(by_icmp); i++) {
		if (by_icmp[i].ip_version == f->ip_version && by_icmp[i].error == error)
			return open ? by_icmp[i].open : by_icmp[i].connecting;
	}
	return fallback;
}

static enum experience by_icmp_or_rst(const struct hangup_case *c, enum hangup_side side)
{
	const struct facts *f = c->facts;
	bool connecting = side == HANGUP_CLIENT && !who_was_connected(f, side);

	if (got_rst(f, side))
		return by_rst(c, side);
	if (connecting)
		return by_icmp_error(f, side, false, EXPERIENCE_CONNECT_TIMEOUT);
	return who_was_connected(f, side) ? EXPERIENCE_WAITS : EXPERIENCE_NOBODY_THERE;
}

/* The end that does not answer may itself wait for an answer in vain; one that has closed has nobody to tell. */
static enum experience by_retries(const struct hangup_case *c, enum hangup_side side)
{
	int64_t kind = facts_value(c->facts, HANGUP_FACT_RETRY_KIND, side);

	if (kind == HANGUP_RETRY_DATA)
		return by_icmp_error(c->facts, side, true, EXPERIENCE_GAVE_UP);
	return kind == HANGUP_RETRY_FIN ? EXPERIENCE_OWN_CLOSE : by_rst_if_any(c, side);
}

/* A client that repeated its SYN never got the answer; one that did not believes it is connected. */
static enum experience by_syns(const struct facts *f)
{
	return facts_value(f, HANGUP_FACT_SYNS, HANGUP_CLIENT) > 1 ? EXPERIENCE_CONNECT_TIMEOUT : EXPERIENCE_WAITS;
}

static enum experience resolve(const struct hangup_case *c, enum hangup_side side, enum outcome outcome)
{
	switch (outcome) {
	case OUTCOME_BY_RST:
		return got_rst(c->facts, side) ? by_rst(c, side) : EXPERIENCE_WAITS;
	case OUTCOME_BY_STATE:
		return by_rst(c, side);
	case OUTCOME_BY_RST_IF_ANY:
		return by_rst_if_any(c, side);
	case OUTCOME_BY_ICMP_OR_RST:
		return by_icmp_or_rst(c, side);
	case OUTCOME_BY_GIVE_UP:
		return by_icmp_error(c->facts, side, true, EXPERIENCE_GAVE_UP);
	case OUTCOME_BY_RETRIES:
		return by_retries(c, side);
	case OUTCOME_BY_SYNS:
		return by_syns(c->facts);
	default:
		return (enum experience)outcome;
	}
}

/* A side that the table speaks of; the client when the capture does not tell, as both then fare alike. */
static enum hangup_side find_pivot(const struct hangup_case *c, enum pivot pivot)
{
	enum hangup_side side = HANGUP_CLIENT;

	switch (pivot) {
	case PIVOT_ACTOR:
		if (!who_acted(c, &side))
			who_reset(c, &side);
		break;
	case PIVOT_CLOSER:
		who_closed_first(c, &side);
		break;
	case PIVOT_RESETTER:
		who_reset(c, &side);
		break;
	case PIVOT_WAITER:
		who_waits(c, &side);
		break;
	case PIVOT_SPEAKER:
		if (!who_broke_silence(c, &side) && who_reset(c, &side))
			side = other_side(side);
		break;
	case PIVOT_CLIENT:
	case PIVOT_COUNT:
		break;
	}
	return side;
}

enum experience experience_of(const struct hangup_case *c, enum hangup_side side)
{
	const struct outcomes *outcomes = &outcomes_by_cause[case_verdict(c)->cause];
	const bool is_pivot = find_pivot(c, outcomes->pivot) == side;

	return resolve(c, side, is_pivot ? outcomes->one : outcomes->other);
}
