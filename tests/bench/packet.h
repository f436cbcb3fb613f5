/* One packet as values, and the bytes an Ethernet would carry for it. */
#ifndef BENCH_PACKET_H
#define BENCH_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/bench/payload.h"

enum { FLAG_FIN = 0x01, FLAG_SYN = 0x02, FLAG_RST = 0x04, FLAG_PSH = 0x08, FLAG_ACK = 0x10 };

enum { PACKET_MAX = 1600 }; /* longest one, with room to spare */

struct packet_end {
	uint8_t address[16]; /* IPv4 in the first four */
	uint16_t port;
};

struct packet {
	const struct packet_end *source, *target;
	bool ipv6;
	bool udp; /* then only ports and payload count */
	bool from_client;
	uint8_t ttl;
	uint16_t ip_id;

	uint32_t seq, ack;
	uint16_t window;
	uint8_t flags;
	bool timestamps;
	bool windows_options; /* a SYN's options in the order of Windows, not of Linux */
	uint16_t mss;         /* of a SYN */
	uint8_t window_scale; /* of a SYN */
	uint32_t ts_value, ts_echo;
	uint32_t sack_left, sack_right; /* equal: none */

	enum payload_kind payload_kind;
	uint64_t payload_at; /* position in the stream */
	uint32_t payload_len;
};

/* Writes the packet to `to`, which has PACKET_MAX bytes; those after `snaplen` are undefined. Returns its length
 * on the wire. */
uint32_t packet_write(const struct packet *p, uint32_t snaplen, uint8_t *to);

#endif
