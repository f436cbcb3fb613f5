/* Unusual beginnings and ends that are no fault, or not the fault they look like. */
#include "pcaps/forge_stories.h"

#include <string.h>

/* Both ends connect at once (RFC 9293 §3.5): one connection, not two. */
void tell_simultaneous_open(struct story *s)
{
	struct conn *c = story_pair(s, &at_client, &stack_linux, &stack_freebsd);
	struct packet *here = conn_send(c, CLIENT, SYN, 0);
	story_wait(s, MS(2));
	struct packet *there = conn_send(c, SERVER, SYN, 0);
	conn_deliver(c, there);
	c->end[CLIENT].next--;
	struct packet *here_again = conn_send(c, CLIENT, SYN | ACK, 0);
	s->now_ns = here->arrives_ns;
	conn_deliver(c, here);
	c->end[SERVER].next--;
	struct packet *there_again = conn_send(c, SERVER, SYN | ACK, 0);
	conn_deliver(c, here_again);
	conn_deliver(c, there_again);
	talk_exchange(c, 200, 700);
	talk_close(c, SERVER);
}

void tell_simultaneous_close(struct story *s)
{
	struct conn *c = story_pair(s, &in_middle, &stack_macos, &stack_linux);
	talk_open(c);
	talk_exchange(c, 200, 700);
	story_wait(s, MS(30));
	struct packet *client_fin = conn_send(c, CLIENT, FIN | ACK, 0);
	story_wait(s, MS(1));
	struct packet *server_fin = conn_send(c, SERVER, FIN | ACK, 0);
	conn_deliver(c, client_fin);
	conn_deliver(c, server_fin);
	conn_send(c, SERVER, ACK, 0);
	conn_send(c, CLIENT, ACK, 0);
}

/* The next connection of the same client with the same port. */
static struct conn *same_ports(struct conn *before)
{
	struct conn *c = conn_new(before->story, &before->path, before->end[CLIENT].host, before->end[SERVER].host,
	                          before->end[SERVER].port);
	c->end[CLIENT].port = before->end[CLIENT].port;
	c->end[CLIENT].next = before->end[CLIENT].next + 250000; /* a later initial number, RFC 6191 */
	c->end[CLIENT].clock = before->end[CLIENT].clock;
	c->end[SERVER].clock = before->end[SERVER].clock; /* Linux: an offset for each pair of addresses */
	return c;
}

void tell_time_wait_reuse(struct story *s)
{
	struct conn *c = story_pair(s, &at_server, &stack_linux, &stack_linux);
	talk_open(c);
	talk_exchange(c, 200, 700);
	talk_close(c, SERVER);
	story_wait(s, SECONDS(20));
	struct conn *again = same_ports(c);
	again->end[SERVER].next = c->end[SERVER].next + 65537; /* Linux, out of TIME-WAIT */
	talk_open(again);
	talk_exchange(again, 210, 800);
	talk_close(again, SERVER);
}

/* A NAT gives the port to somebody else long after it and the server forgot the first connection. */
void tell_reused_without_close(struct story *s)
{
	struct conn *c = story_pair(s, &in_middle, &stack_linux, &stack_linux);
	talk_open(c);
	talk_exchange(c, 200, 700);
	story_wait(s, SECONDS(8000));
	struct conn *again = same_ports(c);
	talk_open(again);
	talk_exchange(again, 210, 800);
	talk_close(again, CLIENT);
}

/* The client's host restarts and happens to use the same port again: the server, still connected, asks back
 * (RFC 5961 §4.2), is told by RST that nobody knows the old connection, and takes the next SYN. */
void tell_stale_syn(struct story *s)
{
	struct conn *c = story_pair(s, &at_server, &stack_linux, &stack_linux);
	talk_open(c);
	talk_exchange(c, 200, 700);
	story_wait(s, SECONDS(95));
	struct conn *again = same_ports(c);
	again->end[CLIENT].next = story_random(s);
	again->end[CLIENT].clock = 3000 - (uint32_t)(s->now_ns / MS(1)); /* started three seconds ago */
	conn_deliver(again, conn_send(again, CLIENT, SYN, 0));
	struct packet *challenge = conn_send(c, SERVER, ACK, 0);
	conn_deliver(c, challenge);
	conn_stray_rst(c, CLIENT, challenge);
	story_wait(s, MS(11)); /* measured on Linux 6.18 */
	conn_deliver(again, conn_repeat(again, CLIENT));
	talk_accept(again);
	talk_exchange(again, 210, 800);
	talk_close(again, CLIENT);
}

void tell_sequence_wrap(struct story *s)
{
	struct conn *c = story_pair(s, &at_client, &stack_linux, &stack_freebsd);
	c->end[CLIENT].next = UINT32_MAX - 700;
	c->end[SERVER].next = UINT32_MAX - 3000;
	talk_open(c);
	talk_exchange(c, 1400, 6000);
	talk_exchange(c, 1200, 2000);
	talk_close(c, CLIENT);
}

/* The client's program stops reading: its window, 256 bytes a unit, closes; the server probes, as Linux does
 * with the number before the next one; then the program reads on. */
void tell_window_closes_and_opens(struct story *s)
{
	struct conn *c = story_pair(s, &at_server, &stack_windows, &stack_linux);
	uint32_t open = c->end[CLIENT].window;
	talk_open(c);
	talk_exchange(c, 200, 700);
	c->end[CLIENT].window = 4096;
	talk_say(c, SERVER, 2900);
	c->end[CLIENT].window = 0;
	talk_say(c, SERVER, 1024);
	for (int wait_ms = 210; wait_ms < 1000; wait_ms *= 2) {
		story_wait(s, MS(wait_ms));
		conn_deliver(c, conn_keepalive(c, SERVER));
		conn_ack(c, CLIENT);
	}
	c->end[CLIENT].window = open;
	conn_ack(c, CLIENT);
	talk_say(c, SERVER, 2000);
	talk_close(c, SERVER);
}

/* The server's keepalive, set to five minutes, is answered for an hour. */
void tell_keepalives_answered(struct story *s)
{
	enum { INTERVAL_S = 300, HOUR_S = 3600 };
	struct conn *c = story_pair(s, &at_client, &stack_macos, &stack_linux);
	talk_open(c);
	talk_exchange(c, 200, 700);
	for (int t = 0; t < HOUR_S; t += INTERVAL_S) {
		story_wait(s, SECONDS(INTERVAL_S));
		conn_deliver(c, conn_keepalive(c, SERVER));
		conn_ack(c, CLIENT);
	}
	story_wait(s, SECONDS(90));
	talk_close(c, CLIENT);
}

/* A server that shares no cipher with the client says so in clear and closes as agreed. */
void tell_tls_alert_fin(struct story *s)
{
	static const uint8_t handshake_failure[] = { 0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28 };
	struct conn *c = story_pair(s, &at_client, &stack_macos, &stack_linux);
	talk_open(c);
	conn_deliver(c, conn_send_bytes(c, CLIENT, PSH | ACK, story_client_hello, story_client_hello_len));
	story_wait(s, MS(1));
	conn_deliver(c, conn_send_bytes(c, SERVER, PSH | ACK, handshake_failure, sizeof(handshake_failure)));
	conn_send(c, CLIENT, ACK, 0);
	talk_close(c, SERVER);
}

/* Four ports within a second, from one port, by a program that makes its SYNs itself: its kernel knows nothing of
 * them and resets what answers. */
void tell_syn_scan(struct story *s)
{
	static const uint16_t ports[] = { 22, 443, 3306, SERVICE_PORT };
	struct host *scanner = story_host(s, &stack_scanner, OTHER_CLIENT_V4);
	struct host *server = story_host(s, &stack_linux, SERVER_V4);
	int64_t start = s->now_ns;
	for (size_t i = 0; i < G_N_ELEMENTS(ports); i++) {
		struct conn *c = conn_new(s, &at_server, scanner, server, ports[i]);
		s->now_ns = start + (int64_t)i * MS(210);
		c->end[CLIENT].port = 41641;
		struct packet *syn = conn_send(c, CLIENT, SYN, 0);
		syn->ip_id = 54321;
		conn_deliver(c, syn);
		struct packet *answer = conn_send(c, SERVER, SYN | ACK, 0);
		conn_deliver(c, answer);
		conn_stray_rst(c, CLIENT, answer)->ttl = (uint8_t)(stack_linux.ttl - c->path.hops[CLIENT]);
	}
}

/* Somebody floods servers in this host's name; what comes here are their answers. */
void tell_backscatter(struct story *s)
{
	static const char *const flooded[] = { "198.51.100.7", "198.51.100.90", "203.0.113.200" };
	struct host *named = story_host(s, &stack_linux, CLIENT_V4);
	for (size_t i = 0; i < G_N_ELEMENTS(flooded); i++) {
		struct conn *c = conn_new(s, &in_middle, named, story_host(s, &stack_linux, flooded[i]), 80);
		c->end[CLIENT].unseen = true;
		struct packet *syn = conn_send(c, CLIENT, SYN, 0);
		conn_deliver(c, syn);
		if (i == 0)
			conn_send(c, SERVER, SYN | ACK, 0);
		else
			conn_stray_rst(c, SERVER, syn);
		story_wait(s, MS(700));
	}
}

/* TCP Fast Open (RFC 7413): the client has a cookie, so its SYN brings the request along. */
void tell_fast_open(struct story *s)
{
	static const uint8_t cookie[] = { 34, 10, 0x9d, 0x11, 0x4c, 0x70, 0xe2, 0x5b, 0x06, 0xaf, 1, 1 };
	struct conn *c = story_pair(s, &at_client, &stack_linux, &stack_linux);
	struct packet *syn = conn_send(c, CLIENT, SYN, 240);
	memcpy(syn->options + syn->options_len, cookie, sizeof(cookie));
	syn->options_len = (uint8_t)(syn->options_len + sizeof(cookie));
	conn_deliver(c, syn);
	talk_accept(c);
	talk_say(c, SERVER, 1800);
	talk_close(c, CLIENT);
}
