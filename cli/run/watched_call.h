/* The table of watched_calls.def. */
#ifndef CLI_RUN_WATCHED_CALL_H
#define CLI_RUN_WATCHED_CALL_H

#include <stdbool.h>
#include <stddef.h>

enum call_from { CALL_FIRST, CALL_SOCKETS };
enum call_look { CALL_OPEN, CALL_COPY, CALL_CONNECT, CALL_ACCEPT, CALL_USE, CALL_TRANSFER, CALL_OPTION, CALL_MESSAGE, CALL_UNSEEN };

struct watched_call {
	const char *name; /* as a C program writes it */
	int number;       /* this machine's */
	enum call_from from;
	enum call_look look;
};

const struct watched_call *watched_call_get(size_t index);
size_t watched_call_count(void);

#endif
