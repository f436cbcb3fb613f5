/* Memory for the filter is asked for first and given back last, for there is none in a process that is nobody's: below
 * the stack pointer lies another thread's heap in a Go program. Signals are held back meanwhile, so that no handler runs
 * in between; SIGKILL is not, and SIGSTOP takes effect a call later. */
#include "cli/run/injection.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "cli/run/machine.h"
#include "cli/run/tracee.h"

enum { ROOM = 4096, KERNEL_MASK_BYTES = 8 };

struct work {
	pid_t thread;
	machine_registers saved;
	uint64_t mask; /* signals that it held back itself */
	int status;    /* of its death, or of its becoming another program; 0 neither */
};

static bool is_there(const struct work *in)
{
	return in->status == 0;
}

/* Goes on to the next beginning or end of a call. */
static bool step(struct work *in)
{
	int status, signal = 0;

	do {
		if (ptrace(PTRACE_SYSCALL, in->thread, NULL, (void *)(intptr_t)signal) != 0 && errno != ESRCH)
			return false;
		while (waitpid(in->thread, &status, __WALL) < 0)
			if (errno != EINTR)
				return false;
		if (!WIFSTOPPED(status) || status >> 16 == PTRACE_EVENT_EXEC) {
			in->status = status;
			return false;
		}
		signal = status >> 16 ? 0 : WSTOPSIG(status);
	} while (WSTOPSIG(status) != (SIGTRAP | 0x80));
	return true;
}

static bool hold_signals(struct work *in)
{
	const uint64_t all = ~UINT64_C(0);

	return ptrace(PTRACE_GETSIGMASK, in->thread, (void *)KERNEL_MASK_BYTES, &in->mask) == 0 &&
	       ptrace(PTRACE_SETSIGMASK, in->thread, (void *)KERNEL_MASK_BYTES, &all) == 0;
}

/* It makes a call of ours; false unless that succeeds. */
static bool call(struct work *in, int number, const uint64_t arguments[6], int64_t *out)
{
	return machine_set_call(in->thread, &in->saved, number, arguments) && step(in) && step(in) &&
	       tracee_returned(in->thread, out) && *out >= 0;
}

static bool write_program(const struct work *in, uint64_t room, const GArray *filter)
{
	const struct sock_fprog program = {.len = (unsigned short)filter->len,
	                                   .filter = (struct sock_filter *)(uintptr_t)(room + sizeof(program))};
	const size_t bytes = filter->len * sizeof(struct sock_filter);

	return sizeof(program) + bytes <= ROOM && tracee_write(in->thread, room, &program, sizeof(program)) &&
	       tracee_write(in->thread, room + sizeof(program), filter->data, bytes);
}

/* A thread with filters of its own cannot share them: then this one goes alone, and the others when they come here. */
static enum injection enter_filter(struct work *in, uint64_t room)
{
	const uint64_t together[6] = {SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, room};
	const uint64_t alone[6] = {SECCOMP_SET_MODE_FILTER, 0, room};
	int64_t result;

	if (call(in, SYS_seccomp, together, &result) && result == 0)
		return INJECTION_PROCESS;
	return is_there(in) && call(in, SYS_seccomp, alone, &result) ? INJECTION_THREAD : INJECTION_FAILED;
}

static enum injection enter(struct work *in, const GArray *filter)
{
	const uint64_t wanted[6] = {0, ROOM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, (uint64_t)-1, 0};
	enum injection entered = INJECTION_FAILED;
	int64_t room, result;

	if (!call(in, SYS_mmap, wanted, &room))
		return INJECTION_FAILED;
	const uint64_t back[6] = {(uint64_t)room, ROOM};

	if (write_program(in, (uint64_t)room, filter))
		entered = enter_filter(in, (uint64_t)room);
	if (is_there(in))
		call(in, SYS_munmap, back, &result);
	return entered;
}

enum injection injection_run(pid_t thread, const GArray *filter, int *out_status)
{
	struct work in = {.thread = thread};
	enum injection entered = INJECTION_FAILED;

	if (machine_save(thread, &in.saved) && hold_signals(&in)) {
		if (machine_skip_call(thread, &in.saved) && step(&in)) {
			entered = enter(&in, filter);
			if (is_there(&in))
				machine_restore(thread, &in.saved);
		}
		if (is_there(&in))
			ptrace(PTRACE_SETSIGMASK, thread, (void *)KERNEL_MASK_BYTES, &in.mask);
	}
	*out_status = in.status;
	return entered;
}
