/* Orderly closes: both FINs came, in whatever order, and what came after them was only tidying up. */
#include <hangup/rule.h>

enum { CLOSED, LAST_ACK_MISSING, FIN_RETRIES, HALF_CLOSE };

static const struct hangup_threshold thresholds[] = {
	[CLOSED] = {"closed", "ratio", 0.98, "strength when both FINs were acknowledged (RFC 9293 figure 5)"},
	[LAST_ACK_MISSING] = {"last-ack-missing", "ratio", 0.9,
	                      "strength when both FINs came but an acknowledgement of one was not captured"},
	[FIN_RETRIES] = {"fin-retries", "packets", 5,
	                 "a FIN repeated this often without an answer is a timeout, not a close (docs/labels.md)"},
	[HALF_CLOSE] = {"half-close", "round trips",  2,
	                "how long the second end went on after the first FIN; less is an answer that was on its way"},
};

struct close {
	const struct hangup_host *host;
	struct hangup_case *c;
	enum hangup_side first; /* whose FIN came first */
	struct hangup_claim *claim;
};

static int64_t value(const struct close *k, enum hangup_fact fact, enum hangup_side side)
{
	return hangup_value(k->host, k->c, fact, side);
}

static bool both_closed(struct close *k)
{
	struct hangup_packet client, server;

	if (!k->host->packet(k->c, HANGUP_PACKET_FIN, HANGUP_CLIENT, &client) ||
	    !k->host->packet(k->c, HANGUP_PACKET_FIN, HANGUP_SERVER, &server))
		return false;
	k->first = hangup_packet_before(&client, &server) ? HANGUP_CLIENT : HANGUP_SERVER;
	return true;
}

static bool ended_by_rst(const struct close *k)
{
	return value(k, HANGUP_FACT_RST_ENDED, HANGUP_CLIENT) || value(k, HANGUP_FACT_RST_ENDED, HANGUP_SERVER);
}

static bool given_up(const struct close *k)
{
	double limit = k->host->threshold(k->c, FIN_RETRIES);

	return (double)value(k, HANGUP_FACT_RETRIES, HANGUP_CLIENT) >= limit ||
	       (double)value(k, HANGUP_FACT_RETRIES, HANGUP_SERVER) >= limit;
}

static double strength(const struct close *k)
{
	bool acked = value(k, HANGUP_FACT_FIN_ACKED, HANGUP_CLIENT) && value(k, HANGUP_FACT_FIN_ACKED, HANGUP_SERVER);

	return k->host->threshold(k->c, acked ? CLOSED : LAST_ACK_MISSING);
}

static void claim(struct close *k, enum hangup_cause cause, enum hangup_actor actor)
{
	enum hangup_side second = hangup_other(k->first);

	k->claim = k->host->claim(k->c, HANGUP_LABEL_ORDERLY_CLOSE, cause, actor, strength(k));
	k->host->evidence(k->claim, HANGUP_PACKET_FIN, k->first, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_FINS,
	                  "FIN of the {a:side}", k->first, 0);
	k->host->evidence(k->claim, HANGUP_PACKET_FIN, second, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_FINS,
	                  "FIN of the {a:side}", second, 0);
}

static void claim_rst_after_close(struct close *k)
{
	enum hangup_side by = value(k, HANGUP_FACT_RST_ENDED, HANGUP_CLIENT) ? HANGUP_CLIENT : HANGUP_SERVER;

	claim(k, HANGUP_CAUSE_CLOSE_RST_AFTER, hangup_actor_of(by));
	k->host->evidence(k->claim, HANGUP_PACKET_RST, by, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_RST_AFTER_CLOSE,
	                  "RST of the {a:side}, after both had sent FIN: nobody lost anything that could still arrive", by,
	                  0);
}

static double between_fins(const struct close *k)
{
	struct hangup_packet first, second;

	k->host->packet(k->c, HANGUP_PACKET_FIN, k->first, &first);
	k->host->packet(k->c, HANGUP_PACKET_FIN, hangup_other(k->first), &second);
	return (double)second.time_ns - (double)first.time_ns;
}

/* To either end. */
static double round_trips(const struct close *k)
{
	return (double)value(k, HANGUP_FACT_RTT, HANGUP_CLIENT) + (double)value(k, HANGUP_FACT_RTT, HANGUP_SERVER);
}

/* The second to close sent data in the knowledge of the first one's FIN, and took its time. */
static bool half_closed(const struct close *k)
{
	return value(k, HANGUP_FACT_DATA_KNEW_FIN, hangup_other(k->first)) > 0 &&
	       between_fins(k) > round_trips(k) * k->host->threshold(k->c, HALF_CLOSE);
}

static void claim_half_close(struct close *k)
{
	enum hangup_side second = hangup_other(k->first);

	claim(k, HANGUP_CAUSE_CLOSE_HALF, hangup_actor_of(k->first));
	k->host->evidence(k->claim, HANGUP_PACKET_DATA_AFTER_FIN, second, HANGUP_LEVEL_OBSERVED,
	                  HANGUP_FACT_DATA_AFTER_FIN, "the {a:side} went on sending, {b:bytes}, before it closed too",
	                  second, value(k, HANGUP_FACT_DATA_AFTER_FIN, second));
}

static void judge_without_rst(struct close *k)
{
	bool crossed = !value(k, HANGUP_FACT_FIN_ACKS_FIN, HANGUP_CLIENT) &&
	               !value(k, HANGUP_FACT_FIN_ACKS_FIN, HANGUP_SERVER);

	if (crossed)
		claim(k, HANGUP_CAUSE_CLOSE_SIMULTANEOUS, HANGUP_ACTOR_NONE);
	else if (half_closed(k))
		claim_half_close(k);
	else
		claim(k, HANGUP_CAUSE_CLOSE_FIN, hangup_actor_of(k->first));
}

/* A RST that nobody believed is told, and changes nothing. */
static void tell_rejected(struct close *k)
{
	for (enum hangup_side side = HANGUP_CLIENT; k->claim != NULL && side <= HANGUP_SERVER; side++)
		if (value(k, HANGUP_FACT_RSTS_REJECTED, side) > 0)
			k->host->evidence(k->claim, HANGUP_PACKET_RST_REJECTED, side, HANGUP_LEVEL_DERIVED,
			                  HANGUP_FACT_RSTS_REJECTED,
			                  "a RST in the {a:side}'s name was not accepted: the connection went on", side, 0);
}

static void judge(const struct hangup_host *host, struct hangup_case *c)
{
	struct close k = {.host = host, .c = c};

	if (!both_closed(&k) || given_up(&k))
		return;
	if (!ended_by_rst(&k))
		judge_without_rst(&k);
	else if (value(&k, HANGUP_FACT_RST_AFTER_CLOSE, HANGUP_CLIENT))
		claim_rst_after_close(&k);
	tell_rejected(&k);
}

HANGUP_RULE = {
	HANGUP_RULE_ABI,
	.name = "orderly-close",
	.help = "Both ends sent FIN; a RST after that only tidied up.",
	.labels = 1u << HANGUP_LABEL_ORDERLY_CLOSE,
	.thresholds_count = sizeof thresholds / sizeof *thresholds,
	.thresholds = thresholds,
	.judge = judge,
};
