/* The IP header of a segment, made anew from its values. */
#ifndef CAPTURE_REBUILD_IP_H
#define CAPTURE_REBUILD_IP_H

#include "capture/rebuild_bytes.h"
#include "capture/segment.h"

/* Puts the header of a packet that carries len bytes of a protocol on the wire. */
void rebuild_ip_header(struct rebuild_bytes *b, const struct segment *s, uint8_t protocol, size_t len);

#endif
