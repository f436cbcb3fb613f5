/* Outages answer what each of their connections asks, whether everything stopped or this one only: what is left is to look
 * at what they share, at that moment. */
#include "report/incidents/action.h"

#include "report/timestamp.h"
#include "rules/host/text.h"

static const struct {
	const char *client_shared, *server_shared;
} actions[INCIDENT_KIND_COUNT] = {
	[INCIDENT_LINK_OUTAGE] = {"look at that host's link, Wi-Fi, VPN and first router", "look at that host's link and first router"},
	[INCIDENT_PATH_OUTAGE] = {"look at interface, Wi-Fi, VPN and router logs of what is between the two, and of both",
	                          "look at interface and router logs of what is between the two, and of both"},
};

static void append_who(GString *out, const struct incident *incident)
{
	if (incident->has_client)
		text_append_address(out, incident->client);
	if (incident->has_client && incident->has_server)
		g_string_append(out, " and ");
	if (incident->has_server)
		text_append_address(out, incident->server);
}

char *incident_action(const struct incident *incident)
{
	const char *words = incident->has_client ? actions[incident->kind].client_shared : actions[incident->kind].server_shared;
	char date[DATE_LEN], clock[CLOCK_LEN];
	GString *out;

	if (!words || (!incident->has_client && !incident->has_server))
		return NULL;
	out = g_string_new(incident->has_client && incident->has_server ? "the connections between " : "the connections of ");
	date_write(date, incident->from_ns);
	clock_write(clock, incident->from_ns);
	append_who(out, incident);
	g_string_append_printf(out, " ceased to be answered together at %.*s %.*s UTC: %s at that time", (int)DATE_LEN, date,
	                       (int)CLOCK_LEN, clock, words);
	return g_string_free(out, FALSE);
}

static void set(struct facts *facts, enum hangup_fact fact, int64_t value)
{
	facts->known[fact][HANGUP_CLIENT] = true;
	facts->value[fact][HANGUP_CLIENT] = value;
}

void incident_inform(const struct incident *incident, struct facts *facts)
{
	int64_t ns;

	if (incident->kind != INCIDENT_IDLE_TIMER)
		return;
	if (incident->at_most > 0 &&
	    (!facts_get(facts, HANGUP_FACT_IDLE_KILLED, HANGUP_CLIENT, &ns) || ns <= 0 || ns > incident->at_most))
		set(facts, HANGUP_FACT_IDLE_KILLED, incident->at_most);
	facts_get(facts, HANGUP_FACT_IDLE_SURVIVED, HANGUP_CLIENT, &ns);
	if (incident->above > ns)
		set(facts, HANGUP_FACT_IDLE_SURVIVED, incident->above);
}
