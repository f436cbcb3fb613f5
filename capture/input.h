/* The bytes of a file or of standard input, seen through one buffer that slides over them; unpacked, when they turn
 * out to be compressed.
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

#include "capture/stream.h"

/* How much memory one input may take, bytes. */
struct input_budget {
	size_t buffer;     /* to begin with; grows with the largest record only */
	size_t window_max; /* of a decompressor */
};

struct input {
	const char *name;         /* as given, "-" for standard input */
	struct stream_file *file; /* at the bottom */
	struct stream *stream;    /* on top: where bytes come from; owned, and the file through it */
	struct input_budget budget;
	unsigned packed;   /* how many times over it is compressed */
	bool at_end;       /* the stream has no more bytes */
	uint8_t *buffer;
	size_t capacity;   /* bytes */
	size_t start, end; /* unread bytes are buffer[start..end) */
	uint64_t taken;    /* bytes used before start, over the whole input as unpacked */
};

/* Of an input on its own, and of one of many that may be open together. The windows are what zstd's program
 * unpacks without being asked twice, and what RFC 8878 asks every decoder to have. */
extern const struct input_budget input_budget_alone;
extern const struct input_budget input_budget_of_many;

/* An input may be compressed twice over: a .gz on a server that compresses. */
enum { INPUT_PACKED_MAX = 2 };

/* Opens a path, or standard input for "-". FALSE with SOURCE_ERROR_OPEN: missing, unreadable, a directory. */
gboolean input_init(struct input *in, const char *path, const struct input_budget *budget, GError **error);
void input_clear(struct input *in);

/* Looks at the first bytes, at least `need` of them when the input has them, and unpacks what is compressed. FALSE
 * with error when that cannot be done; an input that is merely short is none. */
gboolean input_open_packed(struct input *in, size_t need, GError **error);

/* Makes at least `need` bytes readable; more come along when the system has them. Everything borrowed from
 * the buffer is invalid afterwards. FALSE without error when the input ends before; FALSE with
 * SOURCE_ERROR_READ when the system fails. */
gboolean input_fill(struct input *in, size_t need, GError **error);

/* The same for what a capture begins with: FALSE with SOURCE_ERROR_TRUNCATED where the input ends before. */
gboolean input_fill_file_header(struct input *in, size_t bytes, GError **error);

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
