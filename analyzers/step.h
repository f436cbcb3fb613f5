/* One segment meeting its connection: what the files that each understand one part of TCP are handed. Internal to
 * the tracker. */
#ifndef ANALYZERS_STEP_H
#define ANALYZERS_STEP_H

#include <glib.h>

#include "analyzers/connection.h"
#include "analyzers/context.h"
#include "analyzers/sequence.h"
#include "analyzers/slab.h"
#include "analyzers/tcp_states.h"
#include "capture/segment.h"

struct step {
	struct connection *c;
	struct half *from, *to;
	const struct segment *s;
	struct teardown *td;   /* NULL until step_teardown() */
	struct teardown_slabs *slabs;
	struct context_log *context;
	int64_t now;
	int64_t gap;           /* since the last packet of either side, at least 0 */
	uint32_t end;          /* sequence number after the segment, SYN and FIN counted */
	uint8_t side;          /* of the sender, 0 or 1 */
	uint8_t other;
};

static inline struct hangup_packet step_packet(const struct step *k)
{
	return (struct hangup_packet){.number = k->s->number, .time_ns = k->now};
}

/* The teardown record, made when first needed. */
static inline struct teardown *step_teardown(struct step *k)
{
	if (k->td == NULL) {
		k->c->teardown = slab_take(&k->slabs->teardowns);
		k->td = slab_at(&k->slabs->teardowns, k->c->teardown);
		k->td->close_age_ns = -1;
	}
	return k->td;
}

static inline void *step_record(struct slab *slab, uint32_t *index)
{
	if (*index == SLAB_NONE)
		*index = slab_take(slab);
	return slab_at(slab, *index);
}

/* Its records, made when first needed. */
static inline struct retry *step_retry(struct step *k, unsigned side)
{
	return step_record(&k->slabs->retries, &step_teardown(k)->retry[side]);
}

static inline struct reset *step_reset(struct step *k, unsigned side)
{
	return step_record(&k->slabs->resets, &step_teardown(k)->reset[side]);
}

static inline struct oddity *step_oddity(struct step *k)
{
	return step_record(&k->slabs->oddities, &step_teardown(k)->oddity);
}

/* The same, if there are any; NULL if not. */
static inline struct retry *step_retry_if_any(const struct step *k, unsigned side)
{
	return k->td != NULL && k->td->retry[side] != SLAB_NONE ? slab_at(&k->slabs->retries, k->td->retry[side]) : NULL;
}

static inline struct reset *step_reset_if_any(const struct step *k, unsigned side)
{
	return k->td != NULL && k->td->reset[side] != SLAB_NONE ? slab_at(&k->slabs->resets, k->td->reset[side]) : NULL;
}

static inline void step_event(struct half *half, enum tcp_event event)
{
	half->state = tcp_state_after(half->state, event);
}

static inline void count_u8(uint8_t *counter)
{
	*counter += *counter < UINT8_MAX;
}

static inline void count_u16(uint16_t *counter)
{
	*counter += *counter < UINT16_MAX;
}


/* Damaged stamps are taken for the farthest that differences can be made of without overflowing. */
#define STAMP_MOST_NS (INT64_C(1) << 62)
static inline int64_t step_stamp(const struct segment *s)
{
	return CLAMP(s->time_ns, -STAMP_MOST_NS / 2, STAMP_MOST_NS);
}

/* What a copy of the segment has in common with it. */
static inline uint32_t step_fingerprint(const struct segment *s)
{
	const uint64_t a = (uint64_t)s->seq << 32 | s->ack;
	const uint64_t b = (uint64_t)s->ts_value << 32 | s->payload_len << 8 | s->flags;
	const uint64_t c = (uint64_t)s->ip_id << 48 | (uint64_t)s->window << 32 | s->sack_right;

	return (uint32_t)((a * UINT64_C(0x9e3779b97f4a7c15) + b * UINT64_C(0xbf58476d1ce4e5b9) +
	                   c * UINT64_C(0x94d049bb133111eb)) >> 32);
}

static inline void step_sent(struct step *k)
{
	k->from->packets++;
	k->from->last_number = k->s->number;
	k->from->last_ns = k->now;
	k->c->flags |= CONNECTION_TOUCHED;
}

static inline bool step_is_syn(const struct step *k)
{
	return (k->s->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
}

/* Bytes of this half that nobody acknowledged. */
static inline uint32_t half_outstanding(const struct half *h)
{
	if (!(h->flags & HALF_ACKED) || !(h->flags & HALF_SEQUENCE) || !seq_before(h->una, h->nxt))
		return 0;
	return h->nxt - h->una;
}

/* What was captured of this half goes on at `right`: what lies between is missing, and may still come. */
static inline void half_open_hole(struct half *h, uint32_t right)
{
	if (!(h->flags & HALF_HOLE)) {
		h->hole_left = h->nxt;
		h->hole_bytes = 0;
	}
	h->hole_bytes += right - h->nxt;
	h->hole_right = right;
	h->flags |= HALF_HOLE;
}

/* Whether the segment carries a number or an acknowledgement beyond all that is known. */
static inline bool step_says_new(const struct step *k)
{
	const struct half *from = k->from, *to = k->to;

	return !(from->flags & HALF_SEQUENCE) || seq_before(from->nxt, k->end) ||
	       ((k->s->flags & TCP_ACK) && (to->flags & HALF_ACKED) && seq_before(to->una, k->s->ack));
}

/* --- each in the file of its name ------------------------------------------------------------------- */

/* opening.c: SYN and SYN-ACK. */
void opening_take(struct step *k);

/* retransmission.c: where the segment stands in its sender's sequence space, and what that makes of it. What is not
 * acceptable (RFC 9293 §3.10.7.4) tells nothing. */
bool sequence_is_acceptable(const struct step *k);
void sequence_take(struct step *k);

/* acknowledge.c: what the segment acknowledges. */
void acknowledge_take(struct step *k);

/* closing.c: FIN, and data that meets a closed end. */
void closing_take(struct step *k);
/* The quiet time before the first FIN or RST. */
void closing_note_age(struct step *k);

/* reset.c: RST: believed or not, and what it looks like. */
void reset_take(struct step *k);
/* A segment other than RST of a connection that a RST had ended. */
void reset_survived(struct step *k);

/* idle.c: a gap in which nobody owed an answer, longer than any before it or long enough to be remembered. By value, so
 * that a step need not lie in memory for it. */
void idle_take(const struct step k);
/* The speaker after an idle time was answered. */
static inline void idle_answered(struct connection *c)
{
	c->flags &= (uint16_t)~CONNECTION_IDLE_PENDING;
}

/* history.c: Zeek's letters. */
void history_take(struct step *k);
void history_note_repetition(struct step *k);
void history_note(struct connection *c, char letter, uint8_t side);
/* The two that nearly all segments have, by their bits in `seen`. */
enum { HISTORY_ACK, HISTORY_DATA };
static inline void history_note_once(struct connection *c, unsigned which, uint8_t side)
{
	if (!(c->seen & 1u << (2 * which + side)))
		history_note(c, which == HISTORY_DATA ? 'D' : 'A', side);
}

/* The first byte of a TLS record that is an alert (RFC 8446 §5.1). */
enum { TLS_CONTENT_ALERT = 21 };

/* peek.c: what a payload says in clear. */
void peek_tls_alert(struct step *k);
void peek_reset_text(struct step *k);

/* icmp.c */
void icmp_take(struct step *k);

/* habits.c: what tells a host, and where the capture was taken. Of a copy, which way it went. */
void habits_take(struct step *k);
void habits_take_copy(struct step *k);
void habits_take_direction(struct connection *c, unsigned side, uint8_t direction);
void habits_take_ttl(struct connection *c, unsigned side, uint8_t ttl);

#endif
