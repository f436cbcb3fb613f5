/* The capturing host's own stack sent the RST, and no timeout explains it: its program decided, or died, or an
 * earlier close left nobody to take the data. */
#include <hangup/rule.h>

enum { RETRIES, IDLE, ALIEN };

static const struct hangup_threshold thresholds[] = {
	[RETRIES] = {"retries", "packets", 3, "unanswered repetitions before the RST that make it a timeout instead: the fewest of a stack in use (see retransmit-timeout)"},
	[IDLE] = {"idle", "s", 30, "idle time before it from which an expired timer explains a stray packet as well"},
	[ALIEN] = {"alien", "percent", 50, "how little a RST must resemble its sender's packets to be somebody else's (weights in docs/tracking.md)"},
};

/* What the RST did, and what that makes of it here. */
static const struct reading {
	bool applies;
	enum hangup_cause cause;
	double strength;
	const char *text;
	const char *against;
} readings[HANGUP_RESET_COUNT] = {
	[HANGUP_RESET_CANCELS] = {true, HANGUP_CAUSE_CONNECT_CANCELLED, 0.92,
	                          "this host's {a:side} took its connect back before it was complete",
	                          "a scan looks the same"},
	[HANGUP_RESET_LATE_DATA] = {true, HANGUP_CAUSE_LATE_DATA, 0.93,
	                            "this host answered what still came: its {a:side} had closed",
	                            "closing with data unread looks the same on stacks that send FIN first (FreeBSD)"},
	[HANGUP_RESET_AFTER_OWN_FIN] = {true, HANGUP_CAUSE_ABORT_AFTER_FIN, 0.9,
	                                "this host's {a:side} had sent FIN and then aborted before the other end closed",
	                                "data it never reported may have met the closed end"},
	[HANGUP_RESET_UNUSED] = {true, HANGUP_CAUSE_PROBE, 0.85,
	                         "this host's {a:side} reset it after the handshake, without a byte sent",
	                         "a program that failed right after connecting looks the same"},
	[HANGUP_RESET_STRAY] = {true, HANGUP_CAUSE_NO_SUCH_CONNECTION, 0.88,
	                        "this host answered the packet with a bare RST: it knows no such connection",
	                        "a local firewall that rejects looks the same but for the checksum"},
	[HANGUP_RESET_UNREAD] = {true, HANGUP_CAUSE_UNREAD_DATA, 0.8,
	                         "this host's {a:side} closed with a RST, {b:bytes} after it had last said something",
	                         "an abort by the program (SO_LINGER 0) after reading looks the same"},
	[HANGUP_RESET_ABORTS] = {true, HANGUP_CAUSE_APP_ABORT, 0.88,
	                         "this host's {a:side} aborted with a RST of its own (ACK set, nothing asked for it)",
	                         "antivirus or a local firewall may have done it in the program's name"},
};

struct abort_case {
	const struct hangup_host *host;
	struct hangup_case *c;
	enum hangup_side side;
};

static int64_t own(const struct abort_case *k, enum hangup_fact fact)
{
	return hangup_value(k->host, k->c, fact, k->side);
}

static int64_t others(const struct abort_case *k, enum hangup_fact fact)
{
	return hangup_value(k->host, k->c, fact, hangup_other(k->side));
}

static double doubt(const struct abort_case *k, enum hangup_reset kind)
{
	int64_t idle = hangup_value(k->host, k->c, HANGUP_FACT_IDLE_BEFORE_END, HANGUP_CLIENT);

	if ((double)own(k, HANGUP_FACT_RETRIES) >= k->host->threshold(k->c, RETRIES))
		return 0.2;
	if (own(k, HANGUP_FACT_RETRIES) > 0 && own(k, HANGUP_FACT_RST_ACTIVE))
		return 0.8;
	if ((double)own(k, HANGUP_FACT_RST_ALIEN) >= k->host->threshold(k->c, ALIEN))
		return 0.4;
	if (kind == HANGUP_RESET_STRAY && idle >= hangup_threshold_ns(k->host, k->c, IDLE))
		return 0.7;
	return 1;
}

/* Behind the FIN, or before it as captured, when the two crossed further on. */
static void show_late_data(const struct abort_case *k, struct hangup_claim *claim)
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
static void show_impatience(const struct abort_case *k, struct hangup_claim *claim)
{
	int64_t retries = own(k, HANGUP_FACT_RETRIES);

	if (retries == 0)
		return;
	k->host->evidence(claim, HANGUP_PACKET_RETRY_LAST, k->side, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_RETRIES,
	                  "before that the {a:side} had repeated itself {b} times without an answer", k->side, retries);
	k->host->against(claim, "the path may have failed first, and the program lost patience", 0, 0);
}

static void show_cause(const struct abort_case *k, struct hangup_claim *claim, enum hangup_reset kind)
{
	const struct hangup_host *h = k->host;
	enum hangup_side other = hangup_other(k->side);

	h->evidence(claim, HANGUP_PACKET_RST, k->side, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_RST_KIND, readings[kind].text,
	            k->side, own(k, HANGUP_FACT_UNREPLIED));
	if (kind == HANGUP_RESET_LATE_DATA)
		show_late_data(k, claim);
	if (kind == HANGUP_RESET_LATE_DATA || kind == HANGUP_RESET_AFTER_OWN_FIN)
		h->evidence(claim, HANGUP_PACKET_FIN, k->side, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_FINS, "FIN of the {a:side}",
		            k->side, 0);
	if (kind == HANGUP_RESET_STRAY)
		h->evidence(claim, HANGUP_PACKET_TRIGGER, other, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_RST_REACTIVE,
		            "the packet it answers", 0, 0);
	if (kind == HANGUP_RESET_UNREAD)
		h->evidence(claim, HANGUP_PACKET_LAST_DATA, other, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_UNREPLIED,
		            "the last data it received", 0, 0);
	show_impatience(k, claim);
	h->against(claim, readings[kind].against, 0, 0);
}

static void judge_side(const struct abort_case *k)
{
	enum hangup_reset kind = (enum hangup_reset)own(k, HANGUP_FACT_RST_KIND);
	enum hangup_cause cause = readings[kind].cause;
	struct hangup_claim *claim;

	if (!readings[kind].applies || !own(k, HANGUP_FACT_RST_FIRST))
		return;
	/* Only the end that connects probes; a server that resets an unused connection closed its listener. */
	if (kind == HANGUP_RESET_UNUSED && k->side == HANGUP_SERVER)
		cause = HANGUP_CAUSE_APP_ABORT;
	claim = k->host->claim(k->c, HANGUP_LABEL_LOCAL_ABORT, cause, hangup_actor_of(k->side),
	                       readings[kind].strength * doubt(k, kind));
	show_cause(k, claim, kind);
}

static void judge(const struct hangup_host *host, struct hangup_case *c)
{
	int64_t vantage = hangup_value(host, c, HANGUP_FACT_VANTAGE, HANGUP_CLIENT);

	if (vantage == HANGUP_VANTAGE_CLIENT)
		judge_side(&(struct abort_case){.host = host, .c = c, .side = HANGUP_CLIENT});
	else if (vantage == HANGUP_VANTAGE_SERVER)
		judge_side(&(struct abort_case){.host = host, .c = c, .side = HANGUP_SERVER});
}

HANGUP_RULE = {
	HANGUP_RULE_ABI,
	.name = "local-abort",
	.help = "The host where the capture was taken reset the connection itself, and no timeout explains it.",
	.labels = 1u << HANGUP_LABEL_LOCAL_ABORT,
	.thresholds_count = sizeof thresholds / sizeof *thresholds,
	.thresholds = thresholds,
	.judge = judge,
};
