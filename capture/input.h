/* The bytes of a file or of standard input, seen through one buffer that slides over them.
 *
 * Reads are large, what was not used yet is moved to the front before the next read, and the buffer grows
 * only when one single record is larger than it: memory does not depend on how long the input is, and a
 * regular file, a pipe and a file that is still being written look the same. */
#ifndef CAPTURE_INPUT_H
#define CAPTURE_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

struct input {
	char *name;        /* as given, "-" for standard input */
	int fd;
	bool owns_fd;
	bool at_end;       /* the system has no more bytes */
	uint8_t *buffer;
	size_t capacity;   /* bytes */
	size_t start, end; /* unread bytes are buffer[start..end) */
	uint64_t taken;    /* bytes used before start, over the whole input */
	uint64_t total;    /* size of a regular file, 0 when unknown */
};

/* Opens a path, or standard input for "-". FALSE with SOURCE_ERROR_OPEN: missing, unreadable, a directory. */
gboolean input_init(struct input *in, const char *path, GError **error);
void input_clear(struct input *in);

/* Makes at least `need` bytes readable; more come along when the system has them. Everything borrowed from
 * the buffer is invalid afterwards. FALSE without error when the input ends before; FALSE with
 * SOURCE_ERROR_READ when the system fails. */
gboolean input_fill(struct input *in, size_t need, GError **error);

static inline const uint8_t *input_bytes(const struct input *in)
{
	return in->buffer + in->start;
}

static inline size_t input_len(const struct input *in)
{
	return in->end - in->start;
}

/* Marks the next n readable bytes as used; they stay in place until the next input_fill(). */
static inline void input_advance(struct input *in, size_t n)
{
	in->start += n;
	in->taken += n;
}

#endif
