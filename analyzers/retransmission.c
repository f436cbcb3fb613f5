/* Where a segment stands in its sender's sequence space: new, repeated, filling a gap, or a probe; and the count
 * of repetitions that nobody answered. docs/tracking.md lists the kinds and their tests on the wire. */
#include "analyzers/advance.h"

/* Retransmissions closer together than this belong to one attempt (a burst after one timeout): below the smallest
 * minimum RTO in use, 200 ms on Linux (TCP_RTO_MIN), so that every back-off still counts. */
#define ATTEMPT_NS (INT64_C(50) * 1000000)
enum { STALL_ATTEMPTS = 2 };
#define NS_PER_US INT64_C(1000)

/* A window without scaling: what an offer may have grown by unseen. */
enum { WINDOW_SLACK_BYTES = 1 << 16 };

static bool is_empty(const struct step *k)
{
	return k->end == k->s->seq;
}

static bool window_is_closed(const struct step *k)
{
	return k->to->window == 0 && k->to->packets > 0 && !(k->s->flags & TCP_SYN);
}

/* --- repetitions ------------------------------------------------------------------------------------ */

static uint8_t retry_kind(const struct step *k)
{
	if (k->s->flags & TCP_SYN)
		return step_is_syn(k) ? HANGUP_RETRY_SYN : HANGUP_RETRY_SYN_ACK;
	if (window_is_closed(k))
		return HANGUP_RETRY_ZERO_WINDOW;
	return k->s->payload_len > 0 ? HANGUP_RETRY_DATA : HANGUP_RETRY_FIN;
}

/* What was in flight gets no answer: both ends' hosts may have company in that. Told once, when the first repetition has
 * not helped either: a loss that it repairs is no stall. */
static void tell_stall(struct step *k, const struct retry *r)
{
	if (r->count != STALL_ATTEMPTS || r->acked || r->kind == HANGUP_RETRY_KEEPALIVE ||
	    r->kind == HANGUP_RETRY_ZERO_WINDOW)
		return;
	for (unsigned side = 0; side < 2; side++) {
		struct facts_end end = connection_end(k->c, side);

		context_stalled(k->context, &end, r->unanswered.time_ns);
	}
}

static void retry_begin(struct step *k, struct retry *r, uint8_t kind)
{
	bool is_probe = kind == HANGUP_RETRY_KEEPALIVE || (kind == HANGUP_RETRY_ZERO_WINDOW && is_empty(k));

	*r = (struct retry){.kind = kind & 0x3f, .seq = k->s->seq, .size = k->s->payload_len, .first = step_packet(k),
	                    .sacked = !!(k->c->flags & (CONNECTION_SACKED_0 << k->side)),
	                    .acked = kind != HANGUP_RETRY_KEEPALIVE && kind != HANGUP_RETRY_ZERO_WINDOW &&
	                             !seq_after(k->end, k->from->una)};
	r->unanswered = is_probe ? step_packet(k) : k->c->flight[k->side];
	r->last = r->unanswered;
}

/* A back-off repeats the oldest byte that is owed (RFC 6298 §5.4), or the very segment it repeated before; a recovery
 * walks on from segment to segment. */
static bool is_backoff(const struct step *k, const struct retry *r)
{
	return k->s->seq == k->from->una || k->s->seq == r->seq;
}

/* Counts one more unanswered attempt. The largest payload that is being repeated is what PMTU is about. */
static void retry_count(struct step *k, uint8_t kind)
{
	struct retry *r = step_retry(k, k->side);

	if (r->kind != kind)
		retry_begin(k, r, kind);
	else if (kind == HANGUP_RETRY_DATA && (k->now - r->last.time_ns < ATTEMPT_NS || !is_backoff(k, r)))
		return;
	r->gap_us = (uint32_t)CLAMP((k->now - r->last.time_ns) / NS_PER_US, 0, UINT32_MAX);
	r->last = step_packet(k);
	r->size = k->s->payload_len > r->size ? k->s->payload_len : r->size;
	count_u16(&r->count);
	tell_stall(k, r);
}

/* --- kinds ------------------------------------------------------------------------------------------ */

/* RFC 1122 §4.2.3.6: nothing outstanding, number one before the next, no or one byte. Linux probes a closed window
 * with the same bytes (tcp_write_wakeup), so the window tells them apart. */
static bool is_probe(const struct step *k)
{
	return k->s->payload_len <= 1 && k->s->seq == k->from->nxt - 1 && k->from->una == k->from->nxt &&
	       !(k->s->flags & (TCP_SYN | TCP_FIN)) && k->from->packets > 1 && !(k->from->flags & HALF_FIN);
}

static void take_probe(struct step *k)
{
	if (window_is_closed(k)) {
		retry_count(k, HANGUP_RETRY_ZERO_WINDOW);
		return;
	}
	count_u16(&k->c->keepalives[k->side]);
	retry_count(k, HANGUP_RETRY_KEEPALIVE);
}

/* Bytes that the capture had skipped: reordered on the way, or repeated after a loss before the capture point. */
static bool fills_hole(const struct step *k)
{
	return (k->from->flags & HALF_HOLE) && !seq_before(k->s->seq, k->from->hole_left) &&
	       !seq_after(k->end, k->from->hole_right);
}

static void take_filling(struct step *k)
{
	struct half *h = k->from;

	if (k->s->payload_len > 0)
		advance_payload(k, k->s->payload_len);
	if (k->s->seq == h->hole_left)
		h->hole_left = k->end;
	else if (k->end == h->hole_right)
		h->hole_right = k->s->seq;
	h->hole_bytes -= MIN(h->hole_bytes, k->end - k->s->seq);
	if (h->hole_left == h->hole_right || h->hole_bytes == 0)
		h->flags &= (uint8_t)~HALF_HOLE;
}

static void take_repetition(struct step *k)
{
	if (k->from->retransmitted < UINT32_MAX)
		k->from->retransmitted++;
	history_note_repetition(k);
	k->c->rtt_sent_ns[k->side] = 0; /* RFC 6298 §3: a repeated segment times nothing */
	retry_count(k, retry_kind(k));
}

/* --- new bytes -------------------------------------------------------------------------------------- */

static void note_hole(struct step *k)
{
	struct half *h = k->from;

	half_open_hole(h, k->s->seq);
	history_note(k->c, 'G', k->side);
}

/* A FIN that is new may ride on data that is not. */
static uint32_t new_payload(const struct step *k, uint32_t advance)
{
	return MIN(k->s->payload_len, advance - !!(k->s->flags & TCP_FIN));
}

static void take_new(struct step *k, uint32_t advance)
{
	if (seq_before(k->from->nxt, k->s->seq))
		note_hole(k);
	advance_sequence(k, new_payload(k, advance));
}

/* The first number seen of a side: everything before it counts as acknowledged. */
static void take_first(struct step *k)
{
	struct half *h = k->from;

	h->nxt = k->s->seq;
	if (!(h->flags & HALF_ACKED))
		h->una = k->s->seq;
	h->flags |= HALF_SEQUENCE | HALF_ACKED;
}

/* RFC 9293 §3.10.7.3: what does not acknowledge its SYN, an end in SYN-SENT takes for nothing of its connection: the
 * answer of a TIME-WAIT, or a challenge of an older connection. */
static bool answers_no_syn(const struct step *k)
{
	const struct segment *s = k->s;

	return k->to->state == HANGUP_TCP_STATE_SYN_SENT && !(s->flags & TCP_SYN) &&
	       (!(s->flags & TCP_ACK) || !seq_before(k->c->initial_seq[k->other], s->ack) ||
	        seq_after(s->ack, k->to->nxt));
}

/* Farther ahead than the other end would ever accept is another connection's, or nonsense. As much again as it offered
 * is let pass, because the capture may have lost what it offered since; so is what goes on where the last one ended,
 * because it may have lost all of that end's packets. */
bool sequence_is_acceptable(const struct step *k)
{
	const struct half *from = k->from, *to = k->to;
	int64_t offered = (int64_t)to->window << to->scale;

	if (answers_no_syn(k))
		return false;
	if (!(from->flags & HALF_SEQUENCE) || !(to->flags & HALF_SYN) || to->right == 0)
		return true;
	return !seq_before(from->nxt, k->s->seq) ||
	       seq_distance(to->right, k->s->seq) <= offered + WINDOW_SLACK_BYTES;
}

void sequence_take(struct step *k)
{
	struct half *h = k->from;
	int32_t advance;

	if (!(h->flags & HALF_SEQUENCE))
		take_first(k);
	advance = seq_distance(h->nxt, k->end);
	if (is_probe(k))
		take_probe(k);
	else if (is_empty(k))
		return;
	else if (advance > 0)
		take_new(k, (uint32_t)advance);
	else if (fills_hole(k))
		take_filling(k);
	else
		take_repetition(k);
}
