/* What a host's packets have in common (TTL, IP-ID, timestamps), and what betrays where the capture was taken
 * (direction marks, unfinished checksums, segments larger than the MSS). */
#include "analyzers/step.h"
#include "capture/frame.h"

/* Checksums of the first packets of a side are enough to tell whether they are left to the network card. */
enum { CHECKSUMS_LOOKED_AT = 4 };

static void look_at_checksum(struct step *k)
{
	if (segment_checksum(k->s) == CHECKSUM_PARTIAL)
		count_u8(&k->c->partial_checksums[k->side]);
}

static void note_direction(struct step *k)
{
	if (k->s->direction == FRAME_OUTBOUND)
		count_u8(&k->c->outbound[k->side]);
	else if (k->s->direction == FRAME_INBOUND)
		count_u8(&k->c->inbound[k->side]);
}

static void note_ttl(struct step *k)
{
	struct connection *c = k->c;
	uint8_t ttl = k->s->ttl;

	if (k->from->ttl == 0 || ttl < c->ttl_min[k->side])
		c->ttl_min[k->side] = ttl;
	if (ttl > c->ttl_max[k->side])
		c->ttl_max[k->side] = ttl;
	k->from->ttl = ttl;
}

void habits_take_copy(struct step *k)
{
	if (k->s->direction != FRAME_DIRECTION_UNKNOWN)
		note_direction(k);
}

void habits_take(struct step *k)
{
	struct connection *c = k->c;
	const struct segment *s = k->s;

	if (s->ttl != k->from->ttl)
		note_ttl(k);
	k->from->ip_id = s->ip_id;
	if (s->options & OPTION_TIMESTAMP)
		k->from->flags |= HALF_TIMESTAMPS;
	if (s->direction != FRAME_DIRECTION_UNKNOWN)
		note_direction(k);
	if (k->from->packets < CHECKSUMS_LOOKED_AT)
		look_at_checksum(k);
	/* The other's MSS limits this side's segments; 0 when its SYN was not seen. */
	if (s->payload_len > c->mss[k->other] && c->mss[k->other] != 0)
		count_u8(&c->oversize[k->side]);
}
