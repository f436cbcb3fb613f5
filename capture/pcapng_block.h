/* The grammar that all pcapng blocks share (draft-ietf-opsawg-pcapng): a block's frame around its body, and
 * the option list that may follow the body's fixed part. What a block means is in pcapng_file.c. */
#ifndef CAPTURE_PCAPNG_BLOCK_H
#define CAPTURE_PCAPNG_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/cursor.h"

enum pcapng_block_type {
	PCAPNG_SECTION_HEADER = 0x0A0D0D0A, /* the same in both byte orders */
	PCAPNG_INTERFACE = 1,
	PCAPNG_PACKET = 2, /* obsolete */
	PCAPNG_SIMPLE_PACKET = 3,
	PCAPNG_NAMES = 4,
	PCAPNG_STATISTICS = 5,
	PCAPNG_ENHANCED_PACKET = 6,
	PCAPNG_JOURNAL = 9,
	PCAPNG_SYSDIG_EVENT = 0x204,
	PCAPNG_SYSDIG_EVENT_2 = 0x216,
	PCAPNG_SYSDIG_EVENT_2_LARGE = 0x221,
	PCAPNG_CUSTOM = 0x00000BAD,
	PCAPNG_CUSTOM_NO_COPY = 0x40000BAD,
};

enum pcapng_option_code {
	PCAPNG_OPT_END = 0,
	PCAPNG_OPT_COMMENT = 1,
	PCAPNG_SHB_HARDWARE = 2,
	PCAPNG_SHB_OS = 3,
	PCAPNG_SHB_APPLICATION = 4,
	PCAPNG_IF_NAME = 2,
	PCAPNG_IF_DESCRIPTION = 3,
	PCAPNG_IF_IPV4 = 4,
	PCAPNG_IF_IPV6 = 5,
	PCAPNG_IF_TSRESOL = 9,
	PCAPNG_IF_FILTER = 11,
	PCAPNG_IF_OS = 12,
	PCAPNG_IF_FCSLEN = 13,
	PCAPNG_IF_TSOFFSET = 14,
	PCAPNG_ISB_RECEIVED = 4,
	PCAPNG_ISB_DROPPED = 5,
	PCAPNG_ISB_OS_DROPPED = 7,
	PCAPNG_EPB_FLAGS = 2,
	PCAPNG_EPB_DROPCOUNT = 4,
};

enum {
	PCAPNG_BLOCK_HEAD = 8,  /* type, total length */
	PCAPNG_BLOCK_TAIL = 4,  /* total length again */
	PCAPNG_SECTION_PEEK = 12, /* head and byte-order magic: enough to read the length of a section header */
};

/* How a look at the next block ended. */
enum pcapng_peek {
	PEEK_BLOCK,    /* it is complete */
	PEEK_MORE,     /* it is not: `size` bytes are needed to know more */
	PEEK_LENGTH,   /* its length cannot be */
	PEEK_TRAILER,  /* its two lengths differ */
	PEEK_NO_MAGIC, /* a section header without byte-order magic */
};

struct pcapng_block {
	uint32_t type;
	uint32_t total;      /* its length as it says itself */
	size_t size;         /* bytes it takes in the file: total, rounded up to 4 */
	const uint8_t *body; /* borrowed */
	size_t body_len;
};

/* Looks at the block that starts at bytes. *order is the section's byte order; a section header sets it. */
enum pcapng_peek pcapng_block_peek(struct pcapng_block *b, const uint8_t *bytes, size_t len,
                                   enum byte_order *order, size_t max_block);

/* The next option of a list; false at its end, be it marked, cut short or malformed: the options before
 * are good, and no packet depends on the ones behind. */
bool pcapng_option_next(struct cursor *list, enum byte_order order, uint16_t *out_code,
                        struct cursor *out_value);

/* Bytes that n take in the file. */
static inline size_t pcapng_padded(size_t n)
{
	return (n + 3) & ~(size_t)3;
}

#endif
