/* How much of a frame tells how a connection ended: its headers, and of what is behind them only what analyzers look at.
 * What a user typed, or a server sent, is behind that. */
#ifndef CAPTURE_EXCERPT_H
#define CAPTURE_EXCERPT_H

#include <stdint.h>

#include "capture/frame.h"
#include "capture/segment.h"

enum {
	EXCERPT_ALERT_BYTES = 7,    /* a TLS record's header, and what an alert says (RFC 8446 §6) */
	EXCERPT_REASON_BYTES = 64,  /* of a RST: the reason that some boxes put there */
	EXCERPT_NOTICE_BYTES = 600, /* of ARP, neighbour discovery, DHCP, 802.1X and 802.11 management */
};

/* Bytes from the frame's beginning that are worth keeping; 0 when it explains nothing, or when it cannot be told where its
 * headers end. segment is what decode_frame() made of the frame. */
uint32_t excerpt_len(const struct frame *frame, const struct segment *segment);

/* Of a segment, how many bytes behind its TCP header those are: of a TLS alert, or of a RST. */
uint32_t excerpt_payload_len(const struct segment *segment);

#endif
