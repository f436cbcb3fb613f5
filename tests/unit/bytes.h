/* Files and packets written byte by byte in tests. */
#ifndef TESTS_UNIT_BYTES_H
#define TESTS_UNIT_BYTES_H

#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "capture/cursor.h"
#include "capture/source.h"

/* Bytes in the making, with the byte order that the numbers put into them take. */
struct bytes {
	GByteArray *array;
	enum byte_order order;
};

void bytes_init(struct bytes *b, enum byte_order order);
void bytes_clear(struct bytes *b);
size_t bytes_len(const struct bytes *b);

void put_u8(struct bytes *b, uint8_t value);
void put_u16(struct bytes *b, uint16_t value);
void put_u32(struct bytes *b, uint32_t value);
void put_u64(struct bytes *b, uint64_t value);
void put(struct bytes *b, const void *data, size_t len);
/* Zeros up to a multiple of 4. */
void put_padding(struct bytes *b);
/* "08 00 45": hexadecimal digits in pairs, spaces between them for the eye. */
void put_hex(struct bytes *b, const char *hex);
/* Overwrites four bytes at an offset, to break a length. */
void set_u32(struct bytes *b, size_t at, uint32_t value);

/* Opens them as a file of their own, which is gone from the disk by then. */
struct source *bytes_open(const struct bytes *b, GError **error);

#endif
