/* What is kept of a connection until the end: of one that ended badly (or was reset by a check, or still waits for an
 * answer) what any kind of incident may ask, of one that did well what makes it a witness. */
#ifndef REPORT_INCIDENTS_RECORD_H
#define REPORT_INCIDENTS_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "rules/host/case.h"

/* Who talked to whom, and when: what both records begin with. */
struct meeting {
	uint64_t id;
	uint8_t address[2][16]; /* by enum hangup_side */
	uint16_t port[2];
	int64_t began_ns, ended_ns; /* first and last packet */
};

enum ending_flag {
	ENDING_OPENED = 1 << 0,      /* the SYN was captured: began_ns is when it was opened */
	ENDING_ESTABLISHED = 1 << 1, /* the server had accepted, or data flowed */
	ENDING_SPOKEN = 1 << 2,      /* payload was seen */
	ENDING_WANTED = 1 << 3,      /* the output tells of it */
	ENDING_BARE_RST = 1 << 4,    /* it ended by a RST that only says that the connection is unknown */
	ENDING_ALIEN_RST = 1 << 5,   /* which, by its looks, is a box's */
	ENDING_CAPTURE_END = 1 << 6, /* the capture ended first */
	ENDING_ANSWERED_LATER = 1 << 7, /* the server answered others, or this client, after it */
	ENDING_RST_SERVER = 1 << 8,  /* the RST that ended it bears the server's name */
	ENDING_RST_CLIENT = 1 << 9,
	ENDING_ATTEMPT = 1 << 10,    /* it never came to a connection, or only to say so */
};

/* What the local network said of a host after its last packet; number 0: nothing. */
struct absence {
	struct hangup_packet packet;
	uint32_t questions; /* unanswered; 0 when it is another sign */
	uint8_t side;       /* enum hangup_side */
	uint8_t role;       /* enum hangup_packet_role: which sign */
};

struct ending {
	struct meeting who;
	uint8_t label, cause, actor, severity;
	uint8_t waiting;     /* enum hangup_retry: what was repeated in vain at its end */
	uint8_t waiter;      /* enum hangup_side: who repeats it */
	uint16_t flags;      /* enum ending_flag */
	float confidence;
	uint16_t retry_size, largest_acked; /* payload bytes of one segment of the waiter's, saturating */
	uint16_t icmp_mtu;
	struct hangup_packet stall; /* the first packet that nobody answered; number 0 without */
	struct hangup_packet reset; /* the RST that ended it; number 0 without */
	struct hangup_packet onset; /* its first sign of trouble */
	int64_t heard_ns[2]; /* when each side was last heard before that, as far as is known */
	int64_t idle_ns;     /* quiet time before the end that nobody answered after; 0 none */
	int64_t survived_ns; /* longest quiet time that it lived through */
	int64_t age_ns;      /* from its SYN to the first FIN or RST; -1 unknown */
	int64_t quiet_ns;    /* before that FIN or RST; -1 unknown */
	struct absence absence;
	uint32_t client, server, service; /* numbers of its hosts, and of its service, in their order: set by the inquiry */
};

/* Did well, as far as is known: closed in order, or open. */
enum witness_flag {
	WITNESS_OPENED = 1 << 0,
	WITNESS_SERVED = 1 << 1,       /* the server sent payload, or accepted */
	WITNESS_OPEN = 1 << 2,         /* when the capture ended */
	WITNESS_SMOOTH = 1 << 3,       /* nothing was sent again */
	WITNESS_CLOSED_SERVER = 1 << 4,/* the server closed first */
};

struct witness {
	struct meeting who;
	uint32_t survived_ms; /* longest quiet time that it lived through */
	uint32_t pause_ms;    /* longest time without any packet */
	uint32_t age_ms;      /* from the first packet to the first FIN or RST, or its last packet */
	uint16_t largest_acked[2];
	uint8_t flags;
	uint8_t label;
};

/* Whether such a verdict is an ending; else it is a witness. */
bool record_is_ending(const struct hangup_case *c);
/* Whether it never came to a connection that was used. */
bool record_is_attempt(const struct hangup_case *c);
/* Whether it is such, and no payload was seen: a try, as a scan makes them. */
bool record_is_try(const struct hangup_case *c);
void record_ending(struct ending *out, const struct hangup_case *c, bool wanted);
void record_witness(struct witness *out, const struct hangup_case *c);

static inline bool same_address(const uint8_t a[16], const uint8_t b[16])
{
	uint64_t x[2], y[2];

	__builtin_memcpy(x, a, sizeof x);
	__builtin_memcpy(y, b, sizeof y);
	return ((x[0] ^ y[0]) | (x[1] ^ y[1])) == 0;
}

/* Of this server's service: address and port. */
static inline bool same_service(const struct meeting *a, const struct meeting *b)
{
	return a->port[HANGUP_SERVER] == b->port[HANGUP_SERVER] &&
	       same_address(a->address[HANGUP_SERVER], b->address[HANGUP_SERVER]);
}

#endif
