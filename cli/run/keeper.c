/* The command waits on a pipe until the capture runs; the keeper takes hold of it meanwhile. A second thread of the
 * keeper listens to main, because the first one sits in waitpid().
 *
 * Once main has gone the keeper stays as long as anything that the command has left running is under its filter: a call
 * that stops, and that nobody lets go on, would fail. */
#include "cli/run/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib-unix.h>

#include "cli/run/event.h"
#include "cli/run/onlooker.h"
#include "cli/run/tracer.h"
#include "cli/run/watch.h"

enum { GO = 0 }; /* on the control pipe; other bytes are signals */

struct side { /* the keeper's */
	const struct keeper_options *options;
	struct tracer_filters filters;
	int events, control;
	int go[2];     /* to the command */
	int failed[2]; /* from the command: an errno, unless it becomes another program */
	pid_t command;
};

/* --- the command's side ------------------------------------------------------------------------------------ */

static bool become(const struct identity *who)
{
	if (!who)
		return true;
	return setgroups(who->groups_len, who->groups) == 0 && setgid(who->gid) == 0 && setuid(who->uid) == 0;
}

/* sudo has put its own there. */
static void set_home(const struct identity *who)
{
	if (!who)
		return;
	setenv("USER", who->name, 1);
	setenv("LOGNAME", who->name, 1);
	if (who->home)
		setenv("HOME", who->home, 1);
}

static bool read_byte(int fd, uint8_t *out)
{
	ssize_t got;

	do
		got = read(fd, out, 1);
	while (got < 0 && errno == EINTR);
	return got == 1;
}

G_NORETURN static void be_command(struct side *s)
{
	uint8_t traced = 0;
	int why;
	ssize_t written;

	if (!read_byte(s->go[0], &traced))
		_exit(0); /* never begins */
	if (traced)
		tracer_filters_enter(&s->filters); /* where that fails nothing is seen, and all goes on */
	execvp(s->options->arguments[0], s->options->arguments);
	why = errno;
	written = write(s->failed[1], &why, sizeof(why));
	(void)written;
	_exit(why == ENOENT ? 127 : 126);
}

/* --- the keeper's side -------------------------------------------------------------------------------------- */

static void *listen_to_main(void *user)
{
	struct side *s = user;
	uint8_t byte;

	while (read_byte(s->control, &byte))
		kill(s->command, byte);
	return NULL;
}

static void tell_start(const struct side *s, enum run_watching watching)
{
	const struct run_event event = {.kind = RUN_STARTED, .number = (int32_t)watching, .pid = s->command, .fd = -1};

	run_event_send(s->events, &event);
}

static void start_listening(struct side *s)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, listen_to_main, s) == 0)
		pthread_detach(thread);
}

/* Keys of the terminal are for the command; its end is ours, and is waited for (onlooker.c). */
static void ignore_signals(void)
{
	static const int keys[] = {SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU, SIGHUP, SIGTERM, SIGPIPE};
	sigset_t child;

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		signal(keys[i], SIG_IGN);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
}

/* Whoever waits for the end of the command's output must not wait for ours. */
static void let_go_of_everything(const struct side *s)
{
	const int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int fd = 0; nowhere >= 0 && fd <= 2; fd++)
		if (fd != s->events && fd != s->control)
			dup2(nowhere, fd);
	if (chdir("/") != 0)
		return; /* stays where it is, which hurts nobody much */
}

/* The right to capture, when it came with our file: the command never had it. Only once the command is there, for what
 * we may not do, it might not either. */
static void give_up_what_came_with_the_file(void)
{
	if (geteuid() != 0)
		kernel_rights_give_up(NULL);
}

/* A program with a right of its file, or that became somebody else, is closed to its user: then we could not take hold. */
static void open_up(void)
{
	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

static enum run_watching take_hold(const struct side *s)
{
	if (!s->options->trace)
		return RUN_LOOKED_AT;
	return s->filters.first && tracer_attach(s->command) ? RUN_TRACED : RUN_MAY_NOT_TRACE;
}

static bool wait_for_go(const struct side *s)
{
	uint8_t byte;

	while (read_byte(s->control, &byte))
		if (byte == GO)
			return true;
	return false;
}

static void let_begin(struct side *s, bool traced)
{
	const uint8_t word = traced;
	const ssize_t written = write(s->go[1], &word, 1);

	(void)written;
	close(s->go[1]);
	close(s->failed[1]);
}

static void watch(struct side *s, enum run_watching watching)
{
	const struct watch w = {.command = s->command, .events = s->events, .failed = s->failed[0]};

	tell_start(s, watching);
	let_begin(s, watching == RUN_TRACED);
	start_listening(s);
	if (watching == RUN_TRACED)
		tracer_run(&w, &s->filters);
	else
		onlooker_run(&w);
}

static bool start_command(struct side *s)
{
	if (!g_unix_open_pipe(s->go, FD_CLOEXEC, NULL) || !g_unix_open_pipe(s->failed, FD_CLOEXEC, NULL))
		return false;
	s->command = fork();
	if (s->command == 0) {
		close(s->go[1]);
		be_command(s);
	}
	close(s->go[0]);
	return s->command > 0;
}

G_NORETURN static void be_keeper(struct side *s)
{
	enum run_watching watching;

	tracer_filters_init(&s->filters);
	if (!become(s->options->who))
		_exit(1);
	set_home(s->options->who);
	open_up();
	if (!start_command(s))
		_exit(1);
	ignore_signals();
	let_go_of_everything(s);
	watching = take_hold(s);
	give_up_what_came_with_the_file();
	if (wait_for_go(s))
		watch(s, watching);
	_exit(0);
}

/* --- main's side -------------------------------------------------------------------------------------------- */

gboolean keeper_start(struct keeper *out, const struct keeper_options *options, GError **error)
{
	int events[2], control[2];

	if (!g_unix_open_pipe(events, FD_CLOEXEC, error) || !g_unix_open_pipe(control, FD_CLOEXEC, error))
		return FALSE;
	out->pid = fork();
	if (out->pid == 0) {
		struct side side = {.options = options, .events = events[1], .control = control[0]};

		close(events[0]);
		close(control[1]);
		be_keeper(&side);
	}
	close(events[1]);
	close(control[0]);
	out->events = events[0];
	out->control = control[1];
	if (out->pid > 0)
		return TRUE;
	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "no process for the command: %s",
	            g_strerror(errno));
	return FALSE;
}

static void say(const struct keeper *k, uint8_t word)
{
	const ssize_t written = write(k->control, &word, 1);

	(void)written; /* when it is gone its events have ended, too */
}

void keeper_go(const struct keeper *k)
{
	say(k, GO);
}

void keeper_signal(const struct keeper *k, int signal)
{
	say(k, (uint8_t)signal);
}

void keeper_leave(struct keeper *k)
{
	close(k->control);
	close(k->events);
	k->control = k->events = -1;
}
