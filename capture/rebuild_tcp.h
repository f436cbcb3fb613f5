/* The TCP header of a segment, made anew from its values. */
#ifndef CAPTURE_REBUILD_TCP_H
#define CAPTURE_REBUILD_TCP_H

#include "capture/rebuild_bytes.h"
#include "capture/segment.h"

/* Puts the header, with a checksum of 0, and returns its length. */
size_t rebuild_tcp_header(struct rebuild_bytes *b, const struct segment *s);
/* Sets the checksum of a header at that place, which is the last thing before what there is of the payload. */
void rebuild_tcp_checksum(struct rebuild_bytes *b, size_t at, const struct segment *s);

#endif
