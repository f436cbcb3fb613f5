/* One file of a merge, and what the files of a merge share. Internal to the merge. */
#ifndef CAPTURE_MERGE_FILE_H
#define CAPTURE_MERGE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "capture/capture_file.h"
#include "capture/frame.h"
#include "capture/source.h"

enum { MERGE_BATCH = 64 /* frames of a file at a time */ };

struct merge_shared {
	size_t open;           /* files */
	GPtrArray *problems;   /* GError, owned */
	GPtrArray *interfaces; /* struct interface_record, of the files */
	source_comment_fn on_comment;
	void *comment_user;
	source_name_fn on_name;
	void *name_user;
};

struct merge_file {
	struct merge_shared *shared;
	char *path;
	uint16_t index;            /* in the order the files were given */
	int64_t next_ns;           /* time of its next frame */
	struct capture_file *file; /* NULL until it is its turn; released after its end */
	struct frame *frames;      /* while it is open */
	size_t at, len;            /* frames[at..len) are to be handed out */
	GArray *interfaces;        /* uint16_t: of the merge, by that of the file */
	uint64_t taken;            /* bytes of it, when it was read to its end */
};

struct merge_file *merge_file_new(struct merge_shared *shared, const char *path, uint16_t index);
void merge_file_free(struct merge_file *f);

static inline bool merge_file_is_before(const struct merge_file *a, const struct merge_file *b)
{
	return a->next_ns != b->next_ns ? a->next_ns < b->next_ns : a->index < b->index;
}

/* False, and a problem, when it cannot be read as a capture. */
bool merge_file_open(struct merge_file *f);
/* Its next frames, up to max (at most MERGE_BATCH), as they are in the file. False at its end, which may be a problem. */
bool merge_file_read(struct merge_file *f, size_t max);
/* Makes them frames of the merge: their numbers and interfaces. */
void merge_file_adopt(struct merge_file *f);
/* Closes it for good: what is known of it stays. */
void merge_file_end(struct merge_file *f);
/* Closes it as if it had never been opened. */
void merge_file_forget(struct merge_file *f);
/* Passes on what its reader tells, after that was asked for. */
void merge_file_listen(struct merge_file *f);

#endif
