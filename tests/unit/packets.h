/* Packets that several tests send through the decoder, as hexadecimal digits: between 192.0.2.1 and
 * 198.51.100.2, or 2001:db8::1 and 2001:db8::2, from port 49152 to port 80. */
#ifndef TESTS_UNIT_PACKETS_H
#define TESTS_UNIT_PACKETS_H

#include <stdint.h>

#include "capture/frame.h"
#include "capture/segment.h"
#include "tests/unit/bytes.h"
#include "tests/unit/guard_page.h"

/* to and from, without the EtherType */
#define MAC_ADDRESSES "02 00 00 00 00 02 02 00 00 00 00 01"
#define ETHERNET_IPV4 MAC_ADDRESSES "08 00"
#define ETHERNET_IPV6 MAC_ADDRESSES "86 dd"

/* IPv4: total length 57 or 60, ID 4660, don't fragment, TTL 64, TCP */
#define IPV4_ADDRESSES "c0 00 02 01 c6 33 64 02"
#define IPV4_57 "45 00 00 39 12 34 40 00 40 06 3c 54" IPV4_ADDRESSES
#define IPV4_60 "45 00 00 3c 12 34 40 00 40 06 3c 51" IPV4_ADDRESSES
#define IPV6_ADDRESSES \
	"20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 02"
/* IPv6: traffic class 0, payload length 37, TCP, hop limit 64 */
#define IPV6_37 "60 00 00 00 00 25 06 40" IPV6_ADDRESSES

/* TCP: 49152 > 80, the sequence number, then 0 or the acknowledgement 0xaabbccde */
#define TCP_PORTS "c0 00 00 50"
/* SYN, window 64000, MSS 1460, SACK permitted, timestamp 10 echo 0, padding, window scale 7 */
#define TCP_SYN_40 \
	TCP_PORTS "11 22 33 44 00 00 00 00 a0 02 fa 00 5d 07 00 00" \
	          "02 04 05 b4 04 02 08 0a 00 00 00 0a 00 00 00 00 01 03 03 07"
/* PSH ACK, padding, padding, timestamp 11 echo 20, "hello" */
#define TCP_DATA \
	TCP_PORTS "11 22 33 45 aa bb cc de 80 18 fa 00 d0 34 00 00" \
	          "01 01 08 0a 00 00 00 0b 00 00 00 14 68 65 6c 6c 6f"

/* The packet that all of this is about: 57 bytes with an IPv4 header. */
#define IPV4_DATA IPV4_57 TCP_DATA
#define IPV6_DATA IPV6_37 TCP_DATA

/* Decodes a frame written as digits, placed in front of an inaccessible page, by both ways, which must
 * agree. wire_more bytes were on the wire behind the captured ones. The segment borrows from memory that
 * is valid until the next call. */
struct segment decode_hex(uint16_t linktype, const char *hex, uint32_t wire_more);
/* The same for any frame. */
struct segment decode_both_ways(const struct frame *frame);

/* Whether two segments are the same in every field that their kind has. */
bool segment_equal(const struct segment *a, const struct segment *b);

/* Nothing that a segment says lies outside its frame, and what it says fits together. */
bool segment_fits(const struct segment *s, const struct frame *frame);

/* The segment is the data segment above, and nothing is odd about it. */
bool is_data_segment(const struct segment *s, uint8_t ip_version);

#endif
