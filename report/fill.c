#include "report/fill.h"

#include <string.h>

#include "report/filter.h"
#include "report/idle_timers.h"
#include "report/who.h"
#include "rules/host/text.h"

static const int64_t NS_PER_S = 1000000000;

/* --- people ---------------------------------------------------------------------------------------- */
static const char *const side_names[] = {[HANGUP_CLIENT] = "the client", [HANGUP_SERVER] = "the server"};

static const char *actor_words(enum hangup_actor actor)
{
	switch (actor) {
	case HANGUP_ACTOR_CLIENT:
		return side_names[HANGUP_CLIENT];
	case HANGUP_ACTOR_SERVER:
		return side_names[HANGUP_SERVER];
	case HANGUP_ACTOR_MIDDLEBOX:
		return "a firewall or other box on the path";
	case HANGUP_ACTOR_PATH:
		return "the network";
	default:
		return NULL;
	}
}

static bool put_words(GString *out, const char *words)
{
	if (words)
		g_string_append(out, words);
	return words != NULL;
}

/* The side that `find` finds, or the one across from it. */
static bool put_found(GString *out, const struct hangup_case *c,
                      bool (*find)(const struct hangup_case *c, enum hangup_side *out_side), bool across)
{
	enum hangup_side side;

	if (!find(c, &side))
		return false;
	return put_words(out, side_names[across ? other_side(side) : side]);
}

static bool put_actor(GString *out, const struct hangup_case *c)
{
	return put_words(out, actor_words(case_verdict(c)->actor));
}

static bool put_other(GString *out, const struct hangup_case *c)
{
	enum hangup_side side;

	return who_acted(c, &side) && put_words(out, side_names[other_side(side)]);
}

static bool put_sender(GString *out, const struct hangup_case *c)
{
	return put_found(out, c, who_waits, false);
}

static bool put_mute(GString *out, const struct hangup_case *c)
{
	return put_found(out, c, who_waits, true);
}

static bool put_closer(GString *out, const struct hangup_case *c)
{
	return put_found(out, c, who_closed_first, false);
}

static bool put_later_closer(GString *out, const struct hangup_case *c)
{
	return put_found(out, c, who_closed_first, true);
}

/* In whose name the RST was, and who it was for. */
static bool put_resetter(GString *out, const struct hangup_case *c)
{
	return put_found(out, c, who_reset, false);
}

static bool put_reset_end(GString *out, const struct hangup_case *c)
{
	return put_found(out, c, who_reset, true);
}

static bool put_speaker(GString *out, const struct hangup_case *c)
{
	return put_found(out, c, who_broke_silence, false);
}

static bool put_deaf(GString *out, const struct hangup_case *c)
{
	return put_found(out, c, who_broke_silence, true);
}

/* --- addresses -------------------------------------------------------------------------------------- */
static bool put_address(GString *out, const struct hangup_case *c, enum hangup_side side)
{
	text_append_address(out, c->facts->end[side].address);
	return true;
}

static bool put_client_ip(GString *out, const struct hangup_case *c)
{
	return put_address(out, c, HANGUP_CLIENT);
}

static bool put_server_ip(GString *out, const struct hangup_case *c)
{
	return put_address(out, c, HANGUP_SERVER);
}

static bool put_client_port(GString *out, const struct hangup_case *c)
{
	g_string_append_printf(out, "%u", c->facts->end[HANGUP_CLIENT].port);
	return true;
}

static bool put_server_port(GString *out, const struct hangup_case *c)
{
	g_string_append_printf(out, "%u", c->facts->end[HANGUP_SERVER].port);
	return true;
}

static bool put_filter(GString *out, const struct hangup_case *c)
{
	filter_append(out, c->facts);
	return true;
}

/* --- times ------------------------------------------------------------------------------------------ */
static bool put_duration(GString *out, bool known, int64_t ns)
{
	if (known)
		text_append_duration(out, ns);
	return known;
}

static bool put_fact_duration(GString *out, const struct hangup_case *c, enum hangup_fact fact, enum hangup_side side)
{
	int64_t ns;
	bool known = facts_get(c->facts, fact, side, &ns);

	return put_duration(out, known && ns >= 0, ns);
}

static bool put_rst_delay(GString *out, const struct hangup_case *c)
{
	enum hangup_side side;

	return who_reset(c, &side) && put_fact_duration(out, c, HANGUP_FACT_RST_DELAY, side);
}

static bool put_close_age(GString *out, const struct hangup_case *c)
{
	return put_fact_duration(out, c, HANGUP_FACT_CLOSE_AGE, HANGUP_CLIENT);
}

static bool put_silence(GString *out, const struct hangup_case *c)
{
	int64_t ns = facts_value(c->facts, HANGUP_FACT_SILENCE, HANGUP_CLIENT);

	return put_duration(out, ns > 0, ns);
}

static int64_t idle_ns(const struct hangup_case *c)
{
	return facts_value(c->facts, HANGUP_FACT_IDLE_BEFORE_END, HANGUP_CLIENT);
}

static bool put_idle(GString *out, const struct hangup_case *c)
{
	return put_duration(out, idle_ns(c) > 0, idle_ns(c));
}

/* Boxes whose timer fits: those that show at expiry what was seen. */
static struct idle_timer_fit fitting_timers(const struct hangup_case *c)
{
	switch (case_verdict(c)->cause) {
	case HANGUP_CAUSE_IDLE_RST_LATE:
		return idle_timers_fit(idle_ns(c), IDLE_EXPIRY_RST_LATE);
	case HANGUP_CAUSE_IDLE_RST_BOTH:
		return idle_timers_fit(idle_ns(c), IDLE_EXPIRY_RST_BOTH);
	case HANGUP_CAUSE_APP_ABORT:
	case HANGUP_CAUSE_LATE_DATA:
	case HANGUP_CAUSE_CLOSE_FIN:
		return idle_timers_fit(facts_value(c->facts, HANGUP_FACT_CLOSE_AGE, HANGUP_CLIENT),
		                       IDLE_EXPIRY_CLOSE);
	default:
		return idle_timers_fit(idle_ns(c), IDLE_EXPIRY_SILENT);
	}
}

/* Half of the idle time in whole seconds: keepalives at that interval would have refreshed the box in time. */
static bool put_keepalive_seconds(GString *out, const struct hangup_case *c)
{
	struct idle_timer_fit fit = fitting_timers(c);
	int64_t seconds = idle_ns(c) / NS_PER_S;

	if (seconds < 2)
		return false;
	g_string_append_printf(out, "%d", (int)(MIN(seconds, fit.len ? fit.timer[0]->seconds : seconds) / 2));
	return true;
}

static bool put_timer(GString *out, const struct hangup_case *c)
{
	struct idle_timer_fit fit = fitting_timers(c);

	return fit.len > 0 && put_duration(out, true, fit.timer[0]->seconds * NS_PER_S);
}

static bool put_close_timer(GString *out, const struct hangup_case *c)
{
	return fitting_timers(c).close && put_timer(out, c);
}

static bool put_devices(GString *out, const struct hangup_case *c)
{
	struct idle_timer_fit fit = fitting_timers(c);

	idle_timers_append_devices(out, &fit);
	return fit.len > 0;
}

static bool put_between(GString *out, const struct hangup_packet *from, const struct hangup_packet *to)
{
	return put_duration(out, from->number && to->number && to->time_ns >= from->time_ns,
	                    to->time_ns - from->time_ns);
}

/* From the actor's FIN to the data that met a closed end, or to the actor's own RST. */
static bool put_after_fin(GString *out, const struct hangup_case *c, enum hangup_packet_role role, bool of_other)
{
	enum hangup_side side;
	struct hangup_packet fin, then;

	if (!who_acted(c, &side))
		return false;
	facts_packet(c->facts, HANGUP_PACKET_FIN, side, &fin);
	facts_packet(c->facts, role, of_other ? other_side(side) : side, &then);
	return put_between(out, &fin, &then);
}

static bool put_fin_to_data(GString *out, const struct hangup_case *c)
{
	return put_after_fin(out, c, HANGUP_PACKET_DATA_AFTER_FIN, true);
}

static bool put_fin_to_rst(GString *out, const struct hangup_case *c)
{
	return put_after_fin(out, c, HANGUP_PACKET_RST, false);
}

/* --- what was repeated ------------------------------------------------------------------------------ */
static bool put_retries(GString *out, const struct hangup_case *c, int64_t plus)
{
	enum hangup_side side;
	int64_t retries;

	if (!who_waits(c, &side) || !facts_get(c->facts, HANGUP_FACT_RETRIES, side, &retries))
		return false;
	retries += plus;
	g_string_append_printf(out, "%" G_GINT64_FORMAT " %s", retries, retries == 1 ? "time" : "times");
	return true;
}

static bool put_repeats(GString *out, const struct hangup_case *c)
{
	return put_retries(out, c, 0);
}

static bool put_tries(GString *out, const struct hangup_case *c)
{
	return put_retries(out, c, 1);
}

static bool put_retry_span(GString *out, const struct hangup_case *c)
{
	enum hangup_side side;

	return who_waits(c, &side) && put_fact_duration(out, c, HANGUP_FACT_RETRY_SPAN, side);
}

static bool put_retry_size(GString *out, const struct hangup_case *c)
{
	enum hangup_side side;
	int64_t bytes;

	if (!who_waits(c, &side) || !facts_get(c->facts, HANGUP_FACT_RETRY_SIZE, side, &bytes) || bytes <= 0)
		return false;
	text_append_bytes(out, bytes);
	return true;
}

/* --- ICMP ------------------------------------------------------------------------------------------- */
static bool put_mtu(GString *out, const struct hangup_case *c)
{
	for (enum hangup_side side = HANGUP_CLIENT; side <= HANGUP_SERVER; side++) {
		int64_t mtu = facts_value(c->facts, HANGUP_FACT_ICMP_MTU, side);

		if (mtu > 0) {
			g_string_append_printf(out, "%" G_GINT64_FORMAT, mtu);
			return true;
		}
	}
	return false;
}

/* Filled when an ICMP error quotes this connection; the words are the same for all of them. */
static bool put_icmp(GString *out, const struct hangup_case *c)
{
	bool any = c->facts->packet[HANGUP_PACKET_ICMP][HANGUP_CLIENT].number
	           || c->facts->packet[HANGUP_PACKET_ICMP][HANGUP_SERVER].number;

	return any && put_words(out, "an ICMP error");
}

static const struct {
	const char *name;
	bool (*put)(GString *out, const struct hangup_case *c);
} blanks[] = {
	{"actor", put_actor},             /* who ended it */
	{"other", put_other},             /* the end that did not, when the actor is an end */
	{"sender", put_sender},           /* who waits for an answer */
	{"mute", put_mute},               /* who does not answer */
	{"closer", put_closer},           /* who sent the first FIN */
	{"later-closer", put_later_closer},
	{"resetter", put_resetter},       /* in whose name the RST was */
	{"reset-end", put_reset_end},     /* who it was for */
	{"speaker", put_speaker},         /* who spoke first after the idle time */
	{"deaf", put_deaf},               /* who was spoken to */
	{"client-ip", put_client_ip},
	{"server-ip", put_server_ip},
	{"client-port", put_client_port},
	{"server-port", put_server_port},
	{"filter", put_filter},
	{"rst-delay", put_rst_delay},
	{"close-age", put_close_age},     /* quiet time before the first FIN or RST */
	{"silence", put_silence},         /* quiet time before the end of the capture */
	{"idle", put_idle},               /* quiet time after which nothing was answered normally */
	{"keepalive-seconds", put_keepalive_seconds},
	{"timer", put_timer},             /* seconds of a known idle timer that could be it */
	{"close-timer", put_close_timer}, /* the same, only when the idle time is about that */
	{"devices", put_devices},         /* what has that timer */
	{"fin-to-data", put_fin_to_data},
	{"fin-to-rst", put_fin_to_rst},
	{"repeats", put_repeats},         /* "7 times" */
	{"tries", put_tries},             /* the same, counting the first */
	{"retry-span", put_retry_span},
	{"retry-size", put_retry_size},
	{"mtu", put_mtu},
	{"icmp", put_icmp},
};

static int find_blank(const char *name, size_t name_len)
{
	for (size_t i = 0; i < G_N_ELEMENTS(blanks); i++) {
		if (strlen(blanks[i].name) == name_len && memcmp(blanks[i].name, name, name_len) == 0)
			return (int)i;
	}
	return -1;
}

bool fill_template(GString *out, const char *template, const struct hangup_case *c)
{
	const gsize start = out->len;

	while (*template) {
		size_t plain = strcspn(template, "{");

		g_string_append_len(out, template, (gssize)plain);
		template += plain;
		if (!*template)
			break;
		size_t name_len = strcspn(++template, "}");
		int blank = find_blank(template, name_len);
		g_assert(blank >= 0);
		if (!blanks[blank].put(out, c)) {
			g_string_truncate(out, start);
			return false;
		}
		template += name_len + 1;
	}
	return true;
}

bool fill_knows_all(const char *template)
{
	while ((template = strchr(template, '{'))) {
		size_t name_len = strcspn(++template, "}");

		if (template[name_len] != '}' || find_blank(template, name_len) < 0)
			return false;
		template += name_len + 1;
	}
	return true;
}
