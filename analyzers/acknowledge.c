/* What a segment acknowledges: progress of the other side, round trips, and bytes the capture never saw. */
#include "analyzers/advance.h"

/* The capture began with a keepalive probe, whose number is one before the next: that byte was sent before. */
static bool began_with_probe(const struct step *k)
{
	const struct half *h = k->to;

	return k->s->ack - h->nxt == 1 && h->payload == 0 && !(h->flags & (HALF_SYN | HALF_FIN));
}

/* Acknowledged but never captured: the capture lost it, or shows the ACK before the data. Kept as a hole, so that
 * data that comes a moment later takes the reproach back. */
static void note_unseen(struct step *k)
{
	struct half *h = k->to;

	if (!(h->flags & HALF_SEQUENCE) || !seq_before(h->nxt, k->s->ack))
		return;
	if (began_with_probe(k)) {
		h->nxt = k->s->ack;
		return;
	}
	half_open_hole(h, k->s->ack);
	k->c->acked_unseen += MIN(k->s->ack - h->nxt, UINT32_MAX - k->c->acked_unseen);
	h->nxt = k->s->ack;
	history_note(k->c, 'G', k->other);
}

static void note_fin_acked(struct step *k)
{
	if (!(k->to->flags & HALF_FIN) || seq_before(k->s->ack, k->td->fin_end[k->other]))
		return;
	k->to->flags |= HALF_FIN_ACKED;
	step_event(k->to, TCP_EVENT_GETS_ACK_OF_FIN);
}

static void take_progress(struct step *k)
{
	note_unseen(k);
	advance_acknowledged(k);
}

/* RFC 2018: a block above the acknowledgement says what came through though something before it did not. */
static void take_sack(struct step *k)
{
	struct retry *r = step_retry_if_any(k, k->other);

	if (k->s->dsack)
		return;
	k->c->flags |= (uint16_t)(CONNECTION_SACKED_0 << k->other);
	if (r != NULL && r->count > 0)
		r->sacked = true;
}

static void note_window(struct step *k)
{
	const struct segment *s = k->s;
	struct half *h = k->from;

	if (s->flags & TCP_SYN) {
		h->window = s->window;
		h->right = h->right == 0 ? s->ack + s->window : seq_max(h->right, s->ack + s->window);
		return;
	}
	if (s->window == 0 && h->window != 0) {
		step_oddity(k)->zero_window[k->side] = step_packet(k);
		history_note(k->c, 'W', k->side);
	}
	advance_window(k);
}

static void note_handshake(struct step *k)
{
	const uint8_t syn_received = HANGUP_TCP_STATE_SYN_RECEIVED;

	if (k->to->state != syn_received || seq_before(k->s->ack, k->c->initial_seq[k->other] + 1))
		return;
	step_event(k->to, TCP_EVENT_GETS_ACK_OF_SYN);
	k->c->flags |= CONNECTION_HANDSHAKE_ACKED;
}

/* The other side has not been seen yet; this number is where we begin to count it. */
static void take_first(struct step *k)
{
	k->to->una = k->s->ack;
	k->to->flags |= HALF_ACKED;
	k->c->initial_seq[k->other] = k->s->ack;
}

void acknowledge_take(struct step *k)
{
	struct half *h = k->to;
	int32_t advance;

	if (!(h->flags & HALF_ACKED))
		take_first(k);
	advance = seq_distance(h->una, k->s->ack);
	if (advance > ACK_JUMP_MAX || advance < -ACK_JUMP_MAX)
		return;
	if (advance > 0)
		take_progress(k);
	else if (advance == 0)
		advance_repeated(k);
	if (k->s->options & OPTION_SACK)
		take_sack(k);
	if (!(k->s->flags & TCP_SYN))
		note_handshake(k);
	if (k->td != NULL)
		note_fin_acked(k);
	note_window(k);
}
