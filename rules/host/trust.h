/* May code from this file be run? A plugin is code: whoever can write the file, or swap it in its folder, can do
 * whatever the user of hangup can. */
#ifndef RULES_HOST_TRUST_H
#define RULES_HOST_TRUST_H

#include <glib.h>

/* Checks the regular file that path leads to, through any symbolic links, and the folder it lies in: each must belong
 * to root, to the user, or to the owner of the running program (whose code runs already), and must not be writable
 * by anybody else. A group may write if it is root's, or the private one of the owner or the user.
 * Returns the path without links, to be freed with g_free; NULL and a sentence (enum rule_error) otherwise. */
char *trust_file(const char *path, GError **error);

/* The same for a folder. */
gboolean trust_folder(const char *path, GError **error);

#endif
