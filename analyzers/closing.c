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

/* A TLS record of type alert and nothing else: close_notify, which ends a conversation and does not go on with it. */
static bool is_farewell(const struct segment *s)
{
	const uint8_t *p = s->payload;

	return s->payload_captured >= 5 && p[0] == 21 && p[1] == 3 && 5u + (uint32_t)(p[3] << 8 | p[4]) == s->payload_len;
}

static void take_late_data(struct step *k)
{
	struct teardown *td = k->td;

	if (td->data_after_fin[k->side].number == 0)
		td->data_after_fin[k->side] = step_packet(k);
	td->data_after_fin_bytes[k->side] += k->s->payload_len;
	if (knows_fin(k) && !is_farewell(k->s))
		td->data_knew_fin_bytes[k->side] += k->s->payload_len;
}

void closing_take(struct step *k)
{
	if (k->s->payload_len > 0 && (k->to->flags & HALF_FIN) && !(k->from->flags & HALF_FIN_ACKED))
		take_late_data(k);
	if (k->s->flags & TCP_FIN)
		take_fin(k);
}
