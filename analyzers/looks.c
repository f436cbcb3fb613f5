/* A first look at connections that have fallen silent, while there is more to come: their ending is judged for good when
 * it has settled, or when the capture is over, but whoever watches wants to hear of it before.
 *
 * Every record is passed four times a second, and looked at when its silence has grown: at a second, and every second or 32nd
 * part of it after that. So nothing is kept of it. Where nothing is amiss only a long silence says anything. */
#include "analyzers/shard.h"

/* The silence after which one that may have ended is looked at: longer than a round trip to anywhere. */
#define LOOK_FIRST_NS INT64_C(1000000000)
/* The same where nothing is outstanding, closed or odd; rules that go by silence alone ask for more. */
#define LOOK_QUIET_NS (INT64_C(30) * 1000000000)
/* Between two passes over the records. */
#define LOOK_INTERVAL_NS (INT64_C(250) * 1000000)
enum { LOOKS_OCTAVE = 32 }; /* looks until the silence has doubled, once it is longer than so many seconds */

/* How many looks are due in a silence so long. */
static uint64_t looks_in(int64_t silence_ns)
{
	uint64_t seconds = silence_ns > 0 ? (uint64_t)(silence_ns / LOOK_FIRST_NS) : 0;
	uint64_t octave = 0;

	while (seconds >> octave >= 2 * LOOKS_OCTAVE)
		octave++;
	return octave * LOOKS_OCTAVE + (seconds >> octave);
}

static bool is_waiting(const struct half *h)
{
	return (h->flags & HALF_SEQUENCE) && (h->flags & HALF_ACKED) && h->nxt != h->una;
}

static bool is_amiss(const struct connection *c)
{
	return c->teardown != SLAB_NONE || is_waiting(&c->half[0]) || is_waiting(&c->half[1]);
}

static bool closed_in_order(const struct connection *c)
{
	return !(c->flags & CONNECTION_CLOSED_BY_RST) && (c->half[0].flags & c->half[1].flags & HALF_FIN_ACKED);
}

/* The last news of it: one that another connection took over was silent before. */
static int64_t news_ns(const struct shard *t, const struct connection *c)
{
	const struct teardown *td = teardown_of(t, c);

	return MAX(connection_last_ns(c), td != NULL && td->reuse.number != 0 ? td->reuse.time_ns : INT64_MIN);
}

/* One that is over is looked at once: it is judged soon. */
static bool is_due(const struct shard *t, const struct connection *c)
{
	const struct look *look = &t->look;
	int64_t since_ns = news_ns(t, c), silence_ns = look->now_ns - since_ns;
	uint64_t before = looks_in(look->before_ns - since_ns);

	if (looks_in(silence_ns) == before)
		return false;
	if (connection_is_over(c))
		return before == 0 && !closed_in_order(c);
	return silence_ns >= LOOK_QUIET_NS || is_amiss(c);
}

static enum ending_why why_of(const struct shard *t, const struct connection *c)
{
	const struct teardown *td = teardown_of(t, c);

	if (td != NULL && td->reuse.number != 0)
		return ENDING_REUSED;
	return connection_is_over(c) ? ENDING_SETTLED : ENDING_CAPTURE_END;
}

static void look_at(struct shard *t, struct connection *c, struct ending *ending, tracker_ending_fn look, void *user)
{
	struct vantage_learnt learnt = {.addresses_len = 0};

	ending->connection = c;
	ending->teardown = teardown_of(t, c);
	ending->slabs = &t->slabs;
	ending->why = why_of(t, c);
	ending->vantage = vantage_settle(vantage_look(c, t->hints, &learnt), c, t->hints);
	look(ending, user);
}

/* False while the last pass is so short ago that a new one need not begin. */
static bool begin_pass(struct shard *t, int64_t now_ns)
{
	if (t->look.at < t->connections.used)
		return true;
	if (now_ns - t->look.now_ns < LOOK_INTERVAL_NS)
		return false;
	t->look = (struct look){.at = 1, .before_ns = t->look.now_ns, .now_ns = now_ns};
	return true;
}

void shard_look(struct shard *t, struct look_budget *budget, struct ending *ending, tracker_ending_fn look, void *user)
{
	if (!begin_pass(t, ending->now_ns))
		return;
	ending->now_ns = t->look.now_ns;
	for (; t->look.at < t->connections.used && budget->records > 0 && budget->looks > 0; t->look.at++) {
		struct connection *c = connection_at(t, t->look.at);

		budget->records--;
		if (!connection_is_live(c) || c->left || !is_due(t, c))
			continue;
		budget->looks--;
		look_at(t, c, ending, look, user);
	}
}
