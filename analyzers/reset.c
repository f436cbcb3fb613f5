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

static void describe(struct step *k, struct reset *r)
{
	r->packet = step_packet(k);
	r->trigger = (struct hangup_packet){k->to->last_number, k->to->last_ns};
	r->delay_ns = k->to->packets > 0 ? k->now - k->to->last_ns : -1;
	r->seq = k->s->seq;
	r->nxt = k->from->nxt;
	r->unreplied = k->c->unreplied[k->side];
	r->window = k->s->window;
	r->ip_id = k->s->ip_id;
	r->ip_id_delta = (uint16_t)(k->s->ip_id - k->from->ip_id);
	r->ttl = k->s->ttl;
	r->ttl_delta = (uint8_t)(k->from->ttl != 0 ? os_ttl_difference(k->s->ttl, k->from->ttl) : 0);
	r->flags = appearance(k);
	r->after = (struct hangup_packet){0};
	r->spoke_after = 0;
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
static void note_ahead(struct step *k, struct reset *r)
{
	int32_t ahead = seq_distance(k->from->nxt, k->s->seq);

	if (!(k->from->flags & HALF_SEQUENCE) || ahead <= 0 || !seq_before(k->s->seq, k->to->right))
		return;
	r->ahead = (uint32_t)ahead;
	r->ahead_packet = step_packet(k);
	r->ahead_gap_ns = k->gap;
}

static void reject(struct step *k, struct reset *r)
{
	note_ahead(k, r);
	if (r->rejected.number == 0)
		r->rejected = step_packet(k);
	count_u16(&r->rejected_count);
}

void reset_take(struct step *k)
{
	struct reset *r = &step_teardown(k)->reset[k->side];
	bool believed = is_believed(k);

	closing_note_age(k);
	count_u16(&r->count);
	/* The first one believed is the one to tell of; until then, the first one. */
	if (!(r->flags & RESET_ENDED) && (believed || r->count == 1))
		describe(k, r);
	if (believed)
		believe(k, r);
	else
		reject(k, r);
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

	if (r->spoke_after == 0)
		return false;
	if ((k->s->flags & TCP_ACK) && seq_before(r->nxt, k->s->ack))
		return true;
	return k->s->payload_len > 0 && seq_before(k->from->nxt, k->end) && k->now - r->packet.time_ns > in_flight;
}

static void take_back(struct connection *c, struct reset *r)
{
	for (unsigned side = 0; (r->flags & RESET_FIRST) && side < 2; side++)
		c->half[side].state = r->state_before[side];
	c->flags &= (uint16_t) ~(CONNECTION_CLOSED_BY_RST | CONNECTION_RST_AFTER_CLOSE);
	r->rejected = r->packet;
	r->rejected_count = r->count;
	r->flags &= (uint16_t) ~(RESET_ENDED | RESET_FIRST);
}

void reset_survived(struct step *k)
{
	struct reset *own = &k->td->reset[k->side], *others = &k->td->reset[k->other];

	/* Data that is not new may be a copy of a burst before the RST. */
	if ((own->flags & RESET_ENDED) && (k->s->payload_len == 0 || step_says_new(k))) {
		if (own->spoke_after == 0)
			own->after = step_packet(k);
		count_u16(&own->spoke_after);
	}
	if (!(others->flags & RESET_ENDED) || !proves_life(k, others))
		return;
	take_back(k->c, others);
	if (own->flags & RESET_ENDED) /* of a pair, neither was believed */
		take_back(k->c, own);
}
