/* Reads facts by their scope. The scopes come from the lists themselves; everything is bounds checked, because
 * the numbers come from plugins. */
#include "analyzers/facts.h"

#include <stddef.h>

enum { SCOPE_SIDE, SCOPE_ONE };

static const bool fact_once[] = {
#define HANGUP_FACT(id, scope, unit, name, meaning) [HANGUP_FACT_##id] = SCOPE_##scope == SCOPE_ONE,
#include <hangup/fact.def>
#undef HANGUP_FACT
};

static const bool packet_once[] = {
#define HANGUP_PACKET(id, scope, name, meaning) [HANGUP_PACKET_##id] = SCOPE_##scope == SCOPE_ONE,
#include <hangup/packet.def>
#undef HANGUP_PACKET
};

static bool is_side(enum hangup_side side)
{
	return side == HANGUP_CLIENT || side == HANGUP_SERVER;
}

bool facts_is_one(enum hangup_fact fact)
{
	return (size_t)fact < HANGUP_FACT_COUNT && fact_once[fact];
}

bool facts_packet_is_one(enum hangup_packet_role role)
{
	return (size_t)role < HANGUP_PACKET_COUNT && packet_once[role];
}

bool facts_get(const struct facts *f, enum hangup_fact fact, enum hangup_side side, int64_t *out_value)
{
	const enum hangup_side at = facts_is_one(fact) ? HANGUP_CLIENT : side;

	*out_value = 0;
	if ((size_t)fact >= HANGUP_FACT_COUNT || !is_side(at) || !f->known[fact][at])
		return false;
	*out_value = f->value[fact][at];
	return true;
}

bool facts_packet(const struct facts *f, enum hangup_packet_role role, enum hangup_side side,
                  struct hangup_packet *out_packet)
{
	const enum hangup_side at = facts_packet_is_one(role) ? HANGUP_CLIENT : side;

	*out_packet = (struct hangup_packet){.number = 0};
	if ((size_t)role >= HANGUP_PACKET_COUNT || !is_side(at) || f->packet[role][at].number == 0)
		return false;
	*out_packet = f->packet[role][at];
	return true;
}
