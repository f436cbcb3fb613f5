/* How a connection leaves. One that is over waits in a queue by packet time, so that what follows can speak, and leaves
 * when it has settled; nothing ever scans the table. When memory is short, those that had ended anyway leave early, then
 * those that never got beyond an opening, then the record longest without a packet, both found by a clock hand (second
 * chance). Whoever left is out of the table, and is judged when the round is over. */
#include "analyzers/radix.h"
#include "analyzers/shard.h"

/* A connection that keeps speaking after its end is judged at the latest after this many settling times. */
enum { SETTLE_ROUNDS_MAX = 30 };
/* A FIN without its acknowledgement may be repeated for long: Linux gives up after about 100 s (tcp_orphan_retries). */
#define FIN_WAIT_NS (INT64_C(130) * 1000000000)
/* Until then the SYN-ACK of a connection told as much of its server. */
#define ALIVE_NS INT64_C(1000000000)
/* How many connections ahead of the one that leaves or is judged what it touches is fetched: its record, then what that
 * names, then what that names. A step takes about as long as a few misses. */
enum { FETCH_FIRST = 14, FETCH_SECOND = 9, FETCH_THIRD = 4 };
/* While at least one of so many is lone, the hand passes over all others: a flood evicts itself. */
enum { LONE_SHARE = 8 };

/* --- remains ------------------------------------------------------------------------------------------- */

/* They fade a while after the judgement was due: that it was noticed late makes them no younger. */
static uint32_t leave_remains(struct shard *t, const struct connection *c, uint32_t index, uint64_t hash, int64_t due_ns)
{
	uint32_t left = slab_take(&t->remains);

	remains_init(slab_at(&t->remains, left), c);
	table_replace(&t->table, hash, index, left | TABLE_OTHER);
	settling_push(&t->fading, left, due_ns + TRACKER_FADE_NS);
	return left;
}

FETCHING void fetch_fading(const struct shard *t)
{
	const struct settling_entry *first = settling_peek(&t->fading, FETCH_FIRST);
	const struct settling_entry *second = settling_peek(&t->fading, FETCH_SECOND);

	if (first != NULL)
		fetch(slab_at(&t->remains, first->index));
	if (second != NULL)
		table_prefetch(&t->table, table_hash(&t->table, &((const struct remains *)slab_at(&t->remains, second->index))->key));
}

static void fade_one(struct shard *t)
{
	uint32_t left = settling_pop(&t->fading).index;
	const struct remains *r = slab_at(&t->remains, left);

	fetch_fading(t);
	if (!r->off_table)
		table_remove(&t->table, table_hash(&t->table, &r->key), left | TABLE_OTHER);
	slab_give(&t->remains, left);
}

/* --- leaving ------------------------------------------------------------------------------------------- */

/* Its server's last sign of life speaks for the other connections. */
static void tell_context(struct shard *t, const struct connection *c)
{
	const struct half *server = &c->half[!c->client];
	struct facts_end end = connection_end(c, !c->client);

	if (server->packets > 0 && !(server->flags & HALF_RST) && server->last_ns > c->first.time_ns + ALIVE_NS)
		context_alive(&t->log, &end, server->last_ns);
}

/* Its idle time speaks for the timer on the way to that server: from below when it was answered, from above when not. */
static void tell_idle(struct shard *t, const struct connection *c)
{
	struct facts_end server = connection_end(c, !c->client);

	if (c->flags & CONNECTION_IDLE_PENDING)
		context_idle(&t->log, &server, c->idle_ns, false);
	else if (c->idle_longest_ms > 0)
		context_idle(&t->log, &server, (int64_t)c->idle_longest_ms * 1000000, true);
}

/* One that had come to its end leaves remains; of one that was cut off, more may come and shall be followed. */
static uint32_t leave_table(struct shard *t, const struct connection *c, uint32_t index, enum ending_why why,
                            int64_t due_ns)
{
	uint64_t hash = table_hash(&t->table, &c->key);

	if (c->flags & CONNECTION_OFF_TABLE)
		return SLAB_NONE;
	if (why == ENDING_SETTLED)
		return leave_remains(t, c, index, hash, due_ns);
	table_remove(&t->table, hash, index);
	return SLAB_NONE;
}

static void leave(struct shard *t, uint32_t index, enum ending_why why, int64_t due_ns)
{
	struct connection *c = connection_at(t, index);
	const struct teardown *td = teardown_of(t, c);
	struct leaving leaving = {.index = index};

	if (td != NULL && td->reuse.number != 0)
		why = ENDING_REUSED;
	leaving.why = (uint8_t)why;
	leaving.vantage = vantage_look(c, t->hints, &t->learnt);
	leaving.remains = leave_table(t, c, index, why, due_ns);
	g_array_append_val(t->leaving, leaving);
	c->left = true;
	t->lone -= !!(c->flags & CONNECTION_LONE);
	t->over -= c->counted_over;
	t->counts.acked_unseen += c->acked_unseen;
	tell_idle(t, c);
	tell_context(t, c);
}

static void settle(struct shard *t, uint32_t index)
{
	connection_at(t, index)->flags |= CONNECTION_ENDED;
	settling_push(&t->settling, index, t->clock_ns + t->settle_ns);
}

/* The queue's length is not their number: those that came back to life stay in it until they are due. */
void departures_note(struct shard *t, uint32_t index)
{
	struct connection *c = connection_at(t, index);
	const bool over = connection_is_over(c);

	if (over != c->counted_over) {
		c->counted_over = over;
		t->over += over ? 1 : UINT32_MAX;
	}
	if (over && !(c->flags & CONNECTION_ENDED))
		settle(t, index);
}

/* --- fetching ahead ---------------------------------------------------------------------------------------- */

FETCHING void fetch_connection(const struct shard *t, uint32_t index)
{
	fetch_bytes(slab_at(&t->connections, index), sizeof(struct connection));
}

FETCHING void fetch_teardown(const struct shard *t, uint32_t index)
{
	uint32_t teardown = connection_at(t, index)->teardown;

	if (teardown != SLAB_NONE)
		fetch_bytes(slab_at(&t->slabs.teardowns, teardown), sizeof(struct teardown));
}

FETCHING void fetch_bucket(const struct shard *t, uint32_t index)
{
	table_prefetch(&t->table, table_hash(&t->table, &connection_at(t, index)->key));
}

/* Before it leaves. */
FETCHING void fetch_queued(const struct shard *t)
{
	const struct settling_entry *first = settling_peek(&t->settling, FETCH_FIRST);
	const struct settling_entry *second = settling_peek(&t->settling, FETCH_SECOND);

	if (first != NULL)
		fetch_connection(t, first->index);
	if (second == NULL)
		return;
	fetch_teardown(t, second->index);
	fetch_bucket(t, second->index);
}

FETCHING void fetch_repetitions_and_resets(const struct shard *t, const struct teardown *td)
{
	for (unsigned side = 0; side < 2; side++) {
		if (td->retry[side] != SLAB_NONE)
			fetch(slab_at(&t->slabs.retries, td->retry[side]));
		if (td->reset[side] != SLAB_NONE)
			fetch(slab_at(&t->slabs.resets, td->reset[side]));
	}
}

static uint32_t leaving_index(const struct shard *t, size_t at)
{
	return at < t->leaving->len ? g_array_index(t->leaving, struct leaving, at).index : SLAB_NONE;
}

FETCHING void fetch_context(const struct context *context, const struct connection *c)
{
	const struct facts_end client = connection_end(c, c->client), server = connection_end(c, !c->client);
	const struct context_places places = context_places(context, &client, &server);

	fetch(places.server);
	fetch(places.host);
	fetch(places.pair);
}

/* Before it is judged. */
FETCHING void fetch_leaving(const struct shard *t, size_t at, const struct context *context)
{
	uint32_t first = leaving_index(t, at + FETCH_FIRST), second = leaving_index(t, at + FETCH_SECOND),
	         third = leaving_index(t, at + FETCH_THIRD);

	if (first != SLAB_NONE)
		fetch_connection(t, first);
	if (second != SLAB_NONE)
		fetch_teardown(t, second);
	if (third == SLAB_NONE)
		return;
	fetch_context(context, connection_at(t, third));
	if (connection_at(t, third)->teardown != SLAB_NONE)
		fetch_repetitions_and_resets(t, teardown_of(t, connection_at(t, third)));
}

/* --- the queue ---------------------------------------------------------------------------------------------- */

static struct settling_entry unsettle(struct shard *t)
{
	struct settling_entry entry = settling_pop(&t->settling);

	fetch_queued(t);
	connection_at(t, entry.index)->flags &= (uint16_t)~CONNECTION_ENDED;
	return entry;
}

static bool still_speaks(const struct shard *t, const struct connection *c, int64_t now_ns)
{
	bool done = (c->half[0].flags & c->half[1].flags & HALF_FIN_ACKED) ||
	            (c->flags & (CONNECTION_CLOSED_BY_RST | CONNECTION_OFF_TABLE));
	int64_t quiet = done ? t->settle_ns / 2 : FIN_WAIT_NS;

	return connection_last_ns(c) + quiet > now_ns && c->settle_rounds < SETTLE_ROUNDS_MAX;
}

/* Lets the head of the queue go, unless it came back to life or still speaks. */
static void leave_head(struct shard *t, int64_t now_ns)
{
	struct settling_entry entry = unsettle(t);
	struct connection *c = connection_at(t, entry.index);

	if (!connection_is_over(c))
		return;
	if (still_speaks(t, c, now_ns)) {
		c->settle_rounds++;
		settle(t, entry.index);
		return;
	}
	leave(t, entry.index, ENDING_SETTLED, entry.due_ns);
}

void departures_due(struct shard *t, int64_t clock_ns, int64_t now_ns)
{
	t->clock_ns = clock_ns;
	while (settling_is_due(&t->settling, clock_ns))
		leave_head(t, now_ns);
	while (settling_is_due(&t->fading, clock_ns))
		fade_one(t);
}

/* --- memory is short ------------------------------------------------------------------------------------ */

/* Where the hand stops: connections that had a packet since it last passed have a second chance, and so have all that
 * were answered while there are enough others. */
static bool is_victim(struct connection *c, bool lone_only)
{
	bool touched = c->flags & CONNECTION_TOUCHED;

	if (!connection_is_live(c) || c->left || (lone_only && !(c->flags & CONNECTION_LONE)))
		return false;
	c->flags &= (uint16_t)~CONNECTION_TOUCHED;
	return !touched || lone_only;
}

static void evict_by_clock(struct shard *t)
{
	bool lone_only = t->lone * LONE_SHARE >= t->connections.live - t->leaving->len;

	for (;; t->hand++) {
		if (t->hand >= t->connections.used)
			t->hand = 1;
		if (is_victim(connection_at(t, t->hand), lone_only))
			break;
	}
	t->counts.evicted++;
	leave(t, t->hand++, ENDING_EVICTED, t->clock_ns);
}

void departures_hurry(struct shard *t)
{
	while (t->settling.len > 0) {
		struct settling_entry entry = unsettle(t);

		if (!connection_is_over(connection_at(t, entry.index)))
			continue;
		t->counts.hurried++;
		leave(t, entry.index, ENDING_SETTLED, entry.due_ns);
		return;
	}
}

/* When departures_hurry() has left no queue: then nobody waits in it who leaves here. */
bool departures_evict(struct shard *t)
{
	g_assert(t->settling.len == 0);
	if (t->connections.live == t->leaving->len)
		return false;
	evict_by_clock(t);
	return true;
}

bool departures_fade(struct shard *t)
{
	if (t->fading.len == 0)
		return false;
	fade_one(t);
	return true;
}

/* --- the end of the capture ---------------------------------------------------------------------------- */

static struct radix_item *last_ones(const struct shard *t, size_t *out_len)
{
	struct radix_item *last = g_new(struct radix_item, t->connections.live);
	size_t len = 0;

	for (uint32_t index = 1; index < t->connections.used; index++) {
		const struct connection *c = connection_at(t, index);

		if (connection_is_live(c))
			last[len++] = (struct radix_item){.key = c->id, .place = index};
	}
	radix_sort(last, len);
	*out_len = len;
	return last;
}

FETCHING void fetch_last(const struct shard *t, const struct radix_item *last, size_t i, size_t len)
{
	if (i + FETCH_FIRST < len)
		fetch_connection(t, last[i + FETCH_FIRST].place);
	if (i + FETCH_SECOND >= len)
		return;
	fetch_teardown(t, last[i + FETCH_SECOND].place);
	fetch_bucket(t, last[i + FETCH_SECOND].place);
}

/* Nothing that left is left here: everybody who is live is the last. */
void departures_finish(struct shard *t)
{
	size_t len;
	g_autofree struct radix_item *last = last_ones(t, &len);

	g_assert(t->leaving->len == 0);
	for (size_t i = 0; i < len; i++) {
		fetch_last(t, last, i, len);
		leave(t, last[i].place, ENDING_CAPTURE_END, t->clock_ns);
	}
	t->settling.len = 0;
	while (t->fading.len > 0)
		fade_one(t);
}

/* --- judgement ------------------------------------------------------------------------------------------ */

static void give_if_any(struct slab *slab, uint32_t index)
{
	if (index != SLAB_NONE)
		slab_give(slab, index);
}

static void forget_teardown(struct teardown_slabs *slabs, uint32_t index)
{
	const struct teardown *td = teardown_at(slabs, index);

	for (unsigned side = 0; side < 2; side++) {
		give_if_any(&slabs->retries, td->retry[side]);
		give_if_any(&slabs->resets, td->reset[side]);
	}
	give_if_any(&slabs->oddities, td->oddity);
	slab_give(&slabs->teardowns, index);
}

static void forget(struct shard *t, const struct leaving *l)
{
	struct connection *c = connection_at(t, l->index);

	if (l->remains != SLAB_NONE)
		((struct remains *)slab_at(&t->remains, l->remains))->id = c->id;
	if (c->teardown != SLAB_NONE)
		forget_teardown(&t->slabs, c->teardown);
	c->first.number = 0;
	slab_give(&t->connections, l->index);
}

bool departures_judge(struct shard *t, size_t most, struct ending *ending, tracker_ending_fn judge, void *user)
{
	for (; most > 0 && t->judged < t->leaving->len; most--, t->judged++) {
		const struct leaving *l = &g_array_index(t->leaving, struct leaving, t->judged);
		const struct connection *c = connection_at(t, l->index);

		fetch_leaving(t, t->judged, ending->context);
		ending->connection = c;
		ending->teardown = teardown_of(t, c);
		ending->slabs = &t->slabs;
		ending->why = (enum ending_why)l->why;
		ending->vantage = vantage_settle(l->vantage, c, t->hints);
		judge(ending, user);
		forget(t, l);
	}
	if (t->judged < t->leaving->len)
		return true;
	g_array_set_size(t->leaving, 0);
	t->judged = 0;
	return false;
}
