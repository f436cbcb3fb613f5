/* What the side of the command (cli/run/keeper.h) tells the side that captures, through a pipe: one record each, short
 * enough that a pipe takes it whole. */
#ifndef CLI_RUN_EVENT_H
#define CLI_RUN_EVENT_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "analyzers/facts.h"

enum run_event_kind {
	RUN_STARTED,   /* the command runs; number: enum run_watching */
	RUN_NOT_FOUND, /* it could not be started; number: errno */
	RUN_SOCKET,    /* a TCP socket of the command has these ends */
	RUN_OTHERS,    /* one of somebody else has */
	RUN_CALL,      /* a call on one failed; number: errno */
	RUN_UNSEEN,    /* the command uses io_uring: what it does there is not seen */
	RUN_RIGHTLESS, /* a program began whose file gives rights, and did not get them: it is traced */
	RUN_ENDED,     /* number: as waitpid() tells it */
};

enum run_watching {
	RUN_TRACED,
	RUN_LOOKED_AT,      /* as was asked for: sockets are looked for now and then */
	RUN_MAY_NOT_TRACE,  /* the same, because the system does not let us */
};

struct run_event {
	int64_t time_ns;    /* since 1970, by the clock that captures are stamped with: when the call had returned */
	int32_t number;
	int32_t pid, tid;
	int32_t fd;         /* -1 none */
	uint8_t kind;       /* enum run_event_kind */
	uint8_t call;       /* place in cli/run/watched_calls.def */
	bool has_local, has_remote;
	bool is_plain;      /* sendto(), recvfrom() without an address */
	struct facts_end local, remote; /* a zeroed address is one that is not known; its port is */
	char name[16];      /* of the thread, raw */
};
G_STATIC_ASSERT(sizeof(struct run_event) <= PIPE_BUF);

/* Whether all of it could be written. */
bool run_event_send(int fd, const struct run_event *event);

#endif
