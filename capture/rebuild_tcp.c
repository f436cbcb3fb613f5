/* Options come in the order in which they came, as far as that is known: it tells stacks apart. Those without a value of
 * their own are as long as it takes for the header to end at a multiple of four. */
#include "capture/rebuild_tcp.h"

#include <stdbool.h>

#include "capture/checksum.h"
#include "capture/tcp_options.h"

enum { HEADER_MIN = 20, OPTIONS_MAX = 40, OFFSET_AT = 12, CHECKSUM_AT = 16, PROTOCOL_TCP = 6 };
/* As options_order counts them. */
enum { ORDER_OPTIONS = 5, ORDER_BITS = 3, ORDER_MASK = 7 };
enum order { ORDER_NONE, ORDER_MSS, ORDER_PADDING, ORDER_WINDOW_SCALE, ORDER_SACK_PERMITTED, ORDER_TIMESTAMP, ORDER_END,
             ORDER_OTHER };
enum { KIND_UNKNOWN = 253, USER_TIMEOUT_BYTES = 4 };

/* A header's options while they are put. */
struct list {
	struct rebuild_bytes *b;
	const struct segment *s;
	size_t begin;
	size_t stretch;   /* where the length stands of the last option that may be of any length; 0: none */
	uint16_t pending; /* enum segment_option that are still to come */
};

static size_t list_len(const struct list *l)
{
	return l->b->len - l->begin;
}

static void put_head(struct list *l, uint8_t kind, uint8_t len)
{
	put_u8(l->b, kind);
	put_u8(l->b, len);
}

static void put_mss(struct list *l)
{
	put_head(l, TCP_OPTION_MSS, 4);
	put_u16(l->b, l->s->mss);
}

static void put_window_scale(struct list *l)
{
	put_head(l, TCP_OPTION_WINDOW_SCALE, 3);
	put_u8(l->b, l->s->window_scale);
}

static void put_sack_permitted(struct list *l)
{
	put_head(l, TCP_OPTION_SACK_PERMITTED, 2);
}

static void put_timestamp(struct list *l)
{
	put_head(l, TCP_OPTION_TIMESTAMP, 10);
	put_u32(l->b, l->s->ts_value);
	put_u32(l->b, l->s->ts_echo);
}

/* A report of a duplicate is a block below the acknowledgement, or one within the second (RFC 2883): the same twice. */
static void put_sack(struct list *l)
{
	const struct segment *s = l->s;
	bool below = (int32_t)(s->sack_right - s->ack) <= 0;
	unsigned blocks = s->dsack && !below ? 2 : 1;
	put_head(l, TCP_OPTION_SACK, (uint8_t)(2 + 8 * blocks));
	for (unsigned i = 0; i < blocks; i++) {
		put_u32(l->b, s->sack_left);
		put_u32(l->b, s->sack_right);
	}
}

static void put_stretched(struct list *l, uint8_t kind, uint8_t len)
{
	put_head(l, kind, len);
	put_zeros(l->b, len - 2u);
	l->stretch = l->b->len - len + 1;
}

static void put_fast_open(struct list *l)
{
	put_stretched(l, TCP_OPTION_FAST_OPEN, 2);
}

static void put_mptcp(struct list *l)
{
	put_stretched(l, TCP_OPTION_MPTCP, 3);
}

static void put_user_timeout(struct list *l)
{
	put_head(l, TCP_OPTION_USER_TIMEOUT, USER_TIMEOUT_BYTES);
	put_u16(l->b, 0);
}

static const struct {
	uint16_t option;
	uint8_t order;
	void (*put)(struct list *l);
	uint8_t most; /* bytes */
} known[] = {
	{ OPTION_MSS, ORDER_MSS, put_mss, 4 },
	{ OPTION_WINDOW_SCALE, ORDER_WINDOW_SCALE, put_window_scale, 3 },
	{ OPTION_SACK_PERMITTED, ORDER_SACK_PERMITTED, put_sack_permitted, 2 },
	{ OPTION_TIMESTAMP, ORDER_TIMESTAMP, put_timestamp, 10 },
	{ OPTION_SACK, ORDER_OTHER, put_sack, 18 },
	{ OPTION_MPTCP, ORDER_OTHER, put_mptcp, 3 },
	{ OPTION_FAST_OPEN, ORDER_OTHER, put_fast_open, 2 },
	{ OPTION_USER_TIMEOUT, ORDER_OTHER, put_user_timeout, USER_TIMEOUT_BYTES },
};

/* The first pending one of that order. */
static bool put_pending(struct list *l, unsigned order)
{
	for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
		if (!(l->pending & known[i].option) || (order != ORDER_NONE && known[i].order != order) ||
		    list_len(l) + known[i].most > OPTIONS_MAX)
			continue;
		l->pending &= (uint16_t)~known[i].option;
		known[i].put(l);
		return true;
	}
	return false;
}

static void put_ordered(struct list *l, unsigned order)
{
	if (put_pending(l, order) || list_len(l) + 2 > OPTIONS_MAX)
		return;
	if (order == ORDER_PADDING)
		put_u8(l->b, TCP_OPTION_PADDING);
	else if (order == ORDER_END)
		put_u8(l->b, TCP_OPTION_END);
	else if (order == ORDER_OTHER)
		put_stretched(l, KIND_UNKNOWN, 2);
}

/* An option that can be longer is, if it is the last one; else the list ends early. */
static void fill_up(struct list *l)
{
	size_t more = (4 - list_len(l) % 4) % 4;
	if (more > 0 && l->stretch > 0 && l->stretch - 1 + l->b->at[l->stretch] == l->b->len)
		l->b->at[l->stretch] = (uint8_t)(l->b->at[l->stretch] + more);
	put_zeros(l->b, more);
}

static void put_options(struct rebuild_bytes *b, const struct segment *s)
{
	struct list l = { .b = b, .s = s, .begin = b->len, .pending = s->options };
	bool ended = false;
	for (unsigned n = 0; n < ORDER_OPTIONS && !ended; n++) {
		unsigned order = s->options_order >> ORDER_BITS * n & ORDER_MASK;
		put_ordered(&l, order);
		ended = order == ORDER_NONE || order == ORDER_END;
	}
	while (!ended && put_pending(&l, ORDER_NONE))
		;
	fill_up(&l);
}

size_t rebuild_tcp_header(struct rebuild_bytes *b, const struct segment *s)
{
	size_t at = b->len;
	put_u16(b, s->source_port);
	put_u16(b, s->target_port);
	put_u32(b, s->seq);
	put_u32(b, s->ack);
	put_u16(b, s->flags);
	put_u16(b, s->window);
	put_u32(b, 0); /* checksum, urgent pointer */
	put_options(b, s);
	b->at[at + OFFSET_AT] = (uint8_t)((b->len - at) / 4 << 4);
	return b->len - at;
}

void rebuild_tcp_checksum(struct rebuild_bytes *b, size_t at, const struct segment *s)
{
	size_t header_len = (b->at[at + OFFSET_AT] >> 4) * 4u;
	uint32_t len = (uint32_t)header_len + s->payload_len;
	enum segment_checksum kind = segment_checksum(s);
	uint64_t pseudo = checksum_pseudo_header(s, PROTOCOL_TCP, len);
	uint16_t good = (uint16_t)~checksum_fold(checksum_add(pseudo, b->at + at, b->len - at));
	if (kind == CHECKSUM_PARTIAL)
		set_u16(b, at + CHECKSUM_AT, checksum_fold(pseudo));
	else if (b->len - at == len)
		set_u16(b, at + CHECKSUM_AT, kind == CHECKSUM_BAD ? good ^ 1 : good);
}
