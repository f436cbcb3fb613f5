/* Made by hand: a chain of comparisons, each with what happens on a match right behind it. libseccomp could make it too,
 * but may be missing, and a program that puts one of the filters into another process needs it as bytes anyway.
 *
 * Only calls by the machine's own convention are looked at: 32-bit programs on a 64-bit kernel run untraced. */
#include "cli/run/call_filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
enum { MACHINE = (int)AUDIT_ARCH_X86_64, CALLS_END = 0x40000000 }; /* beyond: the x32 convention */
#elif defined(__aarch64__)
enum { MACHINE = (int)AUDIT_ARCH_AARCH64, CALLS_END = 0 };
#else
enum { MACHINE = 0, CALLS_END = 0 };
#endif

static void add(GArray *filter, uint16_t code, uint32_t k, uint8_t if_true, uint8_t if_false)
{
	const struct sock_filter instruction = BPF_JUMP(code, k, if_true, if_false);

	g_array_append_val(filter, instruction);
}

static void load(GArray *filter, size_t offset)
{
	add(filter, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

/* The lower half of an argument, where all that is asked about here lies. */
static void load_argument(GArray *filter, unsigned which)
{
	const size_t lower = G_BYTE_ORDER == G_LITTLE_ENDIAN ? 0 : sizeof(uint32_t);

	load(filter, offsetof(struct seccomp_data, args) + which * sizeof(uint64_t) + lower);
}

static void let_pass(GArray *filter)
{
	add(filter, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
}

static void stop(GArray *filter, size_t index)
{
	add(filter, BPF_RET | BPF_K, SECCOMP_RET_TRACE | (uint32_t)index, 0, 0);
}

/* Goes on behind the next instruction when what was loaded is one of the two. */
static void unless_either(GArray *filter, uint32_t one, uint32_t other)
{
	add(filter, BPF_JMP | BPF_JEQ | BPF_K, one, 2, 0);
	add(filter, BPF_JMP | BPF_JEQ | BPF_K, other, 1, 0);
}

static void add_conditions(GArray *filter, int number)
{
	switch (number) {
	case SYS_socket:
		load_argument(filter, 0);
		unless_either(filter, AF_INET, AF_INET6);
		let_pass(filter);
		load_argument(filter, 1);
		add(filter, BPF_ALU | BPF_AND | BPF_K, 0xf, 0, 0); /* without SOCK_NONBLOCK and SOCK_CLOEXEC */
		unless_either(filter, SOCK_STREAM, SOCK_STREAM);
		let_pass(filter);
		break;
	case SYS_getsockopt:
		load_argument(filter, 1);
		unless_either(filter, SOL_SOCKET, SOL_SOCKET);
		let_pass(filter);
		load_argument(filter, 2);
		unless_either(filter, SO_ERROR, SO_ERROR);
		let_pass(filter);
		break;
	case SYS_fcntl:
		load_argument(filter, 1);
		unless_either(filter, F_DUPFD, F_DUPFD_CLOEXEC);
		let_pass(filter);
		break;
	default: break;
	}
}

static void add_call(GArray *filter, size_t index)
{
	const struct watched_call *call = watched_call_get(index);
	guint start;

	add(filter, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call->number, 0, 0);
	start = filter->len;
	add_conditions(filter, call->number);
	stop(filter, index);
	g_array_index(filter, struct sock_filter, start - 1).jf = (uint8_t)(filter->len - start);
}

GArray *call_filter_new(enum call_from from)
{
	GArray *filter;

	if (MACHINE == 0)
		return NULL;
	filter = g_array_new(FALSE, FALSE, sizeof(struct sock_filter));
	load(filter, offsetof(struct seccomp_data, arch));
	add(filter, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)MACHINE, 1, 0);
	let_pass(filter);
	load(filter, offsetof(struct seccomp_data, nr));
	if (CALLS_END != 0) {
		add(filter, BPF_JMP | BPF_JGE | BPF_K, CALLS_END, 0, 1);
		let_pass(filter);
	}
	for (size_t i = 0; i < watched_call_count(); i++)
		if (watched_call_get(i)->from == from)
			add_call(filter, i);
	let_pass(filter);
	return filter;
}

bool call_filter_enter(GArray *filter)
{
	const struct sock_fprog program = {
		.len = (unsigned short)filter->len, .filter = (struct sock_filter *)(void *)filter->data};

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}
