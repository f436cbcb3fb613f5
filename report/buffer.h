/* Bytes that grow, and are used again: whoever writes many fields asks for room once and then writes freely. */
#ifndef REPORT_BUFFER_H
#define REPORT_BUFFER_H

#include <stddef.h>
#include <string.h>

/* Zeroed: empty. */
struct buffer {
	char *bytes; /* not zero-terminated */
	size_t len, size;
};

void buffer_clear(struct buffer *b); /* frees the bytes */

/* For buffer_room(). */
void buffer_grow(struct buffer *b, size_t room);

/* Where the next byte goes, with room for that many; len is the caller's to raise. */
static inline char *buffer_room(struct buffer *b, size_t room)
{
	if (b->size - b->len < room)
		buffer_grow(b, room);
	return b->bytes + b->len;
}

static inline void buffer_add(struct buffer *b, const char *bytes, size_t len)
{
	char *to = buffer_room(b, len);

	if (len > 0)
		memcpy(to, bytes, len);
	b->len += len;
}

#endif
