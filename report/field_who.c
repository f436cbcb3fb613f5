/* Who with whom, and seen from where. */
#include "report/field.h"

#include "report/community_id.h"
#include "rules/host/append.h"
#include "rules/host/text.h"
#include "rules/host/vocabulary.h"

bool field_schema(GString *out, struct subject *s)
{
	(void)s;
	append_literal(out, "hangup.connection/1");
	return true;
}

bool field_id(GString *out, struct subject *s)
{
	append_unsigned(out, s->facts->id);
	return true;
}

bool field_update(GString *out, struct subject *s)
{
	append_unsigned(out, s->told.update);
	return true;
}

bool field_final(GString *out, struct subject *s)
{
	append_text(out, s->told.final ? "true" : "false");
	return true;
}

/* Names of recordings have nothing to be escaped (cli/recording.h). */
bool field_saved(GString *out, struct subject *s)
{
	if (s->told.saved)
		g_string_append_printf(out, "\"%s\"", s->told.saved);
	return s->told.saved != NULL;
}

bool field_community_id(GString *out, struct subject *s)
{
	community_id_write(append_room(out, COMMUNITY_ID_LEN), s->facts, s->sha1);
	append_done(out, COMMUNITY_ID_LEN);
	return true;
}

bool field_input(GString *out, struct subject *s)
{
	struct hangup_packet first;

	facts_packet(s->facts, HANGUP_PACKET_FIRST, HANGUP_CLIENT, &first);
	append_text(out, s->inputs[hangup_packet_input(first.number)]); /* number 0 is of the first */
	return true;
}

/* --- an end ---------------------------------------------------------------------------------------- */
static bool put_ip(GString *out, const struct subject *s, enum hangup_side side)
{
	text_append_address(out, s->facts->end[side].address);
	return true;
}

static bool put_port(GString *out, const struct subject *s, enum hangup_side side)
{
	append_unsigned(out, s->facts->end[side].port);
	return true;
}

static bool put_host_os(GString *out, const struct subject *s, enum hangup_side side)
{
	const int64_t os = facts_value(s->facts, HANGUP_FACT_OS, side);

	if (os == HANGUP_OS_UNKNOWN)
		return false;
	append_text(out, os_name((enum hangup_os)os));
	return true;
}

static bool put_hops(GString *out, const struct subject *s, enum hangup_side side)
{
	int64_t hops;

	if (!facts_get(s->facts, HANGUP_FACT_HOPS, side, &hops))
		return false;
	append_integer(out, hops);
	return true;
}

bool field_client_ip(GString *out, struct subject *s)
{
	return put_ip(out, s, HANGUP_CLIENT);
}

bool field_client_port(GString *out, struct subject *s)
{
	return put_port(out, s, HANGUP_CLIENT);
}

bool field_client_host_os(GString *out, struct subject *s)
{
	return put_host_os(out, s, HANGUP_CLIENT);
}

bool field_client_hops(GString *out, struct subject *s)
{
	return put_hops(out, s, HANGUP_CLIENT);
}

bool field_server_ip(GString *out, struct subject *s)
{
	return put_ip(out, s, HANGUP_SERVER);
}

bool field_server_port(GString *out, struct subject *s)
{
	return put_port(out, s, HANGUP_SERVER);
}

bool field_server_host_os(GString *out, struct subject *s)
{
	return put_host_os(out, s, HANGUP_SERVER);
}

bool field_server_hops(GString *out, struct subject *s)
{
	return put_hops(out, s, HANGUP_SERVER);
}

/* --- seen from where ------------------------------------------------------------------------------- */
bool field_client_known(GString *out, struct subject *s)
{
	append_text(out, facts_value(s->facts, HANGUP_FACT_CLIENT_KNOWN, HANGUP_CLIENT) ? "true" : "false");
	return true;
}

bool field_vantage_side(GString *out, struct subject *s)
{
	append_text(out, vantage_name((enum hangup_vantage)facts_value(s->facts, HANGUP_FACT_VANTAGE, HANGUP_CLIENT)));
	return true;
}

bool field_vantage_by(GString *out, struct subject *s)
{
	const int64_t by = facts_value(s->facts, HANGUP_FACT_VANTAGE_BY, HANGUP_CLIENT);

	append_text(out, vantage_by_name((enum hangup_vantage_by)by));
	return true;
}
