/* Resets that are not what they seem: forged ones, ones that are not believed, and ones that harm nobody. */
#include "pcaps/forge_stories.h"

#include <string.h>

static struct conn *opened(struct story *s, const struct path *path, const struct stack *client,
                           const struct stack *server)
{
	struct conn *c = story_pair(s, path, client, server);
	talk_open(c);
	return c;
}

/* The forger sits six routers away and is faster than the server: its RST arrives first, then the answer it
 * wanted to prevent. */
void tell_injected_rst_client(struct story *s)
{
	const struct box forger = { .side = SERVER, .ns = MS(4), .hops = 6, .ttl = 64, .ip_id = 0xbeef };
	struct conn *c = opened(s, &at_client, &stack_linux, &stack_linux);
	talk_exchange(c, 300, 1400);
	struct packet *request = conn_send(c, CLIENT, PSH | ACK, 420);
	box_meets(c, &forger, request);
	struct packet *rst = box_send(c, &forger, SERVER, RST | ACK);
	rst->ack = request->seq + packet_span(request);
	conn_deliver(c, request);
	story_wait(s, MS(3));
	struct packet *answer = conn_send(c, SERVER, ACK, 1400);
	struct packet *rest = conn_send(c, SERVER, PSH | ACK, 700);
	conn_deliver(c, answer);
	conn_stray_rst(c, CLIENT, answer);
	conn_stray_rst(c, CLIENT, rest);
}

void tell_injected_rst_both(struct story *s)
{
	const struct box forger = { .side = SERVER, .ttl = 128, .ip_id = 0x0d1d };
	struct conn *c = opened(s, &in_middle, &stack_macos, &stack_linux);
	talk_exchange(c, 300, 1400);
	struct packet *request = conn_send(c, CLIENT, PSH | ACK, 420);
	box_meets(c, &forger, request);
	story_wait(s, US(150));
	struct packet *to_client = box_send(c, &forger, SERVER, RST | ACK);
	to_client->ack = request->seq + packet_span(request);
	box_send(c, &forger, CLIENT, RST | ACK);
}

/* One RST exactly next, then two ahead by what the client might have received meanwhile. */
void tell_injected_rst_series(struct story *s)
{
	static const uint32_t ahead[] = { 0, 1460, 4380 };
	const struct box forger = { .side = SERVER, .ns = MS(4), .hops = 5, .ttl = 64, .ip_id = 0x1234 };
	struct conn *c = opened(s, &at_client, &stack_windows, &stack_linux);
	talk_exchange(c, 300, 1400);
	struct packet *request = conn_send(c, CLIENT, PSH | ACK, 420);
	box_meets(c, &forger, request);
	for (size_t i = 0; i < G_N_ELEMENTS(ahead); i++) {
		struct packet *rst = box_send(c, &forger, SERVER, RST);
		rst->seq += ahead[i];
		story_wait(s, US(11));
	}
	conn_deliver(c, request);
	struct packet *answer = conn_send(c, SERVER, PSH | ACK, 1200);
	conn_deliver(c, answer);
	conn_stray_rst(c, CLIENT, answer);
}

void tell_tls_sni_kill(struct story *s)
{
	const struct box policy = { .side = SERVER, .ttl = 64, .ip_id = 0x5a5a, .dont_fragment = true };
	struct conn *c = opened(s, &in_middle, &stack_windows, &stack_linux);
	struct packet *hello = conn_send_bytes(c, CLIENT, PSH | ACK, story_client_hello, story_client_hello_len);
	box_meets(c, &policy, hello);
	story_wait(s, US(60));
	struct packet *to_client = box_send(c, &policy, SERVER, RST | ACK);
	to_client->ack = hello->seq + packet_span(hello);
	box_send(c, &policy, CLIENT, RST | ACK);
}

/* A blind forger hits the window but not the next number: the client asks back (RFC 5961 §3.2), the real
 * server does not confirm, and both go on. */
void tell_challenge_ack_survives(struct story *s)
{
	const struct box forger = { .side = SERVER, .ns = MS(6), .hops = 3, .ttl = 128, .ip_id = 0x2222 };
	struct conn *c = opened(s, &at_client, &stack_linux, &stack_linux);
	talk_exchange(c, 300, 1400);
	story_wait(s, MS(700));
	struct packet *rst = box_send(c, &forger, SERVER, RST);
	rst->seq += 9000;
	conn_deliver(c, rst);
	conn_ack(c, CLIENT);
	story_wait(s, MS(900));
	talk_exchange(c, 280, 5000);
	talk_close(c, CLIENT);
}

/* The server's keep-alive limit of 5 s runs out while the next request is on its way. */
void tell_keepalive_race(struct story *s)
{
	struct conn *c = opened(s, &at_client, &stack_macos, &stack_linux);
	talk_exchange(c, 300, 1400);
	story_wait(s, SECONDS(5) - MS(11));
	struct packet *fin = conn_send(c, SERVER, FIN | ACK, 0);
	story_wait(s, MS(4));
	struct packet *request = conn_send(c, CLIENT, PSH | ACK, 310);
	conn_deliver(c, fin);
	conn_send(c, CLIENT, ACK, 0);
	conn_deliver(c, request);
	conn_stray_rst(c, SERVER, request);
}

/* FreeBSD does not turn a close with unread data into a RST; only the data after it is refused. */
void tell_freebsd_unread_fin(struct story *s)
{
	struct conn *c = opened(s, &at_client, &stack_linux, &stack_freebsd);
	talk_say(c, CLIENT, 2800);
	story_wait(s, MS(40));
	talk_fin(c, SERVER);
	story_wait(s, MS(25));
	struct packet *more = conn_send(c, CLIENT, PSH | ACK, 1300);
	conn_deliver(c, more);
	conn_stray_rst(c, SERVER, more);
}

void tell_health_checks(struct story *s)
{
	enum { INTERVAL_S = 5, CHECKS = 4 };
	struct host *balancer = story_host(s, &stack_linux, "192.0.2.4");
	struct host *server = story_host(s, &stack_linux, "192.0.2.21");
	const struct path same_network = { .ns = { US(250), 0 }, .hops = { 1, 0 } };
	int64_t start = s->now_ns;
	for (int i = 0; i < CHECKS; i++) {
		struct conn *c = conn_new(s, &same_network, balancer, server, SERVICE_PORT);
		s->now_ns = start + i * SECONDS(INTERVAL_S) + US(story_between(s, 0, 900));
		talk_open(c);
		conn_abort(c, CLIENT);
	}
}

/* A firewall answers the SYN itself, then joins the two halves; when its policy changes its mind it resets, in
 * the server's name but with its own habits. */
void tell_syn_proxy_rst(struct story *s)
{
	const struct box proxy = { .side = SERVER, .ns = US(350), .hops = 1, .ttl = 255, .ip_id = 0, .window = 8192 };
	struct conn *c = story_pair(s, &at_client, &stack_linux, &stack_linux);
	c->timestamps = false;
	c->scaled = false;
	struct packet *syn = conn_send(c, CLIENT, SYN, 0);
	box_meets(c, &proxy, syn);
	struct packet *answer = box_send(c, &proxy, SERVER, SYN | ACK);
	answer->ack = syn->seq + 1;
	answer->options_len = 4;
	memcpy(answer->options, (uint8_t[]){ 2, 4, 0x05, 0xb4 }, answer->options_len);
	c->end[SERVER].next++;
	c->end[SERVER].expected = answer->ack;
	conn_deliver(c, answer);
	conn_send(c, CLIENT, ACK, 0);
	talk_exchange(c, 260, 2400);
	story_wait(s, MS(900));
	box_send(c, &proxy, SERVER, RST | ACK)->window = 0;
}

/* One port of the server is open; a firewall on the way refuses the other in the server's name, but from nearer. */
void tell_firewall_refuses(struct story *s)
{
	const struct box firewall = { .side = SERVER, .ns = US(600), .hops = 2, .ttl = 64, .dont_fragment = true };
	struct conn *c = opened(s, &at_client, &stack_linux, &stack_linux);
	talk_exchange(c, 300, 1400);
	talk_close(c, CLIENT);
	story_wait(s, SECONDS(1));
	struct conn *refused = conn_new(s, &at_client, c->end[CLIENT].host, c->end[SERVER].host, 25);
	struct packet *syn = conn_send(refused, CLIENT, SYN, 0);
	box_meets(refused, &firewall, syn);
	struct packet *rst = box_send(refused, &firewall, SERVER, RST | ACK);
	rst->seq = 0;
	rst->ack = syn->seq + 1;
}
