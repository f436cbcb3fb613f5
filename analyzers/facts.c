/* Reads facts by their scope. The scopes come from the lists themselves; everything is bounds checked, because
 * the numbers come from plugins. */
#include "analyzers/facts.h"

#include <stddef.h>

enum { SCOPE_SIDE, SCOPE_ONE };

/* The bits of a side that tell where a fact stands: none of those that are kept once. */
static const signed char fact_sides[] = {
#define HANGUP_FACT(id, scope, unit, name, meaning) [HANGUP_FACT_##id] = SCOPE_##scope == SCOPE_ONE ? 0 : -1,
#include <hangup/fact.def>
#undef HANGUP_FACT
};

static const signed char packet_sides[] = {
#define HANGUP_PACKET(id, scope, name, meaning) [HANGUP_PACKET_##id] = SCOPE_##scope == SCOPE_ONE ? 0 : -1,
#include <hangup/packet.def>
#undef HANGUP_PACKET
};

bool facts_is_one(enum hangup_fact fact)
{
	return (size_t)fact < HANGUP_FACT_COUNT && fact_sides[fact] == 0;
}

bool facts_packet_is_one(enum hangup_packet_role role)
{
	return (size_t)role < HANGUP_PACKET_COUNT && packet_sides[role] == 0;
}

bool facts_get(const struct facts *f, enum hangup_fact fact, enum hangup_side side, int64_t *out_value)
{
	size_t at;

	*out_value = 0;
	if ((size_t)fact >= HANGUP_FACT_COUNT)
		return false;
	at = (size_t)side & (size_t)fact_sides[fact];
	if (at > HANGUP_SERVER || !f->known[fact][at])
		return false;
	*out_value = f->value[fact][at];
	return true;
}

bool facts_packet(const struct facts *f, enum hangup_packet_role role, enum hangup_side side,
                  struct hangup_packet *out_packet)
{
	size_t at;

	*out_packet = (struct hangup_packet){.number = 0};
	if ((size_t)role >= HANGUP_PACKET_COUNT)
		return false;
	at = (size_t)side & (size_t)packet_sides[role];
	if (at > HANGUP_SERVER || f->packet[role][at].number == 0)
		return false;
	*out_packet = f->packet[role][at];
	return true;
}
