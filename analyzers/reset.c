/* RST: whether the end it is aimed at believes it, and what it looks like beside its sender's other packets.
 *
 * Believed is what real stacks believe, not only RFC 9293: exactly the next number (RFC 5961 §3.2), anywhere
 * between acknowledged and sent because what arrived is not known from here, and one before the next after a
 * FIN (Linux tcp_reset_check, XNU). In SYN-SENT only a RST that acknowledges the SYN counts. A RST that was
 * believed here is taken back when both ends go on as if nothing had happened. */
#include "analyzers/os.h"
#include "analyzers/step.h"

/* After this and two round trips, new data of the supposedly reset end was not already on its way: the longest
 * common delayed acknowledgement is 200 ms. */
#define IN_FLIGHT_NS (INT64_C(200) * 1000000)
/* A program that decides to reset takes its time; one that did not shows how near it is (see vantage.c). */
#define AT_ONCE_NS (INT64_C(300) * 1000)

static bool answers_syn(const struct step *k)
{
	uint32_t initial = k->c->initial_seq[k->other];

	return (k->s->flags & TCP_ACK) && seq_before(initial, k->s->ack) && !seq_after(k->s->ack, k->to->nxt);
}

static bool number_fits(const struct step *k)
{
	const struct half *h = k->from;

	if (!(h->flags & HALF_ACKED))
		return true; /* nothing known of its numbers: mid-stream */
	if (!(h->flags & HALF_SEQUENCE))
		return !seq_before(k->s->seq, h->una - 1);
	if ((h->flags & HALF_FIN) && k->s->seq == h->nxt - 1)
		return true;
	return !seq_before(k->s->seq, h->una) && !seq_after(k->s->seq, h->nxt);
}

static bool is_believed(const struct step *k)
{
	return k->to->state == HANGUP_TCP_STATE_SYN_SENT ? answers_syn(k) : number_fits(k);
}

/* --- what it looks like ------------------------------------------------------------------------------ */

static uint16_t appearance(const struct step *k)
{
	const struct segment *s = k->s;
	const struct half *h = k->from;
	bool refuses = k->to->state == HANGUP_TCP_STATE_SYN_SENT;
	uint16_t flags = 0;

	if ((s->flags & TCP_ACK) && !refuses)
		flags |= RESET_ACTIVE;
	if (!(s->flags & TCP_ACK) && (h->flags & HALF_ACKED) && s->seq == h->una)
		flags |= RESET_REACTIVE;
	if ((h->flags & HALF_SEQUENCE) && s->seq == h->nxt)
		flags |= RESET_EXACT;
	if ((h->flags & HALF_SEQUENCE) && seq_before(s->seq, h->nxt) && s->seq != h->una)
		flags |= RESET_BEHIND;
	if (s->options & OPTION_TIMESTAMP)
		flags |= RESET_TIMESTAMP;
	if (h->ttl != 0)
		flags |= RESET_COMPARABLE;
	if ((s->flags & TCP_ACK) && h->packets > 0 && s->window > h->window)
		flags |= RESET_WINDOW_REOPENED;
	return flags;
}

/* What was said after an earlier one. */
static void forget_life(struct step *k)
{
	struct vain_reset *v;

	if (k->td->oddity == SLAB_NONE)
		return;
	v = &step_oddity(k)->vain[k->side];
	v->after = (struct hangup_packet){0};
	v->spoke_after = 0;
}

static void describe(struct step *k, struct reset *r)
{
	r->packet = step_packet(k);
	r->trigger = (struct hangup_packet){k->to->last_number, k->to->last_ns};
	r->nxt = k->from->nxt;
	r->unreplied = k->c->unreplied[k->side];
	r->window = k->s->window;
	r->ip_id = k->s->ip_id;
	r->ip_id_delta = (uint16_t)(k->s->ip_id - k->from->ip_id);
	r->ttl = k->s->ttl;
	r->ttl_delta = (uint8_t)(k->from->ttl != 0 ? os_ttl_difference(k->s->ttl, k->from->ttl) : 0);
	r->flags = appearance(k);
	forget_life(k);
}

/* --- what it does ------------------------------------------------------------------------------------ */

/* Where a side sent nothing else, its RST tells how near and how far it is as well as any answer would. */
static void take_as_answer(struct step *k, const struct reset *r)
{
	uint32_t *rtt = &k->c->rtt_min_ns[k->other];
	bool refuses = k->to->state == HANGUP_TCP_STATE_SYN_SENT;

	if (k->from->ttl == 0)
		k->from->ttl = k->c->ttl_min[k->side] = k->c->ttl_max[k->side] = k->s->ttl;
	if (*rtt == 0 && k->gap > 0 && k->gap < UINT32_MAX && k->to->packets > 0 &&
	    ((r->flags & RESET_REACTIVE) || refuses || k->gap < AT_ONCE_NS))
		*rtt = (uint32_t)k->gap;
}

static void end_connection(struct step *k, struct reset *r)
{
	struct connection *c = k->c;

	take_as_answer(k, r);
	r->flags |= RESET_ENDED;
	r->state_before[k->side] = k->from->state;
	r->state_before[k->other] = k->to->state;
	if (!(c->flags & CONNECTION_CLOSED_BY_RST)) {
		r->flags |= RESET_FIRST;
		if (k->from->flags & k->to->flags & HALF_FIN)
			c->flags |= CONNECTION_RST_AFTER_CLOSE;
	}
	c->flags |= CONNECTION_CLOSED_BY_RST;
}

/* A repeated one too: a SYN sent again after it, as Windows does, is refused again. */
static void believe(struct step *k, struct reset *r)
{
	if (!(r->flags & RESET_ENDED))
		end_connection(k, r);
	step_event(k->from, TCP_EVENT_SENDS_RST);
	step_event(k->to, TCP_EVENT_GETS_RST);
}

/* Beyond everything captured: the sender had sent bytes that never came by here. */
static void note_ahead(struct step *k, struct vain_reset *v)
{
	int32_t ahead = seq_distance(k->from->nxt, k->s->seq);

	if (!(k->from->flags & HALF_SEQUENCE) || ahead <= 0 || !seq_before(k->s->seq, k->to->right))
		return;
	v->ahead = (uint32_t)ahead;
	v->ahead_packet = step_packet(k);
	v->ahead_gap_ns = k->gap;
}

static void reject(struct step *k)
{
	struct vain_reset *v = &step_oddity(k)->vain[k->side];

	note_ahead(k, v);
	if (v->rejected.number == 0)
		v->rejected = step_packet(k);
	count_u16(&v->rejected_count);
}

void reset_take(struct step *k)
{
	struct reset *r = step_reset(k, k->side);
	bool believed = is_believed(k);

	closing_note_age(k);
	count_u16(&r->count);
	/* The first one believed is the one to tell of; until then, the first one. */
	if (!(r->flags & RESET_ENDED) && (believed || r->count == 1))
		describe(k, r);
	if (believed)
		believe(k, r);
	else
		reject(k);
	r->last_seq = k->s->seq;
	k->from->flags |= HALF_RST;
	peek_reset_text(k);
}

/* --- life after it ----------------------------------------------------------------------------------- */

/* The end that was reset acknowledges what the "resetting" end sent after its RST, or sends new data long after:
 * neither took note of it. */
static bool proves_life(const struct step *k, const struct reset *r)
{
	int64_t in_flight = IN_FLIGHT_NS + 2 * (int64_t)k->c->rtt_min_ns[k->side];

	if (oddity_of(k->slabs, k->td)->vain[k->other].spoke_after == 0)
		return false;
	if ((k->s->flags & TCP_ACK) && seq_before(r->nxt, k->s->ack))
		return true;
	return k->s->payload_len > 0 && seq_before(k->from->nxt, k->end) && k->now - r->packet.time_ns > in_flight;
}

static void take_back(struct step *k, unsigned side, struct reset *r)
{
	struct connection *c = k->c;
	struct vain_reset *v = &step_oddity(k)->vain[side];

	for (unsigned i = 0; (r->flags & RESET_FIRST) && i < 2; i++)
		c->half[i].state = r->state_before[i];
	c->flags &= (uint16_t) ~(CONNECTION_CLOSED_BY_RST | CONNECTION_RST_AFTER_CLOSE);
	v->rejected = r->packet;
	v->rejected_count = r->count;
	r->flags &= (uint16_t) ~(RESET_ENDED | RESET_FIRST);
}

static void note_life(struct step *k)
{
	struct vain_reset *v = &step_oddity(k)->vain[k->side];

	if (v->spoke_after == 0)
		v->after = step_packet(k);
	count_u16(&v->spoke_after);
}

static bool has_ended(const struct reset *r)
{
	return r != NULL && (r->flags & RESET_ENDED);
}

void reset_survived(struct step *k)
{
	struct reset *own = step_reset_if_any(k, k->side), *others = step_reset_if_any(k, k->other);

	/* Data that is not new may be a copy of a burst before the RST. */
	if (has_ended(own) && (k->s->payload_len == 0 || step_says_new(k)))
		note_life(k);
	if (!has_ended(others) || !proves_life(k, others))
		return;
	take_back(k, k->other, others);
	if (has_ended(own)) /* of a pair, neither was believed */
		take_back(k, k->side, own);
}
