/* Words that the sentences of several kinds share. */
#include "report/incidents/inquiry.h"
#include "report/timestamp.h"
#include "rules/host/append.h"
#include "rules/host/text.h"

static const int64_t NS_PER_S = 1000000000, NS_PER_MS = 1000000;

void words_count(GString *out, uint64_t count, const char *one, const char *many)
{
	append_unsigned(out, count);
	append_char(out, ' ');
	append_text(out, count == 1 ? one : many);
}

void words_time(GString *out, int64_t ns)
{
	char text[CLOCK_LEN];

	clock_write(text, ns);
	append_bytes(out, text, CLOCK_LEN);
	append_literal(out, " UTC");
}

static void append_tenths(GString *out, int64_t tenths)
{
	if (tenths % 10)
		append_decimal(out, tenths, 1);
	else
		append_integer(out, tenths / 10);
	append_literal(out, " s");
}

void words_seconds_up(GString *out, int64_t ns)
{
	append_tenths(out, ns / 100000000 + (ns % 100000000 > 0));
}

/* The next whole second, where three digits would show it although it was not reached; else 0. */
static int64_t second_not_reached(int64_t ns)
{
	enum { TENTHS_BELOW_S = 100 };
	const int64_t rounding = ns < TENTHS_BELOW_S * NS_PER_S ? NS_PER_S / 20 : NS_PER_S / 2;
	const int64_t next = (ns / NS_PER_S + 1) * NS_PER_S;

	return ns + rounding >= next ? next : 0;
}

void words_lived(GString *out, int64_t ns)
{
	if (!second_not_reached(ns)) {
		text_append_duration(out, ns);
		return;
	}
	append_decimal(out, ns / NS_PER_MS, 3);
	append_literal(out, " s");
}

static void append_service(GString *out, const struct ending *e)
{
	text_append_address(out, e->who.address[HANGUP_SERVER]);
	append_literal(out, " port ");
	append_unsigned(out, e->who.port[HANGUP_SERVER]);
}

void words_servers(GString *out, const GPtrArray *members)
{
	const size_t servers = count_servers(members), services = count_services(members);

	if (services == 1) {
		append_service(out, ending_at(members, 0));
	} else if (servers == 1) {
		words_count(out, services, "port", "ports");
		append_literal(out, " of ");
		text_append_address(out, ending_at(members, 0)->who.address[HANGUP_SERVER]);
	} else {
		words_count(out, servers, "server", "servers");
	}
}

void words_clients(GString *out, const GPtrArray *members)
{
	const size_t clients = count_clients(members);

	if (clients == 1)
		text_append_address(out, ending_at(members, 0)->who.address[HANGUP_CLIENT]);
	else
		words_count(out, clients, "client", "clients");
}
