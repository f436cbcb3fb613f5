/* State in a box on the path expired while the connection was idle. It shows in one of four ways: nothing gets
 * through any more, the first packet draws a RST, both ends are reset when the timer runs out, or the packets arrive
 * under another port at a host that knows no such connection. An idle time alone proves nothing. */
#include <hangup/rule.h>

enum { IDLE, RETRIES, RETRIES_GOING_ON, PAIR, ALIEN, NEAR, QUESTIONS };

static const struct hangup_threshold thresholds[] = {
	[IDLE] = {"idle", "s", 30,
	          "least idle time: the shortest established-state timers in the field are 30 to 60 s (docs/idle-timers.md)"},
	[RETRIES] = {"retries", "packets", 3, "unanswered repetitions after the idle time that count as nothing getting through; our judgement"},
	[RETRIES_GOING_ON] = {"retries-going-on", "packets", 5,
	                      "the same when the capture ended before the next was due; see retransmit-timeout"},
	[PAIR] = {"pair", "s", 1, "RSTs to both ends within this are one decision; our judgement, a box sends them together"},
	[ALIEN] = {"alien", "percent", 40, "less than elsewhere, the idle time being a sign of its own: how little a RST must resemble its sender's packets to be a box's (weights in docs/tracking.md)"},
	[NEAR] = {"near", "ratio", 0.5, "a RST sooner than this share of the round trip did not come from the far end; our judgement"},
	[QUESTIONS] = {"questions", "packets", 3, "questions for a host that make it absent; see retransmit-timeout"},
};

struct idle {
	const struct hangup_host *host;
	struct hangup_case *c;
	int64_t idle_ns;
	enum hangup_side speaker; /* who spoke first after it */
};

static int64_t value(const struct idle *k, enum hangup_fact fact, enum hangup_side side)
{
	return hangup_value(k->host, k->c, fact, side);
}

static int64_t one(const struct idle *k, enum hangup_fact fact)
{
	return value(k, fact, HANGUP_CLIENT);
}

/* --- what other connections say ---------------------------------------------------------------------------- */

/* The end that was spoken to after the idle time is not there: no box has to have forgotten anything. */
static bool is_absent(const struct idle *k)
{
	return hangup_is_absent(k->host, k->c, hangup_other(k->speaker), k->host->threshold(k->c, QUESTIONS));
}

/* The server goes on answering others: it did not die meanwhile. Its silence to everybody says the opposite, and so does
 * the local network's. */
static double weigh_context(const struct idle *k, double strength)
{
	if (is_absent(k))
		return strength * 0.4;
	if (one(k, HANGUP_FACT_SERVER_GONE_LATER))
		return strength * 0.5;
	if (one(k, HANGUP_FACT_CLIENT_RECONNECTED) || one(k, HANGUP_FACT_SERVER_ANSWERED_LATER))
		return strength + (1 - strength) * 0.5;
	return strength;
}

/* Survivors and casualties on the same server have the timer between them. */
static void show_bracket(const struct idle *k, struct hangup_claim *claim)
{
	int64_t survived = one(k, HANGUP_FACT_IDLE_SURVIVED), killed = one(k, HANGUP_FACT_IDLE_KILLED);

	if (survived > 0 && killed > survived)
		k->host->evidence(claim, HANGUP_PACKET_NONE, HANGUP_CLIENT, HANGUP_LEVEL_DERIVED, HANGUP_FACT_IDLE_SURVIVED,
		                  "others to {server} survived {a:ns} without traffic, and none survived {b:ns}: the timer lies between",
		                  survived, killed);
}

static void show_context(const struct idle *k, struct hangup_claim *claim)
{
	if (one(k, HANGUP_FACT_CLIENT_RECONNECTED))
		k->host->evidence(claim, HANGUP_PACKET_NONE, HANGUP_CLIENT, HANGUP_LEVEL_DERIVED,
		                  HANGUP_FACT_CLIENT_RECONNECTED, "the same client connected to {server} again, and was answered",
		                  0, 0);
	else if (one(k, HANGUP_FACT_SERVER_ANSWERED_LATER))
		k->host->evidence(claim, HANGUP_PACKET_NONE, HANGUP_CLIENT, HANGUP_LEVEL_DERIVED,
		                  HANGUP_FACT_SERVER_ANSWERED_LATER, "{server} went on answering others", 0, 0);
	show_bracket(k, claim);
	if (is_absent(k))
		k->host->against(claim, "the local network says that the {a:side}'s host is not there any more",
		                 hangup_other(k->speaker), 0);
	k->host->against(claim, "the far host or the path may have died or rebooted meanwhile", 0, 0);
}

static struct hangup_claim *claim(const struct idle *k, enum hangup_cause cause, double strength)
{
	struct hangup_claim *made = k->host->claim(k->c, HANGUP_LABEL_MIDDLEBOX_IDLE_DROP, cause, HANGUP_ACTOR_MIDDLEBOX,
	                                           weigh_context(k, strength));

	k->host->evidence(made, HANGUP_PACKET_IDLE_BEFORE, HANGUP_CLIENT, HANGUP_LEVEL_OBSERVED,
	                  HANGUP_FACT_IDLE_BEFORE_END, "last packet before {a:ns} without any", k->idle_ns, 0);
	return made;
}

static void show_speaker(const struct idle *k, struct hangup_claim *made)
{
	k->host->evidence(made, HANGUP_PACKET_IDLE_AFTER, HANGUP_CLIENT, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_IDLE_SPEAKER,
	                  "the {a:side} spoke first after it", k->speaker, 0);
}

/* --- silent ------------------------------------------------------------------------------------------------ */

/* The next repetition was due (RFC 6298 doubles the wait), so the speaker had given up; or it reset. */
static bool is_overdue(const struct idle *k)
{
	return value(k, HANGUP_FACT_RST_ENDED, k->speaker) ||
	       (double)one(k, HANGUP_FACT_SILENCE) > 2.0 * (double)value(k, HANGUP_FACT_RETRY_GAP, k->speaker);
}

static void judge_silent(const struct idle *k)
{
	int64_t retries = value(k, HANGUP_FACT_RETRIES, k->speaker);
	int64_t kind = value(k, HANGUP_FACT_RETRY_KIND, k->speaker);
	struct hangup_claim *made;

	/* Keepalives that nobody answers are a timeout of their own. */
	if ((double)retries < k->host->threshold(k->c, is_overdue(k) ? RETRIES : RETRIES_GOING_ON) ||
	    (kind != HANGUP_RETRY_DATA && kind != HANGUP_RETRY_FIN))
		return;
	made = claim(k, HANGUP_CAUSE_IDLE_SILENT, 0.86);
	show_speaker(k, made);
	k->host->evidence(made, HANGUP_PACKET_RETRY_FIRST, k->speaker, HANGUP_LEVEL_DERIVED, HANGUP_FACT_RETRIES,
	                  "sent again {a} times, over {b:ns}, and nothing came back", retries,
	                  value(k, HANGUP_FACT_RETRY_SPAN, k->speaker));
	show_context(k, made);
}

/* --- resets -------------------------------------------------------------------------------------------------- */

static bool is_alien(const struct idle *k, enum hangup_side side)
{
	return (double)value(k, HANGUP_FACT_RST_ALIEN, side) >= k->host->threshold(k->c, ALIEN);
}

/* What in the RST points away from the end in whose name it came. */
static void show_alien(const struct idle *k, struct hangup_claim *made, enum hangup_side side)
{
	int64_t ttl_delta = value(k, HANGUP_FACT_RST_TTL_DELTA, side);

	if (ttl_delta != 0)
		k->host->evidence(made, HANGUP_PACKET_RST, side, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_RST_TTL_DELTA,
		                  "its TTL differs by {a} from the {b:side}'s other packets", ttl_delta, side);
	if (value(k, HANGUP_FACT_RST_TEXT, side))
		k->host->evidence(made, HANGUP_PACKET_RST, side, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_RST_TEXT,
		                  "the RST carries a reason in its payload", 0, 0);
}

/* The packet after the idle time is the RST itself: nobody had asked. */
static bool is_unsolicited(const struct idle *k, enum hangup_side side)
{
	struct hangup_packet after, rst;

	return k->host->packet(k->c, HANGUP_PACKET_IDLE_AFTER, HANGUP_CLIENT, &after) &&
	       k->host->packet(k->c, HANGUP_PACKET_RST, side, &rst) && after.number == rst.number;
}

static bool both_reset(const struct idle *k)
{
	int64_t gap;

	return k->host->fact(k->c, HANGUP_FACT_RST_PAIR_GAP, HANGUP_CLIENT, &gap) &&
	       gap <= hangup_threshold_ns(k->host, k->c, PAIR);
}

static void judge_expiry(const struct idle *k)
{
	enum hangup_side side = k->speaker;
	bool both = both_reset(k), alien = is_alien(k, side) || value(k, HANGUP_FACT_RST_TEXT, side);
	struct hangup_claim *made;

	/* A RST with its sender's own habits at the end of an idle time is that program's idle limit. */
	if (!both && !alien)
		return;
	made = claim(k, HANGUP_CAUSE_IDLE_RST_BOTH, both && alien ? 0.95 : 0.85);
	k->host->evidence(made, HANGUP_PACKET_RST, side, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_RST_FIRST,
	                  "RST in the {a:side}'s name, unasked, at the end of the idle time", side, 0);
	if (both)
		k->host->evidence(made, HANGUP_PACKET_RST, hangup_other(side), HANGUP_LEVEL_OBSERVED,
		                  HANGUP_FACT_RST_PAIR_GAP, "and one in the other end's name {a:ns} apart: no end resets itself",
		                  one(k, HANGUP_FACT_RST_PAIR_GAP), 0);
	show_alien(k, made, side);
	k->host->against(made, "the {a:side}'s program may have an idle limit of its own", side, 0);
}

/* Sooner than the far end could have answered. */
static bool came_from_near(const struct idle *k, enum hangup_side side)
{
	int64_t delay = value(k, HANGUP_FACT_RST_DELAY, side), rtt = value(k, HANGUP_FACT_RTT, side);

	return rtt > 0 && (double)delay < (double)rtt * k->host->threshold(k->c, NEAR);
}

/* The speaker's packet drew a RST in the other's name: of a box, when it looks like one; else of the far host, which
 * knows no such connection because the packet reached it under another port, or because it lost its state. */
static void judge_late(const struct idle *k)
{
	enum hangup_side by = hangup_other(k->speaker);
	bool boxes = is_alien(k, by) || came_from_near(k, by) || value(k, HANGUP_FACT_RST_TTL_DELTA, by) != 0;
	struct hangup_claim *made = claim(k, boxes ? HANGUP_CAUSE_IDLE_RST_LATE : HANGUP_CAUSE_IDLE_REBOUND,
	                                  boxes ? 0.93 : 0.7);

	show_speaker(k, made);
	k->host->evidence(made, HANGUP_PACKET_RST, by, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_RST_DELAY,
	                  "answered by a RST in the {a:side}'s name {b:ns} later", by,
	                  value(k, HANGUP_FACT_RST_DELAY, by));
	show_alien(k, made, by);
	show_context(k, made);
}

static void judge_reset(const struct idle *k)
{
	enum hangup_side by = hangup_other(k->speaker);

	if (value(k, HANGUP_FACT_RST_ENDED, k->speaker) && is_unsolicited(k, k->speaker))
		judge_expiry(k);
	else if (value(k, HANGUP_FACT_RST_KIND, by) == HANGUP_RESET_STRAY)
		judge_late(k);
}

static void judge(const struct hangup_host *host, struct hangup_case *c)
{
	struct idle k = {.host = host, .c = c};

	k.idle_ns = one(&k, HANGUP_FACT_IDLE_BEFORE_END);
	if (k.idle_ns < hangup_threshold_ns(host, c, IDLE))
		return;
	k.speaker = (enum hangup_side)one(&k, HANGUP_FACT_IDLE_SPEAKER);
	if (value(&k, HANGUP_FACT_RSTS, HANGUP_CLIENT) + value(&k, HANGUP_FACT_RSTS, HANGUP_SERVER) > 0)
		judge_reset(&k);
	judge_silent(&k);
}

HANGUP_RULE = {
	HANGUP_RULE_ABI,
	.name = "middlebox-idle-drop",
	.help = "A firewall, NAT or load balancer forgot the connection while it was idle.",
	.labels = 1u << HANGUP_LABEL_MIDDLEBOX_IDLE_DROP,
	.thresholds_count = sizeof thresholds / sizeof *thresholds,
	.thresholds = thresholds,
	.judge = judge,
};
