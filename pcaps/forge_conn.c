#include "pcaps/forge_conn.h"

#include <string.h>

enum { MSS_V4 = 1460, MSS_V6 = 1440, TIMESTAMP_BYTES = 12, FIRST_EPHEMERAL = 49152, LAST_EPHEMERAL = 60999 };
enum { NS_PER_MS = 1000000 };

const struct path at_client = { .ns = { 0, MS(11) }, .hops = { 0, 9 } };
const struct path at_server = { .ns = { MS(11), 0 }, .hops = { 9, 0 } };
const struct path in_middle = { .ns = { MS(3), MS(8) }, .hops = { 3, 6 } };

static enum side other(enum side side)
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

static void put_options(const struct conn *c, enum side from, struct packet *p)
{
	const struct stack *stack = c->end[from].host->stack;
	if (p->flags & SYN) {
		bool timestamps = p->flags & ACK ? c->timestamps : stack->timestamps;
		const char *letters = timestamps ? stack->options : stack->options_without_timestamps;
		for (; *letters; letters++)
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
	enum side to = other(from);
	memcpy(p->from_mac, c->path.hops[from] ? router[from] : c->end[from].host->mac, sizeof(p->from_mac));
	memcpy(p->to_mac, c->path.hops[to] ? router[to] : c->end[to].host->mac, sizeof(p->to_mac));
}

/* Addresses, times and path of something that one end sends, or that pretends it did. */
static struct packet *packet_between(struct conn *c, enum side from)
{
	struct packet *p = g_new0(struct packet, 1);
	enum side to = other(from);
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
	struct packet *p = packet_between(c, from);
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

/* Filler that reads as what it is. */
static uint8_t *filler(size_t len)
{
	static const char text[] = "forged by hangup pcaps/forge. ";
	uint8_t *bytes = g_malloc(len + 1);
	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)text[i % (sizeof(text) - 1)];
	return bytes;
}

struct packet *conn_send(struct conn *c, enum side from, uint8_t flags, size_t len)
{
	g_autofree uint8_t *bytes = filler(len);
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
	int64_t work = US(story_between(c->story, 15, 60)); /* the receiver's own time */
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
	struct packet *p = packet_between(c, from);
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
	struct packet *p = packet_between(c, from);
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

/* --- sentences -------------------------------------------------------------------------------------- */

void conn_open(struct conn *c)
{
	conn_deliver(c, conn_send(c, CLIENT, SYN, 0));
	conn_deliver(c, conn_send(c, SERVER, SYN | ACK, 0));
	conn_send(c, CLIENT, ACK, 0);
	story_wait(c->story, US(90));
}

/* Sends all segments at once, then lets the receiver take one after the other and acknowledge every second
 * and the last; the last acknowledgement is left to the caller. */
static void pour(struct conn *c, enum side from, const uint8_t *bytes, size_t len)
{
	g_autoptr(GPtrArray) flight = g_ptr_array_new();
	size_t room = c->mss - (c->timestamps ? TIMESTAMP_BYTES : 0u);
	for (size_t done = 0; done < len; done += room) {
		size_t piece = MIN(len - done, room);
		uint8_t flags = done + piece == len ? PSH | ACK : ACK;
		g_ptr_array_add(flight, conn_send_bytes(c, from, flags, bytes + done, piece));
		story_wait(c->story, US(12)); /* 1460 bytes at 1 Gbit/s */
	}
	for (guint i = 0; i < flight->len; i++) {
		conn_deliver(c, flight->pdata[i]);
		if (i % 2 && i + 1 < flight->len)
			conn_send(c, other(from), ACK, 0);
	}
}

void conn_say_bytes(struct conn *c, enum side from, const void *bytes, size_t len)
{
	pour(c, from, bytes, len);
	conn_ack(c, other(from));
}

void conn_say(struct conn *c, enum side from, size_t len)
{
	g_autofree uint8_t *bytes = filler(len);
	conn_say_bytes(c, from, bytes, len);
}

void conn_exchange(struct conn *c, size_t request, size_t answer)
{
	g_autofree uint8_t *bytes = filler(MAX(request, answer));
	pour(c, CLIENT, bytes, request);
	story_wait(c->story, MS(3));
	pour(c, SERVER, bytes, answer);
	conn_send(c, CLIENT, ACK, 0);
	story_wait(c->story, US(90));
}

void conn_fin(struct conn *c, enum side from)
{
	conn_deliver(c, conn_send(c, from, FIN | ACK, 0));
	conn_ack(c, other(from));
}

void conn_close(struct conn *c, enum side first)
{
	conn_deliver(c, conn_send(c, first, FIN | ACK, 0));
	story_wait(c->story, US(180));
	conn_deliver(c, conn_send(c, other(first), FIN | ACK, 0));
	conn_send(c, first, ACK, 0);
}

/* --- unheard ---------------------------------------------------------------------------------------- */

static const uint32_t *waits_of(const struct conn *c, enum side from)
{
	const struct end *end = &c->end[from];
	return end->last->flags & SYN ? end->host->stack->syn_waits_ms : end->host->stack->data_waits_ms;
}

static void wait_to_repeat(struct conn *c, enum side from)
{
	int64_t late = US(story_between(c->story, 100, 1900)); /* timers tick coarsely */
	story_wait(c->story, MS(waits_of(c, from)[c->end[from].repeats]) + late);
}

void conn_insist(struct conn *c, enum side from, unsigned times)
{
	while (times--) {
		wait_to_repeat(c, from);
		conn_repeat(c, from);
	}
}

void conn_give_up(struct conn *c, enum side from)
{
	const struct end *end = &c->end[from];
	while (waits_of(c, from)[end->repeats + 1])
		conn_insist(c, from, 1);
	wait_to_repeat(c, from);
	if (!(end->last->flags & SYN) && end->host->stack->data_give_up == GIVE_UP_RST)
		conn_abort(c, from);
}

/* --- somebody else ---------------------------------------------------------------------------------- */

void box_meets(struct conn *c, const struct box *box, const struct packet *p)
{
	c->story->now_ns = MAX(c->story->now_ns, p->seen_ns + box->ns);
}

struct packet *box_send(struct conn *c, const struct box *box, enum side as, uint8_t flags)
{
	struct packet *p = packet_between(c, as);
	bool at_capture_point = !box->hops && !box->ns;
	p->unseen = box->side != as && !at_capture_point;
	p->seen_ns = c->story->now_ns + box->ns;
	p->arrives_ns = p->seen_ns + c->path.ns[other(as)];
	p->ttl = (uint8_t)(box->ttl - box->hops);
	p->ip_id = box->ip_id;
	p->dont_fragment = box->dont_fragment;
	p->flags = flags;
	p->seq = c->end[as].next;
	p->ack = flags & ACK ? c->end[as].expected : 0;
	p->window = box->window;
	return p;
}

struct packet *box_icmp(struct conn *c, const struct box *box, const char *address, const struct packet *about,
                        uint8_t type, uint8_t code, size_t quote_len)
{
	enum side as = about->from_port == c->end[CLIENT].port ? SERVER : CLIENT;
	struct packet *p = box_send(c, box, as, 0);
	struct packet *there = packet_copy(about);
	there->ttl = (uint8_t)(about->ttl - box->hops);
	g_autoptr(GByteArray) quote = packet_bytes(there);
	packet_free(there);
	p->from = address_of(address);
	p->icmp_type = type;
	p->icmp_code = code;
	p->icmp_quote = g_byte_array_append(g_byte_array_new(), quote->data, (guint)MIN(quote->len, quote_len));
	return p;
}
