/* The files of a merge that have packets left, the one with the earliest first. */
#ifndef CAPTURE_MERGE_HEAP_H
#define CAPTURE_MERGE_HEAP_H

#include <glib.h>

#include "capture/merge_file.h"

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
