/* Connections that are over though a FIN never came, with no RST and no exhausted retransmission to explain it. */
#include <hangup/rule.h>

enum { HALF_CLOSED_SILENCE, VANISHED_SILENCE, VANISHED_RATIO, VANISHED_PACKETS, STREAM, FLOW, RETRIES, QUESTIONS };

static const struct hangup_threshold thresholds[] = {
	[HALF_CLOSED_SILENCE] = {"half-closed-silence", "s", 60,
	                         "silence after one FIN; Linux forgets a closed half after 60 s (tcp_fin_timeout)"},
	[VANISHED_SILENCE] = {"vanished-silence", "s", 60, "least silence after a conversation in full flow (docs/labels.md)"},
	[VANISHED_RATIO] = {"vanished-ratio", "times", 20, "silence against the longest pause before it; our judgement"},
	[VANISHED_PACKETS] = {"vanished-packets", "packets", 20, "fewer packets are no flow to speak of; our judgement"},
	[STREAM] = {"stream", "packets", 16, "payloads in a row without an answer that make a stream; our judgement"},
	[FLOW] = {"flow", "s", 1, "data this close to the last packet counts as flowing; our judgement"},
	[RETRIES] = {"retries", "packets", 5, "repetitions without an answer that make it a timeout instead"},
	[QUESTIONS] = {"questions", "packets", 3, "questions for a host that make it absent; see retransmit-timeout"},
};

struct end {
	const struct hangup_host *host;
	struct hangup_case *c;
};

static int64_t value(const struct end *k, enum hangup_fact fact, enum hangup_side side)
{
	return hangup_value(k->host, k->c, fact, side);
}

static int64_t one(const struct end *k, enum hangup_fact fact)
{
	return value(k, fact, HANGUP_CLIENT);
}

/* Something else explains the end: a RST, or a sender that gave up. */
static bool explained(const struct end *k)
{
	for (enum hangup_side side = HANGUP_CLIENT; side <= HANGUP_SERVER; side++)
		if (value(k, HANGUP_FACT_RST_ENDED, side) ||
		    (double)value(k, HANGUP_FACT_RETRIES, side) >= k->host->threshold(k->c, RETRIES))
			return true;
	return false;
}

static bool closed(const struct end *k, enum hangup_side side)
{
	return value(k, HANGUP_FACT_FINS, side) > 0;
}

/* --- reused --------------------------------------------------------------------------------------------- */

static void judge_reused(const struct end *k)
{
	struct hangup_claim *claim;

	/* A SYN that was never answered and then tried anew is no connection that lost its FIN. */
	if (!one(k, HANGUP_FACT_REUSED) ||
	    !(one(k, HANGUP_FACT_HANDSHAKE) & 2 || !one(k, HANGUP_FACT_HANDSHAKE)))
		return;
	claim = k->host->claim(k->c, HANGUP_LABEL_MISSING_FIN, HANGUP_CAUSE_REUSED, HANGUP_ACTOR_CLIENT, 0.9);
	k->host->evidence(claim, HANGUP_PACKET_REUSE, HANGUP_CLIENT, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_REUSED,
	                  "a SYN with new numbers took over the same addresses and ports", 0, 0);
	k->host->evidence(claim, HANGUP_PACKET_LAST, HANGUP_CLIENT, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_DURATION,
	                  "last packet before that; no FIN of both ends and no RST was captured", 0, 0);
	k->host->against(claim, "the close may have passed where this capture did not see it", 0, 0);
}

/* --- half-closed ---------------------------------------------------------------------------------------- */

static void claim_half_closed(const struct end *k, enum hangup_side by)
{
	enum hangup_side open = hangup_other(by);
	int64_t silence = one(k, HANGUP_FACT_SILENCE);
	struct hangup_claim *claim = k->host->claim(k->c, HANGUP_LABEL_MISSING_FIN, HANGUP_CAUSE_HALF_CLOSED,
	                                            hangup_actor_of(open), 0.88);

	k->host->evidence(claim, HANGUP_PACKET_FIN, by, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_FINS, "FIN of the {a:side}", by,
	                  0);
	k->host->evidence(claim, HANGUP_PACKET_LAST, HANGUP_CLIENT, HANGUP_LEVEL_DERIVED, HANGUP_FACT_SILENCE,
	                  "acknowledged, and then nothing for {b:ns}: the {a:side} never closed", open, silence);
	k->host->against(claim, "the {a:side} may still be working on an answer", open, 0);
}

static void judge_half_closed(const struct end *k)
{
	for (enum hangup_side side = HANGUP_CLIENT; side <= HANGUP_SERVER; side++) {
		bool alone = closed(k, side) && !closed(k, hangup_other(side));

		if (alone && value(k, HANGUP_FACT_FIN_ACKED, side) &&
		    one(k, HANGUP_FACT_SILENCE) >= hangup_threshold_ns(k->host, k->c, HALF_CLOSED_SILENCE))
			claim_half_closed(k, side);
	}
}

/* --- vanished ------------------------------------------------------------------------------------------- */

/* In the middle of something: bytes that nobody acknowledged, a last segment that announced more, a stream of like
 * pieces of which the last is like the others. */
static bool in_full_flow(const struct end *k, enum hangup_side side)
{
	struct hangup_packet last, data;

	if (!k->host->packet(k->c, HANGUP_PACKET_LAST, HANGUP_CLIENT, &last) ||
	    !k->host->packet(k->c, HANGUP_PACKET_LAST_DATA, side, &data) ||
	    (double)last.time_ns - (double)data.time_ns > k->host->threshold(k->c, FLOW) * 1e9)
		return false;
	return value(k, HANGUP_FACT_OUTSTANDING, side) > 0 || value(k, HANGUP_FACT_LAST_DATA_FULL, side) ||
	       (value(k, HANGUP_FACT_LAST_DATA_EVEN, side) &&
	        (double)value(k, HANGUP_FACT_RUN, side) >= k->host->threshold(k->c, STREAM));
}

static void claim_vanished(const struct end *k, enum hangup_side side)
{
	int64_t silence = one(k, HANGUP_FACT_SILENCE), pause = one(k, HANGUP_FACT_PAUSE_LONGEST);
	struct hangup_claim *claim = k->host->claim(k->c, HANGUP_LABEL_MISSING_FIN, HANGUP_CAUSE_VANISHED,
	                                            HANGUP_ACTOR_UNKNOWN, 0.7);

	k->host->evidence(claim, HANGUP_PACKET_LAST_DATA, side, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_PAYLOAD,
	                  "last of {b:bytes} of the {a:side}, in the middle of a stream or unacknowledged", side,
	                  value(k, HANGUP_FACT_PAYLOAD, side));
	k->host->evidence(claim, HANGUP_PACKET_LAST, HANGUP_CLIENT, HANGUP_LEVEL_DERIVED, HANGUP_FACT_SILENCE,
	                  "then nothing for {a:ns}; the longest pause before was {b:ns}", silence, pause);
	k->host->against(claim, "silence alone proves nothing: it may still be open", 0, 0);
}

static bool silent_for_long(const struct end *k)
{
	int64_t silence = one(k, HANGUP_FACT_SILENCE), pause = one(k, HANGUP_FACT_PAUSE_LONGEST);
	double ratio = k->host->threshold(k->c, VANISHED_RATIO);

	return silence >= hangup_threshold_ns(k->host, k->c, VANISHED_SILENCE) && (double)silence >= (double)pause * ratio;
}

/* Silence proves nothing, but the local network does: a host that is not there has vanished, in full flow or not. */
static void claim_absent(const struct end *k, enum hangup_side side)
{
	struct hangup_claim *claim = k->host->claim(k->c, HANGUP_LABEL_MISSING_FIN, HANGUP_CAUSE_VANISHED,
	                                            hangup_actor_of(side), 0.85);

	hangup_show_absence(k->host, k->c, claim, side);
	k->host->evidence(claim, HANGUP_PACKET_LAST_SENT, side, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_PACKETS,
	                  "last packet of the {a:side}", side, 0);
	k->host->against(claim, "the host may come back and go on", 0, 0);
}

static bool judge_absent(const struct end *k)
{
	for (enum hangup_side side = HANGUP_CLIENT; side <= HANGUP_SERVER; side++)
		if (value(k, HANGUP_FACT_PACKETS, side) > 0 &&
		    hangup_is_absent(k->host, k->c, side, k->host->threshold(k->c, QUESTIONS))) {
			claim_absent(k, side);
			return true;
		}
	return false;
}

static bool is_short(const struct end *k)
{
	int64_t packets = value(k, HANGUP_FACT_PACKETS, HANGUP_CLIENT) + value(k, HANGUP_FACT_PACKETS, HANGUP_SERVER);

	return (double)packets < k->host->threshold(k->c, VANISHED_PACKETS);
}

static void judge_vanished(const struct end *k)
{
	if (one(k, HANGUP_FACT_REUSED) || one(k, HANGUP_FACT_ONE_WAY) || closed(k, HANGUP_CLIENT) ||
	    closed(k, HANGUP_SERVER) || judge_absent(k) || is_short(k) || !silent_for_long(k))
		return;
	for (enum hangup_side side = HANGUP_CLIENT; side <= HANGUP_SERVER; side++)
		if (in_full_flow(k, side)) {
			claim_vanished(k, side);
			return;
		}
}

static void judge(const struct hangup_host *host, struct hangup_case *c)
{
	const struct end k = {.host = host, .c = c};

	if ((closed(&k, HANGUP_CLIENT) && closed(&k, HANGUP_SERVER)) || explained(&k))
		return;
	judge_reused(&k);
	judge_half_closed(&k);
	judge_vanished(&k);
}

HANGUP_RULE = {
	HANGUP_RULE_ABI,
	.name = "missing-fin",
	.help = "It is over, but a FIN never came: a forgotten close, a host gone in full flow, a tuple used again.",
	.labels = 1u << HANGUP_LABEL_MISSING_FIN,
	.thresholds_count = sizeof thresholds / sizeof *thresholds,
	.thresholds = thresholds,
	.judge = judge,
};
