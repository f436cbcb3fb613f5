/* A list of TCP options of any length, longer than any header's too: the walk ends, stays inside, and the values that
 * are read are those that an option can have.
 *
 *    acknowledgement(4, big-endian) bytes on the wire beyond those captured(1) list */
#include <stdlib.h>

#include <glib.h>

#include "capture/cursor.h"
#include "capture/segment.h"
#include "capture/tcp_options.h"
#include "tests/fuzz/fuzz.h"

enum { HEADER_BYTES = 5, WINDOW_SCALE_MAX = 14 };

/* The walk by itself: how many options, all of them inside. */
static size_t walk(struct cursor list, const uint8_t *begin, const uint8_t *end)
{
	struct tcp_option o;
	size_t n = 0;

	for (; tcp_option_next(&list, &o); n++)
		g_assert(o.value == NULL || (o.value >= begin && o.value_len <= end - o.value));
	return n;
}

static void check_values(const struct segment *s)
{
	g_assert(s->window_scale <= WINDOW_SCALE_MAX);
	g_assert((s->options & OPTION_MSS) || s->mss == 0);
	g_assert((s->options & OPTION_WINDOW_SCALE) || s->window_scale == 0);
	g_assert((s->options & OPTION_TIMESTAMP) || (s->ts_value | s->ts_echo) == 0);
	g_assert((s->options & OPTION_SACK) || (s->sack_left | s->sack_right | s->dsack) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < HEADER_BYTES)
		return 0;
	size_t len = size - HEADER_BYTES;
	uint8_t *bytes = fuzz_copy(data + HEADER_BYTES, len);
	const struct cursor list = cursor_new(bytes, len, len + data[4]);
	struct segment s = {.ack = load_u32be(data)};

	g_assert(walk(list, bytes, bytes + len) <= len);
	tcp_options_read(&s, list);
	check_values(&s);
	free(bytes);
	return 0;
}
