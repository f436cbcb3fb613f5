/* What can be asked of a stopped thread, on every machine. False when it is gone, or does not let us. */
#ifndef CLI_RUN_TRACEE_H
#define CLI_RUN_TRACEE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/types.h>

#include "analyzers/facts.h"

/* A call at its beginning. */
struct tracee_call {
	uint16_t index; /* what the filter said: place in watched_calls.def */
	uint64_t arguments[6];
};
bool tracee_begun(pid_t thread, struct tracee_call *out);
/* What it returned: negative errno as the kernel has it. */
bool tracee_returned(pid_t thread, int64_t *out);

bool tracee_read(pid_t thread, uint64_t from, void *out, size_t len);
bool tracee_write(pid_t thread, uint64_t to, const void *bytes, size_t len);

/* The process that a thread belongs to, 0 when it is gone. */
pid_t tracee_process(pid_t thread);
/* The thread's name, raw; empty when it is gone. */
void tracee_name(pid_t thread, char out[16]);

/* Whether the file of its program gives rights that we, and so its caller, do not have. */
bool tracee_file_gives_rights(pid_t process);

/* A socket of a process, looked at through a copy of its descriptor. */
struct tracee_socket {
	uint64_t inode;
	bool has_local, has_remote;
	bool blocks;           /* its calls wait */
	struct facts_end local, remote;
};
/* False of what is no TCP socket. */
bool tracee_socket(pid_t process, int fd, struct tracee_socket *out);

/* Reads a socket address; false of other families, and of what is cut. */
struct sockaddr_storage;
bool tracee_end(const struct sockaddr_storage *address, size_t len, struct facts_end *out);

#endif
