/* The short way for the segment that was expected. Internal to the tracker. */
#ifndef ANALYZERS_PREDICTED_H
#define ANALYZERS_PREDICTED_H

#include "analyzers/connection.h"
#include "capture/segment.h"

/* Follows a TCP segment of an open connection, if it is just what was expected next of that side: true. Else nothing has
 * changed. */
bool predicted_take(struct connection *c, struct teardown_slabs *slabs, const struct segment *s, unsigned side);

#endif
