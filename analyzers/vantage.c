/* The signs are tried from the surest to the weakest; the first that speaks decides. */
#include "analyzers/vantage.h"

#include <string.h>

#include "analyzers/address.h"
#include "analyzers/os.h"

/* A host's own stack acknowledges within this of the packet being captured on it (measured: 20 to 200 µs). */
#define OWN_STACK_NS (INT64_C(300) * 1000)
/* An end that never answers sooner than this is another host, however untouched its TTL: its first router away. Between
 * the two, a program's own answer or a host on the same switch: not told. */
#define ELSEWHERE_NS (INT64_C(2) * 1000000)
/* On one link TTLs tell nothing; then one end must answer this many times faster than the other. */
enum { NEAR_FAR_RATIO = 5 };

/* A file that lists more addresses of interfaces is damaged. */
enum { INTERFACES_MAX = 64 };

struct net {
	uint8_t address[16];
	unsigned prefix;
};

/* Addresses that nearly every connection asks for: in the place that their bits say, or the next free one. */
enum { LEARNT_BITS = 6, LEARNT_PLACES = 1 << LEARNT_BITS };
G_STATIC_ASSERT(VANTAGE_LEARNT_MAX < LEARNT_PLACES / 2);

struct learnt {
	uint64_t address[LEARNT_PLACES][2];
	uint64_t used; /* set of places */
	unsigned len;
};

struct vantage_hints {
	GArray *told;         /* struct net */
	GArray *interfaces;   /* struct net */
	struct learnt learnt; /* at most VANTAGE_LEARNT_MAX, from connections that showed it */
	gboolean learnt_too_many;
};

static gboolean is_in(const GArray *nets, const uint8_t address[16])
{
	for (guint i = 0; i < nets->len; i++) {
		const struct net *net = &g_array_index(nets, struct net, i);

		if (address_matches(address, net->address, net->prefix))
			return TRUE;
	}
	return FALSE;
}

/* Where it stands, or would. */
static unsigned learnt_place(const struct learnt *l, const uint64_t address[2])
{
	unsigned place = (unsigned)(((address[0] ^ address[1]) * UINT64_C(0x9e3779b97f4a7c15)) >> (64 - LEARNT_BITS));

	while (l->used >> place & 1 && ((l->address[place][0] ^ address[0]) | (l->address[place][1] ^ address[1])))
		place = (place + 1) % LEARNT_PLACES;
	return place;
}

static bool is_learnt(const struct learnt *l, const uint64_t address[2])
{
	return l->used >> learnt_place(l, address) & 1;
}

static void learnt_add(struct learnt *l, const uint8_t address[16])
{
	uint64_t words[2];
	unsigned place;

	memcpy(words, address, sizeof words);
	place = learnt_place(l, words);
	memcpy(l->address[place], words, sizeof words);
	l->len += !(l->used >> place & 1);
	l->used |= UINT64_C(1) << place;
}

/* --- hints ------------------------------------------------------------------------------------------- */

struct vantage_hints *vantage_hints_new(void)
{
	struct vantage_hints *h = g_new0(struct vantage_hints, 1);

	h->told = g_array_new(FALSE, FALSE, sizeof(struct net));
	h->interfaces = g_array_new(FALSE, FALSE, sizeof(struct net));
	return h;
}

void vantage_hints_free(struct vantage_hints *h)
{
	if (h == NULL)
		return;
	g_array_free(h->told, TRUE);
	g_array_free(h->interfaces, TRUE);
	g_free(h);
}

gboolean vantage_hints_tell(struct vantage_hints *h, const char *address_or_cidr, GError **error)
{
	uint8_t address[16];
	unsigned prefix;

	if (!address_parse(address_or_cidr, address, &prefix, error))
		return FALSE;
	vantage_hints_tell_net(h, address, prefix);
	return TRUE;
}

void vantage_hints_tell_net(struct vantage_hints *h, const uint8_t address[16], unsigned prefix)
{
	struct net net = {.prefix = prefix};

	memcpy(net.address, address, sizeof net.address);
	g_array_append_val(h->told, net);
}

void vantage_hints_interface(struct vantage_hints *h, const uint8_t address[16])
{
	struct net net = {.prefix = 128};

	memcpy(net.address, address, sizeof net.address);
	if (h->interfaces->len < INTERFACES_MAX && !is_in(h->interfaces, address))
		g_array_append_val(h->interfaces, net);
}

static gboolean has_side_in(const GArray *nets, const struct connection *c, unsigned side)
{
	return is_in(nets, (const uint8_t *)c->key.address[side]);
}

/* --- signs: each gives a side (0, 1), BOTH, NEITHER of them local, or SILENT -------------------------- */

enum sign { SIDE_0, SIDE_1, BOTH, NEITHER, SILENT };

static enum sign sign_of(gboolean side_0, gboolean side_1)
{
	return side_0 && side_1 ? BOTH : side_0 ? SIDE_0 : side_1 ? SIDE_1 : NEITHER;
}

static enum sign by_addresses(const struct connection *c, const GArray *nets)
{
	return nets->len == 0 ? SILENT : sign_of(has_side_in(nets, c, 0), has_side_in(nets, c, 1));
}

static enum sign by_told(const struct connection *c, const struct vantage_hints *h)
{
	return by_addresses(c, h->told);
}

static enum sign by_interface(const struct connection *c, const struct vantage_hints *h)
{
	return by_addresses(c, h->interfaces);
}

/* A router's capture on all interfaces marks every packet once as coming and once as going. */
static enum sign by_direction(const struct connection *c, const struct vantage_hints *h)
{
	unsigned marks = c->outbound[0] + c->outbound[1] + c->inbound[0] + c->inbound[1];

	(void)h;
	if (marks == 0)
		return SILENT;
	if ((c->outbound[0] && c->inbound[0]) || (c->outbound[1] && c->inbound[1]))
		return c->duplicates > 0 || (c->outbound[0] && c->outbound[1]) ? NEITHER : SILENT;
	if (c->outbound[0] == 0 && c->outbound[1] == 0)
		return c->inbound[0] && c->inbound[1] ? NEITHER : c->inbound[0] ? SIDE_1 : SIDE_0;
	return sign_of(c->outbound[0] > 0, c->outbound[1] > 0);
}

/* Both ends unfinished means virtual machines on one host: that tells nothing of the vantage. */
static enum sign by_checksum(const struct connection *c, const struct vantage_hints *h)
{
	enum sign s = sign_of(c->partial_checksums[0] > 0, c->partial_checksums[1] > 0);

	(void)h;
	return s == BOTH || s == NEITHER ? SILENT : s;
}

static gboolean ttl_untouched(const struct connection *c, unsigned side)
{
	uint8_t ttl = c->half[side].ttl;

	return ttl != 0 && ttl == os_initial_ttl(ttl);
}

/* Received segments are joined too (GRO), so only those that crossed no router count. */
static enum sign by_size(const struct connection *c, const struct vantage_hints *h)
{
	enum sign s = sign_of(c->oversize[0] > 0 && ttl_untouched(c, 0) && !ttl_untouched(c, 1),
	                      c->oversize[1] > 0 && ttl_untouched(c, 1) && !ttl_untouched(c, 0));

	(void)h;
	return s == BOTH || s == NEITHER ? SILENT : s;
}

/* Round trip to the end `side`: what the other end's segments waited for its answer. */
static int64_t round_trip(const struct connection *c, unsigned side)
{
	return c->rtt_min_ns[!side];
}

static gboolean answers_at_once(const struct connection *c, unsigned side)
{
	int64_t near = round_trip(c, side), far = round_trip(c, !side);

	if (near == 0 || near > OWN_STACK_NS || (far != 0 && far < near))
		return FALSE;
	return !ttl_untouched(c, !side) || far > near * NEAR_FAR_RATIO;
}

static enum sign by_ttl_and_rtt(const struct connection *c, const struct vantage_hints *h)
{
	enum sign s = sign_of(ttl_untouched(c, 0) && answers_at_once(c, 0),
	                      ttl_untouched(c, 1) && answers_at_once(c, 1));

	(void)h;
	return s == BOTH || s == NEITHER ? SILENT : s;
}

/* A connection of which too little was seen, at a host that others showed to be the capturing one. */
static enum sign by_others(const struct connection *c, const struct vantage_hints *h)
{
	enum sign s = sign_of(is_learnt(&h->learnt, c->key.address[0]), is_learnt(&h->learnt, c->key.address[1]));

	return s == NEITHER ? SILENT : s;
}

static enum sign by_ttl(const struct connection *c, const struct vantage_hints *h)
{
	(void)h;
	for (unsigned side = 0; side < 2; side++) {
		gboolean far_answer = round_trip(c, side) > ELSEWHERE_NS;

		if (c->half[side].ttl == 0 || (ttl_untouched(c, side) && !far_answer))
			return SILENT;
	}
	return NEITHER;
}

/* What other connections showed is asked when all of a round have been looked at: see vantage_settle(). */
static const struct {
	enum sign (*look)(const struct connection *c, const struct vantage_hints *h);
	enum hangup_vantage_by by;
	bool is_sure; /* enough to learn a host's address from */
} signs[] = {
	{by_told, HANGUP_VANTAGE_BY_TOLD, false},
	{by_interface, HANGUP_VANTAGE_BY_INTERFACE_ADDRESS, false},
	{by_direction, HANGUP_VANTAGE_BY_DIRECTION, true},
	{by_checksum, HANGUP_VANTAGE_BY_PARTIAL_CHECKSUM, true},
	{by_size, HANGUP_VANTAGE_BY_OVERSIZE, false},
	{by_ttl_and_rtt, HANGUP_VANTAGE_BY_TTL_AND_RTT, true},
	{by_others, HANGUP_VANTAGE_BY_OTHER_CONNECTIONS, false},
	{by_ttl, HANGUP_VANTAGE_BY_TTL, false},
};

/* Both ends on the capturing host (loopback): its client is as local as its server. */
static enum hangup_vantage where(const struct connection *c, enum sign s)
{
	if (s == NEITHER)
		return HANGUP_VANTAGE_MIDDLE;
	return s == BOTH || (unsigned)s == c->client ? HANGUP_VANTAGE_CLIENT : HANGUP_VANTAGE_SERVER;
}

/* --- learning ----------------------------------------------------------------------------------------- */

static void learn(const struct connection *c, unsigned side, struct vantage_learnt *learnt)
{
	const struct facts_end end = connection_end(c, side);

	for (unsigned i = 0; i < learnt->addresses_len; i++)
		if (memcmp(learnt->address[i], end.address, sizeof end.address) == 0)
			return;
	if (learnt->addresses_len < G_N_ELEMENTS(learnt->address))
		memcpy(learnt->address[learnt->addresses_len++], end.address, sizeof end.address);
}

/* A box on the path that refuses in a server's name answers as untouched and as soon as that server would on its own
 * host: a RST and nothing else shows this connection's vantage, if anything does, and nobody else's. */
static bool only_reset(const struct connection *c, unsigned side)
{
	const struct half *h = &c->half[side];

	return (h->flags & (HALF_RST | HALF_SYN | HALF_FIN)) == HALF_RST && h->payload == 0;
}

static void take_learnt(struct vantage_hints *h, const uint8_t address[16])
{
	if (h->learnt_too_many)
		return;
	learnt_add(&h->learnt, address);
	h->learnt_too_many = h->learnt.len > VANTAGE_LEARNT_MAX;
	if (h->learnt_too_many)
		h->learnt = (struct learnt){0};
}

void vantage_hints_learn(struct vantage_hints *h, struct vantage_learnt *learnt)
{
	for (unsigned i = 0; i < learnt->addresses_len; i++)
		take_learnt(h, learnt->address[i]);
	learnt->addresses_len = 0;
}

/* --- one connection ------------------------------------------------------------------------------------ */

struct vantage vantage_look(const struct connection *c, const struct vantage_hints *h, struct vantage_learnt *learnt)
{
	bool settled = true;

	for (size_t i = 0; i < G_N_ELEMENTS(signs); i++) {
		bool later = signs[i].look == by_others;
		enum sign s = later ? SILENT : signs[i].look(c, h);

		settled &= !later;
		if (s == SILENT)
			continue;
		if ((s == SIDE_0 || s == SIDE_1) && signs[i].is_sure && !h->learnt_too_many && !only_reset(c, s))
			learn(c, s, learnt);
		return (struct vantage){(uint8_t)where(c, s), (uint8_t)signs[i].by, settled};
	}
	return (struct vantage){HANGUP_VANTAGE_UNKNOWN, HANGUP_VANTAGE_BY_NOTHING, false};
}

struct vantage vantage_settle(struct vantage seen, const struct connection *c, const struct vantage_hints *h)
{
	enum sign others = seen.is_settled ? SILENT : by_others(c, h);

	if (others == SILENT)
		return seen;
	return (struct vantage){(uint8_t)where(c, others), HANGUP_VANTAGE_BY_OTHER_CONNECTIONS, true};
}
