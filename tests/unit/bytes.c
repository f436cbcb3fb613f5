#include "tests/unit/bytes.h"

#include <glib/gstdio.h>
#include <string.h>

void bytes_init(struct bytes *b, enum byte_order order)
{
	b->array = g_byte_array_new();
	b->order = order;
}

void bytes_clear(struct bytes *b)
{
	g_clear_pointer(&b->array, g_byte_array_unref);
}

size_t bytes_len(const struct bytes *b)
{
	return b->array->len;
}

void put(struct bytes *b, const void *data, size_t len)
{
	g_byte_array_append(b->array, data, (guint)len);
}

void put_u8(struct bytes *b, uint8_t value)
{
	put(b, &value, 1);
}

void put_u16(struct bytes *b, uint16_t value)
{
	uint16_t ordered = b->order == ORDER_BIG ? GUINT16_TO_BE(value) : GUINT16_TO_LE(value);
	put(b, &ordered, sizeof(ordered));
}

void put_u32(struct bytes *b, uint32_t value)
{
	uint32_t ordered = b->order == ORDER_BIG ? GUINT32_TO_BE(value) : GUINT32_TO_LE(value);
	put(b, &ordered, sizeof(ordered));
}

void put_u64(struct bytes *b, uint64_t value)
{
	uint64_t ordered = b->order == ORDER_BIG ? GUINT64_TO_BE(value) : GUINT64_TO_LE(value);
	put(b, &ordered, sizeof(ordered));
}

void put_padding(struct bytes *b)
{
	while (b->array->len % 4 != 0)
		put_u8(b, 0);
}

void put_hex(struct bytes *b, const char *hex)
{
	for (const char *at = hex; *at; at++) {
		if (*at == ' ')
			continue;
		int high = g_ascii_xdigit_value(at[0]), low = g_ascii_xdigit_value(at[1]);
		g_assert(high >= 0 && low >= 0);
		put_u8(b, (uint8_t)(high << 4 | low));
		at++;
	}
}

void set_u32(struct bytes *b, size_t at, uint32_t value)
{
	uint32_t ordered = b->order == ORDER_BIG ? GUINT32_TO_BE(value) : GUINT32_TO_LE(value);
	memcpy(b->array->data + at, &ordered, sizeof(ordered));
}

struct source *bytes_open(const struct bytes *b, GError **error)
{
	g_autofree char *path = NULL;
	int fd = g_file_open_tmp("hangup-test-XXXXXX", &path, NULL);
	g_assert(fd >= 0);
	g_close(fd, NULL);
	g_assert(g_file_set_contents_full(path, (const char *)b->array->data, (gssize)b->array->len,
	                                  G_FILE_SET_CONTENTS_NONE, 0600, NULL));
	struct source *s = source_open(path, error);
	g_unlink(path);
	return s;
}
