#include "pcaps/forge_conn.h"

#include <string.h>

enum { MSS_V4 = 1460, MSS_V6 = 1440, FIRST_EPHEMERAL = 49152, LAST_EPHEMERAL = 60999 };
enum { NS_PER_MS = 1000000 };

const struct path at_client = { .ns = { 0, MS(11) }, .hops = { 0, 9 } };
const struct path at_server = { .ns = { MS(11), 0 }, .hops = { 9, 0 } };
const struct path in_middle = { .ns = { MS(3), MS(8) }, .hops = { 3, 6 } };

enum side side_other(enum side side)
{
	return side == CLIENT ? SERVER : CLIENT;
}

struct conn *conn_new(struct story *s, const struct path *path, struct host *client, struct host *server,
                      uint16_t server_port)
{
	struct conn *c = g_new0(struct conn, 1);
	struct host *host[] = { client, server };
	uint16_t port[] = { (uint16_t)story_between(s, FIRST_EPHEMERAL, LAST_EPHEMERAL), server_port };
	c->story = s;
	c->path = *path;
	for (enum side side = CLIENT; side <= SERVER; side++) {
		c->end[side] = (struct end){
			.host = host[side],
			.port = port[side],
			.next = story_random(s),
			.window = host[side]->stack->window,
			.clock = story_random(s),
			.ip_id = (uint16_t)story_random(s),
		};
	}
	c->timestamps = client->stack->timestamps && server->stack->timestamps;
	c->scaled = client->stack->window_scale && server->stack->window_scale;
	c->mss = client->address.ipv6 ? MSS_V6 : MSS_V4;
	g_ptr_array_add(s->conns, c);
	return c;
}

/* --- options ---------------------------------------------------------------------------------------- */

static void put(struct packet *p, const uint8_t *bytes, size_t len)
{
	g_assert(p->options_len + len <= sizeof(p->options));
	memcpy(p->options + p->options_len, bytes, len);
	p->options_len = (uint8_t)(p->options_len + len);
}

static uint32_t clock_of(const struct conn *c, enum side side)
{
	return c->end[side].clock + (uint32_t)(c->story->now_ns / NS_PER_MS);
}

static void put_timestamp(struct packet *p, uint32_t value, uint32_t echo)
{
	uint8_t option[10] = { 8, 10, (uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8), (uint8_t)value,
		                   (uint8_t)(echo >> 24), (uint8_t)(echo >> 16), (uint8_t)(echo >> 8), (uint8_t)echo };
	put(p, option, sizeof(option));
}

static void put_letter(const struct conn *c, enum side from, struct packet *p, char letter)
{
	const struct end *end = &c->end[from];
	switch (letter) {
	case 'M':
		put(p, (uint8_t[]){ 2, 4, (uint8_t)(c->mss >> 8), (uint8_t)c->mss }, 4);
		break;
	case 'S':
		put(p, (uint8_t[]){ 4, 2 }, 2);
		break;
	case 'T':
		put_timestamp(p, clock_of(c, from), end->echo);
		break;
	case 'W':
		put(p, (uint8_t[]){ 3, 3, end->host->stack->window_scale }, 3);
		break;
	case 'N':
		put(p, (uint8_t[]){ 1 }, 1);
		break;
	case 'E':
		put(p, (uint8_t[]){ 0 }, 1);
		break;
	default:
		g_assert_not_reached();
	}
}

/* A SYN-ACK has only what the SYN offered. */
static const char *syn_options(const struct conn *c, enum side from, uint8_t flags)
{
	const struct stack *stack = c->end[from].host->stack;
	if (flags & ACK && !c->scaled)
		return "M";
	bool timestamps = flags & ACK ? c->timestamps : stack->timestamps;
	return timestamps ? stack->options : stack->options_without_timestamps;
}

static void put_options(const struct conn *c, enum side from, struct packet *p)
{
	if (p->flags & SYN) {
		for (const char *letters = syn_options(c, from, p->flags); *letters; letters++)
			put_letter(c, from, p, *letters);
	} else if (c->timestamps) {
		put(p, (uint8_t[]){ 1, 1 }, 2);
		put_timestamp(p, clock_of(c, from), c->end[from].echo);
	}
}

/* --- one packet ------------------------------------------------------------------------------------- */

static uint16_t next_ip_id(struct conn *c, enum side from)
{
	struct end *end = &c->end[from];
	switch (end->host->stack->ip_id) {
	case IP_ID_PER_SOCKET:
		return ++end->ip_id;
	case IP_ID_PER_HOST:
		return ++end->host->ip_id;
	case IP_ID_RANDOM:
		return (uint16_t)story_random(c->story);
	case IP_ID_ZERO:
		break;
	}
	return 0;
}

/* A packet that answers without a socket: Linux gives it IP-ID 0. */
static uint16_t stateless_ip_id(struct conn *c, enum side from)
{
	return c->end[from].host->stack->ip_id == IP_ID_PER_SOCKET ? 0 : next_ip_id(c, from);
}

static void set_macs(const struct conn *c, enum side from, struct packet *p)
{
	static const uint8_t router[2][6] = { { 0x02, 0x00, 0x5e, 0x00, 0x53, 0x01 }, { 0x02, 0x00, 0x5e, 0x00, 0x53, 0x02 } };
	enum side to = side_other(from);
	memcpy(p->from_mac, c->path.hops[from] ? router[from] : c->end[from].host->mac, sizeof(p->from_mac));
	memcpy(p->to_mac, c->path.hops[to] ? router[to] : c->end[to].host->mac, sizeof(p->to_mac));
}

struct packet *conn_packet(struct conn *c, enum side from)
{
	struct packet *p = g_new0(struct packet, 1);
	enum side to = side_other(from);
	const struct end *end = &c->end[from];
	p->seen_ns = c->story->now_ns + c->path.ns[from];
	p->arrives_ns = p->seen_ns + c->path.ns[to];
	p->unseen = end->unseen;
	p->from = end->host->address;
	p->to = c->end[to].host->address;
	p->from_port = end->port;
	p->to_port = c->end[to].port;
	p->ttl = (uint8_t)(end->host->stack->ttl - c->path.hops[from]);
	p->dont_fragment = true;
	p->way = c->path.hops[from] ? WAY_IN : WAY_OUT;
	set_macs(c, from, p);
	story_add(c->story, p);
	return p;
}

static uint16_t window_field(const struct conn *c, enum side from, uint8_t flags)
{
	const struct stack *stack = c->end[from].host->stack;
	if (flags & SYN)
		return stack->syn_window;
	if (c->scaled)
		return (uint16_t)(c->end[from].window >> stack->window_scale);
	return (uint16_t)MIN(c->end[from].window, UINT16_MAX);
}

struct packet *conn_send_bytes(struct conn *c, enum side from, uint8_t flags, const void *bytes, size_t len)
{
	struct end *end = &c->end[from];
	struct packet *p = conn_packet(c, from);
	p->flags = flags;
	p->seq = end->next;
	p->ack = flags & ACK ? end->expected : 0;
	p->window = window_field(c, from, flags);
	bool stateless = (flags & (SYN | ACK)) == (SYN | ACK);
	p->ip_id = stateless ? stateless_ip_id(c, from) : next_ip_id(c, from);
	put_options(c, from, p);
	if (len)
		p->payload = g_byte_array_append(g_byte_array_new(), bytes, (guint)len);
	end->next += packet_span(p);
	if (packet_span(p)) {
		end->last = p;
		end->repeats = 0;
	}
	return p;
}

struct packet *conn_send(struct conn *c, enum side from, uint8_t flags, size_t len)
{
	g_autofree uint8_t *bytes = packet_filler(len);
	return conn_send_bytes(c, from, flags, bytes, len);
}

static uint32_t timestamp_in(const struct packet *p)
{
	for (size_t i = 0; i + 10 <= p->options_len; i += p->options[i] <= 1 ? 1 : p->options[i + 1]) {
		const uint8_t *option = p->options + i;
		if (option[0] == 8)
			return (uint32_t)option[2] << 24 | (uint32_t)option[3] << 16 | (uint32_t)option[4] << 8 | option[5];
	}
	return 0;
}

void conn_deliver(struct conn *c, struct packet *p)
{
	enum side to = p->from_port == c->end[CLIENT].port ? SERVER : CLIENT;
	struct end *end = &c->end[to];
	int64_t work = story_between(c->story, 15000, 60000); /* ns, the receiver's own time */
	c->story->now_ns = MAX(c->story->now_ns, p->arrives_ns + work);
	if (p->seq == end->expected || p->flags & SYN)
		end->expected = p->seq + packet_span(p);
	if (timestamp_in(p))
		end->echo = timestamp_in(p);
}

void conn_ack(struct conn *c, enum side from)
{
	conn_deliver(c, conn_send(c, from, ACK, 0));
}

struct packet *conn_repeat(struct conn *c, enum side from)
{
	struct end *end = &c->end[from];
	const struct packet *first = end->last;
	struct packet *p = conn_packet(c, from);
	p->flags = first->flags;
	p->seq = first->seq;
	p->ack = p->flags & ACK ? end->expected : 0;
	p->window = window_field(c, from, p->flags);
	p->ip_id = first->ip_id ? next_ip_id(c, from) : 0;
	put_options(c, from, p);
	if (first->payload)
		p->payload = g_byte_array_append(g_byte_array_new(), first->payload->data, first->payload->len);
	end->repeats++;
	return p;
}

struct packet *conn_keepalive(struct conn *c, enum side from)
{
	struct end *end = &c->end[from];
	struct packet *last = end->last;
	end->next--;
	struct packet *p = conn_send_bytes(c, from, ACK, (uint8_t[]){ 0 }, end->host->stack->keepalive_bytes);
	end->next = p->seq + 1;
	end->last = last;
	return p;
}

struct packet *conn_stray_rst(struct conn *c, enum side from, const struct packet *to)
{
	struct packet *p = conn_packet(c, from);
	p->flags = to->flags & ACK ? RST : RST | ACK;
	p->seq = to->flags & ACK ? to->ack : 0;
	p->ack = to->flags & ACK ? 0 : to->seq + packet_span(to);
	p->ip_id = stateless_ip_id(c, from);
	return p;
}

struct packet *conn_abort(struct conn *c, enum side from)
{
	const struct stack *stack = c->end[from].host->stack;
	struct packet *p = conn_send(c, from, RST | ACK, 0);
	if (!stack->rst_has_timestamp)
		p->options_len = 0;
	if (!stack->rst_has_window)
		p->window = 0;
	return p;
}
