/* The parts of pcap and pcapng files, for tests that put them together. */
#ifndef TESTS_UNIT_CONTAINERS_H
#define TESTS_UNIT_CONTAINERS_H

#include <stddef.h>
#include <stdint.h>

#include "tests/unit/bytes.h"

enum { PCAP_MICROSECONDS = 0xa1b2c3d4, PCAP_NANOSECONDS = 0xa1b23c4d };

/* Version 2.4; the link type field as it stands in the file. */
void put_pcap_header(struct bytes *b, uint32_t magic, uint32_t snaplen, uint32_t linktype);
/* A record of len bytes that count up from `first`. */
void put_pcap_record(struct bytes *b, uint32_t seconds, uint32_t fraction, uint32_t captured,
                     uint32_t original, uint8_t first);
/* Bytes that count up: the contents of made-up packets, told apart by their first. */
void put_counting(struct bytes *b, size_t len, uint8_t first);

/* A block whose body was put between the two calls. */
size_t begin_block(struct bytes *b, uint32_t type);
void end_block(struct bytes *b, size_t begun);
void put_section(struct bytes *b);
/* Without options; begin_interface leaves the block open for them. */
void put_interface(struct bytes *b, uint16_t linktype, uint32_t snaplen);
size_t begin_interface(struct bytes *b, uint16_t linktype, uint32_t snaplen);
void put_option(struct bytes *b, uint16_t code, const void *value, size_t len);
void put_option_u32(struct bytes *b, uint16_t code, uint32_t value);
void put_option_u64(struct bytes *b, uint16_t code, uint64_t value);
void put_end_of_options(struct bytes *b);
/* An enhanced packet of counting bytes; begin_packet leaves the block open for options. */
void put_packet(struct bytes *b, uint32_t interface, uint64_t ticks, uint32_t captured, uint32_t original,
                uint8_t first);
size_t begin_packet(struct bytes *b, uint32_t interface, uint64_t ticks, uint32_t captured,
                    uint32_t original, uint8_t first);

#endif
