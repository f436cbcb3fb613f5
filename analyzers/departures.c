/* How a connection leaves. One that is over waits in a queue by packet time, so that what follows can speak, and is
 * judged when it has settled; nothing ever scans the table. When memory is short, those that had ended anyway are
 * judged early, then the record longest without a packet, found by a clock hand (second chance). */
#include "analyzers/tracker_state.h"

/* A connection that keeps speaking after its end is judged at the latest after this many settling times. */
enum { SETTLE_ROUNDS_MAX = 30 };
/* A FIN without its acknowledgement may be repeated for long: Linux gives up after about 100 s (tcp_orphan_retries). */
#define FIN_WAIT_NS (INT64_C(130) * 1000000000)
/* Until then the SYN-ACK of a connection told as much of its server. */
#define ALIVE_NS INT64_C(1000000000)
/* How many endings ahead records are fetched: a judgement takes about as long as a few misses. */
enum { FETCH_AHEAD = 4 };

/* --- remains ------------------------------------------------------------------------------------------- */

/* They fade a while after the judgement was due: that it was noticed late, by the next packet, makes them no younger. */
static void leave_remains(struct tracker *t, const struct connection *c, uint32_t index, uint64_t hash)
{
	uint32_t left = slab_take(&t->remains);

	remains_init(slab_at(&t->remains, left), c);
	table_replace(&t->table, hash, index, left | TABLE_OTHER);
	settling_push(&t->fading, left, t->judged_due_ns + TRACKER_FADE_NS);
}

static void fade_one(struct tracker *t)
{
	uint32_t left = settling_pop(&t->fading).index;
	const struct remains *r = slab_at(&t->remains, left);

	if (!r->off_table)
		table_remove(&t->table, table_hash(&t->table, &r->key), left | TABLE_OTHER);
	slab_give(&t->remains, left);
}

/* --- endings ------------------------------------------------------------------------------------------- */

/* One that had come to its end leaves remains; of one that was cut off, more may come and shall be followed. */
static void forget(struct tracker *t, struct connection *c, uint32_t index, enum ending_why why)
{
	uint64_t hash = table_hash(&t->table, &c->key);

	if (!(c->flags & CONNECTION_OFF_TABLE) && why == ENDING_SETTLED)
		leave_remains(t, c, index, hash);
	else if (!(c->flags & CONNECTION_OFF_TABLE))
		table_remove(&t->table, hash, index);
	if (c->teardown != SLAB_NONE)
		slab_give(&t->teardowns, c->teardown);
	c->id = 0;
	slab_give(&t->connections, index);
}

/* Its server's last sign of life speaks for the other connections. */
static void tell_context(struct tracker *t, const struct connection *c)
{
	const struct half *server = &c->half[!c->client];
	struct facts_end end = connection_end(c, !c->client);

	if (server->packets > 0 && !(server->flags & HALF_RST) && server->last_ns > c->first.time_ns + ALIVE_NS)
		context_alive(t->context, &end, server->last_ns);
}

/* Its idle time speaks for the timer on the way to that server: from below when it was answered, from above when not. */
static void tell_idle(struct tracker *t, const struct connection *c)
{
	struct facts_end server = connection_end(c, !c->client);

	if (c->flags & CONNECTION_IDLE_PENDING)
		context_idle(t->context, &server, c->idle_ns, false);
	else if (c->idle_longest_ms > 0)
		context_idle(t->context, &server, (int64_t)c->idle_longest_ms * 1000000, true);
}

static void end(struct tracker *t, uint32_t index, enum ending_why why)
{
	struct connection *c = connection_at(t, index);
	struct teardown *td = teardown_of(t, c);

	if (td != NULL && td->reuse.number != 0)
		why = ENDING_REUSED;
	t->counts.acked_unseen += c->acked_unseen;
	tell_idle(t, c);
	t->ending(&(struct ending){.connection = c, .teardown = td, .why = why, .now_ns = t->now_ns,
	                           .context = t->context}, t->user);
	tell_context(t, c);
	forget(t, c, index, why);
}

static void settle(struct tracker *t, uint32_t index)
{
	connection_at(t, index)->flags |= CONNECTION_ENDED;
	settling_push(&t->settling, index, t->clock_ns + t->options.settle_ns);
}

void departures_note(struct tracker *t, uint32_t index)
{
	const struct connection *c = connection_at(t, index);

	if (!(c->flags & CONNECTION_ENDED) && connection_is_over(c))
		settle(t, index);
}

/* The records of the next ones to be judged are far from any cache; the second can only be asked for when the first is
 * there. */
static void fetch_connection(const struct tracker *t, uint32_t index)
{
	tracker_prefetch(slab_at(&t->connections, index), sizeof(struct connection));
}

static void fetch_teardown(const struct tracker *t, uint32_t index)
{
	uint32_t teardown = connection_at(t, index)->teardown;

	if (teardown != SLAB_NONE)
		tracker_prefetch(slab_at(&t->teardowns, teardown), sizeof(struct teardown));
}

static void fetch_ahead(const struct tracker *t)
{
	const struct settling_entry *first = settling_peek(&t->settling, FETCH_AHEAD);
	const struct settling_entry *second = settling_peek(&t->settling, FETCH_AHEAD / 2);

	if (first != NULL)
		fetch_connection(t, first->index);
	if (second != NULL)
		fetch_teardown(t, second->index);
}

static uint32_t unsettle(struct tracker *t)
{
	struct settling_entry entry = settling_pop(&t->settling);

	fetch_ahead(t);
	t->judged_due_ns = entry.due_ns;
	connection_at(t, entry.index)->flags &= (uint16_t)~CONNECTION_ENDED;
	return entry.index;
}

static bool still_speaks(const struct tracker *t, const struct connection *c)
{
	bool done = (c->half[0].flags & c->half[1].flags & HALF_FIN_ACKED) ||
	            (c->flags & (CONNECTION_CLOSED_BY_RST | CONNECTION_OFF_TABLE));
	int64_t quiet = done ? t->options.settle_ns / 2 : FIN_WAIT_NS;

	return connection_last_ns(c) + quiet > t->now_ns && c->settle_rounds < SETTLE_ROUNDS_MAX;
}

/* Judges the head of the queue, unless it came back to life or still speaks. */
static void judge_head(struct tracker *t)
{
	uint32_t index = unsettle(t);
	struct connection *c = connection_at(t, index);

	if (!connection_is_over(c))
		return;
	if (still_speaks(t, c)) {
		c->settle_rounds++;
		settle(t, index);
		return;
	}
	end(t, index, ENDING_SETTLED);
}

void departures_due(struct tracker *t)
{
	while (settling_is_due(&t->settling, t->clock_ns))
		judge_head(t);
	while (settling_is_due(&t->fading, t->clock_ns))
		fade_one(t);
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

void departures_make_room(struct tracker *t)
{
	if (t->remains.live >= t->options.max_connections)
		fade_one(t);
	if (t->connections.live < t->options.max_connections)
		return;
	while (t->settling.len > 0) {
		uint32_t index = unsettle(t);

		if (connection_is_over(connection_at(t, index))) {
			end(t, index, ENDING_SETTLED);
			return;
		}
	}
	evict_by_clock(t);
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
void departures_finish(struct tracker *t)
{
	g_autoptr(GArray) live = live_indexes(t);

	for (guint i = 0; i < live->len; i++) {
		tell_context(t, connection_at(t, g_array_index(live, uint32_t, i)));
		tell_idle(t, connection_at(t, g_array_index(live, uint32_t, i)));
	}
	g_array_sort_with_data(live, by_id, t);
	for (guint i = 0; i < live->len; i++) {
		if (i + FETCH_AHEAD < live->len)
			fetch_connection(t, g_array_index(live, uint32_t, i + FETCH_AHEAD));
		if (i + FETCH_AHEAD / 2 < live->len)
			fetch_teardown(t, g_array_index(live, uint32_t, i + FETCH_AHEAD / 2));
		end(t, g_array_index(live, uint32_t, i), ENDING_CAPTURE_END);
	}
	t->settling.len = 0;
	while (t->fading.len > 0)
		fade_one(t);
}
