/* FIN, and data that meets an end which had already closed. */
#include "analyzers/step.h"

void closing_note_age(struct step *k)
{
	if (step_teardown(k)->close_age_ns < 0)
		k->td->close_age_ns = k->gap;
}

/* Whether this side had already received the other's FIN, by its own acknowledgement: else the FINs crossed. */
static bool knows_fin(const struct step *k)
{
	return (k->to->flags & HALF_FIN) && (k->s->flags & TCP_ACK) &&
	       !seq_before(k->s->ack, k->td->fin_end[k->other]);
}

static void take_fin(struct step *k)
{
	bool crosses = (k->to->flags & HALF_FIN) && !knows_fin(k);

	closing_note_age(k);
	if (!(k->from->flags & HALF_FIN)) {
		k->td->fin[k->side] = step_packet(k);
		k->td->fin_end[k->side] = k->end;
		k->td->fin_acks_fin[k->side] = knows_fin(k);
		k->from->flags |= HALF_FIN;
	}
	count_u16(&k->td->fins[k->side]);
	step_event(k->from, crosses ? TCP_EVENT_SENDS_FIN_CROSSING : TCP_EVENT_SENDS_FIN);
	step_event(k->to, TCP_EVENT_GETS_FIN);
}

/* TLS record types and the length of an encrypted alert in TLS 1.3: level, description, type, and a tag of 16 bytes
 * (RFC 8446 §5.2). */
enum { TLS_APPLICATION_DATA = 23, TLS13_ALERT_BYTES = 19, TLS_HEADER_BYTES = 5 };

/* A TLS alert and nothing else: close_notify, which ends a conversation and does not go on with it. */
static bool is_farewell(const struct segment *s)
{
	const uint8_t *p = s->payload;
	uint32_t record_bytes;

	if (s->payload_captured < TLS_HEADER_BYTES || p[1] != 3)
		return false;
	record_bytes = (uint32_t)(p[3] << 8 | p[4]);
	return TLS_HEADER_BYTES + record_bytes == s->payload_len &&
	       (p[0] == TLS_CONTENT_ALERT || (p[0] == TLS_APPLICATION_DATA && record_bytes == TLS13_ALERT_BYTES));
}

static void take_late_data(struct step *k)
{
	struct oddity *odd = step_oddity(k);

	if (odd->data_after_fin[k->side].number == 0) {
		odd->data_after_fin[k->side] = step_packet(k);
		odd->only_farewell[k->side] = true;
	}
	odd->only_farewell[k->side] &= is_farewell(k->s);
	odd->data_after_fin_bytes[k->side] += k->s->payload_len;
	if (knows_fin(k) && !is_farewell(k->s))
		odd->data_knew_fin_bytes[k->side] += k->s->payload_len;
}

void closing_take(struct step *k)
{
	if (k->s->payload_len > 0 && (k->to->flags & HALF_FIN) && !(k->from->flags & HALF_FIN_ACKED))
		take_late_data(k);
	if (k->s->flags & TCP_FIN)
		take_fin(k);
}
