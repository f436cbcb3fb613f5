/* Several captures as one stream, by the time of their packets; equal times in the order in which the files were given.
 *
 * Each file is opened once for a look at its first packet, and again when its turn comes: of any number of files, only
 * those that overlap at a moment are open then. What cannot be opened twice (standard input, a pipe) stays open. */
#ifndef CAPTURE_MERGE_H
#define CAPTURE_MERGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "capture/frame.h"
#include "capture/interfaces.h"
#include "capture/source.h"

/* Files open at a time. Half of the 1024 descriptors that a process usually has would do; memory, at 64 KiB and more
 * a file, is the reason for less. */
enum { MERGE_OPEN_MAX = 256 };

struct merge;

struct merge *merge_new(void);
void merge_free(struct merge *m);

/* Adds a file, at most HANGUP_INPUTS_MAX. One that cannot be read is a problem, and has an index all the same. */
void merge_add(struct merge *m, const char *path);

/* As source_next_batch(); error for what ends everything: more than MERGE_OPEN_MAX files overlap. */
size_t merge_next(struct merge *m, struct frame *out_frames, size_t max, GError **error);

/* What went wrong with single files, GError, in the order it was met. */
const GPtrArray *merge_problems(const struct merge *m);
/* Interfaces of all files, struct interface_record, in the order they were met. Borrowed. */
const GPtrArray *merge_interfaces(const struct merge *m);
/* Link types met so far, uint16_t each once: those of files that are not open yet too. */
const GArray *merge_linktypes(const struct merge *m);
/* Files that begin before one that was given ahead of them. */
uint64_t merge_out_of_order(const struct merge *m);
/* Frames that the files say their captures lost. */
uint64_t merge_dropped(const struct merge *m);
uint64_t merge_odd_times(const struct merge *m);
void merge_progress(const struct merge *m, uint64_t *out_done, uint64_t *out_total);
void merge_on_comment(struct merge *m, source_comment_fn visit, void *user);
void merge_on_name(struct merge *m, source_name_fn visit, void *user);
uint64_t merge_comments(const struct merge *m);

#endif
