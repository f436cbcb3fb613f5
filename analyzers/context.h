/* What other connections say about one: whether its server still answers, whether its client came back. A bounded
 * memory of servers and of client-server pairs: where two fall on one place the newer wins, so context may know
 * less than the capture holds, never more. Its hash has no seed, so that the same input gives the same context. */
#ifndef ANALYZERS_CONTEXT_H
#define ANALYZERS_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzers/facts.h"

struct context;

struct context *context_new(void);
void context_free(struct context *x);

/* What one shard of the connections has to tell, in the order in which it came: kept until a round is over, because
 * nobody writes into the context while others read it. Reused from round to round. */
struct context_log {
	struct context_note *notes;
	size_t notes_len, capacity;
};
void context_log_clear(struct context_log *log);
/* Takes all that the log holds into the context, and empties it. */
void context_learn(struct context *x, struct context_log *log);

/* A client asked: a SYN was captured. */
void context_asked(struct context_log *log, const struct facts_end *server, int64_t now_ns);
/* The server accepted (a SYN-ACK), or refused. ttl is of that packet. */
void context_answered(struct context_log *log, const struct facts_end *client, const struct facts_end *server,
                      int64_t now_ns, uint8_t ttl);
void context_refused(struct context_log *log, const struct facts_end *server, int64_t now_ns);
/* The server sent anything but a RST, to whomever. */
void context_alive(struct context_log *log, const struct facts_end *server, int64_t now_ns);

/* One of the host's connections got no answer any more, as of now. */
void context_stalled(struct context_log *log, const struct facts_end *end, int64_t now_ns);
/* A connection of this server was idle so long, and then was answered as ever, or was not. */
void context_idle(struct context_log *log, const struct facts_end *server, int64_t idle_ns, bool survived);

/* What questions about these two will look at: to be fetched. */
struct context_places {
	const void *server, *host, *pair;
};
struct context_places context_places(const struct context *x, const struct facts_end *client, const struct facts_end *server);

/* 0 when never. */
struct context_server {
	int64_t asked_ns, answered_ns, refused_ns;
	int64_t idle_survived_ns; /* the longest */
	int64_t idle_killed_ns;   /* the shortest */
	uint8_t ttl;
};
struct context_server context_server(const struct context *x, const struct facts_end *server);
/* TTL of the host's last answer on any port that was no RST; 0 unknown. */
uint8_t context_host_ttl(const struct context *x, const struct facts_end *server);
/* How many of the host's connections stalled within CONTEXT_TOGETHER_NS of that time, as far as is known yet. */
#define CONTEXT_TOGETHER_NS INT64_C(1000000000)
unsigned context_stalled_with(const struct context *x, const struct facts_end *end, int64_t when_ns);
/* When this client was last accepted by this server; 0 when never. */
int64_t context_pair_answered(const struct context *x, const struct facts_end *client,
                              const struct facts_end *server);

#endif
