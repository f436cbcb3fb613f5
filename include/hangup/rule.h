/* hangup/rule.h: the whole contract between hangup and a rule plugin. A rule includes this and nothing
 * else of hangup, links against nothing, and exports one symbol, `hangup_rule`.
 *
 * A rule is asked about one ended (or cut off) TCP connection at a time. It reads facts, and makes zero
 * or more claims: a label, a cause, who did it, how strongly it believes so, the packets that prove it,
 * and what speaks against it. hangup weighs the claims of all rules; the strongest becomes the verdict,
 * the others its alternatives. docs/rule-abi.md explains; rules/template.c is a rule to copy.
 *
 * A rule promises: no state between calls, no global writes, no I/O, no call back after judge() returned.
 * It may be called from several threads at once. hangup promises: the case and everything reached from it
 * stay valid until judge() returns, and the descriptor is read only between load and exit.
 *
 * ABI history
 *   1.0  first version
 *   1.1  what the local network says: facts sought, thrown_out, address_gone, and their packets
 *   1.2  what a live capture lost: fact lost_meanwhile
 *
 * Compatible when the major is the same and the plugin's minor is not newer than the host's. Adding bumps
 * the minor, changing bumps the major. struct hangup_host and every .def list only ever grow at the end:
 * do not remove, insert or replace an entry. */
#ifndef HANGUP_RULE_H
#define HANGUP_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hangup/packet_number.h>

#define HANGUP_RULE_ABI_MAJOR 1
#define HANGUP_RULE_ABI_MINOR 2

/* --- vocabulary: each list is one .def file beside this one --------------------------------------- */
enum hangup_label {
#define HANGUP_LABEL(id, name, meaning) HANGUP_LABEL_##id,
#include <hangup/label.def>
#undef HANGUP_LABEL
	HANGUP_LABEL_COUNT
};
enum hangup_cause {
#define HANGUP_CAUSE(id, labels, name, severity, meaning) HANGUP_CAUSE_##id,
#include <hangup/cause.def>
#undef HANGUP_CAUSE
	HANGUP_CAUSE_COUNT
};
enum hangup_actor {
#define HANGUP_ACTOR(id, name, meaning) HANGUP_ACTOR_##id,
#include <hangup/actor.def>
#undef HANGUP_ACTOR
	HANGUP_ACTOR_COUNT
};
enum hangup_severity {
#define HANGUP_SEVERITY(id, name, meaning) HANGUP_SEVERITY_##id,
#include <hangup/severity.def>
#undef HANGUP_SEVERITY
	HANGUP_SEVERITY_COUNT
};
enum hangup_level {
#define HANGUP_LEVEL(id, name, meaning) HANGUP_LEVEL_##id,
#include <hangup/level.def>
#undef HANGUP_LEVEL
	HANGUP_LEVEL_COUNT
};
enum hangup_vantage {
#define HANGUP_VANTAGE(id, name, meaning) HANGUP_VANTAGE_##id,
#include <hangup/vantage.def>
#undef HANGUP_VANTAGE
	HANGUP_VANTAGE_COUNT
};
enum hangup_vantage_by {
#define HANGUP_VANTAGE_BY(id, name, meaning) HANGUP_VANTAGE_BY_##id,
#include <hangup/vantage_by.def>
#undef HANGUP_VANTAGE_BY
	HANGUP_VANTAGE_BY_COUNT
};
enum hangup_fact {
#define HANGUP_FACT(id, scope, unit, name, meaning) HANGUP_FACT_##id,
#include <hangup/fact.def>
#undef HANGUP_FACT
	HANGUP_FACT_COUNT
};
enum hangup_packet_role {
#define HANGUP_PACKET(id, scope, name, meaning) HANGUP_PACKET_##id,
#include <hangup/packet.def>
#undef HANGUP_PACKET
	HANGUP_PACKET_COUNT
};
enum hangup_retry {
#define HANGUP_RETRY(id, name, meaning) HANGUP_RETRY_##id,
#include <hangup/retry.def>
#undef HANGUP_RETRY
	HANGUP_RETRY_COUNT
};
enum hangup_reset {
#define HANGUP_RESET(id, name, meaning) HANGUP_RESET_##id,
#include <hangup/reset.def>
#undef HANGUP_RESET
	HANGUP_RESET_COUNT
};
enum hangup_os {
#define HANGUP_OS(id, name, meaning) HANGUP_OS_##id,
#include <hangup/os.def>
#undef HANGUP_OS
	HANGUP_OS_COUNT
};
enum hangup_tcp_state {
#define HANGUP_TCP_STATE(id, name, meaning) HANGUP_TCP_STATE_##id,
#include <hangup/tcp_state.def>
#undef HANGUP_TCP_STATE
	HANGUP_TCP_STATE_COUNT
};

/* A side is a sender. Facts and packets kept once a connection are read at HANGUP_CLIENT. */
enum hangup_side { HANGUP_CLIENT, HANGUP_SERVER };

/* A packet as evidence: its number (from 1, as Wireshark counts; with several inputs packet_number.h takes it apart) and
 * its time. Which of two came first is not told by their numbers alone: ask hangup_packet_before(). */
struct hangup_packet {
	uint64_t number;
	int64_t time_ns; /* since 1970-01-01 UTC */
};

static inline bool hangup_packet_before(const struct hangup_packet *one, const struct hangup_packet *other)
{
	return hangup_packet_precedes(one->number, one->time_ns, other->number, other->time_ns);
}

/* The case being judged, and a claim being made; both belong to the host. */
struct hangup_case;
struct hangup_claim;

/* --- what the host offers a rule ------------------------------------------------------------------- */
struct hangup_host {
	uint32_t size;  /* bytes of this struct as the host knows it */
	uint16_t major; /* ABI version of the host */
	uint16_t minor;

	/* Reads one fact into *out_value; false, and *out_value = 0, when this capture cannot tell. */
	bool (*fact)(const struct hangup_case *c, enum hangup_fact fact, enum hangup_side side,
	             int64_t *out_value);

	/* Finds a remembered packet; false, and *out_packet zeroed, when there was none. */
	bool (*packet)(const struct hangup_case *c, enum hangup_packet_role role, enum hangup_side side,
	               struct hangup_packet *out_packet);

	/* The value of this rule's threshold number `index` (its place in the descriptor's list), as
	 * configured by the user; the default when nothing is configured. */
	double (*threshold)(const struct hangup_case *c, size_t index);

	/* Makes a claim. strength is the rule's own probability, 0 to 1, that this is what happened, as if the
	 * capture were perfect: what the capture lacks (lost packets, one direction, the handshake, where it
	 * was taken) the host takes off, alike for all rules. Never NULL: a claim of no strength, beyond the
	 * host's limit, with a label that the descriptor does not name, or with a cause that does not belong
	 * to its label, is accepted and forgotten. */
	struct hangup_claim *(*claim)(struct hangup_case *c, enum hangup_label label, enum hangup_cause cause,
	                              enum hangup_actor actor, double strength);

	/* Adds evidence to a claim. `text` must be a string constant; it is expanded only when somebody
	 * reads it. In it, {client} and {server} are the addresses, {a} and {b} the numbers given here, and
	 * {a:ns}, {a:bytes}, {a:side} say how to write a number (a duration, a size, a name of a side).
	 * A packet that was never seen (see packet() above) makes evidence without a packet number. The host
	 * sorts by packet, says the same thing once, and keeps ten a claim: give the most telling first. */
	void (*evidence)(struct hangup_claim *claim, enum hangup_packet_role role, enum hangup_side side,
	                 enum hangup_level level, enum hangup_fact fact, const char *text, int64_t a, int64_t b);

	/* Says what speaks against the claim: shown when it loses, and as doubt when it wins. Same text rules. */
	void (*against)(struct hangup_claim *claim, const char *text, int64_t a, int64_t b);

	/* Overrides the severity that the cause has by default. */
	void (*severity)(struct hangup_claim *claim, enum hangup_severity severity);
};

/* --- what a rule offers the host -------------------------------------------------------------------- */
struct hangup_threshold {
	const char *name;  /* lower case, digits, - and _; key in the key file and for --set RULE.NAME=VALUE */
	const char *unit;  /* "s", "packets", "bytes", ...; "ratio" for what lies between 0 and 1 */
	double value;      /* default; never negative */
	const char *help;  /* one sentence, with the source of the number */
};

struct hangup_rule {
	/* these three stay as they are in every version */
	uint32_t size; /* sizeof(struct hangup_rule) when the plugin was compiled */
	uint16_t major;
	uint16_t minor;
	const char *name;   /* lower case and dashes; the section in the key file */
	const char *help;   /* one or two sentences */
	uint32_t labels;    /* set of 1u << HANGUP_LABEL_... that it may claim */
	uint32_t thresholds_count;
	const struct hangup_threshold *thresholds;
	void (*judge)(const struct hangup_host *host, struct hangup_case *c);
};

/* Defines the one exported symbol: HANGUP_RULE = { HANGUP_RULE_ABI, .name = "...", ... }; */
#define HANGUP_RULE_ABI \
	.size = sizeof(struct hangup_rule), .major = HANGUP_RULE_ABI_MAJOR, .minor = HANGUP_RULE_ABI_MINOR
#define HANGUP_RULE \
	HANGUP_RULE_EXPORT extern const struct hangup_rule HANGUP_RULE_SYMBOL; \
	const struct hangup_rule HANGUP_RULE_SYMBOL

/* Another name only where hangup's own build links rules in instead of loading them. */
#ifndef HANGUP_RULE_SYMBOL
#define HANGUP_RULE_SYMBOL hangup_rule
#endif

#if defined(_WIN32)
#define HANGUP_RULE_EXPORT __declspec(dllexport)
#else
#define HANGUP_RULE_EXPORT __attribute__((visibility("default")))
#endif

/* --- shorthands; a rule may do without -------------------------------------------------------------- */

/* A fact's value, 0 when it is not known. */
static inline int64_t hangup_value(const struct hangup_host *host, const struct hangup_case *c,
                                   enum hangup_fact fact, enum hangup_side side)
{
	int64_t value;

	host->fact(c, fact, side, &value);
	return value;
}

static inline bool hangup_has_packet(const struct hangup_host *host, const struct hangup_case *c,
                                     enum hangup_packet_role role, enum hangup_side side)
{
	struct hangup_packet packet;

	return host->packet(c, role, side, &packet);
}

/* A threshold given in seconds, as nanoseconds; beyond 292 years, for ever. */
static inline int64_t hangup_threshold_ns(const struct hangup_host *host, const struct hangup_case *c, size_t index)
{
	const double ns = host->threshold(c, index) * 1e9;

	return ns < (double)INT64_MAX ? (int64_t)ns : INT64_MAX;
}

static inline enum hangup_side hangup_other(enum hangup_side side)
{
	return side == HANGUP_CLIENT ? HANGUP_SERVER : HANGUP_CLIENT;
}

static inline enum hangup_actor hangup_actor_of(enum hangup_side side)
{
	return side == HANGUP_CLIENT ? HANGUP_ACTOR_CLIENT : HANGUP_ACTOR_SERVER;
}

/* Whether the capture was taken on this side's host. */
static inline bool hangup_captured_at(const struct hangup_host *host, const struct hangup_case *c,
                                      enum hangup_side side)
{
	return hangup_value(host, c, HANGUP_FACT_VANTAGE, HANGUP_CLIENT) ==
	       (side == HANGUP_CLIENT ? HANGUP_VANTAGE_CLIENT : HANGUP_VANTAGE_SERVER);
}

/* Whether the local network says that this side's host is not there any more: it was asked for so often in vain, lost
 * its port, or its address. */
static inline bool hangup_is_absent(const struct hangup_host *host, const struct hangup_case *c, enum hangup_side side,
                                    double questions)
{
	int64_t why;

	return (double)hangup_value(host, c, HANGUP_FACT_SOUGHT, side) >= questions ||
	       host->fact(c, HANGUP_FACT_THROWN_OUT, side, &why) || hangup_value(host, c, HANGUP_FACT_ADDRESS_GONE, side);
}

/* The evidence for that. */
static inline void hangup_show_absence(const struct hangup_host *host, const struct hangup_case *c,
                                       struct hangup_claim *claim, enum hangup_side side)
{
	int64_t sought = hangup_value(host, c, HANGUP_FACT_SOUGHT, side), why;

	if (sought > 0)
		host->evidence(claim, HANGUP_PACKET_SOUGHT, side, HANGUP_LEVEL_DERIVED, HANGUP_FACT_SOUGHT,
		               "from here on the {a:side}'s host was asked for {b} times on its own network, and nobody answered",
		               side, sought);
	if (host->fact(c, HANGUP_FACT_THROWN_OUT, side, &why))
		host->evidence(claim, HANGUP_PACKET_THROWN_OUT, side, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_THROWN_OUT,
		               why < 65536    ? "the {a:side}'s host was thrown out of its wireless network, reason {b}"
		               : why == 65536 ? "the {a:side}'s host failed to log in to its network port"
		                              : "the {a:side}'s host logged off from its network port",
		               side, why);
	if (hangup_value(host, c, HANGUP_FACT_ADDRESS_GONE, side))
		host->evidence(claim, HANGUP_PACKET_ADDRESS_GONE, side, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_ADDRESS_GONE,
		               "the {a:side}'s host lost its address (DHCP)", side, 0);
}

#endif
