/* The socket behind a handle of libpcap. On Linux it takes a right to make one, but none to bind it to another interface:
 * so one that was deleted and made again can go on being captured on when all rights are long gone. Elsewhere it cannot. */
#ifndef CAPTURE_PACKET_SOCKET_H
#define CAPTURE_PACKET_SOCKET_H

#include <stdbool.h>

#include <glib.h>

/* What kind of header frames of the interface have, as the system numbers them (ARPHRD_...); -1 when it does not say. */
int packet_socket_kind(int fd, const char *name);

/* Binds it to the interface that has this name now, which must be of that kind. FALSE and SOURCE_ERROR_OPEN, in a
 * sentence, when that cannot be. */
gboolean packet_socket_bind(int fd, const char *name, int kind, bool promiscuous, GError **error);

#endif
