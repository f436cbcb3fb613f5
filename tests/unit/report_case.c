#include "tests/unit/report_case.h"

#include <arpa/inet.h>
#include <string.h>

#include <glib.h>

#include "rules/host/vocabulary.h"

static struct hangup_claim *add_claim(struct report_case *r, enum hangup_label label, enum hangup_cause cause,
                                      enum hangup_actor actor, double confidence)
{
	struct hangup_claim *claim = &r->c.claims[r->c.claims_len];

	*claim = (struct hangup_claim){
		.owner = &r->c,
		.label = label,
		.cause = cause,
		.actor = actor,
		.severity = cause_severity(cause),
		.strength = confidence,
		.confidence = confidence,
	};
	r->c.order[r->c.order_len++] = r->c.claims_len++;
	return claim;
}

void report_case_init(struct report_case *r, enum hangup_label label, enum hangup_cause cause, enum hangup_actor actor)
{
	memset(r, 0, sizeof(*r));
	r->facts.id = 1;
	r->c.facts = &r->facts;
	add_claim(r, label, cause, actor, 0.95);
	report_case_ends(r, "192.0.2.5", 51234, "198.51.100.10", 443);
	strcpy(r->facts.history, "ShADad");
	report_case_fact(r, HANGUP_FACT_CLIENT_KNOWN, HANGUP_CLIENT, 1);
	report_case_fact(r, HANGUP_FACT_HANDSHAKE, HANGUP_CLIENT, 7);
	report_case_fact(r, HANGUP_FACT_DURATION, HANGUP_CLIENT, INT64_C(2000000000));
	report_case_fact(r, HANGUP_FACT_PACKETS, HANGUP_CLIENT, 10);
	report_case_fact(r, HANGUP_FACT_PACKETS, HANGUP_SERVER, 10);
	report_case_fact(r, HANGUP_FACT_PAYLOAD, HANGUP_CLIENT, 700);
	report_case_fact(r, HANGUP_FACT_PAYLOAD, HANGUP_SERVER, 1200);
	report_case_packet(r, HANGUP_PACKET_FIRST, HANGUP_CLIENT, 1);
	report_case_packet(r, HANGUP_PACKET_LAST, HANGUP_CLIENT, 20);
}

void report_case_fact(struct report_case *r, enum hangup_fact fact, enum hangup_side side, int64_t value)
{
	r->facts.value[fact][side] = value;
	r->facts.known[fact][side] = true;
}

void report_case_packet(struct report_case *r, enum hangup_packet_role role, enum hangup_side side, uint64_t number)
{
	r->facts.packet[role][side].number = number;
	r->facts.packet[role][side].time_ns = REPORT_CASE_START_NS + (int64_t)number * 1000000;
}

void report_case_evidence(struct report_case *r, enum hangup_packet_role role, enum hangup_side side,
                          enum hangup_fact fact, const char *text)
{
	struct hangup_claim *verdict = &r->c.claims[r->c.order[0]];

	verdict->evidence[verdict->evidence_len++] = (struct case_evidence){
		.packet = r->facts.packet[role][side],
		.role = role,
		.side = side,
		.level = HANGUP_LEVEL_OBSERVED,
		.fact = fact,
		.text = {.template = text},
	};
}

void report_case_alternative(struct report_case *r, enum hangup_label label, enum hangup_cause cause,
                             const char *against)
{
	struct hangup_claim *claim = add_claim(r, label, cause, HANGUP_ACTOR_UNKNOWN, 0.05);

	if (against)
		claim->against[claim->against_len++] = (struct case_text){.template = against};
}

static void set_end(struct report_case *r, enum hangup_side side, const char *address, uint16_t port)
{
	struct facts_end *end = &r->facts.end[side];

	memset(end->address, 0, sizeof(end->address));
	if (inet_pton(AF_INET, address, end->address + 12) == 1) {
		end->address[10] = end->address[11] = 0xff;
		r->facts.ip_version = 4;
	} else {
		g_assert_cmpint(inet_pton(AF_INET6, address, end->address), ==, 1);
		r->facts.ip_version = 6;
	}
	end->port = port;
}

void report_case_ends(struct report_case *r, const char *client, uint16_t client_port, const char *server,
                      uint16_t server_port)
{
	set_end(r, HANGUP_CLIENT, client, client_port);
	set_end(r, HANGUP_SERVER, server, server_port);
}

FILE *report_case_open(void)
{
	FILE *file = tmpfile();

	g_assert_nonnull(file);
	return file;
}

char *report_case_close(FILE *file)
{
	long len = ftell(file);
	char *text = g_malloc0((gsize)len + 1);

	rewind(file);
	g_assert_cmpuint(fread(text, 1, (size_t)len, file), ==, (size_t)len);
	fclose(file);
	return text;
}
