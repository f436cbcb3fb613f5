/* One packet as values, and its bytes from the IP header on, built with libnet (which knows the header
 * layouts and checksums and needs no privilege as long as nothing is sent). */
#ifndef PCAPS_FORGE_PACKET_H
#define PCAPS_FORGE_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

enum { FIN = 0x01, SYN = 0x02, RST = 0x04, PSH = 0x08, ACK = 0x10 };

enum packet_way { WAY_UNKNOWN, WAY_IN, WAY_OUT }; /* seen from the capturing host */

struct address {
	bool ipv6;
	uint8_t bytes[16]; /* the first 4 for IPv4 */
};

struct packet {
	/* time and place */
	int64_t seen_ns;    /* when it passes the capture point, since 1970-01-01 UTC */
	int64_t arrives_ns; /* when the other end has it */
	bool unseen;        /* never reached the capture point, or the capture lost it */

	/* IP */
	struct address from;
	struct address to;
	uint8_t ttl; /* at the capture point */
	uint8_t tos;
	uint16_t ip_id;
	bool dont_fragment;

	/* TCP */
	uint16_t from_port;
	uint16_t to_port;
	uint32_t seq;
	uint32_t ack;
	uint16_t window; /* as in the header */
	uint8_t flags;
	uint8_t options_len;
	uint8_t options[40];
	GByteArray *payload; /* owned, NULL when none */

	/* ICMP error, instead of TCP, when icmp_quote is set */
	GByteArray *icmp_quote; /* owned: IP header and the beginning of TCP */
	uint8_t icmp_type;
	uint8_t icmp_code;
	uint16_t icmp_mtu;

	/* no TCP at all: the frame as it stands in the file, when set */
	GByteArray *frame; /* owned */

	/* one fragment of it: so many bytes of what IP carries from there, multiples of 8 but at its end; 0 = all of it */
	uint32_t piece_at;
	uint32_t piece_len;

	/* what the capture file says of it beside its bytes */
	uint8_t from_mac[6];
	uint8_t to_mac[6];
	enum packet_way way;
	int64_t clock_error_ns; /* of its time stamp: a capturing host's clock may be set while it captures */
	bool before_offload; /* captured before the network card cuts it up: no IP length, checksums to be finished */
	uint8_t interface;   /* index into the file's interfaces */
	uint32_t drops;      /* packets the capture lost just before this one */
	const char *comment; /* static, NULL when none */
};

/* "192.0.2.1" or "2001:db8::1"; anything else is our bug. */
struct address address_of(const char *text);

/* Payload that reads as what it is; the caller frees it. */
uint8_t *packet_filler(size_t len);

struct packet *packet_copy(const struct packet *p);
void packet_free(struct packet *p);

/* Sequence numbers it takes: payload, SYN and FIN. */
uint32_t packet_span(const struct packet *p);

/* The bytes from the IP header on; the caller owns them. */
GByteArray *packet_bytes(const struct packet *p);

#endif
