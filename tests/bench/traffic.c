/* Connections arrive one after the other at the pace that keeps as many alive as were asked for (arrivals a second
 * are concurrency divided by mean life: Little's law), and a heap says whose packet is next. A connection that has
 * sent its last packet gives its place to another at once; one that merely fell silent counts as alive still. */
#include "tests/bench/traffic.h"

#include <math.h>

#include "tests/bench/conversation.h"
#include "tests/bench/event_heap.h"
#include "tests/bench/lengths.h"
#include "tests/bench/population.h"

#define SECOND_NS 1e9

/* More packets than asked for are planned, so that the capture stops in the middle of things, as captures do. */
static const double PLANNED = 1.03;

struct traffic {
	const struct settings *settings;
	struct lengths lengths;
	struct event_heap heap;
	GArray *conversations; /* struct conversation */
	GArray *vacant;        /* uint32_t: indexes of those that are over */
	uint32_t arrived, talks;
	int64_t arrival_ns;    /* of the next one */
	double arrivals_gap_ns;
	struct random random;
	struct traffic_counts *counts;
};

/* --- planning -------------------------------------------------------------------------------------------- */

static double talk_packets_mean(const struct settings *s)
{
	double fixed = 0, talks = 0, shares = 0;

	for (size_t i = 0; i < COURSES; i++) {
		fixed += (double)s->share[i] * courses[i].packets;
		talks += courses[i].talk ? s->share[i] : 0;
		shares += s->share[i];
	}
	return talks > 0 ? (PLANNED * (double)s->packets / s->connections - fixed / shares) * shares / talks : 0;
}

static double life_mean_s(const struct settings *s)
{
	return (s->life_max_s - s->life_min_s) / log(s->life_max_s / s->life_min_s);
}

static const struct course *draw_course(const struct settings *s, struct random *random)
{
	uint64_t shares = 0, drawn;
	size_t i = 0;

	for (size_t n = 0; n < COURSES; n++)
		shares += s->share[n];
	drawn = random_below(random, (uint32_t)shares);
	for (; drawn >= s->share[i]; i++)
		drawn -= s->share[i];
	return &courses[i];
}

/* --- arrivals and departures ----------------------------------------------------------------------------- */

static struct conversation *conversation_at(const struct traffic *t, uint32_t at)
{
	return &g_array_index(t->conversations, struct conversation, at);
}

static uint32_t find_place(struct traffic *t)
{
	if (t->vacant->len == 0) {
		g_array_set_size(t->conversations, t->conversations->len + 1);
		return t->conversations->len - 1;
	}
	uint32_t at = g_array_index(t->vacant, uint32_t, t->vacant->len - 1);

	g_array_set_size(t->vacant, t->vacant->len - 1);
	return at;
}

static void count_arrival(struct traffic_counts *counts, const struct course *course)
{
	counts->taken[course - courses]++;
	if (!course->tcp)
		return;
	counts->connections++;
	counts->live++;
	counts->live_peak = MAX(counts->live_peak, counts->live);
}

static void arrive(struct traffic *t)
{
	const struct settings *s = t->settings;
	uint32_t at = find_place(t);
	struct conversation *c = conversation_at(t, at);

	c->random.state = random_mix(s->seed + t->arrived);
	population_pair(c, s, t->arrived++);
	const struct course *course = draw_course(s, &c->random);
	conversation_start(c, s, course, course->talk ? lengths_get(&t->lengths, t->talks++) : 0);
	count_arrival(t->counts, course);
	event_heap_push(&t->heap, (struct event){t->arrival_ns, at});
	t->arrival_ns += (int64_t)(-log(1 - random_unit(&t->random)) * t->arrivals_gap_ns);
}

static void depart(struct traffic *t, uint32_t at)
{
	const struct course *course = conversation_at(t, at)->course;

	t->counts->live -= course->tcp && course->closes;
	g_array_append_val(t->vacant, at);
}

/* --- a run ----------------------------------------------------------------------------------------------- */

static void send_next(struct traffic *t, struct capture_writer *w)
{
	struct event event = event_heap_first(&t->heap);
	struct packet packet;
	int64_t wait_ns = conversation_next(conversation_at(t, event.what), event.time_ns, &packet);

	capture_writer_packet(w, event.time_ns, &packet);
	t->counts->last_ns = event.time_ns;
	if (wait_ns == CONVERSATION_OVER) {
		event_heap_drop_first(&t->heap);
		depart(t, event.what);
	} else {
		event_heap_replace_first(&t->heap, (struct event){event.time_ns + wait_ns, event.what});
	}
}

static bool someone_arrives(const struct traffic *t)
{
	return t->arrived < t->settings->connections &&
	       (t->heap.len == 0 || t->arrival_ns <= event_heap_first(&t->heap).time_ns);
}

void traffic_write(const struct settings *s, struct capture_writer *w, struct traffic_counts *out)
{
	struct traffic t = {
		.settings = s,
		.conversations = g_array_new(FALSE, FALSE, sizeof(struct conversation)),
		.vacant = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
		.arrival_ns = s->start_s * (int64_t)SECOND_NS,
		.arrivals_gap_ns = life_mean_s(s) * SECOND_NS / s->concurrency,
		.random = {random_mix(s->seed)},
		.counts = out,
	};

	*out = (struct traffic_counts){.first_ns = t.arrival_ns};
	payload_init();
	lengths_init(&t.lengths, s->talk_min, s->talk_max, talk_packets_mean(s), s->seed);
	while (w->packets < s->packets) {
		if (someone_arrives(&t))
			arrive(&t);
		else if (t.heap.len > 0)
			send_next(&t, w);
		else
			break;
	}
	event_heap_clear(&t.heap);
	g_array_unref(t.conversations);
	g_array_unref(t.vacant);
}
