/* Header prediction, as stacks have it since Van Jacobson's ("TCP header prediction", tcp-ip list, 1988; Linux
 * tcp_rcv_established): most segments of an open connection are just what was expected next. For those one question, and
 * then only what they change; all that the general way would ask of them has the answer no. A test runs both ways over
 * everything there is, and compares what they leave. */
#include "analyzers/predicted.h"

#include "analyzers/advance.h"

/* Open, both ends heard, and nobody about to close: who is, has a teardown and one of these marks. Both ends being
 * established, more was said than an opening (CONNECTION_LONE): each sent something that is no SYN. */
static inline bool is_calm(const struct connection *c)
{
	const uint8_t known = HALF_SEQUENCE | HALF_ACKED, closing = HALF_FIN | HALF_RST;
	const uint16_t over = CONNECTION_ENDED | CONNECTION_OFF_TABLE | CONNECTION_CLOSED_BY_RST;

	return (c->half[0].flags & c->half[1].flags & known) == known && !((c->half[0].flags | c->half[1].flags) & closing) &&
	       c->half[0].state == HANGUP_TCP_STATE_ESTABLISHED && c->half[1].state == HANGUP_TCP_STATE_ESTABLISHED &&
	       !(c->flags & over) && !c->took_over && !c->counted_over;
}

/* The next bytes, an acknowledgement of some that are outstanding, or both; and nothing else to look at. */
static inline bool is_next(const struct segment *s, const struct half *from, const struct half *to)
{
	const uint32_t outstanding = to->nxt - to->una, acknowledged = s->ack - to->una;

	return (s->flags & (TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK)) == TCP_ACK && s->seq == from->nxt &&
	       acknowledged <= outstanding && outstanding <= ACK_JUMP_MAX && (acknowledged | s->payload_len) != 0 &&
	       s->payload_len <= INT32_MAX && s->window != 0 && !(s->options & OPTION_SACK);
}

static inline void take(struct step *k)
{
	const bool has_payload = k->s->payload_len > 0;

	advance_time(k);
	advance_spoken(k);
	history_note_once(k->c, has_payload ? HISTORY_DATA : HISTORY_ACK, k->side);
	if (has_payload)
		advance_sequence(k, k->s->payload_len);
	if (k->s->ack != k->to->una)
		advance_acknowledged(k);
	else
		advance_repeated(k);
	advance_window(k);
	advance_host(k);
	step_sent(k);
}

bool predicted_take(struct connection *c, struct teardown_slabs *slabs, const struct segment *s, unsigned side)
{
	struct step k = {.c = c, .from = &c->half[side], .to = &c->half[!side], .s = s, .td = teardown_at(slabs, c->teardown),
	                 .slabs = slabs, .now = step_stamp(s), .end = s->seq + s->payload_len, .side = (uint8_t)side,
	                 .other = !side};
	uint32_t print;

	k.gap = MAX(0, k.now - connection_last_ns(c));
	if (!is_calm(c) || !is_next(s, k.from, k.to) || s->payload_first == TLS_CONTENT_ALERT)
		return false;
	print = step_fingerprint(s);
	if (print == c->print[side])
		return false;
	c->print[side] = print;
	take(&k);
	return true;
}
