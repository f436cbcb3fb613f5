/* Signatures as data. Sources: p0f 3 fingerprint database (option orders), Linux net/ipv4/tcp_output.c
 * (tcp_syn_options), xnu and FreeBSD tcp_output.c. A SYN-ACK mirrors the client's offer, so only order counts
 * there, and a list cut short by the client's offer must not name anybody. */
#include "analyzers/os.h"

#include <stddef.h>

/* Options by their place, 3 bits each from the lowest, as capture/segment.h numbers them. */
enum { O_END, O_MSS, O_NOP, O_WS, O_SOK, O_TS, O_EOL };
#define ORDER(a, b, c, d, e) ((a) | (b) << 3 | (c) << 6 | (d) << 9 | (e) << 12)
#define ORDER_MASK(n) ((1u << 3 * (n)) - 1)

struct signature {
	uint8_t initial_ttl;
	uint16_t order;
	uint8_t options; /* how many of the order must agree */
	uint8_t os;
};

static const struct signature signatures[] = {
	{64, ORDER(O_MSS, O_SOK, O_TS, O_NOP, O_WS), 5, HANGUP_OS_LINUX},
	{64, ORDER(O_MSS, O_NOP, O_NOP, O_SOK, O_NOP), 5, HANGUP_OS_LINUX}, /* timestamps off */
	{64, ORDER(O_MSS, O_NOP, O_WS, O_NOP, O_NOP), 5, HANGUP_OS_MACOS},
	{64, ORDER(O_MSS, O_NOP, O_WS, O_SOK, O_TS), 5, HANGUP_OS_BSD},
	{128, ORDER(O_MSS, O_NOP, O_WS, O_NOP, O_NOP), 5, HANGUP_OS_WINDOWS},
	{128, ORDER(O_MSS, O_NOP, O_WS, O_SOK, O_TS), 5, HANGUP_OS_WINDOWS}, /* timestamps on */
	{128, ORDER(O_MSS, O_NOP, O_NOP, O_SOK, 0), 4, HANGUP_OS_WINDOWS},   /* window scaling off */
};

uint8_t os_initial_ttl(uint8_t ttl)
{
	static const uint8_t initial[] = {32, 64, 128};

	for (size_t i = 0; i < sizeof initial; i++)
		if (ttl <= initial[i])
			return initial[i];
	return 255;
}

/* What a program may set for a neighbour (eBGP): it tells no distance. */
enum { TTL_ONE_HOP = 1 };

int os_ttl_difference(uint8_t rst, uint8_t own)
{
	uint8_t rst_initial = os_initial_ttl(rst), own_initial = os_initial_ttl(own);
	int hops = (rst_initial - rst) - (own_initial - own);

	if (own <= TTL_ONE_HOP || (rst_initial < own_initial && hops >= -1 && hops <= 1))
		return 0;
	return rst > own ? rst - own : own - rst;
}

enum hangup_os os_guess(const struct segment *syn)
{
	uint8_t ttl = os_initial_ttl(syn->ttl);

	for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++) {
		const struct signature *g = &signatures[i];

		if (g->initial_ttl == ttl && ((syn->options_order ^ g->order) & ORDER_MASK(g->options)) == 0)
			return (enum hangup_os)g->os;
	}
	return HANGUP_OS_UNKNOWN;
}
