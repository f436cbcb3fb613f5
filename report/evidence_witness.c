#include "report/evidence_witness.h"

#include <string.h>

#include "capture/byte_key.h"

/* For each connection that is told of: beyond these more of the same adds nothing. */
enum { OPENINGS_MAX = 8, SIGNS_OF_LIFE_MAX = 2, NOTICES_MAX = 64 };
/* In all: stations have no address to tell whose they are; fragments are of two hosts. */
enum { STATION_NOTICES_MAX = 256, FRAGMENTS_MAX = 4096 };
/* How long after a connection's last packet others may still speak for it: the longest that a judgement waits
 * (TRACKER_SETTLE_NS_DEFAULT), and a TIME-WAIT more. */
static const int64_t AFTERWARDS_NS = INT64_C(70) * 1000000000;

/* Connections of one server that are told of, in order of when it fell silent. */
struct server {
	struct facts_end end;
	GPtrArray *open; /* struct testimony, those that may want more; borrowed */
};

struct testimony {
	const struct told *told; /* borrowed */
	unsigned openings, signs_of_life;
};

struct host {
	uint8_t address[16];
	int64_t from_ns;
	uint64_t answer; /* number of its last SYN-ACK */
	unsigned notices;
};

struct witness {
	GPtrArray *testimonies; /* owned */
	GHashTable *servers;    /* by end; owned */
	GHashTable *hosts;      /* by address; owned */
	unsigned station_notices, fragments;
};

/* --- tables ------------------------------------------------------------------------------------------- */
G_STATIC_ASSERT(sizeof(struct facts_end) == 16 + sizeof(uint16_t)); /* no padding */
BYTE_KEY(end, sizeof(struct facts_end))
BYTE_KEY(address, 16)

static void free_server(gpointer data)
{
	struct server *s = data;

	g_ptr_array_unref(s->open);
	g_free(s);
}

struct witness *witness_new(void)
{
	struct witness *w = g_new0(struct witness, 1);

	w->testimonies = g_ptr_array_new_with_free_func(g_free);
	w->servers = g_hash_table_new_full(end_hash, end_equal, NULL, free_server);
	w->hosts = g_hash_table_new_full(address_hash, address_equal, NULL, g_free);
	return w;
}

void witness_free(struct witness *w)
{
	if (w == NULL)
		return;
	g_hash_table_unref(w->hosts);
	g_hash_table_unref(w->servers);
	g_ptr_array_unref(w->testimonies);
	g_free(w);
}

/* --- whom it is about --------------------------------------------------------------------------------- */
static struct server *server_of(struct witness *w, const struct facts_end *end)
{
	struct server *s = g_hash_table_lookup(w->servers, end);

	if (!s) {
		s = g_new0(struct server, 1);
		s->end = *end;
		s->open = g_ptr_array_new();
		g_hash_table_insert(w->servers, &s->end, s);
	}
	return s;
}

static void add_host(struct witness *w, const uint8_t address[16], int64_t from_ns)
{
	struct host *h = g_hash_table_lookup(w->hosts, address);

	if (!h) {
		h = g_new0(struct host, 1);
		memcpy(h->address, address, sizeof(h->address));
		h->from_ns = from_ns;
		g_hash_table_insert(w->hosts, h->address, h);
	}
	h->from_ns = MIN(h->from_ns, from_ns);
}

void witness_add(struct witness *w, const struct told *t)
{
	struct testimony *testimony = g_new0(struct testimony, 1);

	testimony->told = t;
	g_ptr_array_add(w->testimonies, testimony);
	g_ptr_array_add(server_of(w, &t->end[HANGUP_SERVER])->open, testimony);
	add_host(w, t->end[HANGUP_CLIENT].address, t->begin_ns - AFTERWARDS_NS);
	add_host(w, t->end[HANGUP_SERVER].address, t->begin_ns - AFTERWARDS_NS);
}

static gint by_silence(gconstpointer a, gconstpointer b)
{
	const struct told *one = (*(struct testimony *const *)a)->told, *other = (*(struct testimony *const *)b)->told;

	if (one->silent_ns != other->silent_ns)
		return one->silent_ns < other->silent_ns ? -1 : 1;
	return one->id < other->id ? -1 : one->id > other->id;
}

void witness_begin(struct witness *w)
{
	GHashTableIter servers;
	gpointer value;

	g_hash_table_iter_init(&servers, w->servers);
	while (g_hash_table_iter_next(&servers, NULL, &value))
		g_ptr_array_sort(((struct server *)value)->open, by_silence);
}

/* --- other connections -------------------------------------------------------------------------------- */
static bool is_done(const struct testimony *t, int64_t now_ns)
{
	return now_ns > t->told->end_ns + AFTERWARDS_NS ||
	       (t->openings >= OPENINGS_MAX && t->signs_of_life >= SIGNS_OF_LIFE_MAX);
}

/* Counts for all that may use it; those that have enough go. */
static bool serves(struct server *s, const struct segment *segment)
{
	const bool opens = segment->flags & (TCP_SYN | TCP_RST);
	bool wanted = false;

	for (guint i = 0; i < s->open->len;) {
		struct testimony *t = s->open->pdata[i];

		if (t->told->silent_ns > segment->time_ns)
			break;
		if (is_done(t, segment->time_ns)) {
			g_ptr_array_remove_index(s->open, i);
			continue;
		}
		wanted |= opens ? t->openings++ < OPENINGS_MAX : t->signs_of_life++ < SIGNS_OF_LIFE_MAX;
		i++;
	}
	return wanted;
}

static struct server *find_server(const struct witness *w, const uint8_t address[16], uint16_t port)
{
	struct facts_end end = {.port = port};

	memcpy(end.address, address, sizeof(end.address));
	return g_hash_table_lookup(w->servers, &end);
}

static void note_answer(struct witness *w, const struct segment *segment)
{
	struct host *h;

	if ((segment->flags & (TCP_SYN | TCP_ACK)) != (TCP_SYN | TCP_ACK))
		return;
	h = g_hash_table_lookup(w->hosts, segment->source);
	if (h)
		h->answer = segment->number;
}

uint64_t witness_answer(const struct witness *w, const uint8_t host[16])
{
	const struct host *h = g_hash_table_lookup(w->hosts, host);

	return h ? h->answer : 0;
}

bool witness_shows(struct witness *w, const struct segment *segment)
{
	struct server *answers = find_server(w, segment->source, segment->source_port);
	struct server *asked = find_server(w, segment->target, segment->target_port);

	if (segment->kind != SEGMENT_TCP)
		return false;
	note_answer(w, segment);
	if (answers)
		return serves(answers, segment);
	return asked && segment->flags & TCP_SYN && serves(asked, segment);
}

/* --- what is no connection's -------------------------------------------------------------------------- */
static bool host_wants(struct witness *w, const uint8_t address[16], int64_t now_ns)
{
	struct host *h = g_hash_table_lookup(w->hosts, address);

	return h && now_ns >= h->from_ns && h->notices++ < NOTICES_MAX;
}

static bool is_of_station(const struct segment *s)
{
	static const uint8_t nobody[16];

	return memcmp(s->source, nobody, 16) == 0 && memcmp(s->target, nobody, 16) == 0;
}

bool witness_speaks_of(struct witness *w, const struct segment *segment)
{
	if (segment->kind == SEGMENT_FRAGMENT)
		return g_hash_table_contains(w->hosts, segment->source) &&
		       g_hash_table_contains(w->hosts, segment->target) && w->fragments++ < FRAGMENTS_MAX;
	if (segment->kind != SEGMENT_NOTICE)
		return false;
	if (is_of_station(segment))
		return w->station_notices++ < STATION_NOTICES_MAX;
	return host_wants(w, segment->source, segment->time_ns) || host_wants(w, segment->target, segment->time_ns);
}
