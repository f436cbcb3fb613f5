/* Records lie one behind the other, each as a whole: one that does not fit before the end of the block begins at its
 * start again. A position names a byte for ever: the block holds those of the last `size` bytes, and what was skipped at
 * the end counts. Records of one bucket are chained from the newest to the oldest; a link to what was overwritten is
 * known by its position. */
#include "capture/packet_ring.h"

#include <string.h>

#include <glib.h>

enum { ALIGNMENT = 8, BUCKETS = 1 << 16, SHARE = 3 };

struct packet_ring {
	uint8_t *bytes;
	size_t size;
	uint64_t end;      /* position where the next record begins */
	uint64_t oldest;   /* nothing before it is whole */
	uint64_t *buckets; /* position, plus one, of the newest record; 0 none */
};

static size_t record_bytes(size_t bytes_len)
{
	return (sizeof(struct ring_record) + bytes_len + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

/* One record more for what is skipped at the end. */
size_t packet_ring_least(size_t count, uint32_t snaplen)
{
	return (count + SHARE) * record_bytes(snaplen);
}

struct packet_ring *packet_ring_new(size_t bytes)
{
	struct packet_ring *r = g_new0(struct packet_ring, 1);

	r->size = MAX(bytes, packet_ring_least(1, 0)) & ~(size_t)(ALIGNMENT - 1);
	r->bytes = g_malloc(r->size);
	r->buckets = g_new0(uint64_t, BUCKETS);
	return r;
}

void packet_ring_free(struct packet_ring *r)
{
	if (!r)
		return;
	g_free(r->buckets);
	g_free(r->bytes);
	g_free(r);
}

static struct ring_record *record_at(const struct packet_ring *r, uint64_t position)
{
	return (struct ring_record *)(gpointer)(r->bytes + position % r->size);
}

static uint64_t position_of(const struct packet_ring *r, const struct ring_record *record)
{
	size_t at = (size_t)((const uint8_t *)record - r->bytes), end_at = (size_t)(r->end % r->size);

	return r->end - (end_at > at ? end_at - at : r->size - (at - end_at));
}

const uint8_t *packet_ring_add(struct packet_ring *r, const struct frame *frame)
{
	size_t needed = record_bytes(frame->bytes_len), left = r->size - (size_t)(r->end % r->size);
	struct ring_record *record;

	g_assert(needed <= r->size / SHARE + ALIGNMENT);
	if (needed > left)
		r->end += left;
	record = record_at(r, r->end);
	r->end += needed;
	r->oldest = r->end > r->size ? r->end - r->size : 0;
	*record = (struct ring_record){.number = frame->number, .time_ns = frame->time_ns, .bytes_len = frame->bytes_len,
	                               .wire_len = frame->wire_len, .linktype = frame->linktype,
	                               .interface = frame->interface, .direction = frame->direction};
	return memcpy(record + 1, frame->bytes, frame->bytes_len);
}

static uint32_t bucket_of(uint32_t tag)
{
	return (tag ^ tag >> 16) & (BUCKETS - 1);
}

void packet_ring_tag(struct packet_ring *r, const struct frame *frame, uint32_t tag)
{
	struct ring_record *record =
		(struct ring_record *)(gpointer)(r->bytes + (frame->bytes - r->bytes) - sizeof(struct ring_record));
	uint64_t *newest = &r->buckets[bucket_of(tag)];

	g_assert(record->number == frame->number);
	record->tag = tag;
	record->before = *newest;
	*newest = position_of(r, record) + 1;
}

static const struct ring_record *first_with(const struct packet_ring *r, uint64_t link, uint32_t tag)
{
	while (link > r->oldest) {
		const struct ring_record *record = record_at(r, link - 1);

		if (record->tag == tag)
			return record;
		link = record->before;
	}
	return NULL;
}

const struct ring_record *packet_ring_find(const struct packet_ring *r, uint32_t tag)
{
	return first_with(r, r->buckets[bucket_of(tag)], tag);
}

const struct ring_record *packet_ring_next(const struct packet_ring *r, const struct ring_record *record)
{
	return first_with(r, record->before, record->tag);
}

struct frame ring_record_frame(const struct ring_record *record)
{
	return (struct frame){.number = record->number, .time_ns = record->time_ns, .bytes = ring_record_bytes(record),
	                      .bytes_len = record->bytes_len, .wire_len = record->wire_len,
	                      .linktype = record->linktype, .interface = record->interface,
	                      .direction = record->direction};
}
