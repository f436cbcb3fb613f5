/* The Internet checksum (RFC 1071) in parts: sums are added up, and folded at the end. */
#ifndef CAPTURE_CHECKSUM_H
#define CAPTURE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

#include "capture/segment.h"

/* Adds big-endian 16-bit words; an odd last byte is a high one. */
uint64_t checksum_add(uint64_t sum, const uint8_t *bytes, size_t len);
/* The pseudo header of a segment's addresses, of its IP version, for len bytes of a protocol (RFC 9293 §3.1). */
uint64_t checksum_pseudo_header(const struct segment *s, uint8_t protocol, uint32_t len);
uint16_t checksum_fold(uint64_t sum);

#endif
