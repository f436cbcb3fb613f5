/* The far ends of a command's sockets, by inode: after a reset a socket can no longer be asked for its own. */
#ifndef CLI_RUN_FAR_ENDS_H
#define CLI_RUN_FAR_ENDS_H

#include <stdint.h>

#include "analyzers/facts.h"

struct far_ends;

struct far_ends *far_ends_new(void);
void far_ends_free(struct far_ends *f);

/* Bounded: beyond it all are forgotten. */
void far_ends_remember(struct far_ends *f, uint64_t inode, const struct facts_end *far);
/* NULL when it is not known. Good until the next is remembered. */
const struct facts_end *far_ends_find(const struct far_ends *f, uint64_t inode);

#endif
