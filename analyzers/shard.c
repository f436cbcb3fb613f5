/* Segments meet their connections. What a segment means is in the files that step.h lists. */
#include "analyzers/shard.h"

#include "analyzers/advance.h"
#include "analyzers/predicted.h"

/* A segment seen again within this, alike to the IP-ID, is a copy made by the capture (a bridge and its port, a
 * SPAN of both directions): up to a few ms apart. */
#define DUPLICATE_NS (INT64_C(5) * 1000000)
/* One side that has spoken so often is in earnest, though nobody answers. */
enum { LONE_PACKETS_MAX = 2 };
/* And so have a SYN and its SYN-ACKs, which Linux sends six times (tcp_synack_retries 5). */
enum { OPENING_PACKETS_MAX = 7 };

/* --- life and death of a shard ------------------------------------------------------------------------- */

static size_t in_lines(size_t bytes)
{
	return (bytes + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
}

void shard_init(struct shard *t, struct arena *arena, const struct key_seed *seed, const struct vantage_hints *hints,
                uint32_t *owners, int64_t settle_ns)
{
	*t = (struct shard){.hints = hints, .owners = owners, .settle_ns = settle_ns, .hand = 1};
	slab_init(&t->connections, arena, CONNECTION_BYTES);
	slab_init(&t->slabs.teardowns, arena, in_lines(sizeof(struct teardown)));
	slab_init(&t->slabs.retries, arena, in_lines(sizeof(struct retry)));
	slab_init(&t->slabs.resets, arena, in_lines(sizeof(struct reset)));
	slab_init(&t->slabs.oddities, arena, in_lines(sizeof(struct oddity)));
	slab_init(&t->remains, arena, sizeof(struct remains));
	table_init(&t->table, seed, &t->connections, &t->remains);
	t->leaving = g_array_new(FALSE, FALSE, sizeof(struct leaving));
	t->births = g_array_new(FALSE, FALSE, sizeof(struct birth));
	settling_init(&t->settling);
	settling_init(&t->fading);
}

void shard_clear(struct shard *t)
{
	settling_clear(&t->fading);
	settling_clear(&t->settling);
	g_array_free(t->births, TRUE);
	g_array_free(t->leaving, TRUE);
	context_log_clear(&t->log);
	table_clear(&t->table);
	slab_clear(&t->remains);
	slab_clear(&t->slabs.oddities);
	slab_clear(&t->slabs.resets);
	slab_clear(&t->slabs.retries);
	slab_clear(&t->slabs.teardowns);
	slab_clear(&t->connections);
}

/* --- one segment --------------------------------------------------------------------------------------- */

/* A RST takes no number, so its first one is news; so is what may fill a hole. */
static bool is_news(const struct step *k)
{
	return step_says_new(k) || (k->from->flags & HALF_HOLE) ||
	       ((k->s->flags & TCP_RST) && !(k->from->flags & HALF_RST));
}

/* A copy of a burst comes behind its end: its IP-ID is not after the last one of its sender, as that of a packet sent
 * again would be. IPv6 and hosts that send 0 do not tell. */
static bool is_counted_copy(const struct step *k)
{
	return k->s->ip_id != 0 && k->from->ip_id != 0 && (int16_t)(k->s->ip_id - k->from->ip_id) <= 0 &&
	       k->from->packets > 0 && k->now - k->from->last_ns < DUPLICATE_NS;
}

/* Captured earlier than what is known already, and saying nothing that is not: a file that holds one interface's
 * packets behind another's, or queues whose stamps cross. A clock that was set back goes on with new data, and passes. */
static bool is_stale_copy(const struct step *k)
{
	return (k->now < connection_last_ns(k->c) || is_counted_copy(k)) && !is_news(k);
}

static bool is_duplicate(struct step *k)
{
	uint32_t print = step_fingerprint(k->s);
	bool same = print == k->c->print[k->side] && k->from->packets > 0 &&
	            k->now - k->from->last_ns < DUPLICATE_NS;

	k->c->print[k->side] = print;
	return same;
}

static void note_context(struct shard *t, const struct step *k)
{
	struct facts_end client = connection_end(k->c, k->c->client), server = connection_end(k->c, !k->c->client);
	bool from_client = k->side == k->c->client;

	if (step_is_syn(k))
		context_asked(&t->log, &server, k->now);
	else if ((k->s->flags & TCP_SYN) && !from_client)
		context_answered(&t->log, &client, &server, k->now, k->s->ttl);
	else if ((k->s->flags & TCP_RST) && !from_client && k->to->state == HANGUP_TCP_STATE_SYN_SENT)
		context_refused(&t->log, &server, k->now);
}

static void take_segment(struct shard *t, struct step *k)
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
	if (!sequence_is_acceptable(k))
		return;
	sequence_take(k);
	if (s->flags & TCP_ACK)
		acknowledge_take(k);
	if (!(s->flags & (TCP_SYN | TCP_FIN)))
		step_event(k->from, TCP_EVENT_SENDS_OTHER);
	closing_take(k);
	if (s->payload_first == TLS_CONTENT_ALERT)
		peek_tls_alert(k);
	habits_take(k);
}

/* One side alone that goes on, or anything after the answer: this is more than one of a flood's. */
static bool is_more_than_opening(const struct step *k)
{
	if (k->to->packets == 0)
		return k->from->packets > LONE_PACKETS_MAX;
	return !(k->s->flags & TCP_SYN) || k->from->packets + k->to->packets > OPENING_PACKETS_MAX;
}

static void note_answer(struct shard *t, const struct step *k)
{
	if (!(k->c->flags & CONNECTION_LONE) || !is_more_than_opening(k))
		return;
	k->c->flags &= (uint16_t)~CONNECTION_LONE;
	t->lone--;
}

/* A copy tells where the capture was taken, and nothing else. */
static void take_copy(struct step *k)
{
	count_u8(&k->c->duplicates);
	habits_take_copy(k);
}

static void take_original(struct shard *t, struct step *k)
{
	advance_time(k);
	if (k->td != NULL && !(k->s->flags & TCP_RST)) {
		advance_spoken(k);
		if (k->c->flags & CONNECTION_CLOSED_BY_RST)
			reset_survived(k);
	}
	take_segment(t, k);
}

static void follow_segment(struct shard *t, struct step *k)
{
	bool filed_behind;

	if (k->from->packets + k->to->packets > 0)
		k->gap = MAX(0, k->now - connection_last_ns(k->c));
	filed_behind = k->now < connection_last_ns(k->c);
	if (!is_stale_copy(k) && !is_duplicate(k)) {
		take_original(t, k);
		filed_behind = false;
	} else {
		t->counts.copies++;
		take_copy(k);
	}
	/* Time does not go back for a copy: it counts, and is not the last. */
	if (filed_behind)
		k->from->packets++;
	else
		step_sent(k);
	note_answer(t, k);
}

static inline struct step step_of(struct shard *t, struct connection *c, const struct segment *s, uint8_t side)
{
	return (struct step){
		.c = c, .from = &c->half[side], .to = &c->half[!side], .s = s, .td = teardown_of(t, c),
		.slabs = &t->slabs, .context = &t->log, .now = step_stamp(s), .side = side, .other = !side,
		.end = s->seq + s->payload_len + !!(s->flags & TCP_SYN) + !!(s->flags & TCP_FIN),
	};
}

static void follow_one(struct shard *t, uint32_t index, const struct segment *s, uint8_t side)
{
	struct step k = step_of(t, connection_at(t, index), s, side);

	if (s->kind == SEGMENT_ICMP_ERROR)
		icmp_take(&k);
	else
		follow_segment(t, &k);
	departures_note(t, index);
}

/* What becomes of it in general. */
static uint32_t follow(struct shard *t, uint32_t found, const struct segment *s, const struct placed *placed)
{
	uint32_t index = found;

	if (s->kind != SEGMENT_ICMP_ERROR)
		index = arrivals_settle(t, found, &placed->key, placed->hash, s, placed->side);
	if (index != SLAB_NONE && !(index & TABLE_OTHER))
		follow_one(t, index, s, placed->side);
	return index;
}

/* Nothing leaves while segments are followed, so that a record that was in the table a moment ago is still the same, or has lost
 * its key to another one. */
static inline bool is_right(const struct shard *t, uint32_t guess, const struct connection_key *key)
{
	const struct connection *c;

	if (guess == SLAB_NONE)
		return false;
	c = connection_at(t, guess);
	return key_equal(&c->key, key) && !(c->flags & CONNECTION_OFF_TABLE);
}

static inline bool is_predicted(struct shard *t, uint32_t found, const struct segment *s, unsigned side)
{
	bool predicted;

	if (found == SLAB_NONE || (found & TABLE_OTHER) || s->kind != SEGMENT_TCP || t->never_predict)
		return false;
	predicted = predicted_take(connection_at(t, found), &t->slabs, s, side);
	t->counts.predicted += predicted;
	return predicted;
}

void shard_follow(struct shard *t, const struct segment *s, const struct placed *placed, uint32_t guess)
{
	uint32_t index = guess;

	t->clock_ns = placed->clock_ns;
	t->place = placed->place;
	if (!is_right(t, guess, &placed->key))
		index = table_find(&t->table, &placed->key, placed->hash);
	if (!is_predicted(t, index, s, placed->side))
		index = follow(t, index, s, placed);
	if (t->owners != NULL)
		t->owners[placed->place] = index;
}

/* --- ids ------------------------------------------------------------------------------------------------ */

static uint64_t id_of(const struct births_seen *seen, uint16_t place)
{
	const uint64_t up_to_it = seen->at[place / 64] << (63 - place % 64);

	return seen->ids_before[place / 64] + (uint64_t)__builtin_popcountll(up_to_it);
}

void shard_number(struct shard *t, const struct births_seen *seen)
{
	for (guint i = 0; i < t->births->len; i++) {
		const struct birth *b = &g_array_index(t->births, struct birth, i);

		connection_at(t, b->index)->id = id_of(seen, b->place);
	}
	g_array_set_size(t->births, 0);
}
