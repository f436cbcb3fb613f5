/* Nothing ended it: the capture did, or the capture cannot tell. */
#include <hangup/rule.h>

enum { FLOW, STREAM, LONG, TRIES, TOO_FEW, QUESTIONS };

static const struct hangup_threshold thresholds[] = {
	[FLOW] = {"flow", "s", 1, "data this close to the last packet counts as flowing; our judgement"},
	[STREAM] = {"stream", "packets", 16, "payloads in a row without an answer that make a stream; see missing-fin"},
	[LONG] = {"long", "s", 60, "silence after a flow from which it may well be over; see missing-fin"},
	[TRIES] = {"tries", "packets", 5, "unanswered repetitions from which it is a timeout rather; see retransmit-timeout"},
	[TOO_FEW] = {"too-few", "packets", 3, "up to so many packets without a handshake tell nothing; our judgement"},
	[QUESTIONS] = {"questions", "packets", 3, "questions for a host that make it absent; see retransmit-timeout"},
};

struct open_case {
	const struct hangup_host *host;
	struct hangup_case *c;
};

static int64_t value(const struct open_case *k, enum hangup_fact fact, enum hangup_side side)
{
	return hangup_value(k->host, k->c, fact, side);
}

static int64_t one(const struct open_case *k, enum hangup_fact fact)
{
	return value(k, fact, HANGUP_CLIENT);
}

static int64_t sum(const struct open_case *k, enum hangup_fact fact)
{
	return value(k, fact, HANGUP_CLIENT) + value(k, fact, HANGUP_SERVER);
}

/* --- still open --------------------------------------------------------------------------------------------- */

/* Data near the last packet that is unacknowledged, announced more, or was one of a stream. */
static bool was_flowing(const struct open_case *k, enum hangup_side side)
{
	struct hangup_packet last, data;

	return k->host->packet(k->c, HANGUP_PACKET_LAST, HANGUP_CLIENT, &last) &&
	       k->host->packet(k->c, HANGUP_PACKET_LAST_DATA, side, &data) &&
	       (double)last.time_ns - (double)data.time_ns <= k->host->threshold(k->c, FLOW) * 1e9 &&
	       (value(k, HANGUP_FACT_OUTSTANDING, side) > 0 || value(k, HANGUP_FACT_LAST_DATA_FULL, side) ||
	        (value(k, HANGUP_FACT_LAST_DATA_EVEN, side) &&
	         (double)value(k, HANGUP_FACT_RUN, side) >= k->host->threshold(k->c, STREAM)));
}

static bool flow_broke_off(const struct open_case *k)
{
	return (was_flowing(k, HANGUP_CLIENT) || was_flowing(k, HANGUP_SERVER)) &&
	       one(k, HANGUP_FACT_SILENCE) >= hangup_threshold_ns(k->host, k->c, LONG);
}

static enum hangup_cause openness(const struct open_case *k)
{
	bool recent = one(k, HANGUP_FACT_SILENCE) <= hangup_threshold_ns(k->host, k->c, FLOW);

	if (sum(k, HANGUP_FACT_RETRIES) > 0 || sum(k, HANGUP_FACT_WINDOW_CLOSED) > 0)
		return HANGUP_CAUSE_OPEN_STALLED;
	if (recent && (was_flowing(k, HANGUP_CLIENT) || was_flowing(k, HANGUP_SERVER)))
		return HANGUP_CAUSE_OPEN_ACTIVE;
	return sum(k, HANGUP_FACT_OUTSTANDING) > 0 ? HANGUP_CAUSE_OPEN_STALLED : HANGUP_CAUSE_OPEN_IDLE;
}

static const char *const texts[] = {
	[HANGUP_CAUSE_OPEN_ACTIVE] = "data was still flowing",
	[HANGUP_CAUSE_OPEN_IDLE] = "last packet; nobody had closed, and nobody waited for an answer",
	[HANGUP_CAUSE_OPEN_STALLED] = "last packet; an answer was still awaited",
};

/* One end closed, the other was told, and that was long ago. */
static bool half_closed_long_ago(const struct open_case *k)
{
	return sum(k, HANGUP_FACT_FIN_ACKED) > 0 &&
	       one(k, HANGUP_FACT_SILENCE) >= hangup_threshold_ns(k->host, k->c, LONG);
}

/* The local network says that one of the two hosts is not there any more. */
static bool is_absent(const struct open_case *k)
{
	double questions = k->host->threshold(k->c, QUESTIONS);

	return hangup_is_absent(k->host, k->c, HANGUP_CLIENT, questions) ||
	       hangup_is_absent(k->host, k->c, HANGUP_SERVER, questions);
}

static double strength(const struct open_case *k, enum hangup_cause cause)
{
	if (is_absent(k))
		return 0.4;
	if (one(k, HANGUP_FACT_EVICTED) || flow_broke_off(k) || half_closed_long_ago(k))
		return 0.5;
	if (cause != HANGUP_CAUSE_OPEN_STALLED)
		return 0.88;
	return (double)sum(k, HANGUP_FACT_RETRIES) >= k->host->threshold(k->c, TRIES) ? 0.3 : 0.8;
}

static void claim_open(const struct open_case *k)
{
	enum hangup_cause cause = openness(k);
	struct hangup_claim *claim = k->host->claim(k->c, HANGUP_LABEL_STILL_OPEN, cause, HANGUP_ACTOR_NONE,
	                                            strength(k, cause));

	k->host->evidence(claim, HANGUP_PACKET_LAST, HANGUP_CLIENT, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_SILENCE,
	                  texts[cause], 0, 0);
	if (one(k, HANGUP_FACT_SILENCE) > 0)
		k->host->evidence(claim, HANGUP_PACKET_NONE, HANGUP_CLIENT, HANGUP_LEVEL_UNKNOWABLE, HANGUP_FACT_SILENCE,
		                  "the capture went on for {a:ns} without it: silence alone proves nothing",
		                  one(k, HANGUP_FACT_SILENCE), 0);
	if (one(k, HANGUP_FACT_EVICTED))
		k->host->against(claim, "judged early, because memory for connections was short", 0, 0);
}

/* --- undetermined --------------------------------------------------------------------------------------------- */

static struct hangup_claim *claim_unknown(const struct open_case *k, enum hangup_cause cause, double strength)
{
	return k->host->claim(k->c, HANGUP_LABEL_UNDETERMINED, cause, HANGUP_ACTOR_UNKNOWN, strength);
}

static void claim_one_way(const struct open_case *k)
{
	enum hangup_side seen = value(k, HANGUP_FACT_PACKETS, HANGUP_CLIENT) > 0 ? HANGUP_CLIENT : HANGUP_SERVER;
	struct hangup_claim *claim = claim_unknown(k, HANGUP_CAUSE_UNKNOWN_ONE_WAY, 0.93);

	k->host->evidence(claim, HANGUP_PACKET_LAST_SENT, seen, HANGUP_LEVEL_DERIVED, HANGUP_FACT_ONE_WAY,
	                  "only the {a:side}'s packets were captured, yet they acknowledge the other end's", seen, 0);
	k->host->evidence(claim, HANGUP_PACKET_NONE, seen, HANGUP_LEVEL_UNKNOWABLE, HANGUP_FACT_ONE_WAY,
	                  "a capture of the other direction would settle it", 0, 0);
}

static void claim_capture_loss(const struct open_case *k)
{
	struct hangup_claim *claim = claim_unknown(k, HANGUP_CAUSE_UNKNOWN_CAPTURE_LOSS, 0.85);

	k->host->evidence(claim, HANGUP_PACKET_LAST, HANGUP_CLIENT, HANGUP_LEVEL_DERIVED, HANGUP_FACT_CAPTURE_LOSS,
	                  "last packet; before it, bytes were acknowledged that this capture does not hold", 0, 0);
	k->host->evidence(claim, HANGUP_PACKET_NONE, HANGUP_CLIENT, HANGUP_LEVEL_UNKNOWABLE, HANGUP_FACT_CAPTURE_LOSS,
	                  "the close may be among the lost packets; a capture without loss would settle it", 0, 0);
}

static void claim_too_little(const struct open_case *k)
{
	struct hangup_claim *claim = claim_unknown(k, HANGUP_CAUSE_UNKNOWN_TOO_LITTLE, 0.9);

	k->host->evidence(claim, HANGUP_PACKET_FIRST, HANGUP_CLIENT, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_HANDSHAKE,
	                  "no SYN of a client among its packets, of which there are {a}", sum(k, HANGUP_FACT_PACKETS), 0);
}

/* --- which -------------------------------------------------------------------------------------------------- */

static bool is_closed(const struct open_case *k)
{
	return (value(k, HANGUP_FACT_FINS, HANGUP_CLIENT) > 0 && value(k, HANGUP_FACT_FINS, HANGUP_SERVER) > 0) ||
	       value(k, HANGUP_FACT_RST_ENDED, HANGUP_CLIENT) || value(k, HANGUP_FACT_RST_ENDED, HANGUP_SERVER) ||
	       one(k, HANGUP_FACT_REUSED);
}

/* Scan backscatter, or the last breath of something older: a few packets without a client's SYN. */
static bool is_too_little(const struct open_case *k, bool closed)
{
	int64_t client = value(k, HANGUP_FACT_PACKETS, HANGUP_CLIENT), server = value(k, HANGUP_FACT_PACKETS, HANGUP_SERVER);
	int64_t handshake;

	if (closed && client != 0 && server != 0)
		return false;
	handshake = one(k, HANGUP_FACT_HANDSHAKE);
	if (client == 0 && handshake == 2 && server == value(k, HANGUP_FACT_SYNS, HANGUP_SERVER))
		return true;
	return !(handshake & 1) && (double)(client + server) <= k->host->threshold(k->c, TOO_FEW);
}

static void judge(const struct hangup_host *host, struct hangup_case *c)
{
	const struct open_case k = {.host = host, .c = c};
	const bool closed = is_closed(&k), too_little = is_too_little(&k, closed);

	if (too_little)
		claim_too_little(&k);
	if (closed)
		return;
	if (one(&k, HANGUP_FACT_ONE_WAY) && !too_little)
		claim_one_way(&k);
	else if (one(&k, HANGUP_FACT_CAPTURE_LOSS))
		claim_capture_loss(&k);
	claim_open(&k);
}

HANGUP_RULE = {
	HANGUP_RULE_ABI,
	.name = "open",
	.help = "Still open when the capture ended, or not to be told from this capture.",
	.labels = 1u << HANGUP_LABEL_STILL_OPEN | 1u << HANGUP_LABEL_UNDETERMINED,
	.thresholds_count = sizeof thresholds / sizeof *thresholds,
	.thresholds = thresholds,
	.judge = judge,
};
