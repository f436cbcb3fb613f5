/* Which connection a segment belongs to: one that is known, a new one, or, where a SYN meets a key already in use, one
 * of the two. */
#include "analyzers/shard.h"

/* --- births -------------------------------------------------------------------------------------------- */

/* A SYN or SYN-ACK tells who is the client; else the end with the lower port is taken for the server. */
static void choose_client(struct connection *c, const struct segment *s, uint8_t side)
{
	if (s->flags & TCP_SYN) {
		c->client = s->flags & TCP_ACK ? !side : side;
		c->flags |= CONNECTION_CLIENT_KNOWN;
	} else {
		c->client = s->source_port >= s->target_port ? side : !side;
	}
}

static void note_birth(struct shard *t, uint32_t index)
{
	const struct birth b = {.place = t->place, .index = index};

	g_array_append_val(t->births, b);
}

/* Its id comes when the shard is judged: shard_number(). */
static uint32_t birth(struct shard *t, const struct connection_key *key, const struct segment *s, uint8_t side)
{
	uint32_t index = slab_take(&t->connections);
	struct connection *c = connection_at(t, index);

	note_birth(t, index);
	t->lone++;
	c->flags = CONNECTION_LONE;
	c->key = *key;
	c->ip_version = s->ip_version;
	c->first = (struct hangup_packet){s->number, s->time_ns};
	choose_client(c, s, side);
	return index;
}

/* --- a SYN on a key already in use --------------------------------------------------------------------- */

static bool is_new_attempt(const struct connection *c, const struct segment *s, uint8_t side)
{
	const struct half *h = &c->half[side];

	if (!(s->flags & TCP_SYN) || (s->flags & TCP_ACK))
		return false;
	if (h->flags & HALF_SYN)
		return s->seq != c->initial_seq[side];
	/* Captured behind its own SYN-ACK, or crossing the other's SYN (simultaneous open). */
	return !((h->flags & HALF_ACKED) && h->una == s->seq + 1) &&
	       !(h->packets == 0 && c->half[!side].state == HANGUP_TCP_STATE_SYN_SENT);
}

/* What was open is to be judged because of this SYN; what was closed may still have late packets. */
static void succeed(struct shard *t, uint32_t index, uint32_t old_index, const struct segment *s)
{
	struct connection *old = connection_at(t, old_index);
	struct teardown *td = teardown_make(t, connection_at(t, index));

	td->predecessor = old_index;
	connection_at(t, index)->took_over = true;
	td->predecessor_first = old->first.number;
	if (!connection_is_over(old))
		teardown_make(t, old)->reuse = (struct hangup_packet){s->number, s->time_ns};
	old->flags |= CONNECTION_OFF_TABLE;
	departures_note(t, old_index);
}

static uint32_t take_over(struct shard *t, uint32_t old_index, uint64_t hash, const struct segment *s, uint8_t side)
{
	struct connection_key key = connection_at(t, old_index)->key;
	uint32_t index = birth(t, &key, s, side);

	table_replace(&t->table, hash, old_index, index);
	succeed(t, index, old_index, s);
	return index;
}

/* The connection whose key this one took over, as long as the new one has no answer and the old one was not judged.
 * RFC 5961 §4: a SYN inside a connection draws a challenge ACK and changes nothing by itself; one that a TIME-WAIT
 * takes for older than it draws the same (RFC 9293 §3.10.7.4). */
static struct connection *predecessor_of(const struct shard *t, const struct connection *c, const struct segment *s)
{
	const struct teardown *td;
	struct connection *old;

	if (!c->took_over || (s->flags & TCP_SYN) || (c->half[!c->client].flags & HALF_SYN))
		return NULL;
	td = teardown_of(t, c);
	old = connection_at(t, td->predecessor);
	return old->first.number == td->predecessor_first && !old->left ? old : NULL;
}

/* Numbers that continue the old connection, and not the new one: the challenge, the RST that answers it, or data of a
 * sender whose SYN somebody else had sent. */
static bool continues(const struct connection *old, const struct connection *c, const struct segment *s, uint8_t side)
{
	uint32_t next = old->half[side].nxt;

	if ((c->half[side].flags & HALF_SEQUENCE) && s->seq == c->half[side].nxt)
		return false;
	return s->seq == next || ((s->flags & TCP_RST) && s->seq == old->half[side].una);
}

/* The SYN was not its sender's own, because that goes on where the old connection was: it has its key back. */
static void give_back(struct shard *t, uint32_t index, uint32_t old_index, uint64_t hash)
{
	struct connection *c = connection_at(t, index), *old = connection_at(t, old_index);

	table_replace(&t->table, hash, index, old_index);
	old->flags &= (uint16_t)~CONNECTION_OFF_TABLE;
	teardown_of(t, old)->reuse = (struct hangup_packet){0};
	c->flags |= CONNECTION_OFF_TABLE;
	departures_note(t, index);
}

/* The connection a segment on a taken-over key belongs to: usually the new one. */
static uint32_t old_or_new(struct shard *t, uint32_t index, uint64_t hash, const struct segment *s, uint8_t side)
{
	struct connection *c = connection_at(t, index), *old = predecessor_of(t, c, s);
	uint32_t old_index;

	if (old == NULL || !continues(old, c, s, side))
		return index;
	old_index = teardown_of(t, c)->predecessor;
	if ((c->half[side].flags & HALF_SYN) && !(s->flags & TCP_RST) && teardown_of(t, old)->reuse.number != 0)
		give_back(t, index, old_index, hash);
	return old_index;
}

/* A key whose connection was judged: late packets are its own, a SYN with new numbers is not. */
static uint32_t rise_again(struct shard *t, uint32_t old_index, const struct connection_key *key, uint64_t hash,
                           const struct segment *s, uint8_t side)
{
	struct remains *r = slab_at(&t->remains, old_index & ~TABLE_OTHER);
	uint32_t index;

	if (remains_own(r, s, side)) {
		t->counts.late++;
		return old_index;
	}
	r->off_table = true;
	index = birth(t, key, s, side);
	table_replace(&t->table, hash, old_index, index);
	return index;
}

uint32_t arrivals_settle(struct shard *t, uint32_t found, const struct connection_key *key, uint64_t hash,
                         const struct segment *s, uint8_t side)
{
	uint32_t index = found;

	if (index == SLAB_NONE) {
		index = birth(t, key, s, side);
		table_insert(&t->table, hash, index);
		return index;
	}
	if (index & TABLE_OTHER)
		return rise_again(t, index, key, hash, s, side);
	if (is_new_attempt(connection_at(t, index), s, side))
		return take_over(t, index, hash, s, side);
	return old_or_new(t, index, hash, s, side);
}
