/* Segments meet their connections, a batch at a time. What a segment means is in the files that step.h lists.
 *
 * A batch is hashed first and its buckets and records prefetched a few segments ahead, because on large captures
 * most of the time goes into waiting for those lines. */
#include "analyzers/tracker.h"

#include "analyzers/tracker_state.h"

/* How far ahead of the segment being followed records are fetched, and how much of them. */
enum { PREFETCH_AHEAD = 8, RECORD_BYTES_FETCHED = 6 * CACHE_LINE };
/* A segment seen again within this, alike to the IP-ID, is a copy made by the capture (a bridge and its port, a
 * SPAN of both directions): up to a few ms apart. */
#define DUPLICATE_NS (INT64_C(5) * 1000000)
#define STAMP_MOST_NS (INT64_C(1) << 62)
/* The longest step the queues follow: any that makes all that waits due. */
#define CLOCK_STEP_NS (INT64_C(3600) * 1000000000)

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
	slab_init(&t->remains, sizeof(struct remains));
	table_init(&t->table, &t->connections, &t->remains);
	t->context = context_new();
	t->ending = ending;
	t->user = user;
	t->hand = 1;
	settling_init(&t->settling);
	settling_init(&t->fading);
	return t;
}

void tracker_free(struct tracker *t)
{
	if (t == NULL)
		return;
	settling_clear(&t->fading);
	settling_clear(&t->settling);
	context_free(t->context);
	table_clear(&t->table);
	slab_clear(&t->remains);
	slab_clear(&t->teardowns);
	slab_clear(&t->connections);
	g_free(t);
}

const struct tracker_counts *tracker_counts(const struct tracker *t)
{
	return &t->counts;
}

void tracker_finish(struct tracker *t)
{
	departures_finish(t);
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
	if (!sequence_is_acceptable(k))
		return;
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

/* A copy tells where the capture was taken, and nothing else. */
static void take_copy(struct step *k)
{
	count_u8(&k->c->duplicates);
	habits_take_copy(k);
}

static void take_original(struct tracker *t, struct step *k)
{
	idle_take(k);
	if (k->td != NULL && !(k->s->flags & TCP_RST)) {
		k->td->retry[k->other].peer_spoke++;
		if (k->c->flags & CONNECTION_CLOSED_BY_RST)
			reset_survived(k);
	}
	take_segment(t, k);
}

static void follow_segment(struct tracker *t, struct step *k)
{
	bool filed_behind;

	if (k->from->packets + k->to->packets > 0)
		k->gap = MAX(0, k->now - connection_last_ns(k->c));
	filed_behind = k->now < connection_last_ns(k->c);
	if (!is_stale_copy(k) && !is_duplicate(k)) {
		take_original(t, k);
		filed_behind = false;
	} else {
		take_copy(k);
	}
	/* Time does not go back for a copy: it counts, and is not the last. */
	if (filed_behind)
		k->from->packets++;
	else
		note_sent(k);
}

static inline int64_t clamp_stamp(int64_t time_ns)
{
	return CLAMP(time_ns, -STAMP_MOST_NS / 2, STAMP_MOST_NS);
}

/* A clock that was set back makes the queues wait no longer, and one packet from the future ends nothing but what had
 * ended. */
static inline void advance_clock(struct tracker *t, int64_t time_ns)
{
	int64_t step = t->counts.segments == 0 ? 0 : time_ns - t->now_ns;

	t->clock_ns += CLAMP(step, 0, CLOCK_STEP_NS);
	t->now_ns = time_ns;
}

static inline struct step step_of(struct tracker *t, struct connection *c, const struct segment *s, uint8_t side)
{
	return (struct step){
		.c = c, .from = &c->half[side], .to = &c->half[!side], .s = s, .td = teardown_of(t, c),
		.teardowns = &t->teardowns, .context = t->context, .now = clamp_stamp(s->time_ns), .side = side, .other = !side,
		.end = s->seq + s->payload_len + !!(s->flags & TCP_SYN) + !!(s->flags & TCP_FIN),
	};
}

static uint32_t follow_one(struct tracker *t, const struct connection_key *key, uint64_t hash,
                           const struct segment *s, uint8_t side)
{
	bool is_icmp = s->kind == SEGMENT_ICMP_ERROR;
	uint32_t index = is_icmp ? table_find(&t->table, key, hash) : arrivals_find(t, key, hash, s, side);

	if (index != SLAB_NONE && !(index & TABLE_OTHER)) {
		struct step k = step_of(t, connection_at(t, index), s, side);

		if (is_icmp)
			icmp_take(&k);
		else
			follow_segment(t, &k);
		departures_note(t, index);
	}
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

	if (guess != SLAB_NONE && !(guess & TABLE_OTHER))
		tracker_prefetch(slab_at(&t->connections, guess), RECORD_BYTES_FETCHED);
}

static void tell_owner(const struct tracker *t, uint32_t index, uint8_t side, uint64_t *out_id, uint8_t *out_side)
{
	uint8_t client = side;

	*out_id = 0;
	if (index & TABLE_OTHER) {
		const struct remains *r = slab_at(&t->remains, index & ~TABLE_OTHER);

		*out_id = r->id;
		client = r->client;
	} else if (index != SLAB_NONE) {
		*out_id = connection_at(t, index)->id;
		client = connection_at(t, index)->client;
	}
	*out_side = side == client ? HANGUP_CLIENT : HANGUP_SERVER;
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
		advance_clock(t, clamp_stamp(s->time_ns));
		if (settling_is_due(&t->settling, t->clock_ns) || settling_is_due(&t->fading, t->clock_ns))
			departures_due(t);
		if (is_followed(s)) {
			t->counts.segments++;
			index = follow_one(t, &looked[i].key, looked[i].hash, s, looked[i].side);
		}
		if (out_ids != NULL)
			tell_owner(t, index, looked[i].side, &out_ids[i], &out_sides[i]);
	}
}
