#include "cli/run/tracee.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <glib.h>

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

/* --- calls ------------------------------------------------------------------------------------------------ */

static bool ask(pid_t thread, struct __ptrace_syscall_info *out)
{
	return ptrace(PTRACE_GET_SYSCALL_INFO, thread, (void *)sizeof(*out), out) > 0;
}

bool tracee_begun(pid_t thread, struct tracee_call *out)
{
	struct __ptrace_syscall_info info;

	if (!ask(thread, &info) || info.op != PTRACE_SYSCALL_INFO_SECCOMP)
		return false;
	out->index = (uint16_t)info.seccomp.ret_data;
	memcpy(out->arguments, info.seccomp.args, sizeof(out->arguments));
	return true;
}

bool tracee_returned(pid_t thread, int64_t *out)
{
	struct __ptrace_syscall_info info;

	if (!ask(thread, &info) || info.op != PTRACE_SYSCALL_INFO_EXIT)
		return false;
	*out = info.exit.rval;
	return true;
}

/* --- its file --------------------------------------------------------------------------------------------- */

bool tracee_file_gives_rights(pid_t process)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/exe", (int)process);
	struct stat status;

	if (stat(path, &status) != 0)
		return false;
	return ((status.st_mode & S_ISUID) && status.st_uid != geteuid()) ||
	       ((status.st_mode & S_ISGID) && status.st_gid != getegid()) ||
	       (geteuid() != 0 && getxattr(path, "security.capability", NULL, 0) > 0);
}

/* --- memory ----------------------------------------------------------------------------------------------- */

/* As the thread's own right to its memory goes, which is what we need: PTRACE_PEEKDATA would only be slower. */
bool tracee_read(pid_t thread, uint64_t from, void *out, size_t len)
{
	const struct iovec local = {.iov_base = out, .iov_len = len};
	const struct iovec remote = {.iov_base = (void *)(uintptr_t)from, .iov_len = len};

	return process_vm_readv(thread, &local, 1, &remote, 1, 0) == (ssize_t)len;
}

bool tracee_write(pid_t thread, uint64_t to, const void *bytes, size_t len)
{
	for (size_t i = 0; i < len; i += sizeof(long)) {
		long word = 0;

		memcpy(&word, (const char *)bytes + i, MIN(sizeof(word), len - i));
		if (ptrace(PTRACE_POKEDATA, thread, (void *)(uintptr_t)(to + i), (void *)word) != 0)
			return false;
	}
	return true;
}

/* --- processes -------------------------------------------------------------------------------------------- */

static bool read_small(const char *path, char *out, size_t size)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd < 0)
		return false;
	got = read(fd, out, size - 1);
	close(fd);
	out[MAX(got, 0)] = '\0';
	return got > 0;
}

pid_t tracee_process(pid_t thread)
{
	char path[64], text[512];
	const char *line;

	snprintf(path, sizeof(path), "/proc/%d/status", thread);
	if (!read_small(path, text, sizeof(text)))
		return 0;
	line = strstr(text, "\nTgid:");
	return line ? (pid_t)strtol(line + strlen("\nTgid:"), NULL, 10) : 0;
}

void tracee_name(pid_t thread, char out[16])
{
	char path[64], text[32];

	memset(out, 0, 16);
	snprintf(path, sizeof(path), "/proc/%d/comm", thread);
	if (read_small(path, text, sizeof(text)))
		memcpy(out, text, MIN(strcspn(text, "\n"), 15));
}

/* --- sockets ---------------------------------------------------------------------------------------------- */

bool tracee_end(const struct sockaddr_storage *address, size_t len, struct facts_end *out)
{
	const struct sockaddr_in *in = (const struct sockaddr_in *)address;
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)address;

	memset(out, 0, sizeof(*out));
	if (len >= sizeof(*in) && address->ss_family == AF_INET) {
		if (in->sin_addr.s_addr != 0) {
			out->address[10] = out->address[11] = 0xff;
			memcpy(out->address + 12, &in->sin_addr, 4);
		}
		out->port = ntohs(in->sin_port);
		return true;
	}
	if (len < offsetof(struct sockaddr_in6, sin6_scope_id) || address->ss_family != AF_INET6)
		return false;
	memcpy(out->address, &in6->sin6_addr, sizeof(out->address));
	out->port = ntohs(in6->sin6_port);
	return true;
}

static int option(int fd, int name)
{
	int value = -1;
	socklen_t len = sizeof(value);

	return getsockopt(fd, SOL_SOCKET, name, &value, &len) == 0 ? value : -1;
}

static bool is_tcp(int fd)
{
	const int domain = option(fd, SO_DOMAIN), protocol = option(fd, SO_PROTOCOL);

	return (domain == AF_INET || domain == AF_INET6) && option(fd, SO_TYPE) == SOCK_STREAM &&
	       (protocol == IPPROTO_TCP || protocol == IPPROTO_MPTCP);
}

static bool ask_end(int fd, bool far, struct facts_end *out)
{
	struct sockaddr_storage address = {0};
	struct sockaddr *as_any = (struct sockaddr *)&address;
	socklen_t len = sizeof(address);

	if ((far ? getpeername(fd, as_any, &len) : getsockname(fd, as_any, &len)) != 0)
		return false;
	return tracee_end(&address, len, out) && out->port != 0;
}

static void look(int fd, struct tracee_socket *out)
{
	struct stat st;

	memset(out, 0, sizeof(*out));
	out->inode = fstat(fd, &st) == 0 ? st.st_ino : 0;
	out->has_local = ask_end(fd, false, &out->local);
	out->has_remote = ask_end(fd, true, &out->remote);
	out->blocks = (fcntl(fd, F_GETFL) & O_NONBLOCK) == 0;
}

static int copy_descriptor(pid_t process, int fd)
{
	const int handle = (int)syscall(SYS_pidfd_open, process, 0);
	const int copy = handle < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, handle, fd, 0);

	if (handle >= 0)
		close(handle);
	return copy;
}

bool tracee_socket(pid_t process, int fd, struct tracee_socket *out)
{
	const int copy = fd < 0 ? -1 : copy_descriptor(process, fd);
	bool tcp;

	if (copy < 0)
		return false;
	tcp = is_tcp(copy);
	if (tcp)
		look(copy, out);
	close(copy);
	return tcp;
}
