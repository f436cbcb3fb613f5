/* Each group of fact.def has its function here, RSTs in facts_reset.c; what the capture cannot tell stays unknown. Sides turn from the
 * key's order (0, 1) into client and server on the way. */
#include "analyzers/facts_fill.h"

#include <stddef.h>
#include <string.h>

#include <glib.h>

#include "analyzers/facts_layout.h"
#include "analyzers/os.h"

/* What protocols between neighbours (eBGP) begin with: it tells no distance. */
enum { TTL_ONE_HOP = 1 };
/* Packets that answer an end come within a round trip or two. */
#define LOST_AFTER_NS (INT64_C(1) * 1000000000)

static int64_t last_ns(const struct connection *c)
{
	return MAX(c->half[0].last_ns, c->half[1].last_ns);
}

/* --- what was seen ------------------------------------------------------------------------------------- */

/* More was acknowledged of a side's gaps than was captured of what lies in them. */
static bool hole_acknowledged(const struct half *h)
{
	uint32_t captured = h->hole_right - h->hole_left - h->hole_bytes;

	return (h->flags & HALF_HOLE) && seq_distance(h->hole_left, h->una) > (int32_t)captured;
}

/* A RST numbered beyond all that was captured, and not believed for that alone, was its side's last word: what it had
 * sent before never came by. Had it gone on, the number would have been a guess. */
static bool ends_unseen(const struct connection *c, const struct oddity *odd, unsigned side)
{
	const struct vain_reset *v = &odd->vain[side];

	return v->ahead > 0 && v->ahead_packet.number == c->half[side].last_number &&
	       !(c->flags & CONNECTION_CLOSED_BY_RST);
}

/* A gap that was acknowledged, or bytes acknowledged and never captured: the network delivered them. */
static bool lost_by_capture(const struct connection *c, const struct oddity *odd)
{
	return hole_acknowledged(&c->half[0]) || hole_acknowledged(&c->half[1]) || c->acked_unseen > 0 ||
	       ends_unseen(c, odd, 0) || ends_unseen(c, odd, 1);
}

/* The other direction exists, because what it sent is acknowledged, yet none of it was captured. */
static bool is_one_way(const struct connection *c)
{
	for (unsigned side = 0; side < 2; side++) {
		const struct half *seen = &c->half[side], *unseen = &c->half[!side];

		if (unseen->packets == 0 && (unseen->flags & HALF_ACKED) &&
		    ((seen->flags & HALF_SYN) || unseen->una != c->initial_seq[!side]))
			return true;
	}
	return false;
}

static int64_t handshake(const struct layout *l)
{
	const struct connection *c = l->c;

	return (c->half[l->of[HANGUP_CLIENT]].flags & HALF_SYN ? 1 : 0) |
	       (c->half[l->of[HANGUP_SERVER]].flags & HALF_SYN ? 2 : 0) |
	       (c->flags & CONNECTION_HANDSHAKE_ACKED ? 4 : 0);
}

/* What is over can miss what came just after it, what is not all that came since. */
static void fill_lost(struct layout *l)
{
	const struct losses *losses = l->ending->losses;
	int64_t until_ns = connection_is_over(l->c) ? last_ns(l->c) + LOST_AFTER_NS : l->ending->now_ns;

	if (losses != NULL)
		set_one(l, HANGUP_FACT_LOST_MEANWHILE, (int64_t)losses_between(losses, l->c->first.time_ns, until_ns));
}

static void fill_seen(struct layout *l)
{
	const struct connection *c = l->c;

	set_one(l, HANGUP_FACT_CLIENT_KNOWN, !!(c->flags & CONNECTION_CLIENT_KNOWN));
	set_one(l, HANGUP_FACT_HANDSHAKE, handshake(l));
	set_one(l, HANGUP_FACT_VANTAGE, l->ending->vantage.where);
	set_one(l, HANGUP_FACT_VANTAGE_BY, l->ending->vantage.by);
	set_one(l, HANGUP_FACT_CAPTURE_LOSS, lost_by_capture(c, l->odd));
	set_one(l, HANGUP_FACT_ONE_WAY, is_one_way(c));
	set_one(l, HANGUP_FACT_DURATION, MAX(0, last_ns(c) - c->first.time_ns));
	set_one(l, HANGUP_FACT_SILENCE, MAX(0, l->ending->now_ns - last_ns(c)));
	set_one(l, HANGUP_FACT_CAPTURE_ENDED, l->ending->why == ENDING_CAPTURE_END);
	set_one(l, HANGUP_FACT_EVICTED, l->ending->why == ENDING_EVICTED);
	set_one(l, HANGUP_FACT_REUSED, l->ending->why == ENDING_REUSED);
	fill_lost(l);
	put(l, HANGUP_PACKET_FIRST, HANGUP_CLIENT, c->first);
}

static void fill_ends(struct layout *l)
{
	struct facts *f = l->f;

	f->id = l->c->id;
	f->scope = key_scope(&l->c->key);
	f->ip_version = l->c->ip_version;
	for (unsigned side = 0; side < 2; side++)
		f->end[side] = connection_end(l->c, l->of[side]);
	memcpy(f->history, l->c->history, l->c->history_len);
	f->history[l->c->history_len] = '\0';
}

/* --- each side ----------------------------------------------------------------------------------------- */

/* What comes after its own RST was not left unread by it. */
static int64_t unreplied(const struct layout *l, unsigned i)
{
	return l->reset[i]->flags & RESET_ENDED ? l->reset[i]->unreplied : l->c->unreplied[i];
}

static void fill_counts(struct layout *l, enum hangup_side side)
{
	const struct connection *c = l->c;
	unsigned i = l->of[side];
	const struct half *h = &c->half[i];

	set(l, HANGUP_FACT_STATE, side, h->state);
	set(l, HANGUP_FACT_PACKETS, side, h->packets);
	set(l, HANGUP_FACT_PAYLOAD, side, (int64_t)h->payload);
	set(l, HANGUP_FACT_RETRANSMITTED, side, h->retransmitted);
	set(l, HANGUP_FACT_SYNS, side, c->syns[i]);
	set(l, HANGUP_FACT_KEEPALIVES, side, c->keepalives[i]);
	set(l, HANGUP_FACT_UNREPLIED, side, unreplied(l, i));
	set(l, HANGUP_FACT_LARGEST_ACKED, side, c->largest_acked[i]);
	set(l, HANGUP_FACT_OUTSTANDING, side, half_outstanding(h));
	set(l, HANGUP_FACT_LAST_DATA_FULL, side, !!(c->flags & (CONNECTION_MORE_TO_COME_0 << i)));
	set(l, HANGUP_FACT_RUN, side, c->run[i]);
	set(l, HANGUP_FACT_LAST_DATA_EVEN, side, !!(c->flags & (CONNECTION_EVEN_0 << i)));
	set(l, HANGUP_FACT_LAST_SPEAKER, side, half_spoke_after(h, &c->half[!i]));
	put(l, HANGUP_PACKET_SYN, side, c->syn[i]);
	put(l, HANGUP_PACKET_LAST_DATA, side, c->last_data[i]);
	put(l, HANGUP_PACKET_LAST_SENT, side, (struct hangup_packet){h->last_number, h->last_ns});
}

static void fill_habits(struct layout *l, enum hangup_side side)
{
	const struct connection *c = l->c;
	unsigned i = l->of[side];
	const struct half *h = &c->half[i];

	if (c->rtt_min_ns[!i] != 0)
		set(l, HANGUP_FACT_RTT, side, c->rtt_min_ns[!i]);
	if (h->ttl != 0) {
		set(l, HANGUP_FACT_TTL, side, h->ttl);
		if (h->ttl > TTL_ONE_HOP)
			set(l, HANGUP_FACT_HOPS, side, os_initial_ttl(h->ttl) - h->ttl);
	}
	if (c->os[i] != HANGUP_OS_UNKNOWN)
		set(l, HANGUP_FACT_OS, side, c->os[i]);
	if (c->mss[i] != 0)
		set(l, HANGUP_FACT_MSS, side, c->mss[i]);
	set(l, HANGUP_FACT_TIMESTAMPS, side, !!(h->flags & HALF_TIMESTAMPS));
	if (h->packets > 0)
		set(l, HANGUP_FACT_WINDOW_CLOSED, side, h->window == 0 && (h->flags & HALF_SEQUENCE));
	if (c->tls_alert[i] != 0)
		set(l, HANGUP_FACT_TLS_ALERT, side, c->tls_alert[i] == TLS_ALERT_ENCRYPTED ? 256 : c->tls_alert[i] - 1);
}

static void fill_retry(struct layout *l, enum hangup_side side)
{
	const struct retry *r = l->retry[l->of[side]];

	set(l, HANGUP_FACT_RETRY_KIND, side, r->count > 0 ? r->kind : HANGUP_RETRY_NONE);
	set(l, HANGUP_FACT_RETRIES, side, r->count);
	if (r->count == 0)
		return;
	set(l, HANGUP_FACT_RETRY_SPAN, side, MAX(0, r->last.time_ns - r->unanswered.time_ns));
	set(l, HANGUP_FACT_RETRY_GAP, side, (int64_t)r->gap_us * 1000);
	set(l, HANGUP_FACT_RETRY_SIZE, side, r->size);
	set(l, HANGUP_FACT_RETRY_SACKED, side, r->sacked);
	set(l, HANGUP_FACT_RETRY_ACKED, side, r->acked);
	set(l, HANGUP_FACT_RETRY_PEER_SPOKE, side, r->peer_spoke);
	put(l, HANGUP_PACKET_UNANSWERED, side, r->unanswered);
	put(l, HANGUP_PACKET_RETRY_FIRST, side, r->first);
	put(l, HANGUP_PACKET_RETRY_LAST, side, r->last);
}

static void fill_closing(struct layout *l, enum hangup_side side)
{
	const struct teardown *td = l->td;
	const struct oddity *odd = l->odd;
	unsigned i = l->of[side];

	set(l, HANGUP_FACT_FINS, side, td->fins[i]);
	set(l, HANGUP_FACT_FIN_ACKED, side, !!(l->c->half[i].flags & HALF_FIN_ACKED));
	set(l, HANGUP_FACT_FIN_ACKS_FIN, side, td->fin_acks_fin[i]);
	set(l, HANGUP_FACT_DATA_AFTER_FIN, side, (int64_t)odd->data_after_fin_bytes[i]);
	set(l, HANGUP_FACT_DATA_KNEW_FIN, side, (int64_t)odd->data_knew_fin_bytes[i]);
	put(l, HANGUP_PACKET_FIN, side, td->fin[i]);
	put(l, HANGUP_PACKET_DATA_AFTER_FIN, side, odd->data_after_fin[i]);
	put(l, HANGUP_PACKET_ZERO_WINDOW, side, odd->zero_window[i]);
	put(l, HANGUP_PACKET_TLS_ALERT, side, odd->tls_alert[i]);
}

static void fill_icmp(struct layout *l, enum hangup_side side)
{
	const struct oddity *odd = l->odd;
	unsigned i = l->of[side];

	if (odd->icmp[i].number == 0)
		return;
	set(l, HANGUP_FACT_ICMP_ERROR, side, odd->icmp_type[i] * 256 + odd->icmp_code[i]);
	memcpy(l->f->icmp_source[side], odd->icmp_source[i], sizeof l->f->icmp_source[side]);
	set(l, HANGUP_FACT_ICMP_FROM_PEER, side,
	    memcmp(odd->icmp_source[i], l->f->end[!side].address, sizeof odd->icmp_source[i]) == 0);
	set(l, HANGUP_FACT_ICMP_MTU, side, odd->icmp_mtu[i]);
	put(l, HANGUP_PACKET_ICMP, side, odd->icmp[i]);
}

/* --- time, and the others ------------------------------------------------------------------------------ */

static void fill_idle(struct layout *l)
{
	const struct connection *c = l->c;
	bool pending = c->flags & CONNECTION_IDLE_PENDING;

	set_one(l, HANGUP_FACT_IDLE_LONGEST, (int64_t)c->idle_longest_ms * 1000000);
	set_one(l, HANGUP_FACT_PAUSE_LONGEST, c->pause_longest_ns);
	set_one(l, HANGUP_FACT_IDLE_BEFORE_END, pending ? c->idle_ns : 0);
	if (!pending)
		return;
	set_one(l, HANGUP_FACT_IDLE_SPEAKER, c->idle_speaker == l->of[HANGUP_CLIENT] ? HANGUP_CLIENT : HANGUP_SERVER);
	put(l, HANGUP_PACKET_IDLE_BEFORE, HANGUP_CLIENT, c->idle_before);
	put(l, HANGUP_PACKET_IDLE_AFTER, HANGUP_CLIENT, c->idle_after);
}

static void fill_last(struct layout *l)
{
	const struct half *a = &l->c->half[0], *b = &l->c->half[1];
	const struct half *last = half_spoke_after(a, b) ? a : b;

	put(l, HANGUP_PACKET_LAST, HANGUP_CLIENT, (struct hangup_packet){last->last_number, last->last_ns});
}

/* Two ends that closed in order ask nobody: most connections, and each question may miss the cache. */
static bool needs_context(const struct connection *c)
{
	return !(c->half[0].flags & c->half[1].flags & HALF_FIN_ACKED) || (c->flags & CONNECTION_CLOSED_BY_RST);
}

/* When whoever waits here began to wait; the same second is asked for others of that host. */
static unsigned stalled_together(const struct layout *l, enum hangup_side side)
{
	for (unsigned i = 0; i < 2; i++)
		if (l->retry[i]->count > 0 && !l->retry[i]->acked)
			return context_stalled_with(l->ending->context, &l->f->end[side],
			                            l->retry[i]->unanswered.time_ns);
	return 0;
}

/* When the server was last seen, or first not answered: only what it said to others after that speaks of it. */
static int64_t asked_in_vain_ns(const struct layout *l)
{
	unsigned client = l->of[HANGUP_CLIENT], server = l->of[HANGUP_SERVER];
	int64_t when = MAX(l->c->half[server].last_ns, l->c->first.time_ns);

	when = MAX(when, l->retry[client]->unanswered.time_ns);
	return MAX(when, l->reset[server]->packet.time_ns);
}

/* Anything later than the server's last packet here was another connection's. */
static void fill_context(struct layout *l)
{
	const struct facts_end *client = &l->f->end[HANGUP_CLIENT], *server = &l->f->end[HANGUP_SERVER];
	struct context_server s = context_server(l->ending->context, server);
	int64_t life = asked_in_vain_ns(l);
	int64_t over = last_ns(l->c);

	set_one(l, HANGUP_FACT_SERVER_ANSWERED_LATER, s.answered_ns > life);
	set_one(l, HANGUP_FACT_CLIENT_RECONNECTED, context_pair_answered(l->ending->context, client, server) > life);
	set_one(l, HANGUP_FACT_IDLE_SURVIVED, s.idle_survived_ns);
	set_one(l, HANGUP_FACT_IDLE_KILLED, s.idle_killed_ns);
	for (enum hangup_side side = HANGUP_CLIENT; side <= HANGUP_SERVER; side++)
		set(l, HANGUP_FACT_STALLED_TOGETHER, side, stalled_together(l, side));
	set_one(l, HANGUP_FACT_SERVER_GONE_LATER, MAX(s.asked_ns, s.refused_ns) > over && s.answered_ns <= life);
}

/* What was said of the side's host after its own last packet. That the other end's packets from it were captured means
 * that answers to that end would have been as well. */
static void fill_neighbours(struct layout *l, enum hangup_side side)
{
	const struct half *h = &l->c->half[l->of[side]];
	const struct neighbours *x = l->ending->neighbours;
	const uint8_t *host = l->f->end[side].address, *other = l->f->end[!side].address;
	struct hangup_packet packet;
	unsigned sought = neighbours_sought(x, host, h->packets > 0 ? other : host, &packet);
	int64_t since = h->packets > 0 ? h->last_ns : l->c->first.time_ns;
	uint32_t why;

	if (sought > 0 && packet.time_ns >= since) {
		set(l, HANGUP_FACT_SOUGHT, side, sought);
		put(l, HANGUP_PACKET_SOUGHT, side, packet);
	}
	if (neighbours_thrown_out(x, host, &packet, &why) && packet.time_ns >= since) {
		set(l, HANGUP_FACT_THROWN_OUT, side, why);
		put(l, HANGUP_PACKET_THROWN_OUT, side, packet);
	}
	if (neighbours_gone(x, host, &packet) && packet.time_ns >= since) {
		set(l, HANGUP_FACT_ADDRESS_GONE, side, 1);
		put(l, HANGUP_PACKET_ADDRESS_GONE, side, packet);
	}
}

/* What connections and protocols beside this one tell of it. */
static void fill_others(struct layout *l)
{
	fill_context(l);
	if (!neighbours_any(l->ending->neighbours))
		return;
	fill_neighbours(l, HANGUP_CLIENT);
	fill_neighbours(l, HANGUP_SERVER);
}

static void fill_teardown(struct layout *l)
{
	for (enum hangup_side side = HANGUP_CLIENT; side <= HANGUP_SERVER; side++) {
		fill_retry(l, side);
		fill_closing(l, side);
		fill_icmp(l, side);
		facts_fill_reset(l, side);
	}
	facts_fill_reset_pair(l);
	if (l->td->close_age_ns >= 0)
		set_one(l, HANGUP_FACT_CLOSE_AGE, l->td->close_age_ns);
	put(l, HANGUP_PACKET_REUSE, HANGUP_CLIENT, l->td->reuse);
}

/* Of a connection in which nothing went wrong and nobody closed: known to be nothing, which is not unknown. */
static const struct teardown untroubled = {.close_age_ns = -1};

void facts_fill(const struct ending *ending, struct facts *out)
{
	const struct connection *c = ending->connection;
	struct layout l = {.ending = ending, .c = c, .td = ending->teardown, .f = out, .of = {c->client, !c->client}};

	if (l.td == NULL)
		l.td = &untroubled;
	for (unsigned side = 0; side < 2; side++) {
		l.retry[side] = retry_of(ending->slabs, l.td, side);
		l.reset[side] = reset_of(ending->slabs, l.td, side);
	}
	l.odd = oddity_of(ending->slabs, l.td);
	memset(out, 0, offsetof(struct facts, value));
	fill_ends(&l);
	fill_seen(&l);
	for (enum hangup_side side = HANGUP_CLIENT; side <= HANGUP_SERVER; side++) {
		fill_counts(&l, side);
		fill_habits(&l, side);
	}
	fill_last(&l);
	fill_idle(&l);
	if (needs_context(c))
		fill_others(&l);
	fill_teardown(&l);
}
