/* The file that --save names. What is there already stays until the capture is whole, and then gives way to it at once: a
 * capture is evidence, and a word mistyped in a command must not cost one. What is no file (a pipe, a device) is written as
 * packets come. */
#ifndef CLI_RUN_KEPT_FILE_H
#define CLI_RUN_KEPT_FILE_H

#include <stdbool.h>

#include <glib.h>

struct kept_file;

/* While still root, and before any thread is started: a process is forked, for the folder may be closed to whom we become.
 * It can do nothing but give the file its name, or remove it. NULL and error. */
struct kept_file *kept_file_new(const char *path, GError **error);
/* Removes what was not kept. */
void kept_file_free(struct kept_file *k);

/* Of a pipe or a device: what is written there cannot be read again. */
bool kept_file_streams(const struct kept_file *k);
/* To be written; kept open until kept_file_free(). */
int kept_file_fd(const struct kept_file *k);
/* It is whole: gives it its name. */
gboolean kept_file_keep(struct kept_file *k, GError **error);

#endif
