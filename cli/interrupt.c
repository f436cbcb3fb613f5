#include "cli/interrupt.h"

#include <signal.h>

static volatile sig_atomic_t requested;

static void note(int signal_number)
{
	(void)signal_number;
	requested = 1;
}

/* With SA_RESTART: a write that waits for a slow reader must not lose its bytes. */
void interrupt_catch(void)
{
	struct sigaction action = {.sa_handler = note, .sa_flags = (int)(SA_RESETHAND | SA_RESTART)};

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

bool interrupt_requested(void)
{
	return requested;
}
