/* What a program's own side saw: its TCP sockets, and the calls on them that failed, with the error that it really got.
 * `hangup run` learns them beside the capture; here they meet the connections and the packets.
 *
 * Filled first, on one thread; then asked from any number of them. */
#ifndef REPORT_CALLS_H
#define REPORT_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "analyzers/facts.h"

enum { CALL_PROCESS_MAX = 16 };

struct call {
	int64_t time_ns;         /* when it had returned, by the clock of the capture's stamps */
	const char *name;        /* "send"; static */
	const char *error;       /* "EPIPE"; static */
	int number;              /* 32 */
	int pid, tid, fd;
	char process[CALL_PROCESS_MAX]; /* name, raw: escape before showing */
	bool has_local, has_remote;
	struct facts_end local, remote; /* a zeroed address is one that is not known; its port is */
};

enum {
	CALLS_MOST = 100000,         /* kept of them; more are counted */
	CALLS_SOCKETS_MOST = 1 << 20,
};

struct calls;
struct calls *calls_new(void);
void calls_free(struct calls *c);

/* A socket with these ends was there at that time: just connected, or just accepted. */
void calls_add_socket(struct calls *c, const struct facts_end *local, const struct facts_end *remote, int64_t time_ns);
/* The same of somebody else's. */
void calls_add_others(struct calls *c, const struct facts_end *local, const struct facts_end *remote, int64_t time_ns);
void calls_add(struct calls *c, const struct call *call);
/* What was too much to be kept. */
uint64_t calls_dropped(const struct calls *c);
size_t calls_len(const struct calls *c);
size_t calls_sockets(const struct calls *c);

/* Whether there ever was one with these ends. */
bool calls_know_socket(const struct calls *c, const struct facts_end *local, const struct facts_end *remote);

/* Whether the connection was one of the program's sockets. */
bool calls_own(const struct calls *c, const struct facts *f);
/* Whether it may be the program's without being known to be: it has an end on this host, and whose socket that was nobody
 * saw. Where all sockets of the program are known there is no such thing. */
bool calls_unsure(const struct calls *c, const struct facts *f);
/* The calls on this connection, in order of time: the one at *at (0 at first) or after it; NULL at the end. A call on
 * both ends' sides counts for each. calls_has(): whether there is any. */
const struct call *calls_next(const struct calls *c, const struct facts *f, size_t *at);
bool calls_has(const struct calls *c, const struct facts *f);
/* Which end's program made it. */
enum hangup_side calls_side(const struct call *call, const struct facts *f);

bool calls_knows_address(const struct facts_end *end);

/* Notes that the connection's calls are told with it. */
void calls_claim(struct calls *c, const struct facts *f);
/* Those that no connection claimed, as calls_next(). */
const struct call *calls_next_unclaimed(const struct calls *c, size_t *at);

/* The packet that it is told beside: what most likely brought the error about, else the last one before it. False when
 * none was captured before it. words is a literal for what the packet was ("RST from"); `by` whose it was. */
struct call_packet {
	struct hangup_packet packet;
	const char *words;
	bool has_source;
	uint8_t source[16]; /* who sent it */
};
bool calls_packet(const struct call *call, const struct facts *f, struct call_packet *out);

#endif
