/* The files of a merge that have packets left, the one with the earliest first. */
#ifndef CAPTURE_MERGE_HEAP_H
#define CAPTURE_MERGE_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "capture/capture_file.h"
#include "capture/frame.h"

struct merge;

/* One file of a merge. */
struct merge_file {
	struct merge *merge;
	char *path;
	uint16_t index;  /* in the order the files were given */
	int64_t next_ns; /* time of its next frame */
	struct capture_file *file; /* NULL until it is its turn; released after its end */
	struct frame *frames;      /* while it is open */
	size_t at, len;            /* frames[at..len) are to be handed out */
	GArray *interfaces; /* uint16_t: of the merge, by that of the file */
	uint64_t taken; /* bytes of it, when it was read to its end */
};

static inline bool merge_file_is_before(const struct merge_file *a, const struct merge_file *b)
{
	return a->next_ns != b->next_ns ? a->next_ns < b->next_ns : a->index < b->index;
}

/* A binary heap in an array: the children of [i] are [2i + 1] and [2i + 2]. */
struct merge_heap {
	GPtrArray *files; /* struct merge_file, borrowed */
};

void merge_heap_init(struct merge_heap *h);
void merge_heap_clear(struct merge_heap *h);
void merge_heap_push(struct merge_heap *h, struct merge_file *f);
/* The earliest, and the one that would be the earliest without it; NULL when there is none. */
struct merge_file *merge_heap_top(const struct merge_heap *h);
const struct merge_file *merge_heap_second(const struct merge_heap *h);
/* After the earliest got another time. */
void merge_heap_sift_top(struct merge_heap *h);
void merge_heap_pop(struct merge_heap *h);

#endif
