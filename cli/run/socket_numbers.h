/* Which descriptor numbers ever were sockets, in any process of a command: a superset, never forgotten, for a wrong member
 * costs a stop, and a missing one would cost an error. */
#ifndef CLI_RUN_SOCKET_NUMBERS_H
#define CLI_RUN_SOCKET_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

/* Numbers that are known one by one; all above count as sockets. */
enum { SOCKET_NUMBERS_KNOWN = 1 << 16 };

struct socket_numbers {
	guint8 bits[SOCKET_NUMBERS_KNOWN / 8];
};

/* Negative ones, which a call that failed returned, are none. */
void socket_numbers_add(struct socket_numbers *s, int64_t fd);
/* Whoever gets descriptors from elsewhere may have any. */
void socket_numbers_add_all(struct socket_numbers *s);
bool socket_numbers_may_have(const struct socket_numbers *s, uint64_t fd);

#endif
