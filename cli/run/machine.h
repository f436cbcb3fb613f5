/* The registers of a traced thread: the one part of tracing that is another one on each machine. Each function wants the
 * thread stopped, and is false when it is gone. */
#ifndef CLI_RUN_MACHINE_H
#define CLI_RUN_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include <sys/types.h>

#if defined(__x86_64__)
#include <sys/user.h>
typedef struct user_regs_struct machine_registers;
#elif defined(__aarch64__)
#include <asm/ptrace.h>
typedef struct user_pt_regs machine_registers;
#else
typedef struct { int none; } machine_registers;
#endif

/* Where a thread stands at the beginning of a call. */
bool machine_save(pid_t thread, machine_registers *out);
/* Lets the call whose beginning it stands at do nothing. */
bool machine_skip_call(pid_t thread, const machine_registers *saved);
/* At the end of a call: makes another one the next thing that it does. */
bool machine_set_call(pid_t thread, const machine_registers *saved, int number, const uint64_t arguments[6]);
/* At the end of a call: as if it had never come to the call that it stood at. */
bool machine_restore(pid_t thread, const machine_registers *saved);

#endif
