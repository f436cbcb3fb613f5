#include "report/who.h"

bool who_acted(const struct hangup_claim *claim, enum hangup_side *out_side)
{
	if (claim->actor != HANGUP_ACTOR_CLIENT && claim->actor != HANGUP_ACTOR_SERVER)
		return false;
	*out_side = claim->actor == HANGUP_ACTOR_CLIENT ? HANGUP_CLIENT : HANGUP_SERVER;
	return true;
}

/* The side for which `fact` is true or larger; of equals the one whose packet of that role came first. */
static bool earlier_of(const struct facts *f, enum hangup_fact fact, enum hangup_packet_role role,
                       enum hangup_side *out_side)
{
	bool client = facts_value(f, fact, HANGUP_CLIENT) > 0, server = facts_value(f, fact, HANGUP_SERVER) > 0;
	struct hangup_packet of_client, of_server;

	if (!client && !server)
		return false;
	facts_packet(f, role, HANGUP_CLIENT, &of_client);
	facts_packet(f, role, HANGUP_SERVER, &of_server);
	bool server_first = of_server.number && (!of_client.number || of_server.number < of_client.number);
	*out_side = client && server ? (server_first ? HANGUP_SERVER : HANGUP_CLIENT)
	                             : (server ? HANGUP_SERVER : HANGUP_CLIENT);
	return true;
}

bool who_waits(const struct facts *f, enum hangup_side *out_side)
{
	return earlier_of(f, HANGUP_FACT_RETRY_KIND, HANGUP_PACKET_UNANSWERED, out_side);
}

bool who_reset(const struct facts *f, enum hangup_side *out_side)
{
	for (enum hangup_side side = HANGUP_CLIENT; side <= HANGUP_SERVER; side++) {
		if (facts_value(f, HANGUP_FACT_RST_FIRST, side)) {
			*out_side = side;
			return true;
		}
	}
	return earlier_of(f, HANGUP_FACT_RST_ENDED, HANGUP_PACKET_RST, out_side);
}

bool who_closed_first(const struct facts *f, enum hangup_side *out_side)
{
	return earlier_of(f, HANGUP_FACT_FINS, HANGUP_PACKET_FIN, out_side);
}

bool who_broke_silence(const struct facts *f, enum hangup_side *out_side)
{
	int64_t side;

	if (facts_value(f, HANGUP_FACT_IDLE_BEFORE_END, HANGUP_CLIENT) <= 0
	    || !facts_get(f, HANGUP_FACT_IDLE_SPEAKER, HANGUP_CLIENT, &side))
		return false;
	*out_side = side == HANGUP_SERVER ? HANGUP_SERVER : HANGUP_CLIENT;
	return true;
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
