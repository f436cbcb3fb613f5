/* What a segment brings forward: its sender's numbers and payload, what it acknowledges, the window it offers, the time.
 * In line, because two ways lead here: the general one (retransmission.c, acknowledge.c, idle.c, habits.c), and the short
 * one of the segment that was expected (predicted.c). */
#ifndef ANALYZERS_ADVANCE_H
#define ANALYZERS_ADVANCE_H

#include <glib.h>

#include "analyzers/step.h"
#include "capture/frame.h"

/* --- repetitions ---------------------------------------------------------------------------------------- */

/* What the other end repeats is not answered by just anything, but it is heard. */
static inline void advance_spoken(struct step *k)
{
	struct retry *r = step_retry_if_any(k, k->other);

	if (r != NULL)
		count_u8(&r->peer_spoke);
}

/* The other side is answered: it repeats nothing any more. */
static inline void advance_answered(struct step *k)
{
	struct retry *r = step_retry_if_any(k, k->other);

	if (r != NULL)
		*r = (struct retry){0};
}

/* A side that goes on has noticed what was acknowledged. */
static inline void advance_noticed(struct step *k)
{
	struct retry *r = step_retry_if_any(k, k->side);

	if (r != NULL && r->acked)
		*r = (struct retry){0};
}

/* --- payload -------------------------------------------------------------------------------------------- */

/* Bytes never seen before, at the end or in a hole. */
static inline void advance_payload(struct step *k, uint32_t bytes)
{
	struct connection *c = k->c;

	k->from->payload += bytes;
	if (c->acked_unseen > 0 && seq_before(k->s->seq, k->from->una))
		c->acked_unseen -= MIN(bytes, c->acked_unseen);
	c->last_data[k->side] = step_packet(k);
	c->unreplied[k->side] = 0;
	c->unreplied[k->other] += bytes;
}

/* A stream: payload after payload without a word of the other side. It breaks off in the middle of something when the
 * last one looks like those before it (as large as the largest, or as the one just before), and when the last one was
 * as large as any, and not pushed. */
static inline void advance_run(struct step *k)
{
	struct connection *c = k->c;
	uint32_t size = k->s->payload_len;
	bool largest = size >= c->largest_acked[k->side] && size >= c->large_sent[k->side];
	bool even = largest || size == c->last_size[k->side], more = largest && !(k->s->flags & TCP_PSH);
	unsigned of_side = (CONNECTION_EVEN_0 | CONNECTION_MORE_TO_COME_0) << k->side;
	unsigned now = (even ? CONNECTION_EVEN_0 : 0) | (more ? CONNECTION_MORE_TO_COME_0 : 0);

	c->flags = (uint16_t)((c->flags & ~of_side) | now << k->side);
	c->last_size[k->side] = size;
	count_u8(&c->run[k->side]);
	c->run[k->other] = 0;
}

static inline void advance_largest_sent(struct step *k)
{
	struct connection *c = k->c;

	if (k->s->payload_len <= c->largest_acked[k->side] || k->s->payload_len <= c->large_sent[k->side])
		return;
	c->large_sent[k->side] = k->s->payload_len;
	c->large_end[k->side] = k->end;
}

/* The sender's next number is the segment's end, `bytes` of it payload that is new. */
static inline void advance_sequence(struct step *k, uint32_t bytes)
{
	struct connection *c = k->c;

	advance_noticed(k);
	if (half_outstanding(k->from) == 0)
		c->flight[k->side] = step_packet(k);
	k->from->nxt = k->end;
	if (bytes > 0) {
		advance_payload(k, bytes);
		advance_run(k);
		advance_largest_sent(k);
	}
	if (c->rtt_sent_ns[k->side] == 0) {
		c->rtt_sent_ns[k->side] = k->now;
		c->rtt_end[k->side] = k->end;
	}
}

/* --- acknowledgement ------------------------------------------------------------------------------------ */

/* A jump further than this is no acknowledgement of ours: half the window a scale of 14 allows (RFC 7323 §2.3). */
enum { ACK_JUMP_MAX = 1 << 29 };

static inline void advance_timing(struct step *k)
{
	struct connection *c = k->c;
	int64_t sent = c->rtt_sent_ns[k->other];
	int64_t took = k->now - sent;

	if (sent == 0 || seq_before(k->s->ack, c->rtt_end[k->other]))
		return;
	c->rtt_sent_ns[k->other] = 0;
	if (took < 0 || took >= UINT32_MAX)
		return;
	/* 0 means unknown, and a round trip below the clock's resolution is still one. */
	took = took > 0 ? took : 1;
	if (c->rtt_min_ns[k->other] == 0 || took < c->rtt_min_ns[k->other])
		c->rtt_min_ns[k->other] = (uint32_t)took;
}

static inline void advance_largest_acknowledged(struct step *k)
{
	struct connection *c = k->c;

	if (c->large_sent[k->other] == 0 || seq_before(k->s->ack, c->large_end[k->other]))
		return;
	c->largest_acked[k->other] = c->large_sent[k->other];
	c->large_sent[k->other] = 0;
}

/* The other side's numbers are acknowledged up to the segment's. */
static inline void advance_acknowledged(struct step *k)
{
	struct connection *c = k->c;

	k->to->una = k->s->ack;
	c->flags &= (uint16_t)~(CONNECTION_SACKED_0 << k->other);
	advance_timing(k);
	advance_largest_acknowledged(k);
	if (half_outstanding(k->to) > 0)
		c->flight[k->other] = c->last_data[k->other];
	advance_answered(k);
	if (c->idle_speaker == k->other)
		idle_answered(c);
}

/* The same number again answers a probe, and nothing else. With data too: a stack that hears anything of the other end
 * begins to count anew (RFC 1122 §4.2.3.6; Linux tcp_ack clears icsk_probes_out). */
static inline void advance_repeated(struct step *k)
{
	const struct retry *r = step_retry_if_any(k, k->other);

	if (r == NULL || (r->kind != HANGUP_RETRY_KEEPALIVE && r->kind != HANGUP_RETRY_ZERO_WINDOW))
		return;
	advance_answered(k);
	if (k->c->idle_speaker == k->other)
		idle_answered(k->c);
}

/* Of a segment without SYN: the window field is scaled. */
static inline void advance_window(struct step *k)
{
	const struct segment *s = k->s;
	struct half *h = k->from;
	uint32_t right = s->ack + ((uint32_t)s->window << h->scale);

	if (s->window > k->c->window_most[k->side])
		k->c->window_most[k->side] = s->window;
	h->window = s->window;
	h->right = h->right == 0 ? right : seq_max(h->right, right);
}

/* --- time ----------------------------------------------------------------------------------------------- */

/* Shorter pauses are the pace of a conversation. */
#define NS_PER_MS INT64_C(1000000)
#define PAUSE_NOTICED_NS NS_PER_MS
/* The shortest idle time remembered; rules have their own, longer, thresholds. */
#define IDLE_NOTICED_NS INT64_C(1000000000)

/* The gap before the segment. */
static inline void advance_time(const struct step *k)
{
	struct connection *c = k->c;

	if (k->gap < PAUSE_NOTICED_NS)
		return;
	if (k->gap > c->pause_longest_ns)
		c->pause_longest_ns = k->gap;
	if (k->gap / NS_PER_MS <= c->idle_longest_ms && k->gap < IDLE_NOTICED_NS)
		return;
	if (half_outstanding(k->from) == 0 && half_outstanding(k->to) == 0)
		idle_take(*k);
}

/* --- the sender's host ---------------------------------------------------------------------------------- */

/* Checksums of the first packets of a side are enough to tell whether they are left to the network card. */
enum { CHECKSUMS_LOOKED_AT = 4 };

static inline void advance_host(struct step *k)
{
	struct connection *c = k->c;
	const struct segment *s = k->s;

	if (s->ttl != k->from->ttl)
		habits_take_ttl(c, k->side, s->ttl);
	k->from->ip_id = s->ip_id;
	if (s->options & OPTION_TIMESTAMP)
		k->from->flags |= HALF_TIMESTAMPS;
	if (s->direction != FRAME_DIRECTION_UNKNOWN)
		habits_take_direction(c, k->side, s->direction);
	if (k->from->packets < CHECKSUMS_LOOKED_AT && segment_checksum_is_partial(s))
		count_u8(&c->partial_checksums[k->side]);
	/* The other's MSS limits this side's segments; 0 when its SYN was not seen. */
	if (s->payload_len > c->mss[k->other] && c->mss[k->other] != 0)
		count_u8(&c->oversize[k->side]);
}

#endif
