/* Rounds that are read while an earlier one is followed: by whoever finds nothing else to do, a batch at a time, and one
 * member at a time. What is in them does not depend on who read them, or when. */
#ifndef CLI_READ_AHEAD_H
#define CLI_READ_AHEAD_H

#include <stdbool.h>

#include "cli/round.h"

enum reading {
	READING_GOES_ON, /* the round takes more */
	READING_WHOLE,   /* the round has all that belongs to it */
	READING_OVER,    /* there was nothing to read any more, and there is no such round */
};
/* Reads a batch into the round; `first` says that it is the round's first. Called by one thread at a time. */
typedef enum reading (*read_ahead_fn)(struct round *round, bool first, void *user);

struct read_ahead;
/* Nothing is read until read_ahead_begin(). */
struct read_ahead *read_ahead_new(read_ahead_fn read, void *user);
/* While nobody reads. */
void read_ahead_free(struct read_ahead *r);
void read_ahead_begin(struct read_ahead *r);

/* Reads a batch, unless there is no room for another round, somebody else reads, or all is read: false. From any thread. */
bool read_ahead_some(struct read_ahead *r);
/* Returns when the round after the one taken is whole, or there is none. From any thread. */
void read_ahead_next(struct read_ahead *r);

/* That round, after read_ahead_next(); NULL when there is none. Valid until the next call, which makes room. */
struct round *read_ahead_take(struct read_ahead *r);

#endif
