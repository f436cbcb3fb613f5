/* Sockets and calls are filed under local port, remote address and remote port: the local address is gone from a socket
 * whose connection was refused, and where it is known it is compared. Addresses and ports may be used again within a
 * run. Then times decide: a socket is a connection's when it was there after the connection's first packet, and calls
 * are on the newest socket that there was before them. */
#include "report/calls.h"

#include <string.h>

#include "capture/byte_key.h"

/* A socket is known to be there only once the call that made it has returned, after its first packet was stamped. That
 * stamp may be this much later all the same: another processor's clock, a packet that waited in a queue. */
#define STAMP_NOISE_NS INT64_C(50000000)

struct key {
	uint8_t remote[16];
	uint16_t remote_port, local_port;
};

struct socket {
	int64_t time_ns;
	uint8_t local[16]; /* zeroed: not known */
};

struct kept {
	struct call call;
	gint claimed;
};

struct calls {
	GHashTable *sockets; /* by key: GArray of struct socket, by time */
	GHashTable *others;  /* the same of somebody else's */
	size_t sockets_len;  /* of both */
	GHashTable *by_key;  /* by key: GArray of size_t, places in kept */
	GPtrArray *kept;     /* in order of time */
	uint64_t dropped;
};

BYTE_KEY(key, sizeof(struct key))

static struct key key_of(const struct facts_end *local, const struct facts_end *remote)
{
	struct key key = {.remote_port = remote->port, .local_port = local->port};

	memcpy(key.remote, remote->address, sizeof(key.remote));
	return key;
}

static void free_list(gpointer list)
{
	g_array_unref(list);
}

struct calls *calls_new(void)
{
	struct calls *c = g_new0(struct calls, 1);

	c->sockets = g_hash_table_new_full(key_hash, key_equal, g_free, free_list);
	c->others = g_hash_table_new_full(key_hash, key_equal, g_free, free_list);
	c->by_key = g_hash_table_new_full(key_hash, key_equal, g_free, free_list);
	c->kept = g_ptr_array_new_with_free_func(g_free);
	return c;
}

void calls_free(struct calls *c)
{
	if (!c)
		return;
	g_hash_table_destroy(c->sockets);
	g_hash_table_destroy(c->others);
	g_hash_table_destroy(c->by_key);
	g_ptr_array_unref(c->kept);
	g_free(c);
}

/* --- filling ---------------------------------------------------------------------------------------- */

static GArray *list_under(GHashTable *table, const struct key *key, guint size)
{
	GArray *list = g_hash_table_lookup(table, key);

	if (!list) {
		list = g_array_new(FALSE, FALSE, size);
		g_hash_table_insert(table, g_memdup2(key, sizeof(*key)), list);
	}
	return list;
}

static void add_socket(struct calls *c, GHashTable *to, const struct facts_end *local, const struct facts_end *remote,
                       int64_t time_ns)
{
	const struct key key = key_of(local, remote);
	struct socket socket = {.time_ns = time_ns};

	memcpy(socket.local, local->address, sizeof(socket.local));
	if (c->sockets_len >= CALLS_SOCKETS_MOST) {
		c->dropped++;
		return;
	}
	g_array_append_val(list_under(to, &key, sizeof(socket)), socket);
	c->sockets_len++;
}

void calls_add_socket(struct calls *c, const struct facts_end *local, const struct facts_end *remote, int64_t time_ns)
{
	add_socket(c, c->sockets, local, remote, time_ns);
}

void calls_add_others(struct calls *c, const struct facts_end *local, const struct facts_end *remote, int64_t time_ns)
{
	add_socket(c, c->others, local, remote, time_ns);
}

void calls_add(struct calls *c, const struct call *call)
{
	struct kept kept = {.call = *call};
	size_t place = c->kept->len;

	if (place >= CALLS_MOST) {
		c->dropped++;
		return;
	}
	g_ptr_array_add(c->kept, g_memdup2(&kept, sizeof(kept)));
	if (call->has_local && call->has_remote) {
		const struct key key = key_of(&call->local, &call->remote);

		g_array_append_val(list_under(c->by_key, &key, sizeof(place)), place);
	}
}

bool calls_know_socket(const struct calls *c, const struct facts_end *local, const struct facts_end *remote)
{
	const struct key key = key_of(local, remote);

	return g_hash_table_contains(c->sockets, &key);
}

uint64_t calls_dropped(const struct calls *c)
{
	return c->dropped;
}

size_t calls_len(const struct calls *c)
{
	return c->kept->len;
}

size_t calls_sockets(const struct calls *c)
{
	return c->sockets_len;
}

/* --- a connection's --------------------------------------------------------------------------------- */

static bool is_zero(const uint8_t address[16])
{
	static const uint8_t zero[16];

	return memcmp(address, zero, sizeof(zero)) == 0;
}

bool calls_knows_address(const struct facts_end *end)
{
	return !is_zero(end->address);
}

static bool may_be(const uint8_t local[16], const struct facts_end *end)
{
	return is_zero(local) || memcmp(local, end->address, sizeof(end->address)) == 0;
}

static struct key key_from(const struct facts *f, enum hangup_side side)
{
	return key_of(&f->end[side], &f->end[side == HANGUP_CLIENT ? HANGUP_SERVER : HANGUP_CLIENT]);
}

static int64_t began_ns(const struct facts *f)
{
	struct hangup_packet first;

	facts_packet(f, HANGUP_PACKET_FIRST, HANGUP_CLIENT, &first);
	return first.time_ns - STAMP_NOISE_NS;
}

/* When its socket was there, and when the next one was with the same ends; false when it has none. */
static bool find_span(GHashTable *sockets, const struct facts *f, enum hangup_side side, int64_t *out_until_ns)
{
	const struct key key = key_from(f, side);
	const GArray *list = g_hash_table_lookup(sockets, &key);
	const int64_t from_ns = began_ns(f);
	bool found = false;

	*out_until_ns = INT64_MAX;
	for (guint i = 0; list && i < list->len; i++) {
		const struct socket *socket = &g_array_index(list, struct socket, i);

		if (socket->time_ns < from_ns || !may_be(socket->local, &f->end[side]))
			continue;
		if (found) {
			*out_until_ns = socket->time_ns;
			break;
		}
		found = true;
	}
	return found;
}

bool calls_own(const struct calls *c, const struct facts *f)
{
	int64_t until_ns;

	return find_span(c->sockets, f, HANGUP_CLIENT, &until_ns) || find_span(c->sockets, f, HANGUP_SERVER, &until_ns);
}

static bool is_loopback(const uint8_t address[16])
{
	static const uint8_t net[13] = {[10] = 0xff, 0xff, 127};

	return memcmp(address, net, sizeof(net)) == 0;
}

/* Seen from one of a host's ends, the other is there too when it talks to itself. */
static bool is_here(const struct facts *f, enum hangup_side side)
{
	const int64_t vantage = facts_value(f, HANGUP_FACT_VANTAGE, HANGUP_CLIENT);
	const uint8_t *client = f->end[HANGUP_CLIENT].address, *server = f->end[HANGUP_SERVER].address;

	if (vantage == (side == HANGUP_CLIENT ? HANGUP_VANTAGE_CLIENT : HANGUP_VANTAGE_SERVER))
		return true;
	return memcmp(client, server, 16) == 0 || (is_loopback(client) && is_loopback(server));
}

/* A program has a socket from its SYN on, or once it is given one that a handshake was finished for. */
static bool had_program(const struct facts *f, enum hangup_side side)
{
	return facts_value(f, HANGUP_FACT_HANDSHAKE, HANGUP_CLIENT) & (side == HANGUP_CLIENT ? 1 : 4);
}

static bool is_unsure(const struct calls *c, const struct facts *f, enum hangup_side side)
{
	int64_t until_ns;

	return is_here(f, side) && had_program(f, side) && !find_span(c->others, f, side, &until_ns);
}

bool calls_unsure(const struct calls *c, const struct facts *f)
{
	return !calls_own(c, f) && (is_unsure(c, f, HANGUP_CLIENT) || is_unsure(c, f, HANGUP_SERVER));
}

/* Index of the first of ascending places that is `at` or more. A connection may have very many. */
static guint first_from(const GArray *places, size_t at)
{
	guint low = 0, high = places->len;

	while (low < high) {
		const guint middle = low + (high - low) / 2;

		if (g_array_index(places, size_t, middle) < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Place of the first call from `at` on that is on this side's socket. */
static size_t find_call(const struct calls *c, const struct facts *f, enum hangup_side side, size_t at)
{
	const struct key key = key_from(f, side);
	const GArray *places = g_hash_table_lookup(c->by_key, &key);
	int64_t until_ns;

	if (!places)
		return SIZE_MAX;
	find_span(c->sockets, f, side, &until_ns);
	for (guint i = first_from(places, at); i < places->len; i++) {
		const size_t place = g_array_index(places, size_t, i);
		const struct call *call = &((const struct kept *)g_ptr_array_index(c->kept, place))->call;

		if (call->time_ns >= began_ns(f) && call->time_ns < until_ns && may_be(call->local.address, &f->end[side]))
			return place;
	}
	return SIZE_MAX;
}

static struct kept *next(const struct calls *c, const struct facts *f, size_t *at)
{
	const size_t place = MIN(find_call(c, f, HANGUP_CLIENT, *at), find_call(c, f, HANGUP_SERVER, *at));

	if (place == SIZE_MAX)
		return NULL;
	*at = place + 1;
	return g_ptr_array_index(c->kept, place);
}

const struct call *calls_next(const struct calls *c, const struct facts *f, size_t *at)
{
	const struct kept *kept = next(c, f, at);

	return kept ? &kept->call : NULL;
}

bool calls_has(const struct calls *c, const struct facts *f)
{
	size_t at = 0;

	return next(c, f, &at) != NULL;
}

enum hangup_side calls_side(const struct call *call, const struct facts *f)
{
	const struct facts_end *client = &f->end[HANGUP_CLIENT];

	return call->local.port == client->port && may_be(call->local.address, client) &&
	       memcmp(call->remote.address, f->end[HANGUP_SERVER].address, 16) == 0 ? HANGUP_CLIENT : HANGUP_SERVER;
}

void calls_claim(struct calls *c, const struct facts *f)
{
	struct kept *kept;
	size_t at = 0;

	while ((kept = next(c, f, &at)))
		g_atomic_int_set(&kept->claimed, 1);
}

const struct call *calls_next_unclaimed(const struct calls *c, size_t *at)
{
	while (*at < c->kept->len) {
		struct kept *kept = g_ptr_array_index(c->kept, (*at)++);

		if (!g_atomic_int_get(&kept->claimed))
			return &kept->call;
	}
	return NULL;
}

/* --- its packet ------------------------------------------------------------------------------------- */

enum whose { PEER, OWN };

static const struct because {
	const char *error;
	enum hangup_packet_role role;
	enum whose whose;
	const char *words;
} because[] = {
#define BECAUSE(error, role, whose, words) {error, HANGUP_PACKET_##role, whose, words},
#include "report/call_packet.def"
#undef BECAUSE
};

static enum hangup_side side_of(enum whose whose, enum hangup_side caller)
{
	return whose == OWN ? caller : caller == HANGUP_CLIENT ? HANGUP_SERVER : HANGUP_CLIENT;
}

static void set_source(struct call_packet *out, const struct facts *f, enum hangup_packet_role role, enum hangup_side side)
{
	const uint8_t *source = role == HANGUP_PACKET_ICMP ? f->icmp_source[side] : f->end[side].address;

	out->has_source = role != HANGUP_PACKET_SOUGHT && !is_zero(source);
	memcpy(out->source, source, sizeof(out->source));
}

/* Takes it when it was captured before the call returned, and after what is there. */
static bool take(struct call_packet *out, const struct call *call, const struct facts *f, enum hangup_packet_role role,
                 enum hangup_side side, const char *words)
{
	struct hangup_packet packet;

	if (!facts_packet(f, role, side, &packet) || packet.time_ns > call->time_ns ||
	    (out->packet.number != 0 && packet.time_ns <= out->packet.time_ns))
		return false;
	out->packet = packet;
	out->words = words;
	set_source(out, f, role, side);
	return true;
}

static void take_of_either(struct call_packet *out, const struct call *call, const struct facts *f,
                           const struct because *row)
{
	take(out, call, f, row->role, HANGUP_CLIENT, row->words);
	take(out, call, f, row->role, HANGUP_SERVER, row->words);
}

bool calls_packet(const struct call *call, const struct facts *f, struct call_packet *out)
{
	const enum hangup_side caller = calls_side(call, f);

	*out = (struct call_packet){0};
	for (size_t i = 0; i < G_N_ELEMENTS(because); i++)
		if (g_str_equal(because[i].error, call->error))
			take(out, call, f, because[i].role, side_of(because[i].whose, caller), because[i].words);
	for (size_t i = 0; i < G_N_ELEMENTS(because) && out->packet.number == 0; i++)
		if (*because[i].error == '\0')
			take_of_either(out, call, f, &because[i]);
	return out->packet.number != 0;
}
