/* Bytes in their order, from the system or out of another stream: what fills an input's buffer. */
#ifndef CAPTURE_STREAM_H
#define CAPTURE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

struct stream {
	/* Puts at most size (> 0) bytes to out and returns how many: 0 at the end, -1 with error. What can be read
	 * before a failure is handed out before it. */
	gssize (*read)(struct stream *s, uint8_t *out, size_t size, GError **error);
	void (*free)(struct stream *s);
};

/* A file as the system gives it. */
struct stream_file {
	struct stream stream;
	char *name;     /* as given, "-" for standard input */
	int fd;
	bool owns_fd;
	bool regular;   /* can be closed and opened again */
	uint64_t taken; /* bytes read so far */
	uint64_t total; /* size of a regular file, 0 when unknown */
};

/* Opens a path, or standard input for "-". NULL with SOURCE_ERROR_OPEN: missing, unreadable, a directory. */
struct stream_file *stream_file_open(const char *path, GError **error);
/* From now on whatever is no regular file ends, as if its writer had closed it, when this descriptor has bytes to read:
 * a pipe may be silent for ever. -1 for none. */
void stream_file_end_on(int fd);

struct codec;

/* What is in a compressed stream. Takes over `below` and, as its own buffer, the `capacity` bytes at `buffer`
 * (g_malloc) of which [start, end) were read from `below` already. `file` is at the bottom of it all. */
struct stream *stream_unpack_new(struct stream *below, const struct stream_file *file, const struct codec *codec,
                                 size_t window_max, uint8_t *buffer, size_t capacity, size_t start, size_t end);

static inline void stream_free(struct stream *s)
{
	if (s)
		s->free(s);
}

/* Expansion that is believed. A deflate stream cannot exceed 1032:1; a capture of the same packet over and over
 * comes near it. Nothing is limited below the floor, which is a few seconds' work. */
enum { UNPACK_RATIO_MAX = 2000, UNPACK_FLOOR_MIB = 256 };

#endif
