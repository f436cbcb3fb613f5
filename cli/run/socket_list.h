/* The system's list of TCP sockets that have two ends and are not done with yet: no listening ones, none in TIME-WAIT. */
#ifndef CLI_RUN_SOCKET_LIST_H
#define CLI_RUN_SOCKET_LIST_H

#include <stdbool.h>

#include "analyzers/facts.h"

struct listed_socket {
	struct facts_end local, remote;
	unsigned long inode; /* 0: no program's any more, or not yet */
};

/* Return false to stop. One that comes or goes meanwhile may be listed or not, or twice. */
typedef bool (*socket_list_fn)(const struct listed_socket *socket, void *user);
void socket_list_each(socket_list_fn visit, void *user);

#endif
