#include "capture/packet_socket.h"

#include "capture/source.h"

int packet_socket_kind(int fd, const char *name)
{
	(void)fd;
	(void)name;
	return -1;
}

gboolean packet_socket_bind(int fd, const char *name, int kind, bool promiscuous, GError **error)
{
	(void)fd;
	(void)kind;
	(void)promiscuous;
	g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_OPEN,
	            "%s: is back, and cannot be captured on: the right to do so was given up; start again", name);
	return FALSE;
}
