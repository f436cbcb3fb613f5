/* When, and how much. */
#include "report/field.h"

#include "report/conn_state.h"
#include "rules/host/append.h"
#include "rules/host/vocabulary.h"

/* --- its packets ----------------------------------------------------------------------------------- */
static bool put_time(GString *out, struct subject *s, enum hangup_packet_role role)
{
	struct hangup_packet packet;

	if (!facts_packet(s->facts, role, HANGUP_CLIENT, &packet))
		return false;
	field_append_packet_time(out, &packet, &s->day);
	return true;
}

static bool put_number(GString *out, const struct subject *s, enum hangup_packet_role role)
{
	struct hangup_packet packet;

	if (!facts_packet(s->facts, role, HANGUP_CLIENT, &packet))
		return false;
	append_unsigned(out, hangup_packet_in_file(packet.number));
	return true;
}

bool field_start(GString *out, struct subject *s)
{
	return put_time(out, s, HANGUP_PACKET_FIRST);
}

bool field_end(GString *out, struct subject *s)
{
	return put_time(out, s, HANGUP_PACKET_LAST);
}

bool field_first_packet(GString *out, struct subject *s)
{
	return put_number(out, s, HANGUP_PACKET_FIRST);
}

bool field_last_packet(GString *out, struct subject *s)
{
	return put_number(out, s, HANGUP_PACKET_LAST);
}

bool field_last_packet_file(GString *out, struct subject *s)
{
	struct hangup_packet last;

	facts_packet(s->facts, HANGUP_PACKET_LAST, HANGUP_CLIENT, &last);
	return field_append_file(out, s, &last);
}

/* --- durations: nanoseconds in a larger unit, exactly --------------------------------------------------- */
static bool put_duration(GString *out, const struct subject *s, enum hangup_fact fact, enum hangup_side side,
                         unsigned decimals)
{
	int64_t ns;

	if (!facts_get(s->facts, fact, side, &ns))
		return false;
	append_decimal(out, ns, decimals);
	return true;
}

static bool put_seconds(GString *out, const struct subject *s, enum hangup_fact fact)
{
	return put_duration(out, s, fact, HANGUP_CLIENT, 9);
}

static bool put_milliseconds(GString *out, const struct subject *s, enum hangup_fact fact, enum hangup_side side)
{
	return put_duration(out, s, fact, side, 6);
}

bool field_duration_s(GString *out, struct subject *s)
{
	return put_seconds(out, s, HANGUP_FACT_DURATION);
}

bool field_rtt_ms_client(GString *out, struct subject *s)
{
	return put_milliseconds(out, s, HANGUP_FACT_RTT, HANGUP_CLIENT);
}

bool field_rtt_ms_server(GString *out, struct subject *s)
{
	return put_milliseconds(out, s, HANGUP_FACT_RTT, HANGUP_SERVER);
}

bool field_idle_s_longest(GString *out, struct subject *s)
{
	return put_seconds(out, s, HANGUP_FACT_IDLE_LONGEST);
}

bool field_idle_s_before_end(GString *out, struct subject *s)
{
	return put_seconds(out, s, HANGUP_FACT_IDLE_BEFORE_END);
}

/* --- counts ---------------------------------------------------------------------------------------- */
static bool put_fact(GString *out, const struct subject *s, enum hangup_fact fact, enum hangup_side side)
{
	int64_t value;

	if (!facts_get(s->facts, fact, side, &value))
		return false;
	append_integer(out, value);
	return true;
}

bool field_packets_client(GString *out, struct subject *s)
{
	return put_fact(out, s, HANGUP_FACT_PACKETS, HANGUP_CLIENT);
}

bool field_packets_server(GString *out, struct subject *s)
{
	return put_fact(out, s, HANGUP_FACT_PACKETS, HANGUP_SERVER);
}

bool field_bytes_client(GString *out, struct subject *s)
{
	return put_fact(out, s, HANGUP_FACT_PAYLOAD, HANGUP_CLIENT);
}

bool field_bytes_server(GString *out, struct subject *s)
{
	return put_fact(out, s, HANGUP_FACT_PAYLOAD, HANGUP_SERVER);
}

bool field_retransmitted_client(GString *out, struct subject *s)
{
	return put_fact(out, s, HANGUP_FACT_RETRANSMITTED, HANGUP_CLIENT);
}

bool field_retransmitted_server(GString *out, struct subject *s)
{
	return put_fact(out, s, HANGUP_FACT_RETRANSMITTED, HANGUP_SERVER);
}

/* --- states ---------------------------------------------------------------------------------------- */
static bool put_state(GString *out, const struct subject *s, enum hangup_side side)
{
	const int64_t state = facts_value(s->facts, HANGUP_FACT_STATE, side);

	if (state == HANGUP_TCP_STATE_UNKNOWN)
		return false;
	append_text(out, tcp_state_name((enum hangup_tcp_state)state));
	return true;
}

bool field_states_client(GString *out, struct subject *s)
{
	return put_state(out, s, HANGUP_CLIENT);
}

bool field_states_server(GString *out, struct subject *s)
{
	return put_state(out, s, HANGUP_SERVER);
}

bool field_conn_state(GString *out, struct subject *s)
{
	append_text(out, conn_state(s->facts));
	return true;
}

bool field_history(GString *out, struct subject *s)
{
	append_text(out, s->facts->history);
	return true;
}
