#include "report/condition.h"

#include <string.h>

#include <glib.h>

#include "report/icmp_name.h"
#include "report/who.h"
#include "rules/host/vocabulary.h"

static enum hangup_vantage vantage(const struct hangup_case *c)
{
	return (enum hangup_vantage)facts_value(c->facts, HANGUP_FACT_VANTAGE, HANGUP_CLIENT);
}

static bool not_at_client(const struct hangup_case *c)
{
	return vantage(c) != HANGUP_VANTAGE_CLIENT;
}

static bool not_at_server(const struct hangup_case *c)
{
	return vantage(c) != HANGUP_VANTAGE_SERVER;
}

static bool at_server(const struct hangup_case *c)
{
	return vantage(c) == HANGUP_VANTAGE_SERVER;
}

/* What goes unanswered was acknowledged as seen from here. A client that answers SYN-ACKs may do so in other
 * packets, which only its own host tells from repeated SYNs. */
static bool was_answered_here(const struct hangup_case *c)
{
	enum hangup_side side;

	if (!who_waits(c, &side))
		return false;
	if (facts_value(c->facts, HANGUP_FACT_RETRY_ACKED, side))
		return true;
	return facts_value(c->facts, HANGUP_FACT_RETRY_KIND, side) == HANGUP_RETRY_SYN_ACK
	       && vantage(c) == HANGUP_VANTAGE_CLIENT
	       && facts_value(c->facts, HANGUP_FACT_RETRY_PEER_SPOKE, side) > 0;
}

static bool client_acted(const struct hangup_case *c)
{
	return case_verdict(c)->actor == HANGUP_ACTOR_CLIENT;
}

static bool client_did_not_act(const struct hangup_case *c)
{
	return !client_acted(c);
}

static bool knows_reset(const struct hangup_case *c)
{
	enum hangup_side side;

	return who_reset(c, &side);
}

static bool resetter_went_on(const struct hangup_case *c)
{
	enum hangup_side side;

	return who_reset(c, &side) && facts_value(c->facts, HANGUP_FACT_SPOKE_AFTER_RST, side) > 0;
}

/* The local network said of the end that the verdict blames that it is not there any more. */
static bool actor_is_absent(const struct hangup_case *c)
{
	const enum hangup_actor actor = case_verdict(c)->actor;
	enum hangup_side side;
	int64_t why;

	if (actor != HANGUP_ACTOR_CLIENT && actor != HANGUP_ACTOR_SERVER)
		return false;
	side = actor == HANGUP_ACTOR_CLIENT ? HANGUP_CLIENT : HANGUP_SERVER;
	return facts_value(c->facts, HANGUP_FACT_SOUGHT, side) > 0 ||
	       facts_get(c->facts, HANGUP_FACT_THROWN_OUT, side, &why) ||
	       facts_value(c->facts, HANGUP_FACT_ADDRESS_GONE, side);
}

static bool has_icmp_of(const struct hangup_case *c, enum icmp_sense sense)
{
	enum hangup_side side;

	return who_was_told_by_icmp(c, &side) && icmp_sense_of(c->facts, side) == sense;
}

static bool is_icmp_filter(const struct hangup_case *c)
{
	return has_icmp_of(c, ICMP_SENSE_FILTER);
}

static bool is_icmp_no_way(const struct hangup_case *c)
{
	return has_icmp_of(c, ICMP_SENSE_NO_WAY);
}

static bool is_icmp_port(const struct hangup_case *c)
{
	return has_icmp_of(c, ICMP_SENSE_PORT);
}

static bool is_icmp_other(const struct hangup_case *c)
{
	return has_icmp_of(c, ICMP_SENSE_OTHER);
}

static bool is_icmp_from_peer(const struct hangup_case *c)
{
	enum hangup_side side;

	return who_was_told_by_icmp(c, &side) && facts_value(c->facts, HANGUP_FACT_ICMP_FROM_PEER, side);
}

static bool is_ipv4(const struct hangup_case *c)
{
	return c->facts->ip_version == 4;
}

static bool is_ipv6(const struct hangup_case *c)
{
	return c->facts->ip_version == 6;
}

static const struct {
	const char *name;
	bool (*holds)(const struct hangup_case *c);
} flags[] = {
	{"at-server", at_server},                 /* the capture was taken there */
	{"not-at-client", not_at_client},         /* or it is not known */
	{"not-at-server", not_at_server},
	{"given-up", who_gave_up},                /* who waits stopped trying, as far as can be seen */
	{"answered-here", was_answered_here},     /* what goes unanswered was answered as seen from here */
	{"client-acted", client_acted},
	{"not-by-client", client_did_not_act},
	{"reset", knows_reset},
	{"absent", actor_is_absent},              /* whoever is blamed had left the network */
	{"went-on", resetter_went_on},            /* the end in whose name the RST was */
	{"icmp-filter", is_icmp_filter},          /* an ICMP error says that a rule forbids it */
	{"icmp-no-way", is_icmp_no_way},            /* that there is no way there */
	{"icmp-port", is_icmp_port},              /* that nobody listens */
	{"icmp-other", is_icmp_other},
	{"icmp-from-peer", is_icmp_from_peer},    /* it came from the end that was spoken to */
	{"ipv4", is_ipv4},
	{"ipv6", is_ipv6},
};

static bool parse_flag(const char *name, size_t len, struct condition *out)
{
	for (size_t i = 0; i < G_N_ELEMENTS(flags); i++) {
		if (strlen(flags[i].name) == len && memcmp(flags[i].name, name, len) == 0) {
			*out = (struct condition){.flag = flags[i].holds};
			return true;
		}
	}
	return false;
}

/* --- "role on system|system" -------------------------------------------------------------------------- */
static uint32_t system_named(const char *name)
{
	for (enum hangup_os os = 0; os < HANGUP_OS_COUNT; os++) {
		if (g_str_equal(os_name(os), name))
			return 1u << os;
	}
	return 0;
}

static bool parse_systems(const char *text, size_t len, uint32_t *out)
{
	g_autofree char *copy = g_strndup(text, len);
	g_auto(GStrv) names = g_strsplit(copy, "|", -1);

	*out = 0;
	for (char **name = names; *name; name++) {
		const uint32_t system = system_named(*name);

		if (system == 0)
			return false;
		*out |= system;
	}
	return true;
}

bool condition_parse(const char *text, size_t len, struct condition *out)
{
	static const char on[] = " on ";
	const char *at = g_strstr_len(text, (gssize)len, on);

	if (!at)
		return parse_flag(text, len, out);
	const size_t role_len = (size_t)(at - text), before = role_len + strlen(on);
	*out = (struct condition){.role = role_named(text, role_len)};
	return out->role && parse_systems(text + before, len - before, &out->systems);
}

bool condition_holds(const struct condition *condition, const struct hangup_case *c)
{
	enum hangup_side side;

	if (condition->flag)
		return condition->flag(c);
	return role_find(condition->role, c, &side)
	       && (condition->systems & 1u << facts_value(c->facts, HANGUP_FACT_OS, side));
}
