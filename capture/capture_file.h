/* One capture file while it is read: an input, and the reader of whatever format it turned out to have. */
#ifndef CAPTURE_CAPTURE_FILE_H
#define CAPTURE_CAPTURE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "capture/file_format.h"
#include "capture/input.h"
#include "capture/interfaces.h"

struct capture_file {
	struct input input;
	struct interfaces interfaces;
	struct file_context context; /* the reader's view of this file */
	const struct file_format *format;
	void *reader;
	bool regular; /* can be closed and opened again */
};

/* Opens a file, or standard input for "-". NULL and error when it cannot be read as a capture. */
struct capture_file *capture_file_open(const char *path, const struct input_budget *budget, GError **error);
void capture_file_free(struct capture_file *f);
/* Gives back descriptor and buffers of a file that was read; what was learnt of it stays. */
void capture_file_release(struct capture_file *f);

/* As in struct file_format. */
static inline size_t capture_file_next(struct capture_file *f, struct frame *out_frames, size_t max, GError **error)
{
	return f->format->next(f->reader, out_frames, max, error);
}

/* Whether it is compressed or not, a file that begins like a capture. */
bool capture_file_is(const char *path);

#endif
