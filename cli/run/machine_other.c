/* Machines whose calls are not known here: cli/run/call_filter.c makes no filter there, and nothing is traced. */
#include "cli/run/machine.h"

bool machine_save(pid_t thread, machine_registers *out)
{
	(void)thread;
	(void)out;
	return false;
}

bool machine_skip_call(pid_t thread, const machine_registers *saved)
{
	(void)thread;
	(void)saved;
	return false;
}

bool machine_set_call(pid_t thread, const machine_registers *saved, int number, const uint64_t arguments[6])
{
	(void)thread;
	(void)saved;
	(void)number;
	(void)arguments;
	return false;
}

bool machine_restore(pid_t thread, const machine_registers *saved)
{
	(void)thread;
	(void)saved;
	return false;
}
