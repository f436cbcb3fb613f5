#include "report/buffer.h"

#include <glib.h>

enum { FIRST_SIZE = 4096 };

void buffer_grow(struct buffer *b, size_t room)
{
	size_t size = MAX(b->size, FIRST_SIZE);

	while (size - b->len < room)
		size *= 2;
	b->bytes = g_realloc(b->bytes, size);
	b->size = size;
}

void buffer_clear(struct buffer *b)
{
	g_free(b->bytes);
	*b = (struct buffer){0};
}
