#include "tests/bench/population.h"

#include <math.h>
#include <string.h>

enum { PORT_FIRST = 1024, PORTS = 64512, HOPS_MAX = 20, ODD = 0x9e3779b1 & 0xffffff };

static const uint16_t service_ports[] = {443, 80, 443, 8080, 443, 8000};

static void put32(uint8_t *to, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		to[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* Multiplying by an odd number permutes the numbers of 24 bits: neighbours end up all over the net. */
static uint32_t scatter(uint32_t n)
{
	return n * (uint32_t)ODD & 0xffffff;
}

/* 10.0.0.0/8, or 128.0.0.0/8 to 143.0.0.0/8; 2001:db8::/32 (RFC 3849). */
static void client_address(uint8_t *to, const struct settings *s, uint32_t client, bool ipv6)
{
	struct random random = {s->seed + client};
	bool one_net = random_chance(&random, s->one_net);
	uint32_t address = scatter(client) | (one_net ? 10u << 24 : (128u + (client & 15)) << 24);

	memset(to, 0, 16);
	if (!ipv6) {
		put32(to, address);
		return;
	}
	put32(to, 0x20010db8);
	put32(to + 4, one_net ? 0x00010000 : address);
	put32(to + 12, address);
}

static void server_address(uint8_t *to, uint32_t server, bool ipv6)
{
	memset(to, 0, 16);
	if (ipv6) {
		put32(to, 0x20010db8);
		put32(to + 4, 0xffff0000);
	}
	put32(to + (ipv6 ? 12 : 0), 0xc6120000 + server); /* 198.18.0.0/15, for benchmarks: RFC 2544 */
}

/* What a host is like does not change from one connection to the next. */
static void describe(struct party *p, uint64_t host, uint32_t windows, uint32_t fastest_us, uint32_t slowest_us)
{
	struct random random = {host};
	double ratio = (double)slowest_us / fastest_us;

	p->windows = random_chance(&random, windows);
	p->ttl = (uint8_t)((p->windows ? 128 : 64) - random_below(&random, HOPS_MAX));
	p->round_trip_ns = (uint32_t)(1000 * fastest_us * pow(ratio, random_unit(&random)));
}

void population_pair(struct conversation *c, const struct settings *s, uint32_t index)
{
	struct party *client = &c->party[CLIENT], *server = &c->party[SERVER];
	uint32_t who = index % s->clients;
	double visited = random_unit(&c->random);
	uint32_t whom = (uint32_t)(visited * visited * visited * s->servers);

	c->ipv6 = random_chance(&c->random, s->ipv6);
	client_address(client->end.address, s, who, c->ipv6);
	server_address(server->end.address, whom, c->ipv6);
	client->end.port = (uint16_t)(PORT_FIRST + (random_mix(who) + index / s->clients) % PORTS);
	server->end.port = service_ports[whom % (sizeof(service_ports) / sizeof(*service_ports))];
	describe(client, random_mix(s->seed) + who, s->windows, 500, 150000);
	describe(server, random_mix(~s->seed) + whom, 0, 50, 3000);
}
