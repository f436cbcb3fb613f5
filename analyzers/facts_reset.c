/* What a RST did, and how it looks: from its numbers and the states it found, never from what anybody guessed. */
#include <stdlib.h>

#include <glib.h>

#include "analyzers/facts_layout.h"
#include "analyzers/origin.h"
#include "analyzers/os.h"

/* Besides the round trip: what a host may take from its data to the FIN behind it. */
#define ON_ITS_WAY_NS (INT64_C(50) * 1000000)

/* Where the side sent nothing else, its earlier answers on other connections stand in for its TTL. */
static void fill_reset_ttl(struct layout *l, enum hangup_side side, const struct reset *r)
{
	uint8_t ttl = context_host_ttl(l->ending->context, &l->f->end[HANGUP_SERVER]);

	if (r->flags & RESET_COMPARABLE)
		set(l, HANGUP_FACT_RST_TTL_DELTA, side, r->ttl_delta);
	else if (side == HANGUP_SERVER && ttl != 0)
		set(l, HANGUP_FACT_RST_TTL_DELTA, side, os_ttl_difference(r->ttl, ttl));
}

static void fill_reset_looks(struct layout *l, enum hangup_side side, const struct reset *r)
{
	set(l, HANGUP_FACT_RST_ACTIVE, side, !!(r->flags & RESET_ACTIVE));
	set(l, HANGUP_FACT_RST_REACTIVE, side, !!(r->flags & RESET_REACTIVE));
	set(l, HANGUP_FACT_RST_EXACT, side, !!(r->flags & RESET_EXACT));
	set(l, HANGUP_FACT_RST_BEHIND, side, !!(r->flags & RESET_BEHIND));
	set(l, HANGUP_FACT_RST_TIMESTAMP, side, !!(r->flags & RESET_TIMESTAMP));
	set(l, HANGUP_FACT_RST_WINDOW, side, r->window);
	if (reset_delay_ns(r) >= 0)
		set(l, HANGUP_FACT_RST_DELAY, side, reset_delay_ns(r));
	if (l->c->ip_version == 4) {
		set(l, HANGUP_FACT_RST_IPID_ZERO, side, r->ip_id == 0);
		set(l, HANGUP_FACT_RST_IPID_DELTA, side, r->ip_id_delta);
	}
	set(l, HANGUP_FACT_RST_ALIEN, side, origin_alien(l->c, r, l->odd->vain[l->of[side]].spoke_after, l->of[side]));
	fill_reset_ttl(l, side, r);
}

/* A bare RST to a SYN-ACK, or any before the handshake was complete, is of an end that no longer wants to connect. */
static bool cancels(const struct layout *l, unsigned i, const struct reset *r)
{
	const struct connection *c = l->c;

	return i == c->client && (r->state_before[i] == HANGUP_TCP_STATE_SYN_SENT ||
	                          (!(r->flags & RESET_ACTIVE) && (c->half[i].flags & c->half[!i].flags & HALF_SYN) &&
	                           !(c->flags & CONNECTION_HANDSHAKE_ACKED)));
}

/* Both ends had greeted, and nobody said anything. A RST with the ACK flag acknowledges the SYN-ACK itself. */
static bool is_unused(const struct connection *c, const struct reset *r)
{
	bool greeted = (c->flags & CONNECTION_HANDSHAKE_ACKED) ||
	               ((r->flags & RESET_ACTIVE) && (c->half[0].flags & c->half[1].flags & HALF_SYN));

	return greeted && c->half[0].payload + c->half[1].payload == 0;
}

/* Both had closed: the RST came after both FINs, or the other's FIN was on its way and met it, and nothing was lost: a
 * client that closed first had asked for nothing more, and a TLS farewell is no request. */
static bool resets_closed(const struct layout *l, unsigned i, const struct reset *r)
{
	const struct connection *c = l->c;
	int64_t later = l->td->fin[!i].time_ns - r->packet.time_ns;

	if (c->flags & CONNECTION_RST_AFTER_CLOSE)
		return true;
	return (c->half[i].flags & c->half[!i].flags & HALF_FIN) && later >= 0 &&
	       later <= c->rtt_min_ns[i] + ON_ITS_WAY_NS && (i == c->client || l->odd->only_farewell[!i]);
}

/* Data after this side's FIN; or before it as captured, but not acknowledged by it, and answered by a bare RST: they
 * crossed behind the capture point. */
static bool met_closed_end(const struct layout *l, unsigned i, const struct reset *r)
{
	return l->odd->data_after_fin_bytes[!i] > 0 ||
	       (!(r->flags & RESET_ACTIVE) && half_outstanding(&l->c->half[!i]) > 0);
}

/* What was never read takes up room: the window this side announces shrinks by it. That shows only when it is much of
 * the window, because windows come in steps and stacks let them grow meanwhile. */
enum reading { READING_HIDDEN, READING_DONE, READING_LEFT };

static enum reading reading_of(const struct connection *c, unsigned i, const struct reset *r)
{
	const struct half *h = &c->half[i];
	uint32_t most = (uint32_t)c->window_most[i] << h->scale;

	if (!(h->flags & HALF_SYN) || (c->flags & CONNECTION_SCALE_UNKNOWN) || r->unreplied < most / 8)
		return READING_HIDDEN;
	if (h->window < c->window_most[i] / 2)
		return READING_LEFT;
	return h->window > c->window_most[i] / 8 * 7 ? READING_DONE : READING_HIDDEN;
}

/* Who said nothing to what it received may not have read it. A RST that announces more room than before shows that
 * closing emptied a buffer (Linux drops unread data first), and so does a window that had shrunk. Else a server that
 * says nothing to a request left it unread; that a client says nothing after a response is how conversations end,
 * unless more of it was on its way, or the server had closed, when a client that had read all would have sent FIN. */
static bool left_unread(const struct connection *c, unsigned i, const struct reset *r)
{
	enum reading reading = reading_of(c, i, r);

	if (r->unreplied == 0 || reading == READING_DONE)
		return false;
	return (r->flags & RESET_WINDOW_REOPENED) || reading == READING_LEFT || i != c->client ||
	       (c->flags & (CONNECTION_MORE_TO_COME_0 << !i)) || (c->half[!i].flags & HALF_FIN);
}

static enum hangup_reset reset_kind(const struct layout *l, unsigned i, const struct reset *r)
{
	const struct connection *c = l->c;

	if (!(r->flags & RESET_ENDED))
		return HANGUP_RESET_NONE;
	if (r->state_before[!i] == HANGUP_TCP_STATE_SYN_SENT)
		return HANGUP_RESET_REFUSES;
	if (resets_closed(l, i, r))
		return HANGUP_RESET_AFTER_CLOSE;
	if (cancels(l, i, r))
		return HANGUP_RESET_CANCELS;
	if (c->half[i].flags & HALF_FIN)
		return met_closed_end(l, i, r) ? HANGUP_RESET_LATE_DATA : HANGUP_RESET_AFTER_OWN_FIN;
	if (is_unused(c, r))
		return HANGUP_RESET_UNUSED;
	if (!(r->flags & RESET_ACTIVE))
		return HANGUP_RESET_STRAY;
	return left_unread(c, i, r) ? HANGUP_RESET_UNREAD : HANGUP_RESET_ABORTS;
}

void facts_fill_reset(struct layout *l, enum hangup_side side)
{
	unsigned i = l->of[side];
	const struct reset *r = l->reset[i];
	const struct vain_reset *v = &l->odd->vain[i];

	set(l, HANGUP_FACT_RSTS, side, r->count);
	set(l, HANGUP_FACT_RST_ENDED, side, !!(r->flags & RESET_ENDED));
	set(l, HANGUP_FACT_RST_KIND, side, reset_kind(l, i, r));
	if (r->count == 0)
		return;
	set(l, HANGUP_FACT_RSTS_REJECTED, side, v->rejected_count);
	set(l, HANGUP_FACT_RST_FIRST, side, !!(r->flags & RESET_FIRST));
	set(l, HANGUP_FACT_SPOKE_AFTER_RST, side, v->spoke_after);
	set(l, HANGUP_FACT_STATE_BEFORE_RST, side, r->state_before[i]);
	set(l, HANGUP_FACT_RST_AHEAD, side, v->ahead);
	set(l, HANGUP_FACT_RST_AHEAD_AGE, side, v->ahead_gap_ns);
	put(l, HANGUP_PACKET_RST_AHEAD, side, v->ahead_packet);
	fill_reset_looks(l, side, r);
	put(l, HANGUP_PACKET_RST, side, r->packet);
	put(l, HANGUP_PACKET_RST_REJECTED, side, v->rejected);
	put(l, HANGUP_PACKET_AFTER_RST, side, v->after);
	put(l, HANGUP_PACKET_TRIGGER, !side, r->trigger);
	set(l, HANGUP_FACT_RST_TEXT, side, l->odd->rst_text[i][0] != '\0');
	g_strlcpy(l->f->rst_text[side], l->odd->rst_text[i], sizeof l->f->rst_text[side]);
}

void facts_fill_reset_pair(struct layout *l)
{
	const struct reset *a = l->reset[0], *b = l->reset[1];

	set_one(l, HANGUP_FACT_RST_AFTER_CLOSE, (a->count > 0 && resets_closed(l, 0, a)) ||
	                                                (b->count > 0 && resets_closed(l, 1, b)));
	if (a->count > 0 && b->count > 0)
		set_one(l, HANGUP_FACT_RST_PAIR_GAP, llabs(a->packet.time_ns - b->packet.time_ns));
}
