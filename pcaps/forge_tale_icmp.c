/* What routers and hosts say about a connection in ICMP. */
#include "pcaps/forge_stories.h"

enum { UNREACHABLE = 3, HOST = 1, PORT = 3, FRAGMENTATION_NEEDED = 4, ADMINISTRATIVELY_PROHIBITED = 13 };
enum { UNREACHABLE_V6 = 1, PROHIBITED_V6 = 1 };
enum { QUOTE_V4 = 28, QUOTE_LINUX = 548, QUOTE_V6 = 1232 }; /* RFC 792; RFC 1812 §4.3.2.3; RFC 4443 §2.4 */
#define ROUTER_V4 "203.0.113.1"
#define ROUTER_V6 "2001:db8:3::1"

static const struct box router = { .side = SERVER, .ns = MS(7), .hops = 5, .ttl = 255 };

/* Linux takes any ICMP error about its SYN as final and sends no other. */
static void syn_answered(struct conn *c, const struct box *box, const char *by, uint8_t type, uint8_t code,
                         size_t quote_len)
{
	struct packet *syn = conn_send(c, CLIENT, SYN, 0);
	box_meets(c, box, syn);
	box_icmp(c, box, by, syn, type, code, quote_len);
}

void tell_icmp_admin_prohibited(struct story *s)
{
	struct conn *c = story_pair(s, &at_client, &stack_linux, &stack_linux);
	syn_answered(c, &router, ROUTER_V4, UNREACHABLE, ADMINISTRATIVELY_PROHIBITED, QUOTE_V4);
}

void tell_icmp_host_unreachable(struct story *s)
{
	struct conn *c = story_pair(s, &at_client, &stack_linux, &stack_linux);
	syn_answered(c, &router, ROUTER_V4, UNREACHABLE, HOST, QUOTE_LINUX);
}

/* What iptables' REJECT sends unless told otherwise: the server's own firewall. */
void tell_icmp_port_unreachable(struct story *s)
{
	const struct box server = { .side = SERVER, .ns = MS(11), .hops = 9, .ttl = 64 };
	struct conn *c = story_pair(s, &at_client, &stack_linux, &stack_linux);
	syn_answered(c, &server, SERVER_V4, UNREACHABLE, PORT, QUOTE_LINUX);
}

void tell_icmp6_admin_prohibited(struct story *s)
{
	struct conn *c = conn_new(s, &at_client, story_host(s, &stack_linux, CLIENT_V6),
	                          story_host(s, &stack_linux, SERVER_V6), SERVICE_PORT);
	syn_answered(c, &router, ROUTER_V6, UNREACHABLE_V6, PROHIBITED_V6, QUOTE_V6);
}

/* A firewall on the server drops ICMP, so that the server never learns how small the path is. */
void tell_icmp_frag_needed_ignored(struct story *s)
{
	enum { NEXT_HOP_MTU = 1400, RETRIES = 8 };
	const struct box tunnel = { .side = CLIENT, .ns = MS(4), .hops = 3, .ttl = 255 };
	struct conn *c = story_pair(s, &at_server, &stack_windows, &stack_linux);
	talk_open(c);
	talk_exchange(c, 300, 400);
	conn_deliver(c, conn_send(c, CLIENT, PSH | ACK, 350));
	story_wait(s, MS(3));
	struct packet *large = conn_send(c, SERVER, ACK, 1460);
	conn_send(c, SERVER, PSH | ACK, 1460);
	c->end[SERVER].last = large;
	for (int i = 0; i <= RETRIES; i++) {
		if (i) {
			talk_insist(c, SERVER, 1);
			large = g_ptr_array_index(s->packets, s->packets->len - 1);
		}
		box_meets(c, &tunnel, large);
		box_icmp(c, &tunnel, "203.0.113.1", large, UNREACHABLE, FRAGMENTATION_NEEDED, QUOTE_V4)->icmp_mtu = NEXT_HOP_MTU;
	}
}

/* In an open connection an unreachable is only a hint (RFC 5927): the route comes back and all goes on. */
void tell_icmp_unreachable_survives(struct story *s)
{
	struct conn *c = story_pair(s, &at_client, &stack_linux, &stack_linux);
	talk_open(c);
	talk_exchange(c, 300, 900);
	story_wait(s, SECONDS(2));
	struct packet *request = conn_send(c, CLIENT, PSH | ACK, 280);
	for (int i = 0; i < 3; i++) {
		box_meets(c, &router, request);
		box_icmp(c, &router, ROUTER_V4, request, UNREACHABLE, HOST, QUOTE_LINUX);
		talk_insist(c, CLIENT, 1);
		request = g_ptr_array_index(s->packets, s->packets->len - 1);
	}
	conn_deliver(c, request);
	story_wait(s, MS(3));
	talk_say(c, SERVER, 1300);
	talk_close(c, CLIENT);
}
