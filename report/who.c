#include "report/who.h"

bool who_acted(const struct hangup_case *c, enum hangup_side *out_side)
{
	const enum hangup_actor actor = case_verdict(c)->actor;

	if (actor != HANGUP_ACTOR_CLIENT && actor != HANGUP_ACTOR_SERVER)
		return false;
	*out_side = actor == HANGUP_ACTOR_CLIENT ? HANGUP_CLIENT : HANGUP_SERVER;
	return true;
}

/* Of two sides of which some are meant: the one, or the one whose packet of that role came first. */
static bool earlier_of(const struct facts *f, const bool meant[2], enum hangup_packet_role role,
                       enum hangup_side *out_side)
{
	struct hangup_packet client, server;

	if (!meant[HANGUP_CLIENT] && !meant[HANGUP_SERVER])
		return false;
	facts_packet(f, role, HANGUP_CLIENT, &client);
	facts_packet(f, role, HANGUP_SERVER, &server);
	bool server_first = server.number && (!client.number || hangup_packet_before(&server, &client));
	bool both = meant[HANGUP_CLIENT] && meant[HANGUP_SERVER];
	*out_side = (both ? server_first : meant[HANGUP_SERVER]) ? HANGUP_SERVER : HANGUP_CLIENT;
	return true;
}

static bool earlier_with(const struct facts *f, enum hangup_fact fact, enum hangup_packet_role role,
                         enum hangup_side *out_side)
{
	const bool meant[2] = {facts_value(f, fact, HANGUP_CLIENT) > 0, facts_value(f, fact, HANGUP_SERVER) > 0};

	return earlier_of(f, meant, role, out_side);
}

/* What a verdict says was repeated; HANGUP_RETRY_NONE when it may be anything. */
static enum hangup_retry repeated_by(enum hangup_cause cause)
{
	switch (cause) {
	case HANGUP_CAUSE_TIMEOUT_SYN:
		return HANGUP_RETRY_SYN;
	case HANGUP_CAUSE_TIMEOUT_SYN_ACK:
		return HANGUP_RETRY_SYN_ACK;
	case HANGUP_CAUSE_TIMEOUT_DATA:
	case HANGUP_CAUSE_TIMEOUT_PMTU:
		return HANGUP_RETRY_DATA;
	case HANGUP_CAUSE_TIMEOUT_FIN:
		return HANGUP_RETRY_FIN;
	case HANGUP_CAUSE_TIMEOUT_KEEPALIVE:
		return HANGUP_RETRY_KEEPALIVE;
	case HANGUP_CAUSE_TIMEOUT_ZERO_WINDOW:
		return HANGUP_RETRY_ZERO_WINDOW;
	default:
		return HANGUP_RETRY_NONE;
	}
}

bool who_waits(const struct hangup_case *c, enum hangup_side *out_side)
{
	const int64_t kind = repeated_by(case_verdict(c)->cause);
	const bool meant[2] = {facts_value(c->facts, HANGUP_FACT_RETRY_KIND, HANGUP_CLIENT) == kind,
	                       facts_value(c->facts, HANGUP_FACT_RETRY_KIND, HANGUP_SERVER) == kind};

	if (kind != HANGUP_RETRY_NONE && earlier_of(c->facts, meant, HANGUP_PACKET_UNANSWERED, out_side))
		return true;
	return earlier_with(c->facts, HANGUP_FACT_RETRY_KIND, HANGUP_PACKET_UNANSWERED, out_side);
}

bool who_reset(const struct hangup_case *c, enum hangup_side *out_side)
{
	return earlier_with(c->facts, HANGUP_FACT_RST_ENDED, HANGUP_PACKET_RST, out_side);
}

bool who_closed_first(const struct hangup_case *c, enum hangup_side *out_side)
{
	return earlier_with(c->facts, HANGUP_FACT_FINS, HANGUP_PACKET_FIN, out_side);
}

bool who_broke_silence(const struct hangup_case *c, enum hangup_side *out_side)
{
	int64_t side;

	if (facts_value(c->facts, HANGUP_FACT_IDLE_BEFORE_END, HANGUP_CLIENT) <= 0
	    || !facts_get(c->facts, HANGUP_FACT_IDLE_SPEAKER, HANGUP_CLIENT, &side))
		return false;
	*out_side = side == HANGUP_SERVER ? HANGUP_SERVER : HANGUP_CLIENT;
	return true;
}

bool who_was_told_by_icmp(const struct hangup_case *c, enum hangup_side *out_side)
{
	for (enum hangup_side side = HANGUP_CLIENT; side <= HANGUP_SERVER; side++) {
		if (c->facts->packet[HANGUP_PACKET_ICMP][side].number) {
			*out_side = side;
			return true;
		}
	}
	return false;
}

/* Waits double (RFC 6298 §5.5), and a tenth is for the timers' grain. */
static const double overdue_waits = 2.2;

bool who_gave_up(const struct hangup_case *c)
{
	enum hangup_side side;

	if (!who_waits(c, &side))
		return false;
	return facts_value(c->facts, HANGUP_FACT_RST_ENDED, side) != 0
	       || (double)facts_value(c->facts, HANGUP_FACT_SILENCE, HANGUP_CLIENT)
	                  > overdue_waits * (double)facts_value(c->facts, HANGUP_FACT_RETRY_GAP, side);
}

enum { SAW_SYN = 1, SAW_SYN_ACK = 2, SAW_ACK = 4 }; /* HANGUP_FACT_HANDSHAKE */

bool who_was_connected(const struct facts *f, enum hangup_side side)
{
	int64_t seen = facts_value(f, HANGUP_FACT_HANDSHAKE, HANGUP_CLIENT);
	bool midstream = seen == 0;
	bool talked = facts_value(f, HANGUP_FACT_PAYLOAD, HANGUP_CLIENT) > 0
	              || facts_value(f, HANGUP_FACT_PAYLOAD, HANGUP_SERVER) > 0;

	if (midstream || talked)
		return true;
	return side == HANGUP_CLIENT ? (seen & SAW_SYN_ACK) != 0 : (seen & SAW_ACK) != 0;
}
