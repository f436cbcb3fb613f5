/* From segments to connections: lookup, birth, and the ways a record leaves. What a segment means is in the files
 * that step.h lists.
 *
 * A batch is hashed first and its buckets and records prefetched a few segments ahead, because on large captures
 * most of the time goes into waiting for those lines. Ended connections wait in a queue by packet time; nothing
 * ever scans the table. When memory is short, the record longest without a packet goes first, found by a clock
 * hand (second chance), after those that had ended anyway. */
#include "analyzers/tracker.h"

#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "analyzers/context.h"
#include "analyzers/step.h"
#include "analyzers/table.h"

/* How far ahead of the segment being followed records are fetched. */
enum { PREFETCH_AHEAD = 8, RECORD_LINES_FETCHED = 5, CACHE_LINE = 64 };
/* A segment seen again within this, alike to the IP-ID, is a copy made by the capture (a bridge and its port, a
 * SPAN of both directions): up to a few ms apart. */
#define DUPLICATE_NS (INT64_C(5) * 1000000)
/* A connection that keeps speaking after its end is judged at the latest after this many settling times. */
enum { SETTLE_ROUNDS_MAX = 4 };

struct tracker {
	struct slab connections, teardowns;
	struct table table;
	struct context *context;
	struct tracker_options options;
	tracker_ending_fn ending;
	void *user;
	struct tracker_counts counts;
	int64_t now_ns;
	uint32_t settle_head, settle_tail; /* SLAB_NONE when empty */
	uint32_t hand;                     /* of the clock */
};

/* --- life and death of the tracker -------------------------------------------------------------------- */

struct tracker *tracker_new(const struct tracker_options *options, tracker_ending_fn ending, void *user)
{
	struct tracker *t = g_new0(struct tracker, 1);

	t->options = *options;
	if (t->options.max_connections == 0)
		t->options.max_connections = TRACKER_MAX_CONNECTIONS_DEFAULT;
	if (t->options.settle_ns == 0)
		t->options.settle_ns = TRACKER_SETTLE_NS_DEFAULT;
	slab_init(&t->connections, (sizeof(struct connection) + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE);
	slab_init(&t->teardowns, (sizeof(struct teardown) + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE);
	table_init(&t->table, &t->connections);
	t->context = context_new();
	t->ending = ending;
	t->user = user;
	t->hand = 1;
	return t;
}

void tracker_free(struct tracker *t)
{
	if (t == NULL)
		return;
	context_free(t->context);
	table_clear(&t->table);
	slab_clear(&t->teardowns);
	slab_clear(&t->connections);
	g_free(t);
}

const struct tracker_counts *tracker_counts(const struct tracker *t)
{
	return &t->counts;
}

static struct connection *connection_at(const struct tracker *t, uint32_t index)
{
	return slab_at(&t->connections, index);
}

static struct teardown *teardown_of(const struct tracker *t, const struct connection *c)
{
	return c->teardown != SLAB_NONE ? slab_at(&t->teardowns, c->teardown) : NULL;
}

static struct teardown *teardown_make(struct tracker *t, struct connection *c)
{
	struct step k = {.c = c, .td = teardown_of(t, c), .teardowns = &t->teardowns};

	return step_teardown(&k);
}

static int64_t last_ns(const struct connection *c)
{
	return MAX(c->half[0].last_ns, c->half[1].last_ns);
}

/* --- endings ------------------------------------------------------------------------------------------- */

static void forget(struct tracker *t, struct connection *c, uint32_t index)
{
	if (!(c->flags & CONNECTION_OFF_TABLE))
		table_remove(&t->table, table_hash(&t->table, &c->key), index);
	if (c->teardown != SLAB_NONE)
		slab_give(&t->teardowns, c->teardown);
	c->id = 0;
	slab_give(&t->connections, index);
}

/* Signs of life of a server that has just been judged speak for its other connections. */
static void tell_context(struct tracker *t, const struct connection *c)
{
	const struct half *server = &c->half[!c->client];
	struct facts_end client_end = connection_end(c, c->client), server_end = connection_end(c, !c->client);

	if (server->packets > 0 && !(server->flags & HALF_RST))
		context_answered(t->context, &client_end, &server_end, server->last_ns, server->ttl);
}

static void end(struct tracker *t, uint32_t index, enum ending_why why)
{
	struct connection *c = connection_at(t, index);
	struct teardown *td = teardown_of(t, c);

	if (td != NULL && td->reuse.number != 0)
		why = ENDING_REUSED;
	t->counts.acked_unseen += c->acked_unseen;
	t->ending(&(struct ending){.connection = c, .teardown = td, .why = why, .now_ns = t->now_ns,
	                           .context = t->context}, t->user);
	forget(t, c, index);
}

/* Both FINs, or a RST that was believed, or another connection on its key. */
static bool is_over(const struct connection *c)
{
	return (c->flags & (CONNECTION_CLOSED_BY_RST | CONNECTION_OFF_TABLE)) ||
	       (c->half[0].flags & c->half[1].flags & HALF_FIN);
}

static void settle_push(struct tracker *t, uint32_t index)
{
	struct connection *c = connection_at(t, index);

	c->flags |= CONNECTION_ENDED;
	c->settle_next = SLAB_NONE;
	teardown_make(t, c)->settle_ns = t->now_ns + t->options.settle_ns;
	if (t->settle_tail == SLAB_NONE)
		t->settle_head = index;
	else
		connection_at(t, t->settle_tail)->settle_next = index;
	t->settle_tail = index;
}

static uint32_t settle_pop(struct tracker *t)
{
	uint32_t index = t->settle_head;
	struct connection *c = connection_at(t, index);

	t->settle_head = c->settle_next;
	if (t->settle_head == SLAB_NONE)
		t->settle_tail = SLAB_NONE;
	c->flags &= (uint16_t)~CONNECTION_ENDED;
	return index;
}

/* Judges the head of the queue, unless it came back to life or still speaks. */
static void settle_one(struct tracker *t)
{
	uint32_t index = settle_pop(t);
	struct connection *c = connection_at(t, index);
	struct teardown *td = teardown_of(t, c);

	if (!is_over(c))
		return;
	if (last_ns(c) + t->options.settle_ns > t->now_ns && td->requeued < SETTLE_ROUNDS_MAX) {
		td->requeued++;
		settle_push(t, index);
		return;
	}
	end(t, index, ENDING_SETTLED);
}

static void settle_due(struct tracker *t)
{
	while (t->settle_head != SLAB_NONE &&
	       teardown_of(t, connection_at(t, t->settle_head))->settle_ns <= t->now_ns)
		settle_one(t);
}

/* The clock: passes over records touched since its last round, and takes the first that was not. */
static void evict_by_clock(struct tracker *t)
{
	for (;; t->hand++) {
		struct connection *c;

		if (t->hand >= t->connections.used)
			t->hand = 1;
		c = connection_at(t, t->hand);
		if (c->id == 0)
			continue;
		if (!(c->flags & CONNECTION_TOUCHED))
			break;
		c->flags &= (uint16_t)~CONNECTION_TOUCHED;
	}
	t->counts.evicted++;
	end(t, t->hand, ENDING_EVICTED);
}

static void make_room(struct tracker *t)
{
	if (t->connections.live < t->options.max_connections)
		return;
	if (t->settle_head != SLAB_NONE)
		end(t, settle_pop(t), ENDING_SETTLED);
	else
		evict_by_clock(t);
}

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

static uint32_t birth(struct tracker *t, const struct connection_key *key, const struct segment *s, uint8_t side)
{
	uint32_t index;
	struct connection *c;

	make_room(t);
	index = slab_take(&t->connections);
	c = connection_at(t, index);
	c->key = *key;
	c->id = ++t->counts.connections;
	c->ip_version = s->ip_version;
	c->first = (struct hangup_packet){s->number, s->time_ns};
	c->input = s->input;
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

static uint32_t take_over(struct tracker *t, uint32_t old_index, uint64_t hash, const struct segment *s, uint8_t side)
{
	struct connection_key key = connection_at(t, old_index)->key;
	uint64_t old_id = connection_at(t, old_index)->id;
	uint32_t index = birth(t, &key, s, side);
	struct connection *old = connection_at(t, old_index);

	if (old->id != old_id) { /* it was evicted to make room */
		table_insert(&t->table, hash, index);
		return index;
	}
	table_replace(&t->table, hash, old_index, index);
	if (!is_over(old)) {
		struct teardown *td = teardown_make(t, connection_at(t, index));

		teardown_make(t, old)->reuse = (struct hangup_packet){s->number, s->time_ns};
		td->predecessor = old_index;
		td->predecessor_id = old_id;
	}
	old->flags |= CONNECTION_OFF_TABLE;
	if (!(old->flags & CONNECTION_ENDED))
		settle_push(t, old_index);
	return index;
}

/* The connection whose key this one took over while it was open, as long as the new one has no answer and the old one
 * was not judged. RFC 5961 §4: a SYN inside a connection draws a challenge ACK and changes nothing by itself. */
static struct connection *predecessor_of(const struct tracker *t, const struct connection *c, const struct segment *s,
                                         uint8_t side)
{
	const struct teardown *td = teardown_of(t, c);
	struct connection *old;

	if (td == NULL || td->predecessor == SLAB_NONE || (s->flags & TCP_SYN) || (c->half[!side].flags & HALF_SYN))
		return NULL;
	old = connection_at(t, td->predecessor);
	return old->id == td->predecessor_id ? old : NULL;
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
static void give_back(struct tracker *t, uint32_t index, uint32_t old_index, uint64_t hash)
{
	struct connection *c = connection_at(t, index), *old = connection_at(t, old_index);

	table_replace(&t->table, hash, index, old_index);
	old->flags &= (uint16_t)~CONNECTION_OFF_TABLE;
	teardown_of(t, old)->reuse = (struct hangup_packet){0};
	c->flags |= CONNECTION_OFF_TABLE;
	if (!(c->flags & CONNECTION_ENDED))
		settle_push(t, index);
}

/* The connection a segment on a taken-over key belongs to: usually the new one. */
static uint32_t old_or_new(struct tracker *t, uint32_t index, uint64_t hash, const struct segment *s, uint8_t side)
{
	struct connection *c = connection_at(t, index), *old = predecessor_of(t, c, s, side);
	uint32_t old_index;

	if (old == NULL || !continues(old, c, s, side))
		return index;
	old_index = teardown_of(t, c)->predecessor;
	if ((c->half[side].flags & HALF_SYN) && !(s->flags & TCP_RST))
		give_back(t, index, old_index, hash);
	return old_index;
}

/* --- one segment --------------------------------------------------------------------------------------- */

static uint32_t fingerprint(const struct segment *s)
{
	uint64_t a = (uint64_t)s->seq << 32 | s->ack;
	uint64_t b = (uint64_t)s->ts_value << 32 | s->payload_len << 8 | s->flags;
	uint64_t c = (uint64_t)s->ip_id << 48 | (uint64_t)s->window << 32 | s->sack_right;

	return (uint32_t)(key_mix(a ^ UINT64_C(0x9e3779b97f4a7c15), b ^ UINT64_C(0xbf58476d1ce4e5b9)) ^
	                  key_mix(c ^ UINT64_C(0x94d049bb133111eb), UINT64_C(0x2545f4914f6cdd1d)));
}

static bool is_duplicate(struct step *k)
{
	uint32_t print = fingerprint(k->s);
	bool same = print == k->c->print[k->side] && k->from->packets > 0 &&
	            k->now - k->from->last_ns < DUPLICATE_NS;

	k->c->print[k->side] = print;
	return same;
}

static void note_context(struct tracker *t, const struct step *k)
{
	struct facts_end client = connection_end(k->c, k->c->client), server = connection_end(k->c, !k->c->client);
	bool from_client = k->side == k->c->client;

	if (step_is_syn(k))
		context_asked(t->context, &server, k->now);
	else if ((k->s->flags & TCP_SYN) && !from_client)
		context_answered(t->context, &client, &server, k->now, k->s->ttl);
	else if ((k->s->flags & TCP_RST) && !from_client && k->to->state == HANGUP_TCP_STATE_SYN_SENT)
		context_refused(t->context, &server, k->now);
}

static void take_segment(struct tracker *t, struct step *k)
{
	const struct segment *s = k->s;

	history_take(k);
	if (s->flags & (TCP_SYN | TCP_RST))
		note_context(t, k);
	if (s->flags & TCP_SYN)
		opening_take(k);
	if (s->flags & TCP_RST) {
		reset_take(k);
		return;
	}
	sequence_take(k);
	if (s->flags & TCP_ACK)
		acknowledge_take(k);
	if (!(s->flags & (TCP_SYN | TCP_FIN)))
		step_event(k->from, TCP_EVENT_SENDS_OTHER);
	closing_take(k);
	if (s->payload_captured > 0)
		peek_tls_alert(k);
	habits_take(k);
}

static void note_sent(struct step *k)
{
	k->from->packets++;
	k->from->last_number = k->s->number;
	k->from->last_ns = k->now;
	k->c->flags |= CONNECTION_TOUCHED;
}

static void follow_segment(struct tracker *t, struct step *k)
{
	if (k->from->packets + k->to->packets > 0)
		k->gap = MAX(0, k->now - last_ns(k->c));
	if (is_duplicate(k)) {
		count_u8(&k->c->duplicates);
	} else {
		idle_take(k);
		if (k->td != NULL && !(k->s->flags & TCP_RST)) {
			k->td->retry[k->other].peer_spoke++;
			if (k->c->flags & CONNECTION_CLOSED_BY_RST)
				reset_survived(k);
		}
		take_segment(t, k);
	}
	note_sent(k);
}

static struct step step_of(struct tracker *t, struct connection *c, const struct segment *s, uint8_t side)
{
	return (struct step){
		.c = c, .from = &c->half[side], .to = &c->half[!side], .s = s, .td = teardown_of(t, c),
		.teardowns = &t->teardowns, .now = s->time_ns, .side = side, .other = !side,
		.end = s->seq + s->payload_len + !!(s->flags & TCP_SYN) + !!(s->flags & TCP_FIN),
	};
}

/* The connection a segment belongs to, made if need be. */
static uint32_t find_or_make(struct tracker *t, const struct connection_key *key, uint64_t hash,
                             const struct segment *s, uint8_t side)
{
	uint32_t index = table_find(&t->table, key, hash);

	if (index == SLAB_NONE) {
		index = birth(t, key, s, side);
		table_insert(&t->table, hash, index);
		return index;
	}
	if (is_new_attempt(connection_at(t, index), s, side))
		return take_over(t, index, hash, s, side);
	return old_or_new(t, index, hash, s, side);
}

static uint32_t follow_one(struct tracker *t, const struct connection_key *key, uint64_t hash,
                           const struct segment *s, uint8_t side)
{
	bool is_icmp = s->kind == SEGMENT_ICMP_ERROR;
	uint32_t index = is_icmp ? table_find(&t->table, key, hash) : find_or_make(t, key, hash, s, side);
	struct step k;

	if (index == SLAB_NONE)
		return SLAB_NONE;
	k = step_of(t, connection_at(t, index), s, side);
	if (is_icmp)
		icmp_take(&k);
	else
		follow_segment(t, &k);
	if (!(k.c->flags & CONNECTION_ENDED) && is_over(k.c))
		settle_push(t, index);
	return index;
}

/* --- batches ------------------------------------------------------------------------------------------- */

struct looked_up {
	struct connection_key key;
	uint64_t hash;
	uint8_t side;
};

static bool is_followed(const struct segment *s)
{
	return s->kind == SEGMENT_TCP || s->kind == SEGMENT_ICMP_ERROR;
}

static void hash_batch(const struct tracker *t, const struct segment *segments, size_t count, struct looked_up *out)
{
	for (size_t i = 0; i < count; i++) {
		if (!is_followed(&segments[i]))
			continue;
		out[i].side = (uint8_t)key_from_segment(&out[i].key, &segments[i]);
		out[i].hash = table_hash(&t->table, &out[i].key);
		table_prefetch(&t->table, out[i].hash);
	}
}

static void prefetch_record(const struct tracker *t, const struct segment *s, const struct looked_up *l)
{
	uint32_t guess = is_followed(s) ? table_guess(&t->table, l->hash) : SLAB_NONE;
	const char *record;

	if (guess == SLAB_NONE)
		return;
	record = slab_at(&t->connections, guess);
	for (unsigned line = 0; line < RECORD_LINES_FETCHED; line++)
		__builtin_prefetch(record + line * CACHE_LINE, 1);
}

void tracker_follow(struct tracker *t, const struct segment *segments, size_t count, uint64_t *out_ids,
                    uint8_t *out_sides)
{
	struct looked_up looked[TRACKER_BATCH_MAX];

	g_assert(count <= TRACKER_BATCH_MAX);
	hash_batch(t, segments, count, looked);
	for (size_t i = 0; i < MIN(count, PREFETCH_AHEAD); i++)
		prefetch_record(t, &segments[i], &looked[i]);
	for (size_t i = 0; i < count; i++) {
		const struct segment *s = &segments[i];
		uint32_t index = SLAB_NONE;

		if (i + PREFETCH_AHEAD < count)
			prefetch_record(t, &segments[i + PREFETCH_AHEAD], &looked[i + PREFETCH_AHEAD]);
		t->now_ns = MAX(t->now_ns, s->time_ns);
		settle_due(t);
		if (is_followed(s)) {
			t->counts.segments++;
			index = follow_one(t, &looked[i].key, looked[i].hash, s, looked[i].side);
		}
		if (out_ids != NULL) {
			const struct connection *c = connection_at(t, index);

			out_ids[i] = index != SLAB_NONE ? c->id : 0;
			out_sides[i] = index != SLAB_NONE && looked[i].side != c->client ? HANGUP_SERVER : HANGUP_CLIENT;
		}
	}
}

/* --- the end of the capture ---------------------------------------------------------------------------- */

static int by_id(const void *a, const void *b, void *user)
{
	const struct tracker *t = user;
	uint64_t x = connection_at(t, *(const uint32_t *)a)->id, y = connection_at(t, *(const uint32_t *)b)->id;

	return (x > y) - (x < y);
}

static GArray *live_indexes(const struct tracker *t)
{
	GArray *live = g_array_sized_new(FALSE, FALSE, sizeof(uint32_t), t->connections.live);

	for (uint32_t index = 1; index < t->connections.used; index++)
		if (connection_at(t, index)->id != 0)
			g_array_append_val(live, index);
	return live;
}

/* All tell the context first, so that the first judged knows as much as the last. */
void tracker_finish(struct tracker *t)
{
	g_autoptr(GArray) live = live_indexes(t);

	for (guint i = 0; i < live->len; i++)
		tell_context(t, connection_at(t, g_array_index(live, uint32_t, i)));
	g_array_sort_with_data(live, by_id, t);
	for (guint i = 0; i < live->len; i++)
		end(t, g_array_index(live, uint32_t, i), ENDING_CAPTURE_END);
	t->settle_head = t->settle_tail = SLAB_NONE;
}
