/* A folder for captures of endings: files appear in it whole or not at all, and together never take more than a limit, for
 * the oldest make room. A thread of its own writes, so that a slow disk holds nobody up.
 *
 * A file is written under a name that begins with a dot, forced to disk, and renamed. Only files with names like
 * recording_name() gives are counted and removed: what else is in the folder is left alone. */
#ifndef CLI_SAVE_FOLDER_H
#define CLI_SAVE_FOLDER_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

struct save_folder;

#define SAVE_LIMIT_DEFAULT (UINT64_C(256) << 20)
/* What may wait to be written; beyond it files are left out, and that is told. */
#define SAVE_WAITING_MOST (UINT64_C(64) << 20)

struct save_counts {
	uint64_t saved;   /* files that were written */
	uint64_t failed;  /* files that could not be */
	uint64_t removed; /* older ones that made room */
};

/* Makes the folder when it is not there. NULL and G_FILE_ERROR when nothing can be written there. */
struct save_folder *save_folder_new(const char *path, uint64_t limit_bytes, GError **error);

/* Takes a file to be written, over `replaced` (or NULL), another name that it had. All are taken over. */
void save_folder_put(struct save_folder *f, char *name, char *replaced, GByteArray *bytes);
/* Takes one away again, which may still wait to be written. Taken over. */
void save_folder_remove(struct save_folder *f, char *name);

struct save_counts save_folder_counts(struct save_folder *f);
/* What went wrong since this was last asked, once for each kind of trouble in a row; NULL for nothing. To be freed. */
char *save_folder_take_trouble(struct save_folder *f);

/* Waits until all is written, at most so long; what is not then is left out, and counted. What went wrong at last is as of
 * save_folder_take_trouble(). Frees it. */
struct save_counts save_folder_end(struct save_folder *f, int wait_ms, char **out_trouble);

#endif
