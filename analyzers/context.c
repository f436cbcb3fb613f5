#include "analyzers/context.h"

#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "analyzers/arena.h"
#include "analyzers/fetch.h"

/* Places for servers and for pairs: 2^14 each, 1.5 MB in all, so that asking rarely misses the cache. More than the
 * servers of one site; of its clients, the last ones. */
enum { PLACES = 1 << 14 };
/* A log's first capacity. */
enum { NOTES_MIN = 256 };

/* Stalls of one host that fell together: the current cluster, and the largest there was. */
struct stalls {
	int64_t since_ns;
	unsigned count;
};

struct server_place {
	struct facts_end server;
	struct context_server what;
	struct stalls now, most;
};

struct pair_place {
	uint8_t client[16];
	struct facts_end server;
	int64_t answered_ns;
};

struct context {
	struct server_place servers[PLACES];
	struct pair_place pairs[PLACES];
};

struct context *context_new(void)
{
	return large_new(sizeof(struct context));
}

void context_free(struct context *x)
{
	large_free(x, sizeof *x);
}

static uint64_t mix(uint64_t hash, const void *bytes, size_t len)
{
	uint64_t words[2] = {0};

	memcpy(words, bytes, len);
	hash = (hash ^ words[0]) * UINT64_C(0x9e3779b97f4a7c15);
	hash = (hash ^ (hash >> 29) ^ words[1]) * UINT64_C(0xbf58476d1ce4e5b9);
	return hash ^ (hash >> 32);
}

static uint64_t end_hash(const struct facts_end *e)
{
	return mix(mix(0, e->address, sizeof e->address), &e->port, sizeof e->port);
}

static inline bool same_address(const uint8_t a[16], const uint8_t b[16])
{
	uint64_t x[2], y[2];

	memcpy(x, a, sizeof x);
	memcpy(y, b, sizeof y);
	return ((x[0] ^ y[0]) | (x[1] ^ y[1])) == 0;
}

static inline bool same_end(const struct facts_end *a, const struct facts_end *b)
{
	return a->port == b->port && same_address(a->address, b->address);
}

static size_t server_index(const struct facts_end *server)
{
	return end_hash(server) % PLACES;
}

static size_t pair_index(const struct facts_end *client, const struct facts_end *server)
{
	return mix(end_hash(server), client->address, sizeof client->address) % PLACES;
}

/* The place as that server's own. */
static struct server_place *place_for(struct context *x, size_t place, const struct facts_end *server)
{
	struct server_place *p = &x->servers[place];

	if (!same_end(&p->server, server))
		*p = (struct server_place){.server = *server};
	return p;
}

static bool is_pair(const struct pair_place *p, const struct facts_end *client, const struct facts_end *server)
{
	return same_end(&p->server, server) && same_address(p->client, client->address);
}

/* What holds for all ports of a host stands at port 0, which nobody serves. */
static struct facts_end host_of(const struct facts_end *server)
{
	struct facts_end host = *server;

	host.port = 0;
	return host;
}

/* --- what is told -------------------------------------------------------------------------------------------- */

enum note_kind { NOTE_ASKED, NOTE_ANSWERED, NOTE_REFUSED, NOTE_ALIVE, NOTE_STALLED, NOTE_IDLE_SURVIVED, NOTE_IDLE_KILLED };

struct context_note {
	struct facts_end server; /* or the host whose connection stalled */
	uint8_t kind;            /* enum note_kind */
	uint8_t ttl;
	uint8_t client[16];
	int64_t ns;              /* when, or how long */
	/* Where it belongs: found by the shard that notes it, because what is learnt is learnt by one thread for all. */
	uint16_t server_place, host_place, pair_place;
};
_Static_assert(PLACES <= 1 << 16, "a place's number fits a note");

static struct context_note *note(struct context_log *log, enum note_kind kind, const struct facts_end *server, int64_t ns)
{
	struct context_note *n;

	if (log->notes_len == log->capacity) {
		log->capacity = MAX(NOTES_MIN, log->capacity * 2);
		log->notes = g_renew(struct context_note, log->notes, log->capacity);
	}
	n = &log->notes[log->notes_len++];
	n->server = *server;
	n->kind = (uint8_t)kind;
	n->ns = ns;
	n->server_place = (uint16_t)server_index(server);
	return n;
}

void context_log_clear(struct context_log *log)
{
	g_free(log->notes);
	*log = (struct context_log){0};
}

void context_asked(struct context_log *log, const struct facts_end *server, int64_t now_ns)
{
	note(log, NOTE_ASKED, server, now_ns);
}

void context_answered(struct context_log *log, const struct facts_end *client, const struct facts_end *server,
                      int64_t now_ns, uint8_t ttl)
{
	struct context_note *n = note(log, NOTE_ANSWERED, server, now_ns);
	const struct facts_end host = host_of(server);

	memcpy(n->client, client->address, sizeof n->client);
	n->ttl = ttl;
	n->host_place = (uint16_t)server_index(&host);
	n->pair_place = (uint16_t)pair_index(client, server);
}

void context_refused(struct context_log *log, const struct facts_end *server, int64_t now_ns)
{
	note(log, NOTE_REFUSED, server, now_ns);
}

void context_alive(struct context_log *log, const struct facts_end *server, int64_t now_ns)
{
	note(log, NOTE_ALIVE, server, now_ns);
}

void context_stalled(struct context_log *log, const struct facts_end *end, int64_t now_ns)
{
	struct facts_end host = host_of(end);

	note(log, NOTE_STALLED, &host, now_ns);
}

void context_idle(struct context_log *log, const struct facts_end *server, int64_t idle_ns, bool survived)
{
	note(log, survived ? NOTE_IDLE_SURVIVED : NOTE_IDLE_KILLED, server, idle_ns);
}

/* --- what is learnt ------------------------------------------------------------------------------------------ */

/* How many notes ahead a place is fetched. */
enum { FETCH_AHEAD = 8 };

static bool is_clients(const struct pair_place *p, const struct context_note *n)
{
	return same_end(&p->server, &n->server) && same_address(p->client, n->client);
}

static void learn_answer(struct context *x, const struct context_note *n)
{
	const struct facts_end host = host_of(&n->server);
	struct pair_place *p = &x->pairs[n->pair_place];

	place_for(x, n->host_place, &host)->what.ttl = n->ttl;
	if (!is_clients(p, n))
		*p = (struct pair_place){.server = n->server};
	memcpy(p->client, n->client, sizeof p->client);
	p->answered_ns = MAX(p->answered_ns, n->ns);
}

static void learn_stall(struct server_place *p, int64_t when_ns)
{
	if (p->now.count == 0 || llabs(when_ns - p->now.since_ns) > CONTEXT_TOGETHER_NS)
		p->now = (struct stalls){.since_ns = when_ns};
	p->now.count++;
	if (p->now.count > p->most.count)
		p->most = p->now;
}

static void learn_idle_killed(struct context_server *s, int64_t idle_ns)
{
	if (s->idle_killed_ns == 0 || idle_ns < s->idle_killed_ns)
		s->idle_killed_ns = idle_ns;
}

static void learn(struct context *x, const struct context_note *n)
{
	struct server_place *p = place_for(x, n->server_place, &n->server);
	struct context_server *s = &p->what;

	switch ((enum note_kind)n->kind) {
	case NOTE_ASKED: s->asked_ns = MAX(s->asked_ns, n->ns); break;
	case NOTE_REFUSED: s->refused_ns = MAX(s->refused_ns, n->ns); break;
	case NOTE_STALLED: learn_stall(p, n->ns); break;
	case NOTE_IDLE_SURVIVED: s->idle_survived_ns = MAX(s->idle_survived_ns, n->ns); break;
	case NOTE_IDLE_KILLED: learn_idle_killed(s, n->ns); break;
	default: s->answered_ns = MAX(s->answered_ns, n->ns); break;
	}
	if (n->kind == NOTE_ANSWERED)
		learn_answer(x, n);
}

FETCHING void fetch_places(const struct context *x, const struct context_note *n)
{
	fetch(&x->servers[n->server_place]);
	if (n->kind != NOTE_ANSWERED)
		return;
	fetch(&x->servers[n->host_place]);
	fetch(&x->pairs[n->pair_place]);
}

void context_learn(struct context *x, struct context_log *log)
{
	for (size_t i = 0; i < log->notes_len; i++) {
		if (i + FETCH_AHEAD < log->notes_len)
			fetch_places(x, &log->notes[i + FETCH_AHEAD]);
		learn(x, &log->notes[i]);
	}
	log->notes_len = 0;
}

/* --- what is known ------------------------------------------------------------------------------------------ */

struct context_places context_places(const struct context *x, const struct facts_end *client, const struct facts_end *server)
{
	const struct facts_end host = host_of(server);

	return (struct context_places){&x->servers[server_index(server)], &x->servers[server_index(&host)],
	                               &x->pairs[pair_index(client, server)]};
}

struct context_server context_server(const struct context *x, const struct facts_end *server)
{
	const struct server_place *p = &x->servers[server_index(server)];

	return same_end(&p->server, server) ? p->what : (struct context_server){0};
}

uint8_t context_host_ttl(const struct context *x, const struct facts_end *server)
{
	struct facts_end host = host_of(server);

	return context_server(x, &host).ttl;
}

int64_t context_pair_answered(const struct context *x, const struct facts_end *client,
                              const struct facts_end *server)
{
	const struct pair_place *p = &x->pairs[pair_index(client, server)];

	return is_pair(p, client, server) ? p->answered_ns : 0;
}

/* --- fates shared ---------------------------------------------------------------------------------------- */

static bool falls_into(const struct stalls *s, int64_t when_ns)
{
	return s->count > 0 && when_ns >= s->since_ns - CONTEXT_TOGETHER_NS && when_ns <= s->since_ns + CONTEXT_TOGETHER_NS;
}

unsigned context_stalled_with(const struct context *x, const struct facts_end *end, int64_t when_ns)
{
	struct facts_end host = host_of(end);
	const struct server_place *p = &x->servers[server_index(&host)];

	if (!same_end(&p->server, &host))
		return 0;
	return falls_into(&p->most, when_ns) ? p->most.count : falls_into(&p->now, when_ns) ? p->now.count : 0;
}
