/* What a host's packets have in common (TTL, IP-ID, timestamps), and what betrays where the capture was taken
 * (direction marks, unfinished checksums, segments larger than the MSS). */
#include "analyzers/advance.h"

void habits_take_direction(struct connection *c, unsigned side, uint8_t direction)
{
	if (direction == FRAME_OUTBOUND)
		count_u8(&c->outbound[side]);
	else if (direction == FRAME_INBOUND)
		count_u8(&c->inbound[side]);
}

void habits_take_ttl(struct connection *c, unsigned side, uint8_t ttl)
{
	struct half *h = &c->half[side];

	if (h->ttl == 0 || ttl < c->ttl_min[side])
		c->ttl_min[side] = ttl;
	if (ttl > c->ttl_max[side])
		c->ttl_max[side] = ttl;
	h->ttl = ttl;
}

void habits_take_copy(struct step *k)
{
	if (k->s->direction != FRAME_DIRECTION_UNKNOWN)
		habits_take_direction(k->c, k->side, k->s->direction);
}

void habits_take(struct step *k)
{
	advance_host(k);
}
