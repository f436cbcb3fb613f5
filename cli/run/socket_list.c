#include "cli/run/socket_list.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* "0100007F:1F90": words of an address as this machine has them in memory. */
static bool parse_end(const char *text, struct facts_end *out)
{
	const size_t digits = strcspn(text, ":");
	uint32_t word;
	unsigned port;

	memset(out, 0, sizeof(*out));
	if ((digits != 8 && digits != 32) || sscanf(text + digits, ":%x", &port) != 1)
		return false;
	for (size_t i = 0; i < digits / 8; i++) {
		if (sscanf(text + i * 8, "%8x", &word) != 1)
			return false;
		memcpy(out->address + (digits == 8 ? 12 : i * 4), &word, sizeof(word));
	}
	if (digits == 8)
		out->address[10] = out->address[11] = 0xff;
	out->port = (uint16_t)port;
	return true;
}

static bool parse_line(const char *line, struct listed_socket *out)
{
	char local[48], remote[48];

	return sscanf(line, " %*d: %47s %47s %x %*s %*s %*s %*u %*d %lu", local, remote, &out->state, &out->inode) == 4 &&
	       parse_end(local, &out->local) && parse_end(remote, &out->remote);
}

static bool each_of(const char *path, socket_list_fn visit, void *user)
{
	FILE *file = fopen(path, "re");
	struct listed_socket socket;
	bool on = true;
	char line[512];

	while (file && on && fgets(line, sizeof(line), file))
		if (parse_line(line, &socket))
			on = visit(&socket, user);
	if (file)
		fclose(file);
	return on;
}

void socket_list_each(socket_list_fn visit, void *user)
{
	if (each_of("/proc/net/tcp", visit, user))
		each_of("/proc/net/tcp6", visit, user);
}
