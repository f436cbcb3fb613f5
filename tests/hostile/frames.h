/* Frames as no card would make them, and the capture they go into: a classic pcap file, microseconds, Ethernet. */
#ifndef TESTS_HOSTILE_FRAMES_H
#define TESTS_HOSTILE_FRAMES_H

#include <stdint.h>
#include <stdio.h>

enum { FLAG_FIN = 0x01, FLAG_SYN = 0x02, FLAG_RST = 0x04, FLAG_PSH = 0x08, FLAG_ACK = 0x10 };
enum { ETHERNET_BYTES = 14, IPV4_BYTES = 20, TCP_BYTES = 20, FRAME_HEADERS = 54, FRAME_MAX = 8192 };

/* A TCP segment over IPv4 without options; of its payload nothing is captured. */
struct tcp {
	uint32_t source, target; /* addresses */
	uint16_t source_port, target_port;
	uint32_t seq, ack;
	uint16_t window;
	uint16_t payload; /* bytes on the wire */
	uint8_t flags;
	uint8_t ttl;
	uint16_t ip_id;
};

/* Writes the FRAME_HEADERS bytes of the frame. Returns its length on the wire. */
uint32_t tcp_frame(const struct tcp *t, uint8_t *to);

void put_u16be(uint8_t *to, unsigned value);
void put_u32be(uint8_t *to, uint32_t value);

void capture_begin(FILE *out);
/* time_us since 1970, as 32 bits of seconds hold it. */
void capture_frame(FILE *out, int64_t time_us, const uint8_t *bytes, uint32_t captured, uint32_t wire);

#endif
