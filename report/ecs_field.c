#include "report/ecs_field.h"

#include "report/app_errors.h"
#include "rules/host/append.h"
#include "rules/host/vocabulary.h"

static bool put(GString *out, const char *text)
{
	append_text(out, text);
	return true;
}

bool ecs_version(GString *out, struct subject *s)
{
	(void)s;
	return put(out, "8.11.0");
}

/* --- event ------------------------------------------------------------------------------------------- */
bool ecs_event_kind(GString *out, struct subject *s)
{
	(void)s;
	return put(out, "event");
}

bool ecs_event_category(GString *out, struct subject *s)
{
	(void)s;
	return put(out, "[\"network\"]");
}

bool ecs_event_type(GString *out, struct subject *s)
{
	if (s->verdict->cause == HANGUP_CAUSE_REJECTED)
		return put(out, "[\"connection\",\"end\",\"denied\"]");
	if (s->verdict->label == HANGUP_LABEL_STILL_OPEN || s->verdict->label == HANGUP_LABEL_UNDETERMINED)
		return put(out, "[\"connection\",\"info\"]");
	return put(out, "[\"connection\",\"end\"]");
}

bool ecs_event_action(GString *out, struct subject *s)
{
	return put(out, label_name(s->verdict->label));
}

bool ecs_event_reason(GString *out, struct subject *s)
{
	return put(out, cause_name(s->verdict->cause));
}

bool ecs_event_outcome(GString *out, struct subject *s)
{
	if (s->verdict->label == HANGUP_LABEL_STILL_OPEN || s->verdict->label == HANGUP_LABEL_UNDETERMINED)
		return put(out, "unknown");
	return put(out, s->verdict->severity == HANGUP_SEVERITY_ABNORMAL ? "failure" : "success");
}

bool ecs_event_duration(GString *out, struct subject *s)
{
	int64_t ns;

	if (!facts_get(s->facts, HANGUP_FACT_DURATION, HANGUP_CLIENT, &ns))
		return false;
	append_integer(out, ns);
	return true;
}

bool ecs_event_module(GString *out, struct subject *s)
{
	(void)s;
	return put(out, "hangup");
}

bool ecs_event_dataset(GString *out, struct subject *s)
{
	(void)s;
	return put(out, "hangup.connection");
}

/* --- network ----------------------------------------------------------------------------------------- */
bool ecs_network_transport(GString *out, struct subject *s)
{
	(void)s;
	return put(out, "tcp");
}

bool ecs_network_type(GString *out, struct subject *s)
{
	return put(out, s->facts->ip_version == 6 ? "ipv6" : "ipv4");
}

/* From the host that captured; not known where that is neither end. */
bool ecs_network_direction(GString *out, struct subject *s)
{
	switch ((enum hangup_vantage)facts_value(s->facts, HANGUP_FACT_VANTAGE, HANGUP_CLIENT)) {
	case HANGUP_VANTAGE_CLIENT:
		return put(out, "egress");
	case HANGUP_VANTAGE_SERVER:
		return put(out, "ingress");
	default:
		return false;
	}
}

static bool put_sum(GString *out, const struct subject *s, enum hangup_fact fact)
{
	append_unsigned(out, (uint64_t)facts_value(s->facts, fact, HANGUP_CLIENT) +
	                     (uint64_t)facts_value(s->facts, fact, HANGUP_SERVER));
	return true;
}

bool ecs_network_bytes(GString *out, struct subject *s)
{
	return put_sum(out, s, HANGUP_FACT_PAYLOAD);
}

bool ecs_network_packets(GString *out, struct subject *s)
{
	return put_sum(out, s, HANGUP_FACT_PACKETS);
}

bool ecs_observer_product(GString *out, struct subject *s)
{
	(void)s;
	return put(out, "hangup");
}

/* --- error: what a program most likely saw, where its host's system is known ------------------------------ */
static bool find_error(const struct subject *s, struct app_error *out_error)
{
	for (enum hangup_side side = HANGUP_CLIENT; side <= HANGUP_SERVER; side++) {
		const struct app_errors errors = app_errors_of(s->c, side);

		if (errors.len == 0 || !facts_value(s->facts, HANGUP_FACT_OS, side))
			continue;
		*out_error = errors.error[0];
		if (out_error->most_likely && out_error->number)
			return true;
	}
	return false;
}

bool ecs_error_code(GString *out, struct subject *s)
{
	struct app_error error;

	return find_error(s, &error) && put(out, error.code);
}

bool ecs_error_message(GString *out, struct subject *s)
{
	struct app_error error;

	return find_error(s, &error) && put(out, error.message);
}
