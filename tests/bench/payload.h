/* What connections say: endless streams of which any stretch can be had, with its checksum, in no time. Bytes
 * follow from the position in the stream, so that a retransmission repeats what was sent. */
#ifndef BENCH_PAYLOAD_H
#define BENCH_PAYLOAD_H

#include <stddef.h>
#include <stdint.h>

enum payload_kind {
	PAYLOAD_TEXT,    /* lines */
	PAYLOAD_RECORDS, /* TLS application data records of 16 KiB */
	PAYLOAD_KINDS
};

enum { PAYLOAD_MAX = 1500 }; /* longest stretch */

/* To be called once before the others. */
void payload_init(void);

/* `len` bytes from position `at`; valid for ever. */
const uint8_t *payload_bytes(enum payload_kind kind, uint64_t at);

/* Their sum of 16-bit big-endian words, as for the checksum of RFC 1071, not yet folded below 32 bits. */
uint32_t payload_sum(enum payload_kind kind, uint64_t at, uint32_t len);

#endif
