/* Conversations told packet by packet, and run through the real tracker:
 *
 *     struct scene *s = scene_new();
 *
 *     scene_open(s);                         S, SA, A
 *     scene_client(s, "PA", 1, 1, 100);      flags, number, acknowledgement, payload
 *     scene_after(s, MS(200));
 *     scene_client(s, "PA", 1, 1, 100);      the same again
 *     CU_ASSERT_EQUAL(SIDE(scene_only(s), RETRIES, CLIENT), 1);
 *     scene_free(s);
 *
 * Numbers count from each end's SYN, which is 0. A packet comes 10 ms after the one before unless scene_after() says
 * otherwise. Whatever a stack keeps to itself (TTL, window, IP-ID, timestamps, options) is that of a Linux host until
 * the story changes it in end[] or in one segment. */
#ifndef TESTS_UNIT_SCENE_H
#define TESTS_UNIT_SCENE_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "analyzers/facts.h"
#include "analyzers/tracker.h"
#include "analyzers/vantage.h"
#include "capture/segment.h"
#include "tests/unit/unit.h"

#define US(n) (INT64_C(1000) * (n))
#define MS(n) (INT64_C(1000000) * (n))
#define SECONDS(n) (INT64_C(1000000000) * (n))
#define HOURS(n) SECONDS(INT64_C(3600) * (n))

/* How one end's packets look. */
struct scene_end {
	uint8_t address[16];
	uint16_t port;
	uint32_t initial;  /* the number of its SYN */
	uint16_t window;   /* as in the header */
	int scale;         /* offered in its SYN; -1 for none */
	uint16_t mss;
	uint8_t ttl;
	uint16_t ip_id;    /* of the next packet; counts up */
	bool timestamps;
};

struct scene {
	struct scene_end end[2]; /* by enum hangup_side */
	uint8_t ip_version;
	int64_t now_ns;          /* of the last packet */
	int64_t pace_ns;
	uint64_t number;         /* of the last packet */
	uint64_t id;             /* the connection it was given to */
	enum hangup_side side;   /* and its sender there */
	struct segment last;
	struct vantage_hints *hints;
	struct tracker *tracker;
	int64_t clock_ns;
	GArray *endings;         /* struct facts, in the order they came */
	unsigned teardowns;      /* endings that had the second record */
	bool waited, finished;
};

struct scene *scene_new(void);
/* With limits of its own. */
struct scene *scene_new_with(const struct tracker_options *options);
void scene_free(struct scene *s);

/* IPv6: no IP-ID. */
void scene_use_ipv6(struct scene *s);
/* The next packet comes this long after the last one; negative when the clock was set back. */
void scene_after(struct scene *s, int64_t ns);

/* flags is any of "SFRPA". Returns the packet's number, as evidence names it. */
uint64_t scene_client(struct scene *s, const char *flags, uint32_t seq, uint32_t ack, uint32_t payload);
uint64_t scene_server(struct scene *s, const char *flags, uint32_t seq, uint32_t ack, uint32_t payload);
/* The last packet once more, bit for bit, as a second tap saw it. */
uint64_t scene_copy(struct scene *s);
/* A segment to be changed before it is taken. */
struct segment scene_segment(struct scene *s, enum hangup_side from, const char *flags, uint32_t seq, uint32_t ack,
                             uint32_t payload);
uint64_t scene_take(struct scene *s, const struct segment *segment);
/* Payload that is looked into. */
uint64_t scene_bytes(struct scene *s, enum hangup_side from, const char *flags, uint32_t seq, uint32_t ack,
                     const void *bytes, uint32_t bytes_len);

/* The three packets of a handshake; both go on at 1. */
void scene_open(struct scene *s);
/* A packet of somebody else: time passes for the whole capture. */
void scene_elsewhere(struct scene *s);

/* Ends the capture (once); the ending of a connection, which count from 1 in order of their first packet. */
const struct facts *scene_ending(struct scene *s, uint64_t id);
/* The ending of the only connection there was. */
const struct facts *scene_only(struct scene *s);
/* How many connections have been judged so far. */
unsigned scene_judged(const struct scene *s);

/* Whether two endings say the same, packets and history included. */
bool scene_same_facts(const struct facts *a, const struct facts *b);

/* Facts by their short names. */
#define ONE(facts, fact) facts_value(facts, HANGUP_FACT_##fact, HANGUP_CLIENT)
#define SIDE(facts, fact, side) facts_value(facts, HANGUP_FACT_##fact, HANGUP_##side)
#define STATE(facts, side) ((enum hangup_tcp_state)SIDE(facts, STATE, side))
#define PACKET(facts, role, side) ((facts)->packet[HANGUP_PACKET_##role][HANGUP_##side].number)
#define IS_KNOWN(facts, fact, side) ((facts)->known[HANGUP_FACT_##fact][HANGUP_##side])

#endif
