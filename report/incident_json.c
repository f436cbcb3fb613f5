#include "report/incident_json.h"

#include <math.h>

#include "report/json.h"
#include "report/timestamp.h"
#include "rules/host/append.h"
#include "rules/host/text.h"
#include "rules/host/vocabulary.h"

/* What an incident is told with. */
struct telling {
	GString *out;
	const char *const *inputs;
	bool several;
};

static void put_key(GString *out, const char *key)
{
	append_literal(out, ",\"");
	append_text(out, key);
	append_literal(out, "\":");
}

static void put_text(GString *out, const char *key, const char *text)
{
	put_key(out, key);
	json_append_string(out, text);
}

static void put_time(GString *out, const char *key, int64_t ns)
{
	put_key(out, key);
	append_char(out, '"');
	timestamp_write(append_room(out, TIMESTAMP_LEN), ns);
	append_done(out, TIMESTAMP_LEN);
	append_char(out, '"');
}

/* An object as in the lines of connections, so that who reads both into one table finds one type. */
static void put_host(GString *out, const char *key, bool known, const uint8_t address[16])
{
	put_key(out, key);
	append_literal(out, "{\"ip\":");
	if (!known) {
		append_literal(out, "null");
		return;
	}
	append_char(out, '"');
	text_append_address(out, address);
	append_char(out, '"');
}

static void put_ids(GString *out, const char *key, const uint64_t *ids, size_t len)
{
	put_key(out, key);
	append_char(out, '[');
	for (size_t i = 0; i < len; i++) {
		if (i > 0)
			append_char(out, ',');
		append_unsigned(out, ids[i]);
	}
	append_char(out, ']');
}

static void put_confidence(GString *out, double confidence)
{
	put_key(out, "confidence");
	append_decimal(out, lround(confidence * 100), 2);
}

/* --- what lies between ------------------------------------------------------------------------------------- */

static bool is_size(const struct incident *i)
{
	return i->kind == INCIDENT_PMTU;
}

static void put_bound(GString *out, const struct incident *i, const char *key, int64_t value)
{
	put_key(out, key);
	if (value == 0)
		append_literal(out, "null");
	else if (is_size(i))
		append_integer(out, value);
	else
		append_decimal(out, value, 9);
}

static void put_bracket(GString *out, const struct incident *i)
{
	put_bound(out, i, "above", i->above);
	put_bound(out, i, "at_most", i->at_most);
	put_text(out, "unit", i->at_most == 0 ? NULL : is_size(i) ? "bytes" : "s");
}

/* --- evidence ---------------------------------------------------------------------------------------------- */

static void put_packet(const struct telling *t, const struct hangup_packet *packet)
{
	append_literal(t->out, "{\"packet\":");
	if (packet->number)
		append_unsigned(t->out, hangup_packet_in_file(packet->number));
	else
		append_literal(t->out, "null");
	if (t->several) {
		append_literal(t->out, ",\"file\":");
		if (packet->number)
			g_string_append_printf(t->out, "\"%s\"", t->inputs[hangup_packet_input(packet->number)]);
		else
			append_literal(t->out, "null");
	}
	if (packet->number)
		put_time(t->out, "time", packet->time_ns);
	else
		append_literal(t->out, ",\"time\":null");
}

static void put_evidence(const struct telling *t, const struct incident *i)
{
	put_key(t->out, "evidence");
	append_char(t->out, '[');
	for (size_t k = 0; k < i->evidence_len; k++) {
		const struct incident_evidence *e = &i->evidence[k];

		if (k > 0)
			append_char(t->out, ',');
		put_packet(t, &e->packet);
		put_key(t->out, "connection");
		if (e->connection)
			append_unsigned(t->out, e->connection);
		else
			append_literal(t->out, "null");
		put_text(t->out, "level", level_name(e->level));
		put_text(t->out, "text", e->text);
		append_char(t->out, '}');
	}
	append_char(t->out, ']');
}

static void put_alternatives(GString *out, const struct incident *i)
{
	put_key(out, "alternatives");
	append_char(out, '[');
	for (size_t k = 0; k < i->alternatives_len; k++) {
		append_text(out, k > 0 ? ",{\"text\":" : "{\"text\":");
		json_append_string(out, i->alternatives[k].text);
		put_text(out, "against", i->alternatives[k].against);
		append_char(out, '}');
	}
	append_char(out, ']');
}

static void put_misfits(GString *out, const struct incident *i)
{
	put_key(out, "misfits");
	append_char(out, '[');
	for (size_t k = 0; k < i->misfits_len; k++) {
		append_text(out, k > 0 ? ",{\"count\":" : "{\"count\":");
		append_unsigned(out, i->misfits[k].count);
		put_ids(out, "connections", i->misfits[k].connections, i->misfits[k].connections_len);
		put_text(out, "text", i->misfits[k].text);
		append_char(out, '}');
	}
	append_char(out, ']');
}

/* --- the line ---------------------------------------------------------------------------------------------- */

static void put_hosts(GString *out, const struct incident *i)
{
	put_host(out, "client", i->has_client, i->client);
	append_char(out, '}');
	put_host(out, "server", i->has_server, i->server);
	put_key(out, "port");
	if (i->server_port)
		append_unsigned(out, i->server_port);
	else
		append_literal(out, "null");
	append_char(out, '}');
}

void incident_json_append(GString *out, const struct incident_list *list, const struct incident *i,
                          const char *const *inputs, bool several)
{
	const struct telling t = {.out = out, .inputs = inputs, .several = several};

	append_literal(out, "{\"schema\":\"hangup.incident/1\"");
	put_key(out, "id");
	append_unsigned(out, i->id);
	put_text(out, "kind", incident_name(i->kind));
	put_text(out, "title", incident_title(i->kind));
	put_text(out, "severity", severity_name(i->severity));
	put_confidence(out, i->confidence);
	put_text(out, "sentence", i->sentence);
	put_time(out, "from", i->from_ns);
	put_time(out, "to", i->to_ns);
	put_hosts(out, i);
	put_key(out, "count");
	append_unsigned(out, i->connections_len);
	put_ids(out, "connections", i->connections, i->connections_len);
	put_bracket(out, i);
	put_evidence(&t, i);
	put_alternatives(out, i);
	put_misfits(out, i);
	put_key(out, "not_looked_at");
	append_unsigned(out, list->endings_left + list->attempts_left);
	append_literal(out, "}\n");
}
