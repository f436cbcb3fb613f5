/* sock_diag(7) is asked, which passes over the kernel's table in a fraction of a millisecond. /proc/net/tcp says the same,
 * and takes a hundred times as long where memory, and so the table, is large: it is for systems without the other. */
#include "cli/run/socket_list.h"

#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>

/* As the kernel numbers them (enum in its tcp_states.h): from ESTABLISHED to CLOSING, what is not here has no two ends or
 * nothing more to do. */
enum { TIME_WAIT = 6, CLOSE = 7, LISTEN = 10, STATES = 12 };
#define BUSY ((1U << STATES) - 2 - (1U << TIME_WAIT) - (1U << CLOSE) - (1U << LISTEN))

static bool is_busy(unsigned state)
{
	return state < STATES && (BUSY & 1U << state);
}

/* --- sock_diag ------------------------------------------------------------------------------------------------ */

enum outcome { ALL, ENOUGH, CANNOT };

static bool ask(int fd, uint8_t family)
{
	const struct {
		struct nlmsghdr header;
		struct inet_diag_req_v2 request;
	} question = {
		.header = {.nlmsg_len = sizeof(question), .nlmsg_type = SOCK_DIAG_BY_FAMILY, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
		.request = {.sdiag_family = family, .sdiag_protocol = IPPROTO_TCP, .idiag_states = BUSY},
	};

	return send(fd, &question, sizeof(question), 0) == (ssize_t)sizeof(question);
}

static void set_end(struct facts_end *out, uint8_t family, const uint32_t address[4], uint16_t port)
{
	memset(out, 0, sizeof(*out));
	if (family == AF_INET)
		out->address[10] = out->address[11] = 0xff;
	memcpy(out->address + (family == AF_INET ? 12 : 0), address, family == AF_INET ? 4 : 16);
	out->port = ntohs(port);
}

static bool visit_one(const struct inet_diag_msg *from, socket_list_fn visit, void *user)
{
	struct listed_socket socket = {.inode = from->idiag_inode};

	set_end(&socket.local, from->idiag_family, from->id.idiag_src, from->id.idiag_sport);
	set_end(&socket.remote, from->idiag_family, from->id.idiag_dst, from->id.idiag_dport);
	return visit(&socket, user);
}

/* *out_more: there are more parts of the answer to come. */
static enum outcome take_part(const void *part, size_t len, bool *out_more, socket_list_fn visit, void *user)
{
	*out_more = true;
	for (const struct nlmsghdr *m = part; NLMSG_OK(m, len); m = NLMSG_NEXT(m, len)) {
		*out_more = m->nlmsg_type != NLMSG_DONE && m->nlmsg_type != NLMSG_ERROR;
		if (m->nlmsg_type == NLMSG_ERROR)
			return CANNOT;
		if (m->nlmsg_type == SOCK_DIAG_BY_FAMILY && m->nlmsg_len >= NLMSG_LENGTH(sizeof(struct inet_diag_msg)) &&
		    !visit_one(NLMSG_DATA(m), visit, user))
			return ENOUGH;
	}
	return ALL;
}

static enum outcome each_of_family(int fd, uint8_t family, socket_list_fn visit, void *user)
{
	enum { PART = 32768 }; /* the most that the kernel puts into one (netlink's own bound) */
	_Alignas(struct nlmsghdr) char part[PART];
	enum outcome outcome = ALL;
	bool more = ask(fd, family);

	if (!more)
		return CANNOT;
	while (more && outcome == ALL) {
		const ssize_t len = recv(fd, part, sizeof(part), 0);

		if (len <= 0)
			return CANNOT;
		outcome = take_part(part, (size_t)len, &more, visit, user);
	}
	return outcome;
}

static enum outcome each_by_diag(socket_list_fn visit, void *user)
{
	const int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	enum outcome outcome = fd >= 0 ? each_of_family(fd, AF_INET, visit, user) : CANNOT;

	if (outcome == ALL)
		each_of_family(fd, AF_INET6, visit, user);
	if (fd >= 0)
		close(fd);
	return outcome;
}

/* --- /proc ------------------------------------------------------------------------------------------------------ */

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
	unsigned state;

	return sscanf(line, " %*d: %47s %47s %x %*s %*s %*s %*u %*d %lu", local, remote, &state, &out->inode) == 4 &&
	       is_busy(state) && parse_end(local, &out->local) && parse_end(remote, &out->remote);
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
	if (each_by_diag(visit, user) == CANNOT && each_of("/proc/net/tcp", visit, user))
		each_of("/proc/net/tcp6", visit, user);
}
