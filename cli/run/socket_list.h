/* The system's list of TCP sockets, /proc/net/tcp and tcp6. */
#ifndef CLI_RUN_SOCKET_LIST_H
#define CLI_RUN_SOCKET_LIST_H

#include <stdbool.h>

#include "analyzers/facts.h"

struct listed_socket {
	struct facts_end local, remote;
	unsigned state;      /* as the kernel numbers them */
	unsigned long inode; /* 0: nobody's any more */
};
enum { LISTED_TIME_WAIT = 6, LISTED_CLOSE = 7, LISTED_LISTEN = 10 };

/* Return false to stop. */
typedef bool (*socket_list_fn)(const struct listed_socket *socket, void *user);
void socket_list_each(socket_list_fn visit, void *user);

#endif
