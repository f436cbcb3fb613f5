/* The connection's history in Zeek's letters (its update_history(), and base/protocols/conn/main.zeek): upper case the
 * client's. A, D, I, Q are noted once a side; S, H, F, R again only with another number; a segment with one of those
 * has no other letter. G and W are noted once, T at powers of ten; ours ends at FACTS_HISTORY_MAX letters. */
#include "analyzers/step.h"

#include <ctype.h>

static void append(struct connection *c, char letter, uint8_t side)
{
	if (c->history_len < FACTS_HISTORY_MAX)
		c->history[c->history_len++] = (char)(side == c->client ? letter : tolower(letter));
}

/* Letters noted once a side. */
static unsigned place_of(char letter)
{
	switch (letter) {
	case 'A': return HISTORY_ACK;
	case 'D': return HISTORY_DATA;
	case 'I': return 2;
	case 'Q': return 3;
	case 'G': return 4;
	case 'W': return 5;
	default: return 6; /* T */
	}
}

/* A bit each; true the first time. */
static bool note_first(struct connection *c, char letter, uint8_t side)
{
	unsigned bit = 1u << (2 * place_of(letter) + side);

	if (c->seen & bit)
		return false;
	c->seen |= (uint16_t)bit;
	append(c, letter, side);
	return true;
}

void history_note(struct connection *c, char letter, uint8_t side)
{
	note_first(c, letter, side);
}

/* 10th, 100th, ... as Zeek counts what repeats. */
static bool is_power_of_ten(uint32_t n)
{
	while (n >= 10 && n % 10 == 0)
		n /= 10;
	return n == 1;
}

void history_note_repetition(struct step *k)
{
	if (k->s->payload_len > 0 && !note_first(k->c, 'T', k->side) && is_power_of_ten(k->from->retransmitted))
		append(k->c, 'T', k->side);
}

/* The letter alone, as its side sent it last. */
static bool is_repeated(const struct step *k, char letter)
{
	const struct segment *s = k->s;

	if (letter == 'F')
		return (k->from->flags & HALF_FIN) && k->td->fin_end[k->side] == k->end;
	if (letter == 'R')
		return (k->from->flags & HALF_RST) && step_reset_if_any(k, k->side)->last_seq == s->seq;
	return (k->from->flags & HALF_SYN) && k->c->initial_seq[k->side] == s->seq;
}

static void take_control(struct step *k)
{
	char letter = k->s->flags & TCP_SYN ? (k->s->flags & TCP_ACK ? 'H' : 'S') : k->s->flags & TCP_FIN ? 'F' : 'R';

	if (!is_repeated(k, letter))
		append(k->c, letter, k->side);
}

void history_take(struct step *k)
{
	const struct segment *s = k->s;
	unsigned control = s->flags & (TCP_SYN | TCP_FIN | TCP_RST);

	if (control == 0)
		history_note_once(k->c, s->payload_len > 0 ? HISTORY_DATA : HISTORY_ACK, k->side);
	else if ((control & (TCP_FIN | TCP_RST)) == (TCP_FIN | TCP_RST))
		history_note(k->c, 'I', k->side);
	else if ((control & (control - 1)) != 0)
		history_note(k->c, 'Q', k->side);
	else
		take_control(k);
}
