/* The last packets that were captured, in one block of memory that never grows: a new one takes the place of the oldest.
 * What live capture hands out points into it; the flight recorder finds a connection's packets in it. */
#ifndef CAPTURE_PACKET_RING_H
#define CAPTURE_PACKET_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/frame.h"

struct packet_ring;

/* One packet; its bytes follow. Positions count all bytes ever added, so an old one is known as such. */
struct ring_record {
	uint64_t number;
	int64_t time_ns;
	uint64_t before;    /* position, plus one, of the record before it with a tag of the same bucket; 0 none */
	uint32_t tag;       /* what packet_ring_tag() was told, 0 at first */
	uint32_t bytes_len;
	uint32_t wire_len;
	uint16_t linktype;
	uint16_t interface;
	uint8_t direction;  /* enum frame_direction */
	uint8_t padding[7];
};

/* Of at least so many bytes. */
struct packet_ring *packet_ring_new(size_t bytes);
void packet_ring_free(struct packet_ring *r);

/* The smallest ring in which the last `count` packets of at most snaplen bytes always stay. */
size_t packet_ring_least(size_t count, uint32_t snaplen);

/* Copies a frame that is no longer than a third of the ring; returns where its bytes are now. */
const uint8_t *packet_ring_add(struct packet_ring *r, const struct frame *frame);

/* Files a frame that was added, and is still there, under a tag other than 0. */
void packet_ring_tag(struct packet_ring *r, const struct frame *frame, uint32_t tag);

/* The newest record with this tag, and the next older one; NULL when no older one is left. */
const struct ring_record *packet_ring_find(const struct packet_ring *r, uint32_t tag);
const struct ring_record *packet_ring_next(const struct packet_ring *r, const struct ring_record *record);

static inline const uint8_t *ring_record_bytes(const struct ring_record *record)
{
	return (const uint8_t *)(record + 1);
}
/* The record as the frame it was. */
struct frame ring_record_frame(const struct ring_record *record);

#endif
