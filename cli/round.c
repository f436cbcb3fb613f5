#include "cli/round.h"

#include <string.h>

#include <glib.h>

#include "analyzers/arena.h"

enum { BYTES_MIN = 4 << 20 };
/* Of one large block, which begins with a cache line: so does everything in it. */
enum {
	SEGMENTS_BYTES = TRACKER_ROUND_MAX * sizeof(struct segment),
	PLACED_BYTES = TRACKER_ROUND_MAX * sizeof(struct placed),
};

struct round *round_new(void)
{
	struct round *r = g_new0(struct round, 1);

	r->segments = large_new(SEGMENTS_BYTES + PLACED_BYTES);
	r->placed = (struct placed *)((char *)r->segments + SEGMENTS_BYTES);
	r->which = g_new(uint16_t, TRACKER_ROUND_MAX);
	r->shards = g_new(uint8_t, TRACKER_ROUND_MAX);
	r->addresses = g_array_new(FALSE, FALSE, ROUND_ADDRESS_BYTES);
	r->bytes = g_malloc(BYTES_MIN);
	r->bytes_capacity = BYTES_MIN;
	return r;
}

void round_free(struct round *r)
{
	if (r == NULL)
		return;
	neighbours_log_clear(&r->heard);
	g_free(r->bytes);
	g_array_free(r->addresses, TRUE);
	g_free(r->shards);
	g_free(r->which);
	large_free(r->segments, SEGMENTS_BYTES + PLACED_BYTES);
	g_free(r);
}

void round_clear(struct round *r)
{
	r->len = 0;
	r->bytes_len = 0;
	g_array_set_size(r->addresses, 0);
	memset(r->shard_end, 0, sizeof r->shard_end);
	r->heard.notes_len = 0;
}

/* What points into the old bytes moves along with them: rare, because a round's bytes are bounded (FEED_ROUND_BYTES). */
static void make_room(struct round *r, size_t more)
{
	const uint8_t *old = r->bytes;

	if (r->bytes_len + more <= r->bytes_capacity)
		return;
	r->bytes_capacity = MAX(r->bytes_capacity * 2, r->bytes_len + more);
	r->bytes = g_realloc(r->bytes, r->bytes_capacity);
	for (unsigned i = 0; i < r->len; i++) {
		struct segment *s = &r->segments[i];

		s->tcp = s->tcp ? r->bytes + (s->tcp - old) : NULL;
		s->payload = s->payload ? r->bytes + (s->payload - old) : NULL;
	}
}

/* The TCP header and what was captured behind it. */
static void own_bytes(struct round *r, struct segment *s)
{
	const uint8_t *from = s->tcp;

	make_room(r, s->tcp_len);
	memcpy(r->bytes + r->bytes_len, from, s->tcp_len);
	s->tcp = r->bytes + r->bytes_len;
	if (s->payload != NULL)
		s->payload = s->tcp + (s->payload - from);
	r->bytes_len += s->tcp_len;
}

void round_add(struct round *r)
{
	struct segment *s = &r->segments[r->len];

	g_assert(r->len < TRACKER_ROUND_MAX);
	if (s->tcp != NULL)
		own_bytes(r, s);
	r->shards[r->len] = r->placed[r->len].shard;
	r->shard_end[r->placed[r->len].shard]++;
	r->len++;
}

void round_sort(struct round *r)
{
	unsigned at[TRACKER_SHARDS], sum = 0;

	for (unsigned shard = 0; shard < TRACKER_SHARDS; shard++) {
		at[shard] = sum;
		sum += r->shard_end[shard];
		r->shard_end[shard] = sum;
	}
	for (unsigned i = 0; i < r->len; i++)
		r->which[at[r->shards[i]]++] = (uint16_t)i;
}
