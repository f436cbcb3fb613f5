#include "report/report.h"

#include <string.h>

static bool in_prefix(const uint8_t address[16], const uint8_t prefix[16], unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;

	if (memcmp(address, prefix, whole) != 0)
		return false;
	return rest == 0 || (address[whole] ^ prefix[whole]) >> (8 - rest) == 0;
}

static bool host_matches(const struct report_selection *s, const struct facts *f)
{
	return in_prefix(f->end[HANGUP_CLIENT].address, s->host, s->host_prefix)
	       || in_prefix(f->end[HANGUP_SERVER].address, s->host, s->host_prefix);
}

static bool port_matches(const struct report_selection *s, const struct facts *f)
{
	return f->end[HANGUP_CLIENT].port == s->port || f->end[HANGUP_SERVER].port == s->port;
}

static bool time_matches(const struct report_selection *s, const struct facts *f)
{
	struct hangup_packet first, last;

	if (s->from_ns == 0 && s->to_ns == 0)
		return true;
	facts_packet(f, HANGUP_PACKET_FIRST, HANGUP_CLIENT, &first);
	facts_packet(f, HANGUP_PACKET_LAST, HANGUP_CLIENT, &last);
	return (s->from_ns == 0 || last.time_ns >= s->from_ns) && (s->to_ns == 0 || first.time_ns <= s->to_ns);
}

bool report_selected(const struct report_selection *selection, const struct hangup_case *c)
{
	const struct hangup_claim *verdict = case_verdict(c);

	if (selection->labels && !(selection->labels & 1u << verdict->label))
		return false;
	if (selection->severities && !(selection->severities & 1u << verdict->severity))
		return false;
	if (selection->owner && !calls_own(selection->owner, c->facts))
		return false;
	if (selection->port && !port_matches(selection, c->facts))
		return false;
	if (selection->has_host && !host_matches(selection, c->facts))
		return false;
	return time_matches(selection, c->facts);
}
