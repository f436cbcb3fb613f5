/* AArch64: the call's number in x8, arguments in x0 to x5; the instruction has four bytes. The number of a call that has
 * begun is in a register set of its own. */
#include "cli/run/machine.h"

#include <elf.h>
#include <stddef.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

enum { CALL_BYTES = 4, NUMBER = 8 };

#ifndef NT_ARM_SYSTEM_CALL
#define NT_ARM_SYSTEM_CALL 0x404
#endif

bool machine_save(pid_t thread, machine_registers *out)
{
	struct iovec whole = {.iov_base = out, .iov_len = sizeof(*out)};

	return ptrace(PTRACE_GETREGSET, thread, NT_PRSTATUS, &whole) == 0;
}

static bool set(pid_t thread, machine_registers *registers)
{
	struct iovec whole = {.iov_base = registers, .iov_len = sizeof(*registers)};

	return ptrace(PTRACE_SETREGSET, thread, NT_PRSTATUS, &whole) == 0;
}

bool machine_skip_call(pid_t thread, const machine_registers *saved)
{
	int none = -1;
	struct iovec number = {.iov_base = &none, .iov_len = sizeof(none)};

	(void)saved;
	return ptrace(PTRACE_SETREGSET, thread, NT_ARM_SYSTEM_CALL, &number) == 0;
}

bool machine_set_call(pid_t thread, const machine_registers *saved, int number, const uint64_t arguments[6])
{
	machine_registers r = *saved;

	r.pc -= CALL_BYTES;
	r.regs[NUMBER] = (uint64_t)number;
	for (int i = 0; i < 6; i++)
		r.regs[i] = arguments[i];
	return set(thread, &r);
}

bool machine_restore(pid_t thread, const machine_registers *saved)
{
	machine_registers r = *saved;

	r.pc -= CALL_BYTES;
	return set(thread, &r);
}
