/* A filter put into a process that runs already, by having one of its threads ask the kernel for it. */
#ifndef CLI_RUN_INJECTION_H
#define CLI_RUN_INJECTION_H

#include <sys/types.h>

#include <glib.h>

enum injection { INJECTION_FAILED, INJECTION_THREAD, INJECTION_PROCESS };

/* The thread stands at the beginning of a call (PTRACE_EVENT_SECCOMP). It makes three calls of ours in its stead, none of
 * which waits, and then comes to its own call again: continue it. All threads of its process get the filter, or only
 * this one where they have others of their own already. It has to be continued in any case, unless it has died, or another
 * thread's exec has taken its place: then *out_status is what waitpid() told of it, else 0. */
enum injection injection_run(pid_t thread, const GArray *filter, int *out_status);

#endif
