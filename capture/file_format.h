/* What source.c asks of the reader of one file format. A new format is one file that defines one of these,
 * and one line in source.c. */
#ifndef CAPTURE_FILE_FORMAT_H
#define CAPTURE_FILE_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "capture/frame.h"
#include "capture/input.h"
#include "capture/interfaces.h"
#include "capture/source.h"

/* What a reader reads from and reports to; owned by the source. */
struct file_context {
	struct input *input;
	struct interfaces *interfaces;
	source_comment_fn on_comment; /* or NULL */
	void *comment_user;
	source_name_fn on_name;       /* or NULL */
	void *name_user;
	uint64_t comments;            /* see source_comments() */
	int64_t until_ns;             /* see source_until() */
	uint64_t odd_times;           /* see source_odd_times() */
};

struct file_format {
	const char *name;
	/* Whether a file that starts with these bytes is of this format. */
	bool (*matches)(const uint8_t *start, size_t len);
	/* Reads the file's head. NULL and error when it is damaged beyond use. */
	void *(*open)(struct file_context *context, GError **error);
	/* Fills out_frames with the frames that are complete in the buffer, refilling it only when there are
	 * none. Returns how many, 0 at the end, then with error when the end is not a clean one. */
	size_t (*next)(void *reader, struct frame *out_frames, size_t max, GError **error);
	void (*free)(void *reader);
};

extern const struct file_format pcap_file_format;
extern const struct file_format pcapng_file_format;
extern const struct file_format snoop_file_format;

#endif
