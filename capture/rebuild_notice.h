/* What is no connection's, made anew: the least that says the same. */
#ifndef CAPTURE_REBUILD_NOTICE_H
#define CAPTURE_REBUILD_NOTICE_H

#include "capture/frame.h"
#include "capture/rebuild_bytes.h"
#include "capture/segment.h"

/* Puts the frame, and says which link type it is of. */
uint16_t rebuild_notice(struct rebuild_bytes *b, const struct segment *s);

/* Link headers: Ethernet from one to the other, NULL for nobody's address; 802.11 in the clear, between a station and an
 * access point without an address. Up to the EtherType, which is put too. */
void rebuild_ethernet(struct rebuild_bytes *b, const uint8_t *to, const uint8_t *from, uint16_t type);

#endif
