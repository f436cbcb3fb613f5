/* The handshake: initial numbers, window scale, MSS, and the operating system family the SYN gives away. */
#include "analyzers/os.h"
#include "analyzers/step.h"

enum { WINDOW_SCALE_MAX = 14 }; /* RFC 7323 §2.3 */

/* The scale applies only when both ends offered it (RFC 7323 §2.2): each end's own, once both SYNs were seen. A
 * SYN-ACK without the option switches both off. */
static void agree_on_scale(struct step *k)
{
	bool offered = k->s->options & OPTION_WINDOW_SCALE;
	uint8_t scale = offered ? k->s->window_scale : 0;

	k->from->scale = scale < WINDOW_SCALE_MAX ? scale : WINDOW_SCALE_MAX;
	if (!step_is_syn(k) && !offered)
		k->to->scale = k->from->scale = 0;
}

static void begin_sequence(struct step *k)
{
	k->c->initial_seq[k->side] = k->s->seq;
	k->c->syn[k->side] = step_packet(k);
	k->from->flags |= HALF_SYN;
	k->c->mss[k->side] = k->s->mss;
	k->c->os[k->side] = os_guess(k->s);
	agree_on_scale(k);
	if (k->s->anomalies & ANOMALY_OPTION_CUT)
		k->c->flags |= CONNECTION_SCALE_UNKNOWN;
}

/* Another SYN-ACK to the same SYN, with numbers of its own: a server that had forgotten the first (a RST, SYN cookies),
 * or another one behind the same address. Until the handshake is complete the last one counts. */
static void begin_anew(struct step *k)
{
	struct half *h = k->from;
	bool other = (h->flags & HALF_SYN) && k->s->seq != k->c->initial_seq[k->side];

	if (!other || step_is_syn(k) || (k->c->flags & CONNECTION_HANDSHAKE_ACKED))
		return;
	h->flags &= (uint8_t) ~(HALF_SYN | HALF_SEQUENCE | HALF_ACKED | HALF_HOLE);
	k->c->acked_unseen = 0;
}

void opening_take(struct step *k)
{
	bool is_syn = step_is_syn(k);

	count_u8(&k->c->syns[k->side]);
	k->from->window = k->s->window;
	begin_anew(k);
	if (!(k->from->flags & HALF_SYN))
		begin_sequence(k);
	step_event(k->from, is_syn ? TCP_EVENT_SENDS_SYN : TCP_EVENT_SENDS_SYN_ACK);
	step_event(k->to, is_syn ? TCP_EVENT_GETS_SYN : TCP_EVENT_GETS_SYN_ACK);
}
