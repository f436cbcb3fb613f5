#include "cli/run/socket_numbers.h"

#include <string.h>

void socket_numbers_add(struct socket_numbers *s, int64_t fd)
{
	if (fd >= 0 && fd < SOCKET_NUMBERS_KNOWN)
		s->bits[fd / 8] |= (guint8)(1 << fd % 8);
}

void socket_numbers_add_all(struct socket_numbers *s)
{
	memset(s->bits, 0xff, sizeof(s->bits));
}

bool socket_numbers_may_have(const struct socket_numbers *s, uint64_t fd)
{
	return fd >= SOCKET_NUMBERS_KNOWN || (s->bits[fd / 8] & 1 << fd % 8);
}
