/* The language a story is told in: a connection between two hosts, seen from one place on the path between
 * them. A verb acts at the story's present moment and, unless it says otherwise, ends when the other end has
 * it, so that a story reads from top to bottom like a conversation. What must cross on the way, get lost or
 * come from somebody else is sent with conn_send() and delivered, or not, by the story itself. */
#ifndef PCAPS_FORGE_CONN_H
#define PCAPS_FORGE_CONN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pcaps/forge_packet.h"
#include "pcaps/forge_story.h"

enum side { CLIENT, SERVER };

/* Where the capture point is: one-way delay and routers between it and each end. */
struct path {
	int64_t ns[2];
	uint8_t hops[2];
};
extern const struct path at_client; /* on the client's host, server 11 ms away */
extern const struct path at_server;
extern const struct path in_middle;

struct end {
	struct host *host;
	uint16_t port;
	uint32_t next;     /* SND.NXT */
	uint32_t expected; /* RCV.NXT */
	uint32_t window;   /* bytes it offers now */
	uint32_t clock;    /* timestamp value at the epoch, ms */
	uint32_t echo;     /* last timestamp received */
	uint16_t ip_id;    /* last one given, on stacks that count per socket */
	bool unseen;       /* what it sends never reaches the capture point */
	unsigned repeats;  /* of its last segment, so far */
	struct packet *last; /* last segment that wants an acknowledgement; the story's */
};

struct conn {
	struct story *story;
	struct path path;
	struct end end[2];
	bool timestamps; /* both offer them */
	bool scaled;     /* both offer window scaling */
	uint16_t mss;
};

/* Belongs to the story; no packet yet. */
struct conn *conn_new(struct story *s, const struct path *path, struct host *client, struct host *server,
                      uint16_t server_port);

/* --- words: one packet --------------------------------------------------------------------------- */

/* Sends a segment with `len` bytes of filler; returned for the story to change or deliver. */
struct packet *conn_send(struct conn *c, enum side from, uint8_t flags, size_t len);
struct packet *conn_send_bytes(struct conn *c, enum side from, uint8_t flags, const void *bytes, size_t len);
/* Now is when the packet has arrived, and its receiver knows it. */
void conn_deliver(struct conn *c, struct packet *p);
/* Delivers a bare acknowledgement. */
void conn_ack(struct conn *c, enum side from);
/* Sends the last segment again, with a later IP-ID and timestamp; not delivered. */
struct packet *conn_repeat(struct conn *c, enum side from);
/* An acknowledgement of one byte less than everything: a probe in an idle connection; not delivered. */
struct packet *conn_keepalive(struct conn *c, enum side from);
/* The answer of a host that does not know the connection (any more); nobody answers a RST, so it needs no
 * delivery. */
struct packet *conn_stray_rst(struct conn *c, enum side from, const struct packet *to);
/* The RST of a host that decides to end it. */
struct packet *conn_abort(struct conn *c, enum side from);

/* --- sentences ----------------------------------------------------------------------------------- */
/* Handshake; the client goes on at once. */
void conn_open(struct conn *c);
/* Data in full segments, acknowledged. */
void conn_say(struct conn *c, enum side from, size_t len);
void conn_say_bytes(struct conn *c, enum side from, const void *bytes, size_t len);
/* Client asks, server answers 3 ms later, client acknowledges and goes on at once. */
void conn_exchange(struct conn *c, size_t request, size_t answer);
/* FIN and its acknowledgement. */
void conn_fin(struct conn *c, enum side from);
/* Both FINs, `first` first. */
void conn_close(struct conn *c, enum side first);

/* --- unheard: the path is broken behind the capture point, or before it (end.unseen) --------------- */

/* Repeats the last segment `times` times, waiting as the sender's stack does, but nobody hears. */
void conn_insist(struct conn *c, enum side from, unsigned times);
/* Repeats the last segment until the stack gives up, in its own way, unheard as well. */
void conn_give_up(struct conn *c, enum side from);

/* --- somebody else -------------------------------------------------------------------------------- */

/* A box on the path, on one side of the capture point or (0 hops, 0 ns) at it. */
struct box {
	enum side side;   /* of the capture point */
	int64_t ns;       /* from it */
	uint8_t hops;
	uint8_t ttl;      /* as sent */
	uint16_t ip_id;   /* of all it sends */
	uint16_t window;
	bool dont_fragment;
};
/* Now is when the packet has reached the box. */
void box_meets(struct conn *c, const struct box *box, const struct packet *p);
/* Forges a segment in the name of one end, with the next number due, to the other; not delivered.
 * It is captured when it passes the capture point on its way. */
struct packet *box_send(struct conn *c, const struct box *box, enum side as, uint8_t flags);

/* An ICMP error by a router where the box stands, about a packet that reached it, quoting quote_len bytes
 * of it; not delivered. */
struct packet *box_icmp(struct conn *c, const struct box *box, const char *address, const struct packet *about,
                        uint8_t type, uint8_t code, size_t quote_len);

#endif
