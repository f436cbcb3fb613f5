/* A RST from the other end, from either end seen from outside, or from a box in between that speaks in an end's name.
 * The numbers and states say what it did (fact rst_kind); its looks say whose it is. */
#include <hangup/rule.h>

enum { RETRIES, IDLE, PAIR, ALIEN, ALIEN_PAIR, REFUSAL_TTL };

static const struct hangup_threshold thresholds[] = {
	[RETRIES] = {"retries", "packets", 3, "unanswered repetitions before the RST that make it a timeout instead: the fewest of a stack in use (see retransmit-timeout)"},
	[IDLE] = {"idle", "s", 30, "idle time before it from which an expired timer explains it as well"},
	[PAIR] = {"pair", "s", 1, "RSTs to both ends within this are one decision; our judgement, a box sends them together"},
	[ALIEN] = {"alien", "percent", 50,
	           "how little a RST must resemble its sender's packets to be a box's (Weaver et al., NDSS 2009)"},
	[ALIEN_PAIR] = {"alien-pair", "percent", 40,
	                "the same beside another sign: both ends reset at once, or an idle time"},
	[REFUSAL_TTL] = {"refusal-ttl", "hops", 2, "difference of TTL to the server's other answers that names a firewall: a path may change by one hop"},
};

static const struct reading {
	bool applies;
	enum hangup_cause cause;
	double strength;
	const char *text;
	const char *against;
} readings[HANGUP_RESET_COUNT] = {
	[HANGUP_RESET_REFUSES] = {true, HANGUP_CAUSE_REFUSED, 0.95, "the {a:side} refused the SYN with a RST",
	                          "a firewall that refuses in the server's name looks the same"},
	[HANGUP_RESET_CANCELS] = {true, HANGUP_CAUSE_CONNECT_CANCELLED, 0.92,
	                          "the {a:side} took its connect back before it was complete", "a scan looks the same"},
	[HANGUP_RESET_LATE_DATA] = {true, HANGUP_CAUSE_LATE_DATA, 0.93,
	                            "the {a:side} had closed, and answered what still came with a RST",
	                            "closing with data unread looks the same on stacks that send FIN first (FreeBSD)"},
	[HANGUP_RESET_AFTER_OWN_FIN] = {true, HANGUP_CAUSE_ABORT_AFTER_FIN, 0.9,
	                                "the {a:side} had sent FIN and then aborted before the other end closed",
	                                "data lost before the capture point may have met the closed end"},
	[HANGUP_RESET_UNUSED] = {true, HANGUP_CAUSE_PROBE, 0.85,
	                         "the {a:side} reset it after the handshake, without a byte sent",
	                         "a program that failed right after connecting looks the same"},
	[HANGUP_RESET_STRAY] = {true, HANGUP_CAUSE_NO_SUCH_CONNECTION, 0.86,
	                        "the {a:side} answered the packet with a bare RST: it knows no such connection",
	                        "a firewall on the way or on that host that rejects looks the same"},
	[HANGUP_RESET_UNREAD] = {true, HANGUP_CAUSE_UNREAD_DATA, 0.8,
	                         "the {a:side} closed with a RST, {b:bytes} after it had last said something",
	                         "an abort by the program (SO_LINGER 0) after reading looks the same"},
	[HANGUP_RESET_ABORTS] = {true, HANGUP_CAUSE_APP_ABORT, 0.88,
	                         "the {a:side} aborted with a RST of its own (ACK set, nothing asked for it)",
	                         "its death with data unread that was lost on the way here looks the same"},
};

struct reset_case {
	const struct hangup_host *host;
	struct hangup_case *c;
	enum hangup_side side; /* in whose name the RST came */
	enum hangup_reset kind;
	bool alien, refusal_alien; /* it does not look like that end's */
	bool after_idle;
};

static int64_t own(const struct reset_case *k, enum hangup_fact fact)
{
	return hangup_value(k->host, k->c, fact, k->side);
}

static int64_t others(const struct reset_case *k, enum hangup_fact fact)
{
	return hangup_value(k->host, k->c, fact, hangup_other(k->side));
}

static int64_t one(const struct reset_case *k, enum hangup_fact fact)
{
	return hangup_value(k->host, k->c, fact, HANGUP_CLIENT);
}

/* --- whose is it ------------------------------------------------------------------------------------------- */

static bool both_reset_at_once(const struct reset_case *k)
{
	int64_t gap;

	return k->host->fact(k->c, HANGUP_FACT_RST_PAIR_GAP, HANGUP_CLIENT, &gap) &&
	       gap <= hangup_threshold_ns(k->host, k->c, PAIR) && others(k, HANGUP_FACT_RST_ACTIVE) &&
	       own(k, HANGUP_FACT_RST_ACTIVE);
}

static bool is_alien(const struct reset_case *k)
{
	return (double)own(k, HANGUP_FACT_RST_ALIEN) >= k->host->threshold(k->c, both_reset_at_once(k) ? ALIEN_PAIR : ALIEN);
}

/* The server's answers on other connections had come another way. */
static bool refusal_is_alien(const struct reset_case *k)
{
	int64_t delta = own(k, HANGUP_FACT_RST_TTL_DELTA);

	return k->kind == HANGUP_RESET_REFUSES &&
	       (double)(delta < 0 ? -delta : delta) >= k->host->threshold(k->c, REFUSAL_TTL);
}

static bool after_idle(const struct reset_case *k)
{
	return one(k, HANGUP_FACT_IDLE_BEFORE_END) >= hangup_threshold_ns(k->host, k->c, IDLE);
}

/* One sign alone names no box; after an idle time it is not alone. */
static bool is_odd(const struct reset_case *k)
{
	return (double)own(k, HANGUP_FACT_RST_ALIEN) >= k->host->threshold(k->c, ALIEN_PAIR);
}

static double doubt(const struct reset_case *k)
{
	int64_t retries = own(k, HANGUP_FACT_RETRIES);

	if ((double)retries >= k->host->threshold(k->c, RETRIES))
		return 0.2;
	if (retries > 0 && own(k, HANGUP_FACT_RST_ACTIVE))
		return 0.8;
	if ((k->alien && k->kind != HANGUP_RESET_CANCELS) || k->refusal_alien)
		return 0.4;
	if (k->after_idle && (k->kind == HANGUP_RESET_STRAY || both_reset_at_once(k) || is_odd(k)))
		return one(k, HANGUP_FACT_SERVER_GONE_LATER) ? 1 : 0.6;
	return 1;
}

/* --- an end's own RST ---------------------------------------------------------------------------------------- */

/* Behind the FIN, or before it as captured, when the two crossed further on. */
static void show_late_data(const struct reset_case *k, struct hangup_claim *claim)
{
	enum hangup_side other = hangup_other(k->side);
	int64_t after = others(k, HANGUP_FACT_DATA_AFTER_FIN);

	if (after > 0)
		k->host->evidence(claim, HANGUP_PACKET_DATA_AFTER_FIN, other, HANGUP_LEVEL_OBSERVED,
		                  HANGUP_FACT_DATA_AFTER_FIN, "{b:bytes} of the {a:side} after that FIN", other, after);
	else
		k->host->evidence(claim, HANGUP_PACKET_LAST_DATA, other, HANGUP_LEVEL_DERIVED, HANGUP_FACT_OUTSTANDING,
		                  "{b:bytes} of the {a:side}, sent before it knew of the FIN: the two crossed", other,
		                  others(k, HANGUP_FACT_OUTSTANDING));
}

/* A few repetitions without an answer before the RST: too few for a timeout of the stack, enough for a program's. */
static void show_impatience(const struct reset_case *k, struct hangup_claim *claim)
{
	int64_t retries = own(k, HANGUP_FACT_RETRIES);

	if (retries == 0)
		return;
	k->host->evidence(claim, HANGUP_PACKET_RETRY_LAST, k->side, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_RETRIES,
	                  "before that the {a:side} had repeated itself {b} times without an answer", k->side, retries);
	k->host->against(claim, "the path may have failed first, and the program lost patience", 0, 0);
}

static void show_cause(const struct reset_case *k, struct hangup_claim *claim)
{
	const struct hangup_host *h = k->host;
	enum hangup_side other = hangup_other(k->side);

	h->evidence(claim, HANGUP_PACKET_RST, k->side, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_RST_KIND,
	            readings[k->kind].text, k->side, own(k, HANGUP_FACT_UNREPLIED));
	if (k->kind == HANGUP_RESET_LATE_DATA)
		show_late_data(k, claim);
	if (k->kind == HANGUP_RESET_LATE_DATA || k->kind == HANGUP_RESET_AFTER_OWN_FIN)
		h->evidence(claim, HANGUP_PACKET_FIN, k->side, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_FINS, "FIN of the {a:side}",
		            k->side, 0);
	if (k->kind == HANGUP_RESET_REFUSES || k->kind == HANGUP_RESET_STRAY)
		h->evidence(claim, HANGUP_PACKET_TRIGGER, other, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_RST_DELAY,
		            "the packet it answers, {a:ns} before", own(k, HANGUP_FACT_RST_DELAY), 0);
	if (k->kind == HANGUP_RESET_UNREAD)
		h->evidence(claim, HANGUP_PACKET_LAST_DATA, other, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_UNREPLIED,
		            "the last data it received", 0, 0);
	show_impatience(k, claim);
	h->against(claim, readings[k->kind].against, 0, 0);
}

static void claim_end(const struct reset_case *k)
{
	enum hangup_cause cause = readings[k->kind].cause;
	struct hangup_claim *claim;

	/* A RST on the capturing host's own account is local-abort's; a refusal is the same from everywhere. */
	if (!readings[k->kind].applies ||
	    (hangup_captured_at(k->host, k->c, k->side) && k->kind != HANGUP_RESET_REFUSES))
		return;
	/* Only the end that connects probes; a server that resets an unused connection closed its listener. */
	if (k->kind == HANGUP_RESET_UNUSED && k->side == HANGUP_SERVER)
		cause = HANGUP_CAUSE_APP_ABORT;
	claim = k->host->claim(k->c, HANGUP_LABEL_RST, cause, hangup_actor_of(k->side),
	                       readings[k->kind].strength * doubt(k));
	show_cause(k, claim);
}

/* --- a box's RST --------------------------------------------------------------------------------------------- */

static void show_alien(const struct reset_case *k, struct hangup_claim *claim)
{
	int64_t ttl_delta = own(k, HANGUP_FACT_RST_TTL_DELTA);

	k->host->evidence(claim, HANGUP_PACKET_RST, k->side, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_RSTS,
	                  "RST in the {a:side}'s name", k->side, 0);
	if (ttl_delta != 0)
		k->host->evidence(claim, HANGUP_PACKET_RST, k->side, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_RST_TTL_DELTA,
		                  "its TTL differs by {a} from the {b:side}'s other packets", ttl_delta, k->side);
	if (own(k, HANGUP_FACT_SPOKE_AFTER_RST) > 0)
		k->host->evidence(claim, HANGUP_PACKET_AFTER_RST, k->side, HANGUP_LEVEL_OBSERVED,
		                  HANGUP_FACT_SPOKE_AFTER_RST, "the {a:side} went on as if it had never sent it", k->side, 0);
	k->host->against(claim, "a load balancer that owns the address may look like another host", 0, 0);
}

/* A box on the way is nearer than the end. */
static bool answers_at_once(const struct reset_case *k)
{
	int64_t delay, rtt;

	return !k->host->fact(k->c, HANGUP_FACT_RST_DELAY, k->side, &delay) ||
	       !k->host->fact(k->c, HANGUP_FACT_RTT, k->side, &rtt) || delay <= rtt;
}

/* A rejection answers a packet that a rule does not let pass; an injection comes of its own accord. */
static void claim_box(const struct reset_case *k)
{
	bool answers = k->kind == HANGUP_RESET_STRAY && own(k, HANGUP_FACT_RST_REACTIVE) && answers_at_once(k) &&
	               !own(k, HANGUP_FACT_RSTS_REJECTED);
	double strength = k->after_idle ? 0.5 : 0.92;

	if (k->refusal_alien || (k->alien && answers))
		show_alien(k, k->host->claim(k->c, HANGUP_LABEL_RST, HANGUP_CAUSE_REJECTED, HANGUP_ACTOR_MIDDLEBOX,
		                             strength));
	if (k->alien)
		show_alien(k, k->host->claim(k->c, HANGUP_LABEL_RST, HANGUP_CAUSE_INJECTED, HANGUP_ACTOR_MIDDLEBOX,
		                             answers ? strength * 0.8 : strength));
}

/* A scanner's kernel answers in another voice than the scanner. */
static void judge_box(const struct reset_case *k)
{
	if ((k->alien || k->refusal_alien) && k->kind != HANGUP_RESET_CANCELS)
		claim_box(k);
}

/* --- ICMP that refuses a SYN ---------------------------------------------------------------------------------- */

enum { ICMP4_UNREACHABLE = 3, ICMP4_FRAGMENTATION_NEEDED = 4, ICMP6_UNREACHABLE = 1 };

static bool refuses(int64_t icmp)
{
	int64_t type = icmp / 256, code = icmp % 256;

	return (type == ICMP4_UNREACHABLE && code != ICMP4_FRAGMENTATION_NEEDED) || type == ICMP6_UNREACHABLE;
}

/* Before the handshake a hard error ends the connect (RFC 5461); after it, it ends nothing. */
static void judge_icmp(const struct hangup_host *host, struct hangup_case *c)
{
	struct hangup_claim *claim;
	int64_t icmp, from_peer;

	if (!host->fact(c, HANGUP_FACT_ICMP_ERROR, HANGUP_CLIENT, &icmp) || !refuses(icmp) ||
	    hangup_value(host, c, HANGUP_FACT_PACKETS, HANGUP_SERVER) > 0)
		return;
	from_peer = hangup_value(host, c, HANGUP_FACT_ICMP_FROM_PEER, HANGUP_CLIENT);
	claim = host->claim(c, HANGUP_LABEL_RST, HANGUP_CAUSE_REJECTED,
	                    from_peer ? HANGUP_ACTOR_SERVER : HANGUP_ACTOR_MIDDLEBOX, 0.94);
	host->evidence(claim, HANGUP_PACKET_ICMP, HANGUP_CLIENT, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_ICMP_ERROR,
	               "ICMP unreachable (type {a}, code {b}) answers the SYN", icmp / 256, icmp % 256);
}

/* --- the rule -------------------------------------------------------------------------------------------------- */

/* A RST without anything before it is no connection: backscatter, or the end of one that was not captured. */
static bool is_alone(const struct reset_case *k)
{
	return others(k, HANGUP_FACT_PACKETS) == 0;
}

static void judge_reset(struct reset_case *k)
{
	k->alien = is_alien(k);
	k->refusal_alien = refusal_is_alien(k);
	k->after_idle = after_idle(k);
	claim_end(k);
	judge_box(k);
}

static void judge(const struct hangup_host *host, struct hangup_case *c)
{
	for (enum hangup_side side = HANGUP_CLIENT; side <= HANGUP_SERVER; side++) {
		struct reset_case k = {.host = host, .c = c, .side = side};

		k.kind = (enum hangup_reset)own(&k, HANGUP_FACT_RST_KIND);
		if (k.kind == HANGUP_RESET_NONE || k.kind == HANGUP_RESET_AFTER_CLOSE || is_alone(&k) ||
		    !own(&k, HANGUP_FACT_RST_FIRST))
			continue;
		judge_reset(&k);
	}
	judge_icmp(host, c);
}

HANGUP_RULE = {
	HANGUP_RULE_ABI,
	.name = "rst",
	.help = "A RST of the other end, of either end seen from outside, or of a box in an end's name.",
	.labels = 1u << HANGUP_LABEL_RST,
	.thresholds_count = sizeof thresholds / sizeof *thresholds,
	.thresholds = thresholds,
	.judge = judge,
};
