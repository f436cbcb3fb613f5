#include "report/incidents/scope.h"

#include <string.h>

static const int64_t NS_PER_MS = 1000000;

struct scope scope_of(enum scope_kind kind, const struct ending *e)
{
	return (struct scope){.kind = kind, .of = &e->who};
}

struct scope scope_between(const GPtrArray *endings)
{
	return (struct scope){.kind = SCOPE_BETWEEN,
	                      .clients = endings_split(endings, ending_by_client),
	                      .servers = endings_split(endings, ending_by_server)};
}

void scope_clear(struct scope *s)
{
	g_clear_pointer(&s->clients, g_ptr_array_unref);
	g_clear_pointer(&s->servers, g_ptr_array_unref);
}

static bool has_host(const GPtrArray *sets, enum hangup_side side, const uint8_t address[16])
{
	guint low = 0, high = sets->len;

	while (low < high) {
		const guint middle = low + (high - low) / 2;
		gint order = memcmp(ending_at(sets->pdata[middle], 0)->who.address[side], address, 16);

		if (order == 0)
			return true;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

bool scope_holds(const struct scope *s, const struct meeting *m)
{
	const bool client = s->of && same_address(s->of->address[HANGUP_CLIENT], m->address[HANGUP_CLIENT]);
	const bool server = s->of && same_address(s->of->address[HANGUP_SERVER], m->address[HANGUP_SERVER]);

	switch (s->kind) {
	case SCOPE_CLIENT:
		return client;
	case SCOPE_SERVER:
		return server;
	case SCOPE_SERVICE:
		return server && s->of->port[HANGUP_SERVER] == m->port[HANGUP_SERVER];
	case SCOPE_PAIR:
		return client && server;
	default:
		return has_host(s->clients, HANGUP_CLIENT, m->address[HANGUP_CLIENT]) &&
		       has_host(s->servers, HANGUP_SERVER, m->address[HANGUP_SERVER]);
	}
}

/* --- asking ------------------------------------------------------------------------------------------------ */

static void ask_server(const struct inquiry *q, const struct scope *s, const struct meeting *server, witness_fn see,
                       void *user)
{
	const uint16_t port = s->kind == SCOPE_SERVICE ? server->port[HANGUP_SERVER] : 0;
	size_t from, to;

	inquiry_of_server(q, server->address[HANGUP_SERVER], port, &from, &to);
	for (size_t i = from; i < to; i++)
		if (scope_holds(s, &q->witnesses[q->by_server[i]].who))
			see(&q->witnesses[q->by_server[i]], user);
}

static void ask_client(const struct inquiry *q, const struct scope *s, witness_fn see, void *user)
{
	size_t from, to;

	inquiry_of_client(q, s->of->address[HANGUP_CLIENT], &from, &to);
	for (size_t i = from; i < to; i++)
		see(&q->witnesses[q->by_client[i]], user);
}

void scope_ask(const struct inquiry *q, const struct scope *s, witness_fn see, void *user)
{
	if (s->kind == SCOPE_CLIENT) {
		ask_client(q, s, see, user);
	} else if (s->kind == SCOPE_BETWEEN) {
		for (guint i = 0; i < s->servers->len; i++)
			ask_server(q, s, &ending_at(s->servers->pdata[i], 0)->who, see, user);
	} else {
		ask_server(q, s, s->of, see, user);
	}
}

/* --- what they say ----------------------------------------------------------------------------------------- */

static const int64_t SECOND_NS = 1000000000;

/* A packet of it was seen after the moment, however its packets were spread: its last one came later than its longest
 * pause after it. That was no vain repetition where nothing was repeated, nor where no pause is long: who waits in vain
 * waits twice as long each time, so that his longest wait is half of it all. */
static bool spoke_within(const struct witness *w, int64_t moment_ns, int64_t until_ns)
{
	const int64_t pause_ns = (w->pause_ms + 1) * NS_PER_MS, time_ns = until_ns - moment_ns;

	return w->who.ended_ns - moment_ns > pause_ns && pause_ns < (w->flags & WITNESS_SMOOTH ? time_ns : time_ns / 4);
}

static void testify(const struct witness *w, void *user)
{
	struct testimony *t = user;
	const bool open = w->who.began_ns <= t->moment_ns && w->who.ended_ns >= t->moment_ns;
	const int64_t closed_ns = w->who.began_ns + w->age_ms * NS_PER_MS;

	if (w->who.began_ns > t->moment_ns && (w->flags & WITNESS_OPENED) && (w->flags & WITNESS_SERVED)) {
		t->served_later++;
		t->served_meanwhile += w->who.began_ns < t->until_ns;
		if (!t->first_served_ns || w->who.began_ns < t->first_served_ns) {
			t->first_served_ns = w->who.began_ns;
			t->first_served = w->who.id;
		}
	} else if (w->who.began_ns <= t->moment_ns && (w->flags & WITNESS_CLOSED_SERVER) &&
	           ABS(closed_ns - t->moment_ns) <= SECOND_NS) {
		g_array_append_val(t->closed_with, w->who.id);
	} else if (open && spoke_within(w, t->moment_ns, t->until_ns)) {
		g_array_append_val(t->flowed, w->who.id);
	} else if (open || ((w->flags & WITNESS_OPEN) && w->who.began_ns <= t->moment_ns)) {
		g_array_append_val(t->quiet, w->who.id);
	}
}

struct testimony testimony_take(const struct inquiry *q, const struct scope *s, int64_t moment_ns, int64_t until_ns)
{
	struct testimony t = {
		.moment_ns = moment_ns, .until_ns = until_ns,
		.flowed = g_array_new(FALSE, FALSE, sizeof(uint64_t)),
		.quiet = g_array_new(FALSE, FALSE, sizeof(uint64_t)),
		.closed_with = g_array_new(FALSE, FALSE, sizeof(uint64_t)),
	};

	scope_ask(q, s, testify, &t);
	return t;
}

void testimony_clear(struct testimony *t)
{
	g_array_free(t->flowed, TRUE);
	g_array_free(t->quiet, TRUE);
	g_array_free(t->closed_with, TRUE);
}
