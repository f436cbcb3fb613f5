/* The connection's history in Zeek's letters (base/protocols/conn/main.zeek): upper case the client's. A, D, I, Q are
 * noted once a side, the others as they come; ours ends at FACTS_HISTORY_MAX letters. */
#include "analyzers/step.h"

#include <ctype.h>
#include <string.h>

static void append(struct connection *c, char letter, uint8_t side)
{
	if (c->history_len < FACTS_HISTORY_MAX)
		c->history[c->history_len++] = (char)(side == c->client ? letter : tolower(letter));
}

/* Letters noted once a side, a bit each. */
static void note_once(struct connection *c, char letter, uint8_t side)
{
	static const char once[] = "ADIQGW";
	unsigned bit = 1u << (2 * (unsigned)(strchr(once, letter) - once) + side);

	if (c->seen & bit)
		return;
	c->seen |= (uint16_t)bit;
	append(c, letter, side);
}

void history_note(struct connection *c, char letter, uint8_t side)
{
	if (strchr("ADIQGW", letter) != NULL)
		note_once(c, letter, side);
	else
		append(c, letter, side);
}

/* 1st, 10th, 100th, ... as Zeek counts what repeats. */
static bool is_power_of_ten(uint32_t n)
{
	while (n >= 10 && n % 10 == 0)
		n /= 10;
	return n == 1;
}

static char control_letter(const struct segment *s)
{
	switch (s->flags & (TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK)) {
	case TCP_SYN: return 'S';
	case TCP_SYN | TCP_ACK: return 'H';
	case TCP_FIN: case TCP_FIN | TCP_ACK: return 'F';
	case TCP_RST: case TCP_RST | TCP_ACK: return 'R';
	default: return (s->flags & TCP_SYN) ? 'Q' : 'I';
	}
}

/* SYN, FIN and RST repeat in the history only when their number differs from the last one's. */
static void take_control(struct step *k)
{
	bool repeated = (k->s->flags & (TCP_SYN | TCP_FIN)) && (k->from->flags & HALF_SEQUENCE) &&
	                !seq_before(k->from->nxt, k->end);

	if (!repeated)
		history_note(k->c, control_letter(k->s), k->side);
}

void history_note_repetition(struct step *k)
{
	if (k->s->payload_len > 0 && is_power_of_ten(k->from->retransmitted))
		append(k->c, 'T', k->side);
}

void history_take(struct step *k)
{
	const struct segment *s = k->s;

	if (s->flags & (TCP_SYN | TCP_FIN | TCP_RST))
		take_control(k);
	if (s->payload_len > 0)
		note_once(k->c, 'D', k->side);
	else if (!(s->flags & (TCP_SYN | TCP_FIN | TCP_RST)))
		note_once(k->c, 'A', k->side);
}
