#include "analyzers/scopes.h"

#include <stdbool.h>
#include <string.h>

#include <glib.h>

#include "analyzers/key.h"

/* A conversation has one of so many places, which its hash says: finding it takes the same time whatever is sent. */
enum { WAYS = 4, PLACES = SCOPES_REMEMBERED / WAYS };
/* Places that are made together, when one of them is needed. */
enum { BLOCK_PLACES = 64, BLOCKS = PLACES / BLOCK_PLACES };
/* How far numbers of one conversation may be from each other: more than any window in use, and so little that two
 * conversations meet by chance once in a hundred times. */
enum { NEAR = 1 << 24 };

struct talk {
	uint64_t tuple; /* hash of addresses and ports, alike for both directions; 0 free */
	uint64_t used;
	uint32_t from[2]; /* scope in which each direction was seen first, 0 not yet */
	uint32_t next[2]; /* number after its last one */
	uint32_t scope;   /* what it has become */
};

struct scopes {
	struct talk *blocks[BLOCKS];
	uint64_t clock, apart;
};

struct scopes *scopes_new(void)
{
	return g_new0(struct scopes, 1);
}

void scopes_free(struct scopes *x)
{
	for (size_t i = 0; x != NULL && i < BLOCKS; i++)
		g_free(x->blocks[i]);
	g_free(x);
}

uint64_t scopes_apart(const struct scopes *x)
{
	return x->apart;
}

/* Without a seed, so that the same input gives the same result. */
static uint64_t tuple_of(const struct segment *s, unsigned *out_side)
{
	static const struct key_seed seed = {{UINT64_C(0x9e3779b97f4a7c15), UINT64_C(0xbf58476d1ce4e5b9),
	                                      UINT64_C(0x94d049bb133111eb), UINT64_C(0x2545f4914f6cdd1d)}};
	struct connection_key key;

	*out_side = key_from_segment(&key, s);
	key.tail &= UINT32_MAX;
	return key_hash(&key, &seed) | 1;
}

static bool is_near(uint32_t a, uint32_t b)
{
	return a - b + NEAR < 2 * (uint32_t)NEAR;
}

static uint32_t end_of(const struct segment *s)
{
	return s->seq + s->payload_len + !!(s->flags & TCP_SYN) + !!(s->flags & TCP_FIN);
}

/* Whether a segment from another scope is of the same conversation: the same packet again, or the other direction. */
static bool numbers_fit(const struct talk *t, const struct segment *s, unsigned side)
{
	if (t->from[side] != 0)
		return s->flags & TCP_SYN ? end_of(s) == t->next[side] : is_near(s->seq, t->next[side]);
	if (s->flags & TCP_ACK)
		return s->flags & TCP_SYN ? s->ack == t->next[!side] : is_near(s->ack, t->next[!side]);
	return !(s->flags & TCP_SYN);
}

static void note(struct talk *t, const struct segment *s, unsigned side)
{
	uint32_t end = end_of(s);

	if (t->from[side] == 0)
		t->from[side] = s->scope;
	if (t->next[side] == 0 || s->flags & TCP_SYN || (int32_t)(end - t->next[side]) > 0)
		t->next[side] = end;
}

static struct talk *begin(struct scopes *x, struct talk *place, uint64_t tuple, uint32_t scope)
{
	struct talk *t = place;
	bool others = false;

	for (size_t i = 0; i < WAYS; i++) {
		others |= place[i].tuple == tuple;
		if (place[i].used < t->used)
			t = &place[i];
	}
	*t = (struct talk){.tuple = tuple, .scope = others ? scope : 0};
	x->apart += others;
	return t;
}

/* How well a segment goes with a conversation: seen there before, beside the other direction, or by its numbers. */
static unsigned fit(const struct talk *t, const struct segment *s, unsigned side)
{
	if (t->from[side] == s->scope)
		return 3;
	if (t->from[side] == 0 && t->from[!side] == s->scope)
		return 2;
	return numbers_fit(t, s, side) ? 1 : 0;
}

static struct talk *find(struct talk *place, uint64_t tuple, const struct segment *s, unsigned side)
{
	struct talk *best = NULL;
	unsigned most = 0;

	for (size_t i = 0; i < WAYS; i++) {
		unsigned fits = place[i].tuple == tuple ? fit(&place[i], s, side) : 0;

		if (fits > most) {
			most = fits;
			best = &place[i];
		}
	}
	return best;
}

static struct talk *place_of(struct scopes *x, uint64_t tuple)
{
	size_t place = (tuple >> 32) % PLACES;
	struct talk **block = &x->blocks[place / BLOCK_PLACES];

	if (*block == NULL)
		*block = g_new0(struct talk, BLOCK_PLACES * WAYS);
	return *block + place % BLOCK_PLACES * WAYS;
}

static void settle_segment(struct scopes *x, struct segment *s)
{
	unsigned side;
	uint64_t tuple = tuple_of(s, &side);
	struct talk *place = place_of(x, tuple);
	struct talk *t = find(place, tuple, s, side);

	if (t == NULL)
		t = begin(x, place, tuple, s->scope);
	note(t, s, side);
	t->used = ++x->clock;
	s->scope = t->scope;
}

/* The error is about a packet of a conversation, and no part of one. */
static void settle_error(struct scopes *x, struct segment *s)
{
	unsigned side;
	uint64_t tuple = tuple_of(s, &side);
	const struct talk *t = find(place_of(x, tuple), tuple, s, side);

	s->scope = t != NULL ? t->scope : 0;
}

void scopes_settle(struct scopes *x, struct segment *s)
{
	if (s->scope == 0)
		return;
	if (s->kind == SEGMENT_TCP)
		settle_segment(x, s);
	else if (s->kind == SEGMENT_ICMP_ERROR)
		settle_error(x, s);
}
