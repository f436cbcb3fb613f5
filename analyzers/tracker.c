/* What concerns all shards: where a segment belongs, ids in the order of first packets, limits, and what connections
 * say of each other. */
#include "analyzers/tracker.h"

#include <string.h>

#include "analyzers/shard.h"

/* How far ahead of the segment being followed records are fetched, buckets, and segments that another core decoded. */
enum { RECORDS_AHEAD = 8, BUCKETS_AHEAD = 20, SEGMENTS_AHEAD = 28 };

/* What one tracker_look() does at most: some 20 ms each. */
enum { LOOK_RECORDS_MOST = 1 << 18, LOOKS_MOST = 1 << 12 };

struct tracker {
	struct arena arena;
	struct key_seed seed;
	struct shard shards[TRACKER_SHARDS];
	struct context *context;
	struct neighbours *neighbours;
	struct vantage_hints *hints;
	struct tracker_options options;
	uint64_t connections, segments;
	int64_t now_ns; /* of the last packet of the last round */
	struct losses *losses; /* NULL until any are told */
	unsigned look_first; /* shard, so that none is always the last */
	struct births_seen births_seen;
	uint32_t *owners; /* TRACKER_ROUND_MAX; NULL where nobody asks */
};

static void set_defaults(struct tracker_options *o)
{
	if (o->max_connections == 0)
		o->max_connections = TRACKER_MAX_CONNECTIONS_DEFAULT;
	if (o->max_memory == 0)
		o->max_memory = TRACKER_MAX_MEMORY_DEFAULT;
	if (o->settle_ns == 0)
		o->settle_ns = TRACKER_SETTLE_NS_DEFAULT;
}

struct tracker *tracker_new(const struct tracker_options *options, struct vantage_hints *hints)
{
	struct tracker *t = g_new0(struct tracker, 1);

	t->options = *options;
	set_defaults(&t->options);
	t->hints = hints;
	t->context = context_new();
	t->neighbours = neighbours_new();
	key_seed_random(&t->seed);
	arena_init(&t->arena);
	t->owners = options->tells_owners ? g_new(uint32_t, TRACKER_ROUND_MAX) : NULL;
	for (unsigned i = 0; i < TRACKER_SHARDS; i++) {
		shard_init(&t->shards[i], &t->arena, &t->seed, hints, t->owners, t->options.settle_ns);
		t->shards[i].never_predict = t->options.never_predict;
	}
	return t;
}

void tracker_free(struct tracker *t)
{
	if (t == NULL)
		return;
	for (unsigned i = 0; i < TRACKER_SHARDS; i++)
		shard_clear(&t->shards[i]);
	arena_clear(&t->arena);
	g_free(t->owners);
	g_free(t->losses);
	neighbours_free(t->neighbours);
	context_free(t->context);
	g_free(t);
}

static size_t shard_followed(const struct shard *s)
{
	return s->connections.live - s->leaving->len;
}

struct tracker_counts tracker_counts(const struct tracker *t)
{
	struct tracker_counts sum = {.connections = t->connections, .segments = t->segments};

	for (unsigned i = 0; i < TRACKER_SHARDS; i++) {
		sum.evicted += t->shards[i].counts.evicted;
		sum.hurried += t->shards[i].counts.hurried;
		sum.acked_unseen += t->shards[i].counts.acked_unseen;
		sum.late += t->shards[i].counts.late;
		sum.predicted += t->shards[i].counts.predicted;
		sum.copies += t->shards[i].counts.copies;
		sum.settling += t->shards[i].over;
		sum.open += shard_followed(&t->shards[i]) - t->shards[i].over;
	}
	return sum;
}

uint64_t tracker_bytes(const struct tracker *t)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < TRACKER_SHARDS; i++)
		sum += shard_bytes(&t->shards[i]);
	return sum;
}

/* --- a round -------------------------------------------------------------------------------------------- */

void tracker_place(const struct tracker *t, const struct segment *s, int64_t clock_ns, unsigned place,
                   struct placed *out)
{
	out->side = (uint8_t)key_from_segment(&out->key, s);
	out->hash = key_hash(&out->key, &t->seed);
	out->shard = (uint8_t)key_shard(&out->key);
	out->clock_ns = clock_ns;
	out->place = (uint16_t)place;
}

FETCHING void fetch_bucket(const struct tracker *t, const struct placed *placed)
{
	table_prefetch(&t->shards[placed->shard].table, placed->hash);
}

/* Of one shard they lie scattered, so that no hardware guesses them. */
FETCHING void fetch_segment(const struct segment *segments, const struct placed *placed, size_t at)
{
	for (size_t line = 0; line < SEGMENT_LINES_OFTEN; line++)
		__builtin_prefetch((const char *)&segments[at] + line * SEGMENT_LINE);
	__builtin_prefetch(&placed[at]);
}

FETCHING uint32_t fetch_record(const struct tracker *t, const struct placed *placed)
{
	return shard_fetch(&t->shards[placed->shard], placed);
}

/* Where the i-th segment to be followed stands. */
static inline size_t at_turn(const uint16_t *which, size_t i)
{
	return which != NULL ? which[i] : i;
}

/* On large captures most of the time goes into waiting for these lines. What the buckets told of a segment's connection is
 * kept until its turn comes. */
static inline __attribute__((always_inline)) void follow_all(struct tracker *t, const struct segment *segments,
                                                             const struct placed *placed, const uint16_t *which, size_t count)
{
	uint32_t guesses[RECORDS_AHEAD];

	for (size_t i = 0; which != NULL && i < MIN(count, SEGMENTS_AHEAD); i++)
		fetch_segment(segments, placed, which[i]);
	for (size_t i = 0; i < MIN(count, BUCKETS_AHEAD); i++)
		fetch_bucket(t, &placed[at_turn(which, i)]);
	for (size_t i = 0; i < MIN(count, RECORDS_AHEAD); i++)
		guesses[i] = fetch_record(t, &placed[at_turn(which, i)]);
	for (size_t i = 0; i < count; i++) {
		const size_t at = at_turn(which, i);
		const uint32_t guess = guesses[i % RECORDS_AHEAD];

		if (which != NULL && i + SEGMENTS_AHEAD < count)
			fetch_segment(segments, placed, which[i + SEGMENTS_AHEAD]);
		if (i + BUCKETS_AHEAD < count)
			fetch_bucket(t, &placed[at_turn(which, i + BUCKETS_AHEAD)]);
		if (i + RECORDS_AHEAD < count)
			guesses[i % RECORDS_AHEAD] = fetch_record(t, &placed[at_turn(which, i + RECORDS_AHEAD)]);
		shard_follow(&t->shards[placed[at].shard], &segments[at], &placed[at], guess);
	}
}

void tracker_follow(struct tracker *t, const struct segment *segments, const struct placed *placed,
                    const uint16_t *which, size_t count)
{
	if (which != NULL)
		follow_all(t, segments, placed, which, count);
	else
		follow_all(t, segments, placed, NULL, count);
}

void tracker_leave(struct tracker *t, unsigned shard, int64_t clock_ns, int64_t now_ns)
{
	departures_due(&t->shards[shard], clock_ns, now_ns);
}

void tracker_leave_all(struct tracker *t, unsigned shard)
{
	departures_finish(&t->shards[shard]);
}

/* --- between rounds ------------------------------------------------------------------------------------- */

/* Each place is the first packet of one connection at most. */
static void see_births(struct births_seen *seen, const struct shard *s)
{
	for (guint i = 0; i < s->births->len; i++) {
		const unsigned place = g_array_index(s->births, struct birth, i).place;

		seen->at[place / 64] |= UINT64_C(1) << place % 64;
	}
}

/* All threads wait for this: ids themselves are given by whoever judges the shard. */
static void count_births(struct tracker *t)
{
	struct births_seen *seen = &t->births_seen;

	memset(seen->at, 0, sizeof seen->at);
	for (unsigned i = 0; i < TRACKER_SHARDS; i++)
		see_births(seen, &t->shards[i]);
	for (size_t word = 0; word < G_N_ELEMENTS(seen->at); word++) {
		seen->ids_before[word] = t->connections;
		t->connections += (uint64_t)__builtin_popcountll(seen->at[word]);
	}
}

/* What a connection that left still takes is given back when it is judged, a moment later. */
static uint64_t bytes_to_stay(const struct tracker *t)
{
	uint64_t sum = tracker_bytes(t), leaving = 0;

	for (unsigned i = 0; i < TRACKER_SHARDS; i++)
		leaving += t->shards[i].leaving->len * t->shards[i].connections.record_bytes;
	return sum > leaving ? sum - leaving : 0;
}

static bool too_many(const struct tracker *t)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < TRACKER_SHARDS; i++)
		sum += shard_followed(&t->shards[i]);
	return sum > t->options.max_connections || bytes_to_stay(t) > t->options.max_memory;
}

static size_t shard_ended(const struct shard *s)
{
	return s->settling.len;
}

static size_t shard_remains(const struct shard *s)
{
	return s->fading.len;
}

/* Always the shard that has most of them: the same in every run. */
static unsigned most(const struct tracker *t, size_t (*count)(const struct shard *s))
{
	unsigned most = 0;

	for (unsigned i = 1; i < TRACKER_SHARDS; i++)
		if (count(&t->shards[i]) > count(&t->shards[most]))
			most = i;
	return most;
}

static bool too_much_remains(const struct tracker *t)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < TRACKER_SHARDS; i++)
		sum += t->shards[i].remains.live;
	return sum > t->options.max_connections || bytes_to_stay(t) > t->options.max_memory;
}

/* What is known of connections that are over goes first: that costs no verdict anything. */
static void make_room(struct tracker *t)
{
	while (too_much_remains(t) && departures_fade(&t->shards[most(t, shard_remains)]))
		;
	while (too_many(t) && shard_ended(&t->shards[most(t, shard_ended)]) > 0)
		departures_hurry(&t->shards[most(t, shard_ended)]);
	while (too_many(t) && departures_evict(&t->shards[most(t, shard_followed)]))
		;
}

static void share_what_is_known(struct tracker *t)
{
	for (unsigned i = 0; i < TRACKER_SHARDS; i++) {
		context_learn(t->context, &t->shards[i].log);
		vantage_hints_learn(t->hints, &t->shards[i].learnt);
	}
}

void tracker_hear(struct tracker *t, struct neighbours_log *log)
{
	neighbours_learn(t->neighbours, log);
}

void tracker_lost(struct tracker *t, uint64_t total, int64_t now_ns)
{
	if (t->losses == NULL)
		t->losses = g_new0(struct losses, 1);
	losses_note(t->losses, total, now_ns);
}

void tracker_turn(struct tracker *t, unsigned placed, int64_t now_ns)
{
	t->now_ns = now_ns;
	t->segments += placed;
	count_births(t);
	for (unsigned i = 0; t->owners != NULL && i < TRACKER_SHARDS; i++)
		shard_number(&t->shards[i], &t->births_seen);
	make_room(t);
	share_what_is_known(t);
}

bool tracker_judge(struct tracker *t, unsigned shard, size_t most, tracker_ending_fn ending, void *user)
{
	struct ending e = {.now_ns = t->now_ns, .context = t->context, .neighbours = t->neighbours,
	                   .losses = t->losses};

	shard_number(&t->shards[shard], &t->births_seen);
	return departures_judge(&t->shards[shard], most, &e, ending, user);
}

static size_t shard_waiting(const struct shard *s)
{
	return s->leaving->len - s->judged;
}

size_t tracker_waiting(const struct tracker *t)
{
	return shard_waiting(&t->shards[most(t, shard_waiting)]);
}

void tracker_look(struct tracker *t, int64_t now_ns, tracker_ending_fn look, void *user)
{
	struct look_budget budget = {.records = LOOK_RECORDS_MOST, .looks = LOOKS_MOST};

	for (unsigned i = 0; i < TRACKER_SHARDS; i++) {
		struct ending e = {.now_ns = now_ns, .context = t->context, .neighbours = t->neighbours,
		                   .losses = t->losses};

		shard_look(&t->shards[(t->look_first + i) % TRACKER_SHARDS], &budget, &e, look, user);
	}
	t->look_first++;
}

/* Remains that faded meanwhile no longer have the key. */
static uint64_t late_owner(const struct shard *s, uint32_t index, const struct placed *placed, uint8_t *out_client)
{
	const struct remains *r = slab_at(&s->remains, index);

	*out_client = r->client;
	return key_equal(&r->key, &placed->key) ? r->id : 0;
}

static uint64_t live_owner(const struct shard *s, uint32_t index, uint8_t *out_client)
{
	const struct connection *c = connection_at(s, index);

	*out_client = c->client;
	return c->id;
}

uint64_t tracker_owner(const struct tracker *t, const struct placed *placed, enum hangup_side *out_sender)
{
	const struct shard *s = &t->shards[placed->shard];
	uint32_t owner;
	uint8_t client = placed->side;
	uint64_t id = 0;

	g_assert(t->owners != NULL);
	owner = t->owners[placed->place];
	if (owner & TABLE_OTHER)
		id = late_owner(s, owner & ~TABLE_OTHER, placed, &client);
	else if (owner != SLAB_NONE)
		id = live_owner(s, owner, &client);
	*out_sender = placed->side == client ? HANGUP_CLIENT : HANGUP_SERVER;
	return id;
}
