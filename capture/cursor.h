/* The one bounded reader of all bytes: packet headers and file blocks alike.
 *
 * A cursor is a view of bytes that were captured (`left`) out of bytes that existed (`wire`, never less).
 * Reading past `left` but within `wire` means the snap length or the end of the file came first: truncated.
 * Reading past `wire` means a length lied: invalid. The first failure sticks: it sets the status, and every
 * later read yields zeros and moves nothing, so that a parser reads a whole header straight through and
 * asks once, at the end. Lengths are compared, never pointers formed past the end.
 *
 * A length-prefixed part is read through a child cursor, which cannot see beyond its part. */
#ifndef CAPTURE_CURSOR_H
#define CAPTURE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum cursor_status {
	CURSOR_OK,
	CURSOR_TRUNCATED, /* the bytes existed, but were not captured */
	CURSOR_INVALID,   /* the bytes never existed: some length is wrong */
};

struct cursor {
	const uint8_t *at; /* next byte; borrowed */
	size_t left;       /* captured bytes from there */
	size_t wire;       /* bytes from there before anything was cut; at least left */
	enum cursor_status status;
};

/* How a file writes its numbers; packets are always big-endian. */
enum byte_order { ORDER_LITTLE, ORDER_BIG };

/* --- plain numbers from bytes known to be there ------------------------------------------------------ */
static inline uint16_t load_u16be(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t load_u32be(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline uint16_t load_u16le(const uint8_t *p)
{
	return (uint16_t)(p[1] << 8 | p[0]);
}

static inline uint32_t load_u32le(const uint8_t *p)
{
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static inline uint16_t load_u16(const uint8_t *p, enum byte_order order)
{
	return order == ORDER_BIG ? load_u16be(p) : load_u16le(p);
}

static inline uint32_t load_u32(const uint8_t *p, enum byte_order order)
{
	return order == ORDER_BIG ? load_u32be(p) : load_u32le(p);
}

static inline uint64_t load_u64(const uint8_t *p, enum byte_order order)
{
	return order == ORDER_BIG ? (uint64_t)load_u32be(p) << 32 | load_u32be(p + 4)
	                          : (uint64_t)load_u32le(p + 4) << 32 | load_u32le(p);
}

/* --- the cursor -------------------------------------------------------------------------------------- */
static inline struct cursor cursor_new(const uint8_t *bytes, size_t bytes_len, size_t wire_len)
{
	struct cursor c = {
		.at = bytes, .left = bytes_len, .wire = wire_len > bytes_len ? wire_len : bytes_len,
	};
	return c;
}

static inline bool cursor_ok(const struct cursor *c)
{
	return c->status == CURSOR_OK;
}

/* Makes the cursor fail for good; the first reason stays. */
static inline void cursor_fail(struct cursor *c, enum cursor_status why)
{
	if (c->status == CURSOR_OK)
		c->status = why;
	c->left = 0;
	c->wire = 0;
}

/* The next n bytes, which are then behind the cursor; NULL when they are not all there. */
static inline const uint8_t *cursor_take(struct cursor *c, size_t n)
{
	if (n > c->left) {
		cursor_fail(c, n > c->wire ? CURSOR_INVALID : CURSOR_TRUNCATED);
		return NULL;
	}
	const uint8_t *bytes = c->at;
	c->at += n;
	c->left -= n;
	c->wire -= n;
	return bytes;
}

/* The next n bytes without moving; NULL, and no failure, when they are not all there. */
static inline const uint8_t *cursor_peek(const struct cursor *c, size_t n)
{
	return n <= c->left ? c->at : NULL;
}

static inline void cursor_skip(struct cursor *c, size_t n)
{
	(void)cursor_take(c, n);
}

static inline uint8_t cursor_u8(struct cursor *c)
{
	const uint8_t *p = cursor_take(c, 1);
	return p ? *p : 0;
}

static inline uint16_t cursor_u16(struct cursor *c, enum byte_order order)
{
	const uint8_t *p = cursor_take(c, 2);
	return p ? load_u16(p, order) : 0;
}

static inline uint32_t cursor_u32(struct cursor *c, enum byte_order order)
{
	const uint8_t *p = cursor_take(c, 4);
	return p ? load_u32(p, order) : 0;
}

static inline uint64_t cursor_u64(struct cursor *c, enum byte_order order)
{
	const uint8_t *p = cursor_take(c, 8);
	return p ? load_u64(p, order) : 0;
}

static inline uint16_t cursor_u16be(struct cursor *c)
{
	return cursor_u16(c, ORDER_BIG);
}

static inline uint32_t cursor_u32be(struct cursor *c)
{
	return cursor_u32(c, ORDER_BIG);
}

/* Copies the next n bytes out; zeros when they are not all there. */
static inline void cursor_copy(struct cursor *c, void *out, size_t n)
{
	const uint8_t *p = cursor_take(c, n);
	if (p)
		memcpy(out, p, n);
	else
		memset(out, 0, n);
}

/* Splits off the next n bytes of the wire as a cursor of their own, of which perhaps fewer were captured,
 * and moves behind them. Asking for more than there is on the wire fails both. */
static inline struct cursor cursor_child(struct cursor *c, size_t n)
{
	if (n > c->wire)
		cursor_fail(c, CURSOR_INVALID);
	if (!cursor_ok(c))
		return (struct cursor){ .at = c->at, .status = c->status };
	size_t captured = n < c->left ? n : c->left;
	struct cursor child = { .at = c->at, .left = captured, .wire = n };
	c->at += captured;
	c->left -= captured;
	c->wire -= n;
	return child;
}

/* The same, where n stands in front of the part. */
static inline struct cursor cursor_child_u8(struct cursor *c)
{
	uint8_t n = cursor_u8(c);
	return cursor_child(c, n);
}

static inline struct cursor cursor_child_u16(struct cursor *c, enum byte_order order)
{
	uint16_t n = cursor_u16(c, order);
	return cursor_child(c, n);
}

/* Drops what comes after the next n bytes of the wire: padding, a checksum of the link. */
static inline void cursor_trim(struct cursor *c, size_t n)
{
	if (n < c->wire)
		c->wire = n;
	if (n < c->left)
		c->left = n;
}

#endif
