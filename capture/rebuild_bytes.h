/* Bytes of a frame in the making: what does not fit is a bug, for all of it has a known size. */
#ifndef CAPTURE_REBUILD_BYTES_H
#define CAPTURE_REBUILD_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <glib.h>

struct rebuild_bytes {
	uint8_t *at; /* where they begin */
	size_t len, room;
};

static inline void put_some(struct rebuild_bytes *b, const void *bytes, size_t len)
{
	g_assert(len <= b->room - b->len);
	if (len > 0)
		memcpy(b->at + b->len, bytes, len);
	b->len += len;
}

static inline void put_zeros(struct rebuild_bytes *b, size_t len)
{
	g_assert(len <= b->room - b->len);
	memset(b->at + b->len, 0, len);
	b->len += len;
}

static inline void put_u8(struct rebuild_bytes *b, uint8_t value)
{
	put_some(b, &value, 1);
}

static inline void put_u16(struct rebuild_bytes *b, uint16_t value)
{
	const uint8_t bytes[] = { (uint8_t)(value >> 8), (uint8_t)value };
	put_some(b, bytes, sizeof(bytes));
}

static inline void put_u32(struct rebuild_bytes *b, uint32_t value)
{
	put_u16(b, (uint16_t)(value >> 16));
	put_u16(b, (uint16_t)value);
}

/* Overwrites what is there. */
static inline void set_u16(struct rebuild_bytes *b, size_t at, uint16_t value)
{
	b->at[at] = (uint8_t)(value >> 8);
	b->at[at + 1] = (uint8_t)value;
}

#endif
