/* The stage on which a story is told: a clock, the hosts, and the packets that the capture point saw. */
#ifndef PCAPS_FORGE_STORY_H
#define PCAPS_FORGE_STORY_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "pcaps/forge_file.h"
#include "pcaps/forge_packet.h"
#include "pcaps/forge_stack.h"

#define US(n) ((int64_t)(n) * 1000)
#define MS(n) ((int64_t)(n) * 1000000)
#define SECONDS(n) ((int64_t)(n) * 1000000000)

struct host {
	const struct stack *stack;
	struct address address;
	uint8_t mac[6];
	uint16_t ip_id; /* last one given, on stacks that count per host */
};

struct story {
	int64_t now_ns;      /* the moment at which whoever acts next acts */
	GPtrArray *packets;  /* struct packet *, owned, in the order told */
	GPtrArray *hosts;    /* struct host *, owned */
	GPtrArray *conns;    /* struct conn *, owned (forge_conn.h) */
	struct file_format format; /* little-endian classic pcap in microseconds on Ethernet unless the story says otherwise */
	uint64_t dice;
};

/* The same name always gives the same clock, numbers and so the same bytes. */
struct story *story_new(const char *name);
void story_free(struct story *s);

/* The capture file: packets that the capture point saw, in the order it saw them; the caller owns it. */
GByteArray *story_file(struct story *s);

/* A host at this address; belongs to the story. */
struct host *story_host(struct story *s, const struct stack *stack, const char *address);

void story_wait(struct story *s, int64_t ns);
uint32_t story_random(struct story *s);
/* From low to high inclusive. */
uint32_t story_between(struct story *s, uint32_t low, uint32_t high);

/* The story takes the packet over. */
void story_add(struct story *s, struct packet *p);

/* Every packet so far whose IP payload is longer than len bytes, a multiple of 8, becomes that many fragments, sent one
 * after the other; backwards: the last one first, as some stacks did. */
void story_fragment(struct story *s, uint32_t len, bool backwards);

/* Every packet so far is captured a second time, ns later, on its way out of interface number `interface` of
 * the file, with hops subtracted from its TTL. */
void story_see_twice(struct story *s, int64_t ns, uint8_t hops, uint8_t interface);

#endif
