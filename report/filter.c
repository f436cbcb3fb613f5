/* Addresses and ports, not tcp.stream: that number exists only in the same file opened without a filter. */
#include "report/filter.h"

#include "rules/host/text.h"

static void append_address(GString *out, const struct facts *f, enum hangup_side side)
{
	g_string_append(out, f->ip_version == 6 ? "ipv6.addr == " : "ip.addr == ");
	text_append_address(out, f->end[side].address);
}

void filter_append(GString *out, const struct facts *f)
{
	append_address(out, f, HANGUP_CLIENT);
	g_string_append(out, " && ");
	append_address(out, f, HANGUP_SERVER);
	g_string_append_printf(out, " && tcp.port == %u && tcp.port == %u", f->end[HANGUP_CLIENT].port,
	                       f->end[HANGUP_SERVER].port);
}
