/* The capture file around the packets: classic pcap, or pcapng with what only it can say. Written by hand,
 * since these files are there to test a reader and so must hold what no library would write for us. */
#ifndef PCAPS_FORGE_FILE_H
#define PCAPS_FORGE_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "pcaps/forge_bytes.h"
#include "pcaps/forge_link.h"
#include "pcaps/forge_packet.h"

enum { FILE_MAX_INTERFACES = 4 };

struct file_interface {
	struct link link;
	/* pcapng only */
	const char *name;        /* NULL = none */
	const char *ipv4_address; /* the capturing host's own, NULL = none */
	uint8_t resolution;      /* if_tsresol: 6 = µs, 9 = ns, 0x80 | n = 2^-n s; 0 = not written, µs */
	uint64_t received;       /* interface statistics, not written when 0 */
	uint64_t dropped;
};

struct file_format {
	bool pcapng;
	enum bytes_order order;
	bool nanoseconds;     /* classic pcap only */
	uint32_t snaplen;     /* 0 = 262144; frames are cut to it */
	bool directions;      /* pcapng: mark each packet as incoming or outgoing */
	const char *comment;  /* pcapng: of the whole file, NULL = none */
	const char *os;       /* pcapng: of the capturing host, NULL = none */
	size_t interfaces_len; /* classic pcap says the first one's link type; the others must have the same */
	struct file_interface interfaces[FILE_MAX_INTERFACES];
};

/* The whole file, packets (struct packet *) in the order given; the caller owns it. */
GByteArray *file_bytes(const struct file_format *format, const GPtrArray *packets);

#endif
