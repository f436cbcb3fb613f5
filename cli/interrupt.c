#include "cli/interrupt.h"

#include <signal.h>
#include <unistd.h>

#include <glib-unix.h>

#include "capture/stream.h"

static volatile sig_atomic_t requested;
static int ends[2] = {-1, -1}; /* of a pipe: a byte in it ends the waiting for a silent input */

static void note(int signal_number)
{
	ssize_t written = write(ends[1], "", 1);

	(void)signal_number;
	(void)written;
	requested = 1;
}

/* The terminal is gone; nohup(1) has seen to it that nobody minds. */
static void catch_hangup(const struct sigaction *action)
{
	struct sigaction before;

	if (sigaction(SIGHUP, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
		sigaction(SIGHUP, action, NULL);
}

/* With SA_RESTART: a write that waits for a slow reader must not lose its bytes. */
void interrupt_catch(void)
{
	struct sigaction action = {.sa_handler = note, .sa_flags = (int)(SA_RESETHAND | SA_RESTART)};

	if (ends[0] < 0 && g_unix_open_pipe(ends, FD_CLOEXEC, NULL))
		stream_file_end_on(ends[0]);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	catch_hangup(&action);
}

bool interrupt_requested(void)
{
	return requested;
}

static volatile sig_atomic_t questioned;

static void note_question(int signal_number)
{
	(void)signal_number;
	questioned = 1;
}

void interrupt_catch_question(void)
{
	struct sigaction action = {.sa_handler = note_question, .sa_flags = SA_RESTART};

	sigaction(SIGUSR1, &action, NULL);
}

bool interrupt_take_question(void)
{
	bool asked = questioned;

	questioned = 0;
	return asked;
}
