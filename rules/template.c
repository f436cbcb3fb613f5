/* A rule to copy: connections that are retired at a maximum lifetime.
 *
 * Proxies, load balancers, VPN gateways and connection pools end connections at a certain age, however busy they
 * are. No packet says so, but the age is always the same. Tell the rule the age your box is configured with, and
 * it tells those endings from real trouble:
 *
 *     cc -shared -fPIC $(pkg-config --cflags hangup) -o rules/max-lifetime.so template.c
 *     hangup read --rules rules --set max-lifetime.age=3600 capture.pcap
 *
 * What to take from it, whatever your rule is about:
 *  - ask for facts, and go home when one is not known: not known is not 0;
 *  - make a claim with the strength with which you would bet on it, 0 to 1, as if the capture were perfect:
 *    what it lacks is taken off by hangup for all rules alike;
 *  - name the packets it rests on, and say against() what would explain them as well;
 *  - keep no state: judge() may run on several threads, and the case is gone when it returns.
 *
 * docs/rule-abi.md explains the rest; the vocabulary is in the .def files beside <hangup/rule.h>. */
#include <hangup/rule.h>

/* Thresholds are a list; these are their places in it. */
enum { AGE, TOLERANCE };

static const struct hangup_threshold thresholds[] = {
	[AGE] = {"age", "s", 3600, "lifetime after which the box ends a connection; an hour is a common setting"},
	[TOLERANCE] = {"tolerance", "s", 2, "how far from it an ending may be: boxes look at their timers every second or so"},
};

/* The packet with which a connection ended. */
struct ending {
	enum hangup_packet_role role; /* FIN or RST */
	enum hangup_side side;        /* who sent it */
	struct hangup_packet packet;
};

static void take_if_earlier(const struct hangup_host *host, const struct hangup_case *c, struct ending *ending,
                            enum hangup_packet_role role, enum hangup_side side)
{
	struct hangup_packet packet;

	if (!host->packet(c, role, side, &packet))
		return;
	if (ending->packet.number == 0 || hangup_packet_before(&packet, &ending->packet))
		*ending = (struct ending){.role = role, .side = side, .packet = packet};
}

/* The first FIN or RST of either side; false when there was none. */
static bool find_ending(const struct hangup_host *host, const struct hangup_case *c, struct ending *out_ending)
{
	*out_ending = (struct ending){.packet = {.number = 0}};
	take_if_earlier(host, c, out_ending, HANGUP_PACKET_FIN, HANGUP_CLIENT);
	take_if_earlier(host, c, out_ending, HANGUP_PACKET_FIN, HANGUP_SERVER);
	take_if_earlier(host, c, out_ending, HANGUP_PACKET_RST, HANGUP_CLIENT);
	take_if_earlier(host, c, out_ending, HANGUP_PACKET_RST, HANGUP_SERVER);
	return out_ending->packet.number != 0;
}

static bool something_was_under_way(const struct hangup_host *host, const struct hangup_case *c)
{
	return hangup_value(host, c, HANGUP_FACT_OUTSTANDING, HANGUP_CLIENT) > 0 ||
	       hangup_value(host, c, HANGUP_FACT_OUTSTANDING, HANGUP_SERVER) > 0;
}

static struct hangup_claim *claim_ending(const struct hangup_host *host, struct hangup_case *c,
                                         const struct ending *ending)
{
	const enum hangup_actor actor = hangup_actor_of(ending->side);
	enum hangup_label label = HANGUP_LABEL_RST;
	struct hangup_claim *claim;

	if (ending->role == HANGUP_PACKET_FIN)
		return host->claim(c, HANGUP_LABEL_ORDERLY_CLOSE, HANGUP_CAUSE_CLOSE_FIN, actor, 0.7);
	/* The same RST has one label where it was sent and another everywhere else. */
	if (hangup_captured_at(host, c, ending->side))
		label = HANGUP_LABEL_LOCAL_ABORT;
	claim = host->claim(c, label, HANGUP_CAUSE_APP_ABORT, actor, 0.8);
	if (!something_was_under_way(host, c))
		host->severity(claim, HANGUP_SEVERITY_HARMLESS);
	return claim;
}

static void judge(const struct hangup_host *host, struct hangup_case *c)
{
	const int64_t age_wanted = hangup_threshold_ns(host, c, AGE);
	const int64_t tolerance = hangup_threshold_ns(host, c, TOLERANCE);
	struct hangup_packet syn;
	struct ending ending;
	int64_t idle;

	/* Without its SYN nobody knows how old a connection is. */
	if (!host->packet(c, HANGUP_PACKET_SYN, HANGUP_CLIENT, &syn) || !find_ending(host, c, &ending))
		return;
	const int64_t age = ending.packet.time_ns - syn.time_ns;
	if (age < 0 || age < age_wanted - tolerance || age - tolerance > age_wanted)
		return;

	struct hangup_claim *claim = claim_ending(host, c, &ending);
	host->evidence(claim, HANGUP_PACKET_SYN, HANGUP_CLIENT, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_HANDSHAKE,
	               "{client} opened it", 0, 0);
	host->evidence(claim, ending.role, ending.side, HANGUP_LEVEL_INFERRED, HANGUP_FACT_DURATION,
	               "the {b:side} ended it {a:ns} later, the maximum lifetime it is known to keep", age, ending.side);
	if (host->fact(c, HANGUP_FACT_CLOSE_AGE, HANGUP_CLIENT, &idle) && idle > age / 2)
		host->against(claim, "it had been idle for {a:ns}: an idle limit fits as well", idle, 0);
}

HANGUP_RULE = {
	HANGUP_RULE_ABI,
	.name = "max-lifetime",
	.help = "Connections that are ended at a constant age, however busy they are.",
	.labels = 1u << HANGUP_LABEL_ORDERLY_CLOSE | 1u << HANGUP_LABEL_RST | 1u << HANGUP_LABEL_LOCAL_ABORT,
	.thresholds_count = sizeof thresholds / sizeof thresholds[0],
	.thresholds = thresholds,
	.judge = judge,
};
