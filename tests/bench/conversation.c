/* The script is walked a token at a time: each letter is a packet, and the time until the next one follows from
 * what that is: an answer takes a round trip, the same sender's next packet follows at once, a repetition waits
 * twice as long as the one before. */
#include "tests/bench/conversation.h"

#include <string.h>

#include <glib.h>

#define MILLISECOND G_GINT64_CONSTANT(1000000)
#define SECOND G_GINT64_CONSTANT(1000000000)

enum {
	MSS = 1460, MSS_IPV6 = 1440, TIMESTAMP_BYTES = 12, DATA_BYTES = 300, UDP_BYTES = 120,
	SCALE_LINUX = 7, SCALE_WINDOWS = 8, WINDOW_FIRST = 64240, WINDOW_LARGE = 24576,
};

/* Linux: TCP_TIMEOUT_INIT, TCP_RTO_MIN; net.ipv4.tcp_keepalive_intvl as services set it. */
static const int64_t RTO_FIRST_NS = SECOND, RTO_MIN_NS = 200 * MILLISECOND, KEEPALIVE_NS = 15 * SECOND;
static const int64_t IDLE_NS = 400 * SECOND; /* beyond the 350 s of the most common load balancers */

static const struct letter {
	char name; /* the client's */
	uint8_t flags;
	bool data;
} letters[] = {
	{'S', FLAG_SYN, false}, {'H', FLAG_SYN | FLAG_ACK, false}, {'A', FLAG_ACK, false},
	{'D', FLAG_PSH | FLAG_ACK, true}, {'F', FLAG_FIN | FLAG_ACK, false}, {'R', FLAG_RST | FLAG_ACK, false},
	{'Q', FLAG_RST, false}, {'K', FLAG_ACK, false}, {'U', 0, true},
};

static const struct letter *letter_called(char name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(letters); i++)
		if (letters[i].name == g_ascii_toupper(name))
			return &letters[i];
	g_assert_not_reached();
}

static unsigned side_of(char name)
{
	return g_ascii_islower(name) ? SERVER : CLIENT;
}

/* --- packets --------------------------------------------------------------------------------------------- */

uint32_t conversation_segment(const struct conversation *c)
{
	return (c->ipv6 ? MSS_IPV6 : MSS) - (c->timestamps ? TIMESTAMP_BYTES : 0);
}

/* A receiver that got much opens its window, as autotuning does. */
static uint16_t window_of(const struct conversation *c, unsigned side, uint8_t flags)
{
	if (flags & FLAG_RST)
		return 0;
	if (flags & FLAG_SYN)
		return WINDOW_FIRST;
	return (uint16_t)MIN(WINDOW_LARGE, 502 + (c->party[!side].acked >> 8));
}

/* Linux sends the answers that no socket stands behind with ID 0. */
static uint16_t ip_id_of(struct party *p, uint8_t flags)
{
	bool answer = (flags & FLAG_SYN && flags & FLAG_ACK) || flags == FLAG_RST;

	return answer && !p->windows ? 0 : p->ip_id++;
}

static void fill_timestamps(const struct conversation *c, struct party *p, const struct party *other, int64_t now_ns,
                            struct packet *out)
{
	out->timestamps = c->timestamps && !(out->flags == FLAG_RST);
	out->ts_value = p->ts_last = p->ts_base + (uint32_t)(now_ns / MILLISECOND);
	out->ts_echo = other->sent ? other->ts_last : 0;
}

void conversation_fill(struct conversation *c, unsigned side, uint8_t flags, int64_t now_ns, struct packet *out)
{
	struct party *p = &c->party[side], *other = &c->party[!side];

	*out = (struct packet){
		.source = &p->end, .target = &other->end,
		.ipv6 = c->ipv6, .udp = !c->course->tcp, .from_client = side == CLIENT,
		.ttl = p->ttl, .ip_id = ip_id_of(p, flags),
		.seq = p->initial_seq + p->sent, .ack = flags & FLAG_ACK ? other->initial_seq + other->acked : 0,
		.window = window_of(c, side, flags), .flags = flags,
		.windows_options = p->windows, .mss = c->ipv6 ? MSS_IPV6 : MSS,
		.window_scale = p->windows ? SCALE_WINDOWS : SCALE_LINUX,
		.payload_kind = (enum payload_kind)c->payload_kind,
	};
	fill_timestamps(c, p, other, now_ns, out);
}

void conversation_say(const struct conversation *c, unsigned side, uint32_t at, uint32_t len, struct packet *out)
{
	out->seq = c->party[side].initial_seq + at;
	out->payload_at = at ? at - 1 : 0; /* the SYN is position 0 */
	out->payload_len = len;
}

/* The first RST or SYN-ACK of one who was never spoken to has nothing to say for itself. */
static void make_letter(struct conversation *c, char name, int64_t now_ns, struct packet *out)
{
	const struct letter *l = letter_called(name);
	unsigned side = side_of(name);
	struct party *p = &c->party[side], *other = &c->party[!side];
	uint32_t at = p->sent;

	other->acked = other->sent;
	conversation_fill(c, side, l->flags, now_ns, out);
	if (l->data)
		conversation_say(c, side, at, c->course->tcp ? DATA_BYTES : UDP_BYTES, out);
	if (g_ascii_toupper(name) == 'K')
		out->seq--;
	if (l->flags & FLAG_RST && p->sent == 0)
		out->seq = 0;
	p->sent += out->payload_len + ((l->flags & (FLAG_SYN | FLAG_FIN)) != 0);
	c->last_sender = (uint8_t)side;
}

static void make_repeat(struct conversation *c, int64_t now_ns, struct packet *out)
{
	unsigned side = c->last_sender;
	struct packet fresh;

	conversation_fill(c, side, c->last.flags, now_ns, &fresh);
	*out = c->last;
	out->source = fresh.source; /* connections move in memory when there are more of them */
	out->target = fresh.target;
	out->ip_id = fresh.ip_id;
	out->ts_value = fresh.ts_value;
}

/* --- time ------------------------------------------------------------------------------------------------ */

int64_t conversation_answer_ns(struct conversation *c, unsigned side)
{
	return c->party[side].round_trip_ns + random_below(&c->random, 300000);
}

static int64_t first_repeat_ns(const struct conversation *c)
{
	if (c->last.flags & FLAG_SYN)
		return RTO_FIRST_NS;
	return RTO_MIN_NS + c->party[CLIENT].round_trip_ns + c->party[SERVER].round_trip_ns;
}

/* Until the letter that comes next in the script. */
static int64_t wait_for(struct conversation *c, char next)
{
	if (g_ascii_toupper(next) == 'K')
		return KEEPALIVE_NS;
	if (side_of(next) != c->last_sender)
		return conversation_answer_ns(c, side_of(next));
	return random_between(&c->random, 5000, 500000);
}

/* --- the script ------------------------------------------------------------------------------------------ */

static int64_t repeat_after(struct conversation *c)
{
	c->wait_ns = c->wait_ns ? 2 * c->wait_ns : first_repeat_ns(c);
	c->repeats--;
	return c->wait_ns;
}

/* What comes after the packet just made, and when. */
static int64_t look_ahead(struct conversation *c)
{
	int64_t extra_ns = 0;

	if (c->repeats)
		return repeat_after(c);
	if (*c->at == '*' && c->talk.left == 0)
		c->at++;
	if (*c->at == '_') {
		extra_ns = IDLE_NS;
		c->at++;
	}
	switch (*c->at) {
	case '\0': return CONVERSATION_OVER;
	case '*': return random_between(&c->random, 20000, 2000000);
	case '!':
		c->repeats = (uint8_t)g_ascii_digit_value(c->at[1]);
		c->wait_ns = 0;
		return repeat_after(c);
	default: return extra_ns + wait_for(c, *c->at);
	}
}

static int64_t talk_on(struct conversation *c, int64_t now_ns, struct packet *out)
{
	int64_t wait_ns = talk_next(c, now_ns, out);

	if (wait_ns != CONVERSATION_OVER)
		return wait_ns;
	c->talk.left = 0;
	c->last_sender = !out->from_client;
	return look_ahead(c);
}

void conversation_start(struct conversation *c, const struct settings *settings, const struct course *course,
                        uint32_t talk_packets)
{
	c->settings = settings;
	c->course = course;
	c->at = course->script;
	c->repeats = 0;
	for (unsigned side = 0; side < 2; side++) {
		struct party *p = &c->party[side];

		p->initial_seq = (uint32_t)random_next(&c->random);
		p->ts_base = (uint32_t)random_next(&c->random);
		p->ip_id = (uint16_t)random_next(&c->random);
		p->sent = p->acked = p->ts_last = 0;
	}
	c->timestamps = !c->party[CLIENT].windows;
	c->payload_kind = c->party[SERVER].end.port == 443 ? PAYLOAD_RECORDS : PAYLOAD_TEXT;
	talk_start(c, talk_packets);
}

int64_t conversation_next(struct conversation *c, int64_t now_ns, struct packet *out)
{
	if (*c->at == '*')
		return talk_on(c, now_ns, out);
	if (*c->at == '!') {
		make_repeat(c, now_ns, out);
		if (c->repeats == 0)
			c->at += 2;
	} else {
		make_letter(c, *c->at++, now_ns, out);
		c->last = *out;
	}
	return look_ahead(c);
}
