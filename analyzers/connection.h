/* One TCP connection as the tracker keeps it: a compact record for as long as it lives, and a second one, the
 * teardown, only from the first sign of trouble or closing on. Ordered by how often a packet touches it: the
 * common packet touches the first six cache lines. */
#ifndef ANALYZERS_CONNECTION_H
#define ANALYZERS_CONNECTION_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>
#include <hangup/rule.h>

#include "analyzers/facts.h"
#include "analyzers/key.h"
#include "analyzers/slab.h"

/* What one side sent, and what is known of it. "The other" is connection.half[!this]. */
struct half {
	uint32_t nxt;         /* highest sequence number sent, plus one (SND.NXT as seen here) */
	uint32_t una;         /* highest acknowledgement the other sent for it (SND.UNA as seen here) */
	uint32_t right;       /* right edge of the window this side offered the other */
	uint32_t hole_left;   /* the last gap in what was captured of it, [left, right): may still be filled */
	uint32_t hole_right;
	uint32_t hole_bytes;  /* of it still missing */
	uint32_t packets;
	uint32_t retransmitted;
	uint64_t last_number; /* its last packet */
	int64_t last_ns;
	uint64_t payload;     /* unique bytes */
	uint16_t window;      /* last window field, unscaled */
	uint16_t ip_id;       /* of its last packet that was no RST */
	uint8_t ttl;          /* of its last packet that was no RST */
	uint8_t state;        /* enum hangup_tcp_state */
	uint8_t scale;        /* window scale in force for its window field */
	uint8_t flags;        /* enum half_flag */
};
_Static_assert(sizeof(struct half) == 64, "half a connection is one cache line");

/* Which side sent its last packet later. */
static inline bool half_spoke_after(const struct half *h, const struct half *other)
{
	return hangup_packet_precedes(other->last_number, other->last_ns, h->last_number, h->last_ns);
}

enum half_flag {
	HALF_SEQUENCE = 1 << 0,   /* nxt is known */
	HALF_ACKED = 1 << 1,      /* una is known */
	HALF_SYN = 1 << 2,        /* its SYN or SYN-ACK was seen */
	HALF_FIN = 1 << 3,        /* its FIN was seen */
	HALF_FIN_ACKED = 1 << 4,
	HALF_TIMESTAMPS = 1 << 5, /* its segments carry timestamps */
	HALF_RST = 1 << 6,        /* a RST in its name was seen */
	HALF_HOLE = 1 << 7,       /* hole_left, hole_right are valid */
};

enum connection_flag {
	CONNECTION_CLIENT_KNOWN = 1 << 0,
	CONNECTION_HANDSHAKE_ACKED = 1 << 1, /* the SYN-ACK's acknowledgement was seen */
	CONNECTION_LONE = 1 << 2,            /* one side has spoken, once or twice, and nobody but a SYN-ACK answered */
	CONNECTION_TOUCHED = 1 << 3,         /* had a packet since the clock hand last passed */
	CONNECTION_ENDED = 1 << 4,           /* waits in the settling queue */
	CONNECTION_OFF_TABLE = 1 << 5,       /* a newer connection took over its key */
	CONNECTION_CLOSED_BY_RST = 1 << 6,
	CONNECTION_RST_AFTER_CLOSE = 1 << 7, /* the first RST found both FINs sent */
	CONNECTION_IDLE_PENDING = 1 << 8,    /* nothing was answered since idle_after */
	CONNECTION_MORE_TO_COME_0 = 1 << 9,  /* side 0's last payload was as large as its largest, and not pushed */
	CONNECTION_MORE_TO_COME_1 = 1 << 10,
	CONNECTION_SACKED_0 = 1 << 11, /* something of side 0 arrived beyond bytes that did not */
	CONNECTION_SACKED_1 = 1 << 12,
	CONNECTION_EVEN_0 = 1 << 13, /* side 0's last payload looked like those before it */
	CONNECTION_EVEN_1 = 1 << 14,
	CONNECTION_SCALE_UNKNOWN = 1 << 15, /* a SYN's options were cut by the snap length */
};

enum { TLS_ALERT_ENCRYPTED = 255 };

struct connection {
	/* line 0 */
	struct connection_key key;
	uint64_t id;          /* 0 until its shard is judged after its first round */
	uint32_t teardown;    /* index of its struct teardown, SLAB_NONE until there is one */
	uint16_t flags;       /* enum connection_flag */
	uint8_t client;       /* side 0 or 1 of the key: the one that opened, or our best guess */
	uint8_t history_len;
	uint8_t settle_rounds; /* how often it spoke on when it was due to be judged */
	bool left : 1;        /* is out of the table and waits to be judged */
	bool took_over : 1;   /* of another one, which its teardown names */
	bool counted_over : 1; /* as one of its shard's that are over */
	uint16_t seen;        /* history letters that are noted once, a bit a letter and side */
	/* lines 1, 2 */
	struct half half[2];
	/* line 3: time */
	struct hangup_packet first;
	int64_t rtt_sent_ns[2]; /* when the segment now being timed was seen, by its sender; 0 when none is */
	uint32_t rtt_end[2];    /* an acknowledgement of this number ends the timing */
	uint32_t rtt_min_ns[2]; /* smallest time until the OTHER end answered: round trip to that end; 0 unknown */
	uint32_t print[2];      /* fingerprint of each side's last segment: capture duplicates */
	uint16_t mss[2];
	uint8_t idle_speaker;   /* side that spoke first after the pending idle time */
	uint8_t ip_version;
	/* line 4: data */
	struct hangup_packet last_data[2];
	struct hangup_packet flight[2]; /* first segment of what is outstanding */
	/* line 5: pace */
	uint32_t unreplied[2];     /* payload received since this side last sent payload */
	uint32_t largest_acked[2];
	uint32_t large_sent[2];    /* largest segment sent and not yet acknowledged, and its end */
	uint32_t large_end[2];
	uint32_t last_size[2];     /* of each side's last payload */
	int64_t pause_longest_ns;
	uint32_t idle_longest_ms;
	uint16_t window_most[2];   /* largest window field after the SYN */
	uint32_t acked_unseen;     /* bytes, saturating */
	uint8_t run[2];            /* payloads in a row without one of the other side, saturating */
	uint8_t oversize[2];       /* segments larger than the MSS */
	/* line 6: now and then */
	struct hangup_packet idle_before, idle_after;
	int64_t idle_ns;           /* the pending one */
	uint32_t initial_seq[2];
	uint16_t keepalives[2];
	uint8_t os[2];             /* enum hangup_os */
	uint8_t syns[2];
	uint8_t outbound[2];       /* packets of this side marked outgoing / incoming, saturating */
	uint8_t inbound[2];
	uint8_t partial_checksums[2]; /* of the first few packets */
	uint8_t tls_alert[2];      /* description + 1; 0 none; TLS_ALERT_ENCRYPTED */
	/* line 7: once */
	struct hangup_packet syn[2];
	char history[FACTS_HISTORY_MAX];
	uint8_t ttl_min[2], ttl_max[2];
	uint8_t duplicates;        /* capture duplicates, saturating */
};
enum { CONNECTION_BYTES = 512 }; /* as it is kept */
_Static_assert(sizeof(struct connection) <= CONNECTION_BYTES, "the memory budget: 512 bytes a live connection");

/* How a connection ended, or is about to; with what few of them need in records of their own, each made when it is
 * needed: numbers in struct teardown_slabs, SLAB_NONE without one. */
struct teardown {
	struct hangup_packet fin[2];
	struct hangup_packet reuse;
	int64_t close_age_ns;       /* quiet time before the first FIN or RST; -1 before there is one */
	uint64_t predecessor_first; /* number of its first packet */
	uint32_t predecessor;       /* the connection whose key this one took over while it was open */
	uint32_t retry[2], reset[2], oddity;
	uint32_t fin_end[2];        /* number after the FIN */
	uint16_t fins[2];
	bool fin_acks_fin[2];
};
_Static_assert(sizeof(struct teardown) <= 128, "two cache lines");

/* What a side repeats without an answer. */
struct retry {
	struct hangup_packet unanswered, first, last;
	uint32_t gap_us;    /* before the last one, saturating */
	uint32_t seq;       /* of the repeated segment */
	uint32_t size;      /* its payload */
	uint16_t count;
	uint8_t peer_spoke; /* packets of the other end meanwhile, saturating */
	uint8_t kind : 6;   /* enum hangup_retry */
	uint8_t sacked : 1; /* the other end acknowledged something later */
	uint8_t acked : 1;  /* it was acknowledged as seen from here; the sender did not notice */
};
_Static_assert(sizeof(struct retry) == 64, "one cache line");

/* What is known of the RST in one side's name. */
struct reset {
	struct hangup_packet packet;
	struct hangup_packet trigger; /* the other side's last packet before it; number 0 without one */
	uint32_t last_seq;   /* of the last RST, believed or not */
	uint32_t nxt;        /* the side's next number when it came */
	uint32_t unreplied;  /* payload the side had received since it last sent some */
	uint16_t window;
	uint16_t ip_id;
	uint16_t ip_id_delta;
	uint16_t count;
	uint16_t flags;      /* enum reset_flag */
	uint8_t ttl;
	uint8_t ttl_delta;   /* see os_ttl_difference() */
	uint8_t state_before[2];
};
_Static_assert(sizeof(struct reset) <= 64, "one cache line");

enum reset_flag {
	RESET_ENDED = 1 << 0, RESET_FIRST = 1 << 1, RESET_ACTIVE = 1 << 2, RESET_REACTIVE = 1 << 3,
	RESET_EXACT = 1 << 4, RESET_BEHIND = 1 << 5, RESET_TIMESTAMP = 1 << 6, RESET_COMPARABLE = 1 << 7,
	RESET_WINDOW_REOPENED = 1 << 8, /* it announces more room than its side's last packet: unread data was dropped */
};

/* After its trigger; -1 without one. */
static inline int64_t reset_delay_ns(const struct reset *r)
{
	return r->trigger.number != 0 ? r->packet.time_ns - r->trigger.time_ns : -1;
}

/* RSTs in one side's name that ended nothing, and what that side said after one. */
struct vain_reset {
	struct hangup_packet rejected, after, ahead_packet;
	int64_t ahead_gap_ns; /* quiet time before that one */
	uint32_t ahead;       /* bytes by which its number lay beyond all that was captured; 0 none */
	uint16_t rejected_count, spoke_after;
};

/* What most connections never see. */
struct oddity {
	struct hangup_packet data_after_fin[2];
	struct hangup_packet zero_window[2];
	struct hangup_packet icmp[2];
	struct hangup_packet tls_alert[2];
	struct vain_reset vain[2];
	uint64_t data_after_fin_bytes[2];
	uint64_t data_knew_fin_bytes[2]; /* of those, in segments that acknowledge the FIN */
	uint8_t icmp_type[2], icmp_code[2];
	uint16_t icmp_mtu[2];
	uint8_t icmp_source[2][16];
	bool only_farewell[2]; /* all it sent after the other's FIN were TLS alerts */
	char rst_text[2][FACTS_RST_TEXT_MAX];
};

struct teardown_slabs {
	struct slab teardowns, retries, resets, oddities;
};
/* What there is none of: all zero. */
extern const struct retry retry_none;
extern const struct reset reset_none;
extern const struct oddity oddity_none;

static inline struct teardown *teardown_at(const struct teardown_slabs *slabs, uint32_t index)
{
	return index != SLAB_NONE ? slab_at(&slabs->teardowns, index) : NULL;
}

/* Of a teardown, which may be NULL; `none` when it has no such record. */
static inline const struct retry *retry_of(const struct teardown_slabs *slabs, const struct teardown *td, unsigned side)
{
	return td != NULL && td->retry[side] != SLAB_NONE ? slab_at(&slabs->retries, td->retry[side]) : &retry_none;
}

static inline const struct reset *reset_of(const struct teardown_slabs *slabs, const struct teardown *td, unsigned side)
{
	return td != NULL && td->reset[side] != SLAB_NONE ? slab_at(&slabs->resets, td->reset[side]) : &reset_none;
}

static inline const struct oddity *oddity_of(const struct teardown_slabs *slabs, const struct teardown *td)
{
	return td != NULL && td->oddity != SLAB_NONE ? slab_at(&slabs->oddities, td->oddity) : &oddity_none;
}

/* When its last packet came. */
static inline int64_t connection_last_ns(const struct connection *c)
{
	return MAX(c->half[0].last_ns, c->half[1].last_ns);
}

struct facts_end connection_end(const struct connection *c, unsigned side);

/* Both FINs, or a RST that was believed, or another connection on its key. */
static inline bool connection_is_over(const struct connection *c)
{
	return (c->flags & (CONNECTION_CLOSED_BY_RST | CONNECTION_OFF_TABLE)) ||
	       (c->half[0].flags & c->half[1].flags & HALF_FIN);
}

#endif
