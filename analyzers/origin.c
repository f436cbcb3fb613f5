/* Signals and weights after Weaver, Sommer, Paxson, "Detecting Forged TCP Reset Packets" (NDSS 2009), and the
 * anatomy of genuine RSTs in Linux, XNU and FreeBSD sources (docs/tracking.md). No single weak signal decides. */
#include "analyzers/origin.h"


#include "analyzers/os.h"

/* A path may change by one hop without anybody forging anything. */
enum { TTL_SLACK = 1, TTL_CLEARLY = 3 };
/* Hosts that count IP-IDs per connection or destination stay within this of their last packet. */
enum { IP_ID_NEAR = 1024 };
enum { ALIEN_MAX = 100 };

struct look {
	const struct connection *c;
	const struct half *half;
	const struct reset *reset;
	unsigned spoke_after;
	unsigned side;
};

static bool ttl_differs_clearly(const struct look *l)
{
	return l->reset->ttl_delta >= TTL_CLEARLY;
}

/* No path makes 255 of 64: it began at another kind of system. */
static bool ttl_of_another_kind(const struct look *l)
{
	return ttl_differs_clearly(l) && os_initial_ttl(l->reset->ttl) != os_initial_ttl(l->half->ttl);
}

static bool ttl_differs(const struct look *l)
{
	return l->reset->ttl_delta > TTL_SLACK && l->reset->ttl_delta < TTL_CLEARLY;
}

/* A side whose own TTL wandered is behind several paths. TTLs that began elsewhere are another host's. */
static bool ttl_wandered(const struct look *l)
{
	uint8_t least = l->c->ttl_min[l->side], most = l->c->ttl_max[l->side];

	return most - least > TTL_SLACK && os_initial_ttl(least) == os_initial_ttl(most);
}

/* A host whose kernel answered a stray packet goes on as well; but that RST has the host's own voice. */
static bool spoke_on(const struct look *l)
{
	bool own_voice = (l->reset->flags & RESET_REACTIVE) && l->reset->ttl_delta == 0 && l->reset->ip_id == 0;

	return l->spoke_after > 0 && !own_voice;
}

static bool ip_id_jumped(const struct look *l)
{
	uint16_t delta = l->reset->ip_id_delta;

	return l->c->ip_version == 4 && l->half->ip_id != 0 && l->reset->ip_id != 0 && delta > IP_ID_NEAR &&
	       delta < UINT16_MAX - IP_ID_NEAR;
}

/* Linux and the BSDs put a timestamp into the RST of an active abort; XNU and Windows do not. */
static bool timestamp_missing(const struct look *l)
{
	enum hangup_os os = (enum hangup_os)l->c->os[l->side];

	return (l->reset->flags & RESET_ACTIVE) && !(l->reset->flags & RESET_TIMESTAMP) &&
	       (l->half->flags & HALF_TIMESTAMPS) && (os == HANGUP_OS_LINUX || os == HANGUP_OS_BSD);
}

static bool number_behind(const struct look *l)
{
	return (l->reset->flags & RESET_BEHIND) && !(l->reset->flags & RESET_ENDED);
}

/* Sooner after its trigger than that end has ever answered: it came from nearer. */
static bool too_soon(const struct look *l)
{
	int64_t rtt = l->c->rtt_min_ns[!l->side];

	return (l->reset->flags & RESET_REACTIVE) && rtt > INT64_C(2000000) && reset_delay_ns(l->reset) >= 0 &&
	       reset_delay_ns(l->reset) < rtt / 2;
}

/* A bare RST answers something; this one came when the answer was long due, or had no question. */
static bool too_late(const struct look *l)
{
	int64_t rtt = l->c->rtt_min_ns[!l->side];

	return (l->reset->flags & RESET_REACTIVE) && rtt > 0 && reset_delay_ns(l->reset) > rtt + rtt / 4 + INT64_C(1000000);
}

static const struct {
	bool (*shows)(const struct look *l);
	int weight;
} signals[] = {
	{ttl_differs_clearly, 45}, {ttl_of_another_kind, 15}, {ttl_differs, 30}, {ttl_wandered, -40}, {spoke_on, 45},
	{ip_id_jumped, 15}, {timestamp_missing, 20}, {number_behind, 20}, {too_soon, 45}, {too_late, 15},
};

unsigned origin_alien(const struct connection *c, const struct reset *reset, unsigned spoke_after, unsigned side)
{
	const struct look look = {.c = c, .half = &c->half[side], .reset = reset, .spoke_after = spoke_after,
	                          .side = side};
	int sum = 0;

	if (!(look.reset->flags & RESET_COMPARABLE))
		return 0;
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		sum += signals[i].shows(&look) ? signals[i].weight : 0;
	return sum < 0 ? 0 : sum > ALIEN_MAX ? ALIEN_MAX : (unsigned)sum;
}
