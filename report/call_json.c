#include "report/call_json.h"

#include <hangup/packet_number.h>

#include "report/field.h"
#include "report/json.h"
#include "rules/host/append.h"
#include "rules/host/text.h"

static void put_time(GString *out, int64_t time_ns, struct timestamp_day *day)
{
	append_literal(out, "\"time\":\"");
	timestamp_write_in(append_room(out, TIMESTAMP_LEN), time_ns, day);
	append_done(out, TIMESTAMP_LEN);
	append_char(out, '"');
}

static void put_process(GString *out, const struct call *call)
{
	char name[CALL_PROCESS_MAX + 1] = {0};

	g_strlcpy(name, call->process, CALL_PROCESS_MAX);
	append_literal(out, ",\"process\":");
	json_append_string(out, name);
	append_literal(out, ",\"pid\":");
	append_integer(out, call->pid);
	append_literal(out, ",\"tid\":");
	append_integer(out, call->tid);
}

static void put_call(GString *out, const struct call *call)
{
	append_literal(out, ",\"fd\":");
	append_integer(out, call->fd);
	append_literal(out, ",\"call\":");
	json_append_string(out, call->name);
	append_literal(out, ",\"error\":");
	json_append_string(out, call->error);
	append_literal(out, ",\"number\":");
	append_integer(out, call->number);
}

static void put_packet(GString *out, const struct call *call, const struct facts *f)
{
	enum { NS_PER_MS_DIGITS = 6 };
	struct call_packet because;

	if (!calls_packet(call, f, &because)) {
		append_literal(out, ",\"packet\":null,\"after_ms\":null");
		return;
	}
	append_literal(out, ",\"packet\":");
	append_unsigned(out, hangup_packet_in_file(because.packet.number));
	append_literal(out, ",\"after_ms\":");
	append_decimal(out, call->time_ns - because.packet.time_ns, NS_PER_MS_DIGITS);
}

void call_json_append(GString *out, const struct call *call, const struct facts *f, struct timestamp_day *day)
{
	append_char(out, '{');
	put_time(out, call->time_ns, day);
	append_literal(out, ",\"side\":");
	json_append_string(out, calls_side(call, f) == HANGUP_CLIENT ? "client" : "server");
	put_process(out, call);
	put_call(out, call);
	put_packet(out, call, f);
	append_char(out, '}');
}

static void put_end(GString *out, const char *name, bool known, const struct facts_end *end)
{
	g_string_append_printf(out, ",\"%s\":", name);
	if (!known) {
		append_literal(out, "null");
		return;
	}
	append_literal(out, "{\"ip\":");
	if (calls_knows_address(end)) {
		append_char(out, '"');
		text_append_address(out, end->address);
		append_char(out, '"');
	} else {
		append_literal(out, "null");
	}
	append_literal(out, ",\"port\":");
	append_unsigned(out, end->port);
	append_char(out, '}');
}

void call_json_append_alone(GString *out, const struct call *call)
{
	struct timestamp_day day = {0};

	append_literal(out, "{\"schema\":\"hangup.call/1\",");
	put_time(out, call->time_ns, &day);
	put_process(out, call);
	put_call(out, call);
	put_end(out, "local", call->has_local, &call->local);
	put_end(out, "remote", call->has_remote, &call->remote);
	append_literal(out, "}\n");
}

bool field_calls(GString *out, struct subject *s)
{
	const struct call *call;
	size_t at = 0;

	append_char(out, '[');
	for (size_t i = 0; (call = calls_next(s->calls, s->facts, &at)); i++) {
		if (i > 0)
			append_char(out, ',');
		call_json_append(out, call, s->facts, &s->day);
	}
	append_char(out, ']');
	return true;
}
