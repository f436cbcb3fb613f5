/* A connection between two hosts, seen from one place on the path between them, and the words of the language
 * that stories are told in: one packet each, sent at the story's present moment. What is sent has not arrived
 * until it is delivered, so that packets can cross on the way or get lost. Whole sentences: forge_talk.h. */
#ifndef PCAPS_FORGE_CONN_H
#define PCAPS_FORGE_CONN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pcaps/forge_packet.h"
#include "pcaps/forge_story.h"

enum side { CLIENT, SERVER };
enum side side_other(enum side side);

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

/* A packet without content on its way from one end; the sentences and boxes fill it in. */
struct packet *conn_packet(struct conn *c, enum side from);
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

#endif
