#include "capture/tcp_options.h"

#include "capture/segment.h"

enum { WINDOW_SCALE_MAX = 14 /* RFC 7323 §2.3: a larger shift is used as 14 */ };
enum { FAST_OPEN_MAGIC = 0xF989 /* RFC 7413 appendix A: the experiment before kind 34 */ };
enum { SACK_BLOCK_BYTES = 8, ORDER_BITS = 3, ORDER_OPTIONS = 5, ORDER_OTHER = 7 };

/* What is no option with a length, or is not there whole. */
static bool next_other(struct cursor *list, struct tcp_option *out)
{
	*out = (struct tcp_option){ .kind = TCP_OPTION_END };
	if (list->wire == 0)
		return false;
	out->kind = cursor_u8(list);
	if (out->kind == TCP_OPTION_END) {
		cursor_trim(list, 0);
		return cursor_ok(list);
	}
	if (out->kind == TCP_OPTION_PADDING)
		return true;
	uint8_t len = cursor_u8(list);
	if (len < 2)
		cursor_fail(list, CURSOR_INVALID);
	else
		out->value = cursor_take(list, len - 2u);
	out->value_len = (uint8_t)(len - 2);
	return cursor_ok(list);
}

static inline bool next_option(struct cursor *list, struct tcp_option *out)
{
	const uint8_t *head = cursor_peek(list, 2);
	if (!head || head[0] <= TCP_OPTION_PADDING || head[1] < 2 || head[1] > list->left)
		return next_other(list, out);
	*out = (struct tcp_option){ .kind = head[0], .value_len = (uint8_t)(head[1] - 2), .value = head + 2 };
	cursor_skip(list, head[1]);
	return true;
}

bool tcp_option_next(struct cursor *list, struct tcp_option *out)
{
	return next_option(list, out);
}

/* a comes after b, on the circle of sequence numbers. */
static bool after(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) > 0;
}

static void read_mss(struct segment *s, const struct tcp_option *o)
{
	s->mss = load_u16be(o->value);
}

static void read_window_scale(struct segment *s, const struct tcp_option *o)
{
	s->window_scale = o->value[0] < WINDOW_SCALE_MAX ? o->value[0] : WINDOW_SCALE_MAX;
}

static void read_timestamp(struct segment *s, const struct tcp_option *o)
{
	s->ts_value = load_u32be(o->value);
	s->ts_echo = load_u32be(o->value + 4);
}

/* RFC 2883 §4: a duplicate is reported in the first block, below the acknowledgement, or inside the second. */
static bool reports_duplicate(const struct segment *s, const struct tcp_option *o)
{
	uint32_t left = load_u32be(o->value), right = load_u32be(o->value + 4);
	if (after(s->ack, left))
		return true;
	if (o->value_len < 2 * SACK_BLOCK_BYTES)
		return false;
	return !after(load_u32be(o->value + 8), left) && !after(right, load_u32be(o->value + 12));
}

static void read_sack(struct segment *s, const struct tcp_option *o)
{
	for (size_t at = 0; at < o->value_len; at += SACK_BLOCK_BYTES) {
		uint32_t left = load_u32be(o->value + at), right = load_u32be(o->value + at + 4);
		if (at == 0 || after(right, s->sack_right)) {
			s->sack_left = left;
			s->sack_right = right;
		}
	}
	s->dsack = reports_duplicate(s, o);
}

/* What is known of an option: its length without kind and length byte, what it is called in options and
 * in options_order, and what reads its value. By kind; multiples are
 * powers of two, and 0 for a kind that is not known. */
static const struct known_option {
	uint8_t least, most, multiple;
	uint16_t option;
	uint8_t order;
	void (*read)(struct segment *s, const struct tcp_option *o);
} known_options[] = {
	[TCP_OPTION_PADDING] = { 0, 0, 1, 0, 2, NULL },
	[TCP_OPTION_TIMESTAMP] = { 8, 8, 1, OPTION_TIMESTAMP, 5, read_timestamp },
	[TCP_OPTION_SACK] = { 8, 32, SACK_BLOCK_BYTES, OPTION_SACK, ORDER_OTHER, read_sack },
	[TCP_OPTION_MSS] = { 2, 2, 1, OPTION_MSS, 1, read_mss },
	[TCP_OPTION_WINDOW_SCALE] = { 1, 1, 1, OPTION_WINDOW_SCALE, 3, read_window_scale },
	[TCP_OPTION_SACK_PERMITTED] = { 0, 0, 1, OPTION_SACK_PERMITTED, 4, NULL },
	[TCP_OPTION_END] = { 0, 0, 1, 0, 6, NULL },
	[TCP_OPTION_FAST_OPEN] = { 0, 38, 1, OPTION_FAST_OPEN, ORDER_OTHER, NULL },
	[TCP_OPTION_MPTCP] = { 1, 38, 1, OPTION_MPTCP, ORDER_OTHER, NULL },
	[TCP_OPTION_USER_TIMEOUT] = { 2, 2, 1, OPTION_USER_TIMEOUT, ORDER_OTHER, NULL },
};

static const struct known_option *find_known(uint8_t kind)
{
	if (kind >= sizeof(known_options) / sizeof(known_options[0]) || known_options[kind].multiple == 0)
		return NULL;
	return &known_options[kind];
}

static bool is_fast_open_experiment(const struct tcp_option *o)
{
	return o->kind == TCP_OPTION_EXPERIMENT && o->value_len >= 2 &&
	       load_u16be(o->value) == FAST_OPEN_MAGIC;
}

static void read_known(struct segment *s, const struct known_option *k, const struct tcp_option *o)
{
	if (o->value_len < k->least || o->value_len > k->most || (o->value_len & (k->multiple - 1)) != 0) {
		s->anomalies |= ANOMALY_OPTION_BAD;
		return;
	}
	s->options |= k->option;
	if (k->read)
		k->read(s, o);
}

void tcp_options_read(struct segment *s, struct cursor list)
{
	struct tcp_option o;
	for (unsigned n = 0; next_option(&list, &o); n++) {
		const struct known_option *k = find_known(o.kind);
		if (n < ORDER_OPTIONS)
			s->options_order |= (uint16_t)((k ? k->order : ORDER_OTHER) << ORDER_BITS * n);
		if (k)
			read_known(s, k, &o);
		else if (is_fast_open_experiment(&o))
			s->options |= OPTION_FAST_OPEN;
	}
	if (list.status == CURSOR_INVALID)
		s->anomalies |= ANOMALY_OPTION_BAD;
	else if (list.status == CURSOR_TRUNCATED)
		s->anomalies |= ANOMALY_OPTION_CUT;
}
