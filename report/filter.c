/* Addresses and ports, not tcp.stream: that number exists only in the same file opened without a filter. */
#include "report/filter.h"

#include "rules/host/append.h"
#include "rules/host/text.h"

static void append_address(GString *out, const struct facts *f, enum hangup_side side)
{
	append_text(out, f->ip_version == 6 ? "ipv6.addr == " : "ip.addr == ");
	text_append_address(out, f->end[side].address);
}

void filter_append(GString *out, const struct facts *f)
{
	append_address(out, f, HANGUP_CLIENT);
	append_literal(out, " && ");
	append_address(out, f, HANGUP_SERVER);
	append_literal(out, " && tcp.port == ");
	append_unsigned(out, f->end[HANGUP_CLIENT].port);
	append_literal(out, " && tcp.port == ");
	append_unsigned(out, f->end[HANGUP_SERVER].port);
}
