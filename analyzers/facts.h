/* One connection that ended, was cut off, or is still open, laid out flat: the arrow from the analyzers to
 * the rules and the report. Plain values and borrowed strings; nothing here points back into the tracker. */
#ifndef ANALYZERS_FACTS_H
#define ANALYZERS_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include <hangup/rule.h>

enum { FACTS_HISTORY_MAX = 24, FACTS_RST_TEXT_MAX = 64 };

/* One end of the connection. */
struct facts_end {
	uint8_t address[16]; /* IPv4 as ::ffff:a.b.c.d */
	uint16_t port;
};

struct facts {
	uint64_t id;          /* 1.. in order of first packet */
	struct facts_end end[2]; /* by enum hangup_side */
	uint32_t scope;       /* what tells it from another one with the same addresses and ports, 0 when nothing has to */
	uint8_t ip_version;   /* 4 or 6 */

	/* By enum hangup_fact; facts kept once a connection stand at [HANGUP_CLIENT]. */
	bool known[HANGUP_FACT_COUNT][2];
	/* By enum hangup_packet_role; number 0 when there was none. (one) packets at [HANGUP_CLIENT]. */
	struct hangup_packet packet[HANGUP_PACKET_COUNT][2];

	char history[FACTS_HISTORY_MAX + 1]; /* Zeek's letters, upper case the client's */
	uint8_t icmp_source[2][16]; /* who sent the last ICMP error about each side's packets; zeroed when nobody */
	char rst_text[2][FACTS_RST_TEXT_MAX + 1]; /* reason found in a RST's payload, raw: escape before showing */

	/* Read by facts_get(): what is not known is left as it was. */
	int64_t value[HANGUP_FACT_COUNT][2];
};

/* Scope of a fact, and whether a packet role is kept once: from the .def files. */
bool facts_is_one(enum hangup_fact fact);
bool facts_packet_is_one(enum hangup_packet_role role);

/* Reads a fact; false, and 0, when not known. side is ignored for facts kept once. */
bool facts_get(const struct facts *f, enum hangup_fact fact, enum hangup_side side, int64_t *out_value);
bool facts_packet(const struct facts *f, enum hangup_packet_role role, enum hangup_side side,
                  struct hangup_packet *out_packet);

/* The value, or 0 when not known: for reports. */
static inline int64_t facts_value(const struct facts *f, enum hangup_fact fact, enum hangup_side side)
{
	int64_t value;

	facts_get(f, fact, side, &value);
	return value;
}

#endif
