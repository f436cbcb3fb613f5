/* From a frame to a segment. Link, network and transport headers are each a file of their own; the common
 * case (Ethernet, IPv4 without options, TCP) is straight-line code beside them with the same result. */
#ifndef CAPTURE_DECODE_H
#define CAPTURE_DECODE_H

#include <stdbool.h>

#include "capture/frame.h"
#include "capture/segment.h"

/* Decodes one frame. Always fills *out (kind says what it is); reads nothing outside the frame. */
void decode_frame(const struct frame *frame, struct segment *out);

/* The same by the general path only: tests compare the two. */
void decode_frame_general(const struct frame *frame, struct segment *out);

/* Whether frames of this link type can carry something decode_frame looks into. */
bool decode_knows_linktype(uint16_t linktype);
/* "Ethernet", "Linux cooked v2", ... or NULL. */
const char *decode_linktype_name(uint16_t linktype);

#endif
