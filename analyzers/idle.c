/* Quiet times. A pause is any; idle is a pause in which nobody owed anybody an answer. An idle time stays pending
 * until something sent after it was answered: what is pending at the end is what an idle timer can explain. */
#include "analyzers/advance.h"

/* A bare acknowledgement or window update asks for nothing, so its silence says nothing. */
static bool expects_answer(const struct step *k)
{
	return k->end != k->s->seq || (k->s->flags & TCP_RST) || k->s->seq == k->from->nxt - 1;
}

static void set_pending(const struct step *k)
{
	struct connection *c = k->c;
	const struct half *last = half_spoke_after(k->from, k->to) ? k->from : k->to;

	c->idle_before = (struct hangup_packet){last->last_number, last->last_ns};
	c->idle_after = step_packet(k);
	c->idle_ns = k->gap;
	c->idle_speaker = k->side;
	c->flags |= CONNECTION_IDLE_PENDING;
}

void idle_take(const struct step k)
{
	struct connection *c = k.c;

	c->idle_longest_ms = MAX(c->idle_longest_ms, (uint32_t)MIN(k.gap / NS_PER_MS, UINT32_MAX));
	if (k.gap >= IDLE_NOTICED_NS && !(c->flags & CONNECTION_IDLE_PENDING) && expects_answer(&k))
		set_pending(&k);
}
