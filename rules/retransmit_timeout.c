/* A sender gave up waiting for an answer. Linux gives up silently, Windows, macOS and FreeBSD with a RST+ACK; a
 * keepalive give-up is a RST+ACK everywhere (docs/labels.md has the sources). What comes after an answer was a loss
 * that recovered, and no timeout: the tracker forgets it. */
#include <hangup/rule.h>

enum { BACKOFFS, BACKOFFS_WITH_RST, OVERDUE, SYN_BACKOFFS, SYN_OVERDUE, LARGE, AHEAD, IDLE, COMPANY, QUESTIONS };

static const struct hangup_threshold thresholds[] = {
	[BACKOFFS] = {"backoffs", "packets", 5,
	              "unanswered repetitions that count as a timeout; Windows gives up after five"},
	[BACKOFFS_WITH_RST] = {"backoffs-with-rst", "packets", 3,
	                       "the same when the sender then resets: fewest keepalive probes in common settings"},
	[OVERDUE] = {"overdue", "times", 2.2,
	             "silence against the last wait that shows the sender stopped trying: RFC 6298 doubles it, and a tenth"},
	[SYN_BACKOFFS] = {"syn-backoffs", "packets", 2, "fewest SYN repetitions of a stack in use: Windows 7, two"},
	[SYN_OVERDUE] = {"syn-overdue", "s", 20,
	                 "silence after the SYNs of a connect that was given up: Windows stops at 21 s in all"},
	[LARGE] = {"large", "bytes", 1180,
	           "payload from which a lost segment may be a matter of its size: IPv6's least MTU, 1280, less headers"},
	[AHEAD] = {"ahead", "s", 5, "quiet time before a RST beyond all captured bytes that makes it a give-up; the shortest give-ups take 10 s or more"},
	[IDLE] = {"idle", "s", 30,
	          "idle time before it from which an expired timer explains it as well; see middlebox-idle-drop"},
	[COMPANY] = {"company", "connections", 3, "connections of one host that stall within a second and are told as one event; our judgement"},
	[QUESTIONS] = {"questions", "packets", 3, "questions for a host that make it absent; RFC 4861 MAX_MULTICAST_SOLICIT and Linux mcast_solicit, 3"},
};

struct wait {
	const struct hangup_host *host;
	struct hangup_case *c;
	enum hangup_side side; /* who waits */
	enum hangup_retry kind;
	int64_t retries;
	bool reset;            /* and then reset the connection itself */
};

static int64_t own(const struct wait *w, enum hangup_fact fact)
{
	return hangup_value(w->host, w->c, fact, w->side);
}

static int64_t others(const struct wait *w, enum hangup_fact fact)
{
	return hangup_value(w->host, w->c, fact, hangup_other(w->side));
}

static int64_t one(const struct wait *w, enum hangup_fact fact)
{
	return hangup_value(w->host, w->c, fact, HANGUP_CLIENT);
}

/* --- is it over ----------------------------------------------------------------------------------------- */

/* The next repetition was due, and did not come. */
static bool is_overdue(const struct wait *w)
{
	double due = (double)own(w, HANGUP_FACT_RETRY_GAP) * w->host->threshold(w->c, OVERDUE);

	return (double)one(w, HANGUP_FACT_SILENCE) > due;
}

static bool gave_up_connecting(const struct wait *w)
{
	return (double)w->retries >= w->host->threshold(w->c, SYN_BACKOFFS) &&
	       one(w, HANGUP_FACT_SILENCE) >= hangup_threshold_ns(w->host, w->c, SYN_OVERDUE);
}

static bool gave_up(const struct wait *w)
{
	if (w->reset)
		return true;
	if ((w->kind == HANGUP_RETRY_SYN || w->kind == HANGUP_RETRY_SYN_ACK) && gave_up_connecting(w))
		return true;
	return (double)w->retries >= w->host->threshold(w->c, BACKOFFS);
}

/* --- what it waited for ---------------------------------------------------------------------------------- */

/* Only segments larger than any that ever arrived are lost, while smaller ones of the same sender get through. */
static bool only_large_lost(const struct wait *w)
{
	int64_t size = own(w, HANGUP_FACT_RETRY_SIZE);
	bool smaller_arrived = own(w, HANGUP_FACT_RETRY_SACKED) || own(w, HANGUP_FACT_RETRY_PEER_SPOKE) > 0 ||
	                       own(w, HANGUP_FACT_ICMP_MTU) > 0;

	return (double)size >= w->host->threshold(w->c, LARGE) && size > own(w, HANGUP_FACT_LARGEST_ACKED) &&
	       smaller_arrived;
}

static enum hangup_cause cause(const struct wait *w)
{
	switch (w->kind) {
	case HANGUP_RETRY_SYN: return HANGUP_CAUSE_TIMEOUT_SYN;
	case HANGUP_RETRY_SYN_ACK: return HANGUP_CAUSE_TIMEOUT_SYN_ACK;
	case HANGUP_RETRY_FIN: return HANGUP_CAUSE_TIMEOUT_FIN;
	case HANGUP_RETRY_KEEPALIVE: return HANGUP_CAUSE_TIMEOUT_KEEPALIVE;
	case HANGUP_RETRY_ZERO_WINDOW: return HANGUP_CAUSE_TIMEOUT_ZERO_WINDOW;
	default: return only_large_lost(w) ? HANGUP_CAUSE_TIMEOUT_PMTU : HANGUP_CAUSE_TIMEOUT_DATA;
	}
}

/* --- how sure --------------------------------------------------------------------------------------------- */

/* An idle time before it points to an expired timer. Keepalives are no speech after idling but a test of it. */
static bool follows_idle(const struct wait *w)
{
	return w->kind != HANGUP_RETRY_KEEPALIVE && w->kind != HANGUP_RETRY_ZERO_WINDOW &&
	       one(w, HANGUP_FACT_IDLE_BEFORE_END) >= hangup_threshold_ns(w->host, w->c, IDLE);
}

/* The local network says that the host waited for is not there: that explains it, whatever was before. */
static bool is_absent(const struct wait *w)
{
	return hangup_is_absent(w->host, w->c, hangup_other(w->side), w->host->threshold(w->c, QUESTIONS));
}

static double strength(const struct wait *w)
{
	int64_t icmp;

	/* Somebody said no: that is a rejection. */
	if (w->kind == HANGUP_RETRY_SYN && w->host->fact(w->c, HANGUP_FACT_ICMP_ERROR, w->side, &icmp))
		return 0.3;
	if (follows_idle(w))
		return is_absent(w) ? 0.9 : one(w, HANGUP_FACT_SERVER_GONE_LATER) ? 0.8 : 0.35;
	if (others(w, HANGUP_FACT_RST_ENDED))
		return 0.4; /* the other end is there, and knows nothing of it */
	if (w->reset && (double)w->retries < w->host->threshold(w->c, BACKOFFS_WITH_RST))
		return 0.4; /* the program's patience, not the stack's */
	return w->reset || is_overdue(w) ? 0.95 : 0.9;
}

/* --- the claim -------------------------------------------------------------------------------------------- */

static const char *const texts[HANGUP_RETRY_COUNT] = {
	[HANGUP_RETRY_SYN] = "SYN sent again {b} times",
	[HANGUP_RETRY_SYN_ACK] = "SYN-ACK sent again {b} times",
	[HANGUP_RETRY_DATA] = "the {a:side}'s data was sent again {b} times and never acknowledged",
	[HANGUP_RETRY_FIN] = "the {a:side}'s FIN was sent again {b} times and never acknowledged",
	[HANGUP_RETRY_KEEPALIVE] = "{b} keepalive probes of the {a:side} without an answer",
	[HANGUP_RETRY_ZERO_WINDOW] = "{b} probes of the closed window without an answer",
};

/* Of what was acknowledged as seen from here, the sender never heard. */
static const char *repeated_text(const struct wait *w)
{
	bool acked = own(w, HANGUP_FACT_RETRY_ACKED);

	if (acked && w->kind == HANGUP_RETRY_DATA)
		return "the {a:side}'s data was sent again {b} times, though it was acknowledged here";
	if (acked && w->kind == HANGUP_RETRY_FIN)
		return "the {a:side}'s FIN was sent again {b} times, though it was acknowledged here";
	return texts[w->kind];
}

static void show_waiting(const struct wait *w, struct hangup_claim *claim)
{
	const struct hangup_host *h = w->host;

	h->evidence(claim, HANGUP_PACKET_UNANSWERED, w->side, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_RETRY_KIND,
	            "first sent here", 0, 0);
	h->evidence(claim, HANGUP_PACKET_RETRY_FIRST, w->side, HANGUP_LEVEL_DERIVED, HANGUP_FACT_RETRIES, repeated_text(w),
	            w->side, w->retries);
	h->evidence(claim, HANGUP_PACKET_RETRY_LAST, w->side, HANGUP_LEVEL_DERIVED, HANGUP_FACT_RETRY_SPAN,
	            "last attempt, {a:ns} after the first and {b:ns} after the one before", own(w, HANGUP_FACT_RETRY_SPAN),
	            own(w, HANGUP_FACT_RETRY_GAP));
	if (w->reset)
		h->evidence(claim, HANGUP_PACKET_RST, w->side, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_RST_ACTIVE,
		            "then the {a:side} gave up with a RST", w->side, 0);
	else if (is_overdue(w))
		h->evidence(claim, HANGUP_PACKET_LAST, HANGUP_CLIENT, HANGUP_LEVEL_DERIVED, HANGUP_FACT_SILENCE,
		            "then silence, {a:ns} until the capture ended: the next attempt was due", one(w, HANGUP_FACT_SILENCE),
		            0);
}

static void show_size(const struct wait *w, struct hangup_claim *claim)
{
	w->host->evidence(claim, HANGUP_PACKET_RETRY_FIRST, w->side, HANGUP_LEVEL_DERIVED, HANGUP_FACT_RETRY_SIZE,
	                  "only large segments are lost: {a:bytes} repeated, at most {b:bytes} ever arrived",
	                  own(w, HANGUP_FACT_RETRY_SIZE), own(w, HANGUP_FACT_LARGEST_ACKED));
	if (own(w, HANGUP_FACT_ICMP_MTU) > 0)
		w->host->evidence(claim, HANGUP_PACKET_ICMP, w->side, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_ICMP_MTU,
		                  "a router asked for packets of at most {a:bytes}", own(w, HANGUP_FACT_ICMP_MTU), 0);
}

static void show_zero_window(const struct wait *w, struct hangup_claim *claim)
{
	enum hangup_side closed_by = hangup_other(w->side);

	w->host->evidence(claim, HANGUP_PACKET_ZERO_WINDOW, closed_by, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_WINDOW_CLOSED,
	                  "the {a:side} closed its window: its program had stopped reading", closed_by, 0);
}

/* Several connections of one host that stop at once have their link or their way in common, not their servers. */
static void show_company(const struct wait *w, struct hangup_claim *claim)
{
	for (enum hangup_side side = HANGUP_CLIENT; side <= HANGUP_SERVER; side++) {
		int64_t together = hangup_value(w->host, w->c, HANGUP_FACT_STALLED_TOGETHER, side);

		if ((double)together >= w->host->threshold(w->c, COMPANY))
			w->host->evidence(claim, HANGUP_PACKET_NONE, side, HANGUP_LEVEL_DERIVED, HANGUP_FACT_STALLED_TOGETHER,
			                  "{a} connections of the {b:side}'s host ceased to be answered within the same second", together,
			                  side);
	}
}

static void show_doubt(const struct wait *w, struct hangup_claim *claim)
{
	if (follows_idle(w) && !is_absent(w))
		w->host->against(claim, "it had been idle for {a:ns}: an expired timer on the path explains it as well",
		                 one(w, HANGUP_FACT_IDLE_BEFORE_END), 0);
	if (own(w, HANGUP_FACT_RETRY_ACKED))
		w->host->evidence(claim, HANGUP_PACKET_LAST_SENT, hangup_other(w->side), HANGUP_LEVEL_DERIVED,
		                  HANGUP_FACT_RETRY_ACKED, "the answers pass here, and do not reach the {a:side}", w->side, 0);
	if (others(w, HANGUP_FACT_RST_ENDED))
		w->host->against(claim, "in the end the other end answered with a RST", 0, 0);
	if (!w->reset && !is_overdue(w))
		w->host->against(claim, "the capture ended before the next attempt was due", 0, 0);
}

/* A SYN, or the acknowledgement of a SYN-ACK, that was captured on the server's own host did arrive: that host let it
 * drop, its accept queue full or its firewall closed. */
static enum hangup_actor actor(const struct wait *w)
{
	if (is_absent(w))
		return hangup_actor_of(hangup_other(w->side));
	bool answered = w->kind == HANGUP_RETRY_SYN_ACK && own(w, HANGUP_FACT_RETRY_ACKED);
	bool ignored = (w->kind == HANGUP_RETRY_SYN || answered) && hangup_captured_at(w->host, w->c, HANGUP_SERVER);

	return ignored ? HANGUP_ACTOR_SERVER : HANGUP_ACTOR_PATH;
}

static void claim_timeout(const struct wait *w)
{
	enum hangup_cause found = cause(w);
	struct hangup_claim *claim = w->host->claim(w->c, HANGUP_LABEL_RETRANSMIT_TIMEOUT, found, actor(w), strength(w));

	show_waiting(w, claim);
	if (found == HANGUP_CAUSE_TIMEOUT_PMTU)
		show_size(w, claim);
	if (found == HANGUP_CAUSE_TIMEOUT_ZERO_WINDOW)
		show_zero_window(w, claim);
	show_company(w, claim);
	if (is_absent(w))
		hangup_show_absence(w->host, w->c, claim, hangup_other(w->side));
	show_doubt(w, claim);
}

/* Its RST is numbered as if it had sent more than ever came by here, after a long silence: it gave up on that. */
static void judge_ahead(const struct wait *w)
{
	int64_t ahead = own(w, HANGUP_FACT_RST_AHEAD), age;
	struct hangup_claim *claim;

	if (ahead == 0 || !own(w, HANGUP_FACT_RST_ENDED))
		return;
	age = own(w, HANGUP_FACT_RST_AHEAD_AGE);
	if (age < hangup_threshold_ns(w->host, w->c, AHEAD))
		return;
	claim = w->host->claim(w->c, HANGUP_LABEL_RETRANSMIT_TIMEOUT, HANGUP_CAUSE_TIMEOUT_DATA, HANGUP_ACTOR_PATH, 0.87);
	w->host->evidence(claim, HANGUP_PACKET_RST_AHEAD, w->side, HANGUP_LEVEL_DERIVED, HANGUP_FACT_RST_AHEAD,
	                  "a RST numbered {a:bytes} beyond all that came by here, after {b:ns} of silence", ahead, age);
	w->host->against(claim, "the capture may have lost those bytes", 0, 0);
}

/* A SYN that was answered as seen from here waits for nothing: the SYN-ACK does. */
static bool is_waiting(const struct wait *w)
{
	return w->kind != HANGUP_RETRY_NONE && !one(w, HANGUP_FACT_ONE_WAY) &&
	       !(w->kind == HANGUP_RETRY_SYN && own(w, HANGUP_FACT_RETRY_ACKED));
}

static void judge_waiting(struct wait *w)
{
	w->retries = own(w, HANGUP_FACT_RETRIES);
	w->reset = own(w, HANGUP_FACT_RST_ENDED) && own(w, HANGUP_FACT_RST_ACTIVE);
	if (gave_up(w))
		claim_timeout(w);
}

static void judge(const struct hangup_host *host, struct hangup_case *c)
{
	for (enum hangup_side side = HANGUP_CLIENT; side <= HANGUP_SERVER; side++) {
		struct wait w = {.host = host, .c = c, .side = side};

		w.kind = (enum hangup_retry)own(&w, HANGUP_FACT_RETRY_KIND);
		if (is_waiting(&w))
			judge_waiting(&w);
		judge_ahead(&w);
	}
}

HANGUP_RULE = {
	HANGUP_RULE_ABI,
	.name = "retransmit-timeout",
	.help = "A sender repeated something until it gave up: a SYN, data, a FIN, keepalives, probes of a closed window.",
	.labels = 1u << HANGUP_LABEL_RETRANSMIT_TIMEOUT,
	.thresholds_count = sizeof thresholds / sizeof *thresholds,
	.thresholds = thresholds,
	.judge = judge,
};
