/* x86-64: the call's number in rax, kept in orig_rax; arguments in rdi, rsi, rdx, r10, r8, r9; the instruction has two
 * bytes. An orig_rax of -1 is no call: nothing is started again because of it. */
#include "cli/run/machine.h"

#include <stddef.h>
#include <sys/ptrace.h>

enum { CALL_BYTES = 2 };

bool machine_save(pid_t thread, machine_registers *out)
{
	return ptrace(PTRACE_GETREGS, thread, NULL, out) == 0;
}

static bool set(pid_t thread, machine_registers *registers)
{
	return ptrace(PTRACE_SETREGS, thread, NULL, registers) == 0;
}

bool machine_skip_call(pid_t thread, const machine_registers *saved)
{
	machine_registers r = *saved;

	r.orig_rax = (unsigned long long)-1;
	return set(thread, &r);
}

static machine_registers again(const machine_registers *saved, unsigned long long number)
{
	machine_registers r = *saved;

	r.rip -= CALL_BYTES;
	r.rax = number;
	r.orig_rax = (unsigned long long)-1;
	return r;
}

bool machine_set_call(pid_t thread, const machine_registers *saved, int number, const uint64_t arguments[6])
{
	machine_registers r = again(saved, (unsigned long long)number);

	r.rdi = arguments[0];
	r.rsi = arguments[1];
	r.rdx = arguments[2];
	r.r10 = arguments[3];
	r.r8 = arguments[4];
	r.r9 = arguments[5];
	return set(thread, &r);
}

bool machine_restore(pid_t thread, const machine_registers *saved)
{
	machine_registers r = again(saved, saved->orig_rax);

	return set(thread, &r);
}
