/* Words that the sentences of several kinds share. */
#include "report/incidents/inquiry.h"
#include "report/timestamp.h"
#include "rules/host/append.h"
#include "rules/host/text.h"

static const int64_t NS_PER_MS = 1000000;

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

void words_span(GString *out, int64_t ns)
{
	if (ns < NS_PER_MS)
		append_literal(out, "a millisecond");
	else
		text_append_duration(out, ns);
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
