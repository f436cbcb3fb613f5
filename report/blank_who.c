#include "report/blank.h"

#include <string.h>

#include "report/who.h"
#include "rules/host/append.h"
#include "rules/host/text.h"

bool blank_actor(GString *out, const struct hangup_case *c)
{
	static const char *const words[HANGUP_ACTOR_COUNT] = {
		[HANGUP_ACTOR_CLIENT] = "the client",
		[HANGUP_ACTOR_SERVER] = "the server",
		[HANGUP_ACTOR_MIDDLEBOX] = "a firewall or other box on the path",
		[HANGUP_ACTOR_PATH] = "the network",
	};
	const char *who = words[case_verdict(c)->actor];

	if (who)
		append_text(out, who);
	return who != NULL;
}

bool blank_icmp_source(GString *out, const struct hangup_case *c)
{
	static const uint8_t nobody[16];
	enum hangup_side side;

	if (!who_was_told_by_icmp(c, &side) || facts_value(c->facts, HANGUP_FACT_ICMP_FROM_PEER, side)
	    || memcmp(c->facts->icmp_source[side], nobody, sizeof(nobody)) == 0)
		return false;
	text_append_address(out, c->facts->icmp_source[side]);
	return true;
}
