/* A round of segments that can be followed by several threads: decoded, placed, sorted by shard, and owning the bytes
 * they point to, because the source goes on reading meanwhile. */
#ifndef CLI_ROUND_H
#define CLI_ROUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "analyzers/tracker.h"
#include "capture/segment.h"

enum { ROUND_ADDRESS_BYTES = 16 };
struct round {
	struct segment *segments; /* TRACKER_ROUND_MAX */
	struct placed *placed;
	unsigned len;
	uint16_t *which;          /* places, shard by shard: see round_shard() */
	unsigned shard_end[TRACKER_SHARDS]; /* until round_sort(): how many each has */
	uint8_t *shards;          /* by place */
	uint8_t *bytes;
	size_t bytes_len, bytes_capacity;
	int64_t began_clock_ns, began_ns; /* of the feed, when the round began */
	int64_t now_ns;                   /* and when it was over */
	GArray *addresses; /* of ROUND_ADDRESS_BYTES each: of interfaces whose first frame is in it */
	struct neighbours_log heard; /* what the local network said meanwhile */
};

struct round *round_new(void);
void round_free(struct round *r);

void round_clear(struct round *r);
/* Room for the next segment and its place; taken by round_add(), once both are filled. */
static inline struct segment *round_segment(struct round *r)
{
	return &r->segments[r->len];
}
static inline struct placed *round_placed(struct round *r)
{
	return &r->placed[r->len];
}
void round_add(struct round *r);
/* When all have been added. */
void round_sort(struct round *r);

/* The places of one shard's segments, in order. */
static inline const uint16_t *round_shard(const struct round *r, unsigned shard, size_t *out_count)
{
	unsigned from = shard == 0 ? 0 : r->shard_end[shard - 1];

	*out_count = r->shard_end[shard] - from;
	return r->which + from;
}

#endif
