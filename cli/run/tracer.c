/* A stop costs two changes of context, so the design is about where not to stop. Which descriptors are sockets a filter
 * cannot know, and nearly every program reads and writes: so at first only the making of a TCP socket stops a process,
 * and reading and writing only once it has made one, by a second filter that is put into it then (injection.c). Children
 * and other programs that it becomes keep both. In such a process a call on a descriptor that was never known to be a
 * socket stops at its beginning only. Of a call that succeeds nothing else is asked; of one that failed, its socket.
 *
 * Nothing here waits for anything but waitpid(), and a thread that is gone in the middle of it all is no error: the next
 * waitpid() says so. */
#include "cli/run/tracer.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/run/call_end.h"
#include "cli/run/call_filter.h"
#include "cli/run/injection.h"
#include "cli/run/tracing.h"

struct tracer {
	const struct tracer_filters *filters;
	const struct watch *watch;
	struct tracing tracing;
	bool told_unseen, told_rightless;
	GHashTable *threads; /* by thread id: struct traced_thread */
	GHashTable *watched; /* ids of processes under the second filter */
};

/* An inetd's child, a service that the first connection starts. */
static bool inherits_sockets(void)
{
	enum { INHERITED_MOST = 256 };
	struct tracee_socket socket;
	bool any = false;

	for (int fd = 0; fd < INHERITED_MOST && !any; fd++)
		any = tracee_socket(getpid(), fd, &socket);
	return any;
}

void tracer_filters_init(struct tracer_filters *f)
{
	f->inherited = inherits_sockets();
	f->first = call_filter_new(CALL_FIRST);
	f->sockets = call_filter_new(CALL_SOCKETS);
}

void tracer_filters_clear(struct tracer_filters *f)
{
	g_clear_pointer(&f->first, g_array_unref);
	g_clear_pointer(&f->sockets, g_array_unref);
}

bool tracer_filters_enter(const struct tracer_filters *f)
{
	return call_filter_enter(f->first) && (!f->inherited || call_filter_enter(f->sockets));
}

bool tracer_attach(pid_t command)
{
	/* To go on without us is not possible for what we traced: every call that stops would fail. */
	const uintptr_t options = PTRACE_O_EXITKILL | PTRACE_O_TRACESECCOMP | PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK |
	                          PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC;

	return ptrace(PTRACE_SEIZE, command, NULL, (void *)options) == 0;
}

/* --- going on --------------------------------------------------------------------------------------------- */

static void go_on(pid_t thread, int signal)
{
	ptrace(PTRACE_CONT, thread, NULL, (void *)(intptr_t)signal);
}

static void go_on_to_its_end(pid_t thread)
{
	ptrace(PTRACE_SYSCALL, thread, NULL, NULL);
}

static struct traced_thread *thread_of(struct tracer *t, pid_t id)
{
	struct traced_thread *thread = g_hash_table_lookup(t->threads, GINT_TO_POINTER(id));

	if (!thread) {
		thread = g_new0(struct traced_thread, 1);
		g_hash_table_insert(t->threads, GINT_TO_POINTER(id), thread);
	}
	return thread;
}

/* --- the beginning of a call ----------------------------------------------------------------------------- */

static void read_target(struct traced_thread *thread, pid_t id, const struct watched_call *call)
{
	const bool sends = traced_thread_connects(thread, call);
	const uint64_t from = thread->call.arguments[sends ? 4 : 1], len = thread->call.arguments[sends ? 5 : 2];
	struct sockaddr_storage address = {0};

	thread->has_target = (call->look == CALL_CONNECT || sends) && len <= sizeof(address) &&
	                     tracee_read(id, from, &address, len) && tracee_end(&address, len, &thread->target) &&
	                     thread->target.port != 0;
}

static void tell_unseen(struct tracer *t, struct traced_thread *thread, pid_t id)
{
	struct run_event event = tracing_event(RUN_UNSEEN, thread, id);

	tracee_name(id, event.name);
	if (!t->told_unseen)
		tracing_tell(&t->tracing, &event);
	t->told_unseen = true;
}

/* Whether its end is of interest. */
static bool begin_call(struct tracer *t, struct traced_thread *thread, pid_t id)
{
	const struct watched_call *call;

	thread->in_call = false;
	if (!tracee_begun(id, &thread->call) || thread->call.index >= watched_call_count())
		return false;
	call = watched_call_get(thread->call.index);
	if (call->look == CALL_UNSEEN) {
		tell_unseen(t, thread, id);
		return false;
	}
	if (call->from == CALL_SOCKETS && call->look != CALL_TRANSFER &&
	    !socket_numbers_may_have(&t->tracing.sockets, thread->call.arguments[0]))
		return false;
	thread->began_ns = tracing_now_ns(CLOCK_MONOTONIC);
	read_target(thread, id, call);
	thread->in_call = true;
	return true;
}

/* Room for descriptors in what a recvmsg() is about to fill. */
static bool takes_descriptors(const struct traced_thread *thread, pid_t id)
{
	struct msghdr header;

	return tracee_read(id, thread->call.arguments[1], &header, sizeof(header)) && header.msg_controllen > 0;
}

static bool is_watched(struct tracer *t, struct traced_thread *thread, pid_t id)
{
	return thread->alone || g_hash_table_contains(t->watched, GINT_TO_POINTER(traced_thread_process(thread, id)));
}

/* It is about to have its first socket, or may get one from somebody. */
static bool wants_second_filter(struct tracer *t, struct traced_thread *thread, pid_t id)
{
	const enum call_look look = watched_call_get(thread->call.index)->look;

	return (look == CALL_OPEN || (look == CALL_MESSAGE && takes_descriptors(thread, id))) && !is_watched(t, thread, id);
}

static void take(struct tracer *t, pid_t id, int status);

/* Tried once only: where it cannot be, it cannot be the next time. */
static void put_in_second_filter(struct tracer *t, pid_t id, struct traced_thread *thread)
{
	int status;

	thread->in_call = false;
	if (injection_run(id, t->filters->sockets, &status) == INJECTION_PROCESS)
		g_hash_table_add(t->watched, GINT_TO_POINTER(traced_thread_process(thread, id)));
	else
		thread->alone = true;
	if (status != 0)
		take(t, id, status);
	else
		go_on(id, 0); /* to the same call again */
}

static void take_beginning(struct tracer *t, pid_t id)
{
	struct traced_thread *thread = thread_of(t, id);

	if (!begin_call(t, thread, id))
		go_on(id, 0);
	else if (wants_second_filter(t, thread, id))
		put_in_second_filter(t, id, thread);
	else
		go_on_to_its_end(id);
}

static void take_end(struct tracer *t, pid_t id)
{
	struct traced_thread *thread = thread_of(t, id);

	if (thread->in_call)
		call_end_take(&t->tracing, thread, id);
	go_on(id, 0);
}

/* --- threads and processes -------------------------------------------------------------------------------- */

static pid_t message(pid_t id)
{
	unsigned long value = 0;

	return ptrace(PTRACE_GETEVENTMSG, id, NULL, &value) == 0 ? (pid_t)value : 0;
}

/* It has its parent's filters. */
static void take_child(struct tracer *t, pid_t parent)
{
	const pid_t child = message(parent);
	struct traced_thread *of_parent = thread_of(t, parent);

	if (child > 0 && is_watched(t, of_parent, parent)) {
		struct traced_thread *of_child = thread_of(t, child);

		of_child->alone = of_parent->alone;
		g_hash_table_add(t->watched, GINT_TO_POINTER(traced_thread_process(of_child, child)));
	}
	go_on(parent, 0);
}

/* The kernel gives no rights to what is traced, nor to what is under our filter. */
static void tell_rightless(struct tracer *t, struct traced_thread *thread, pid_t id)
{
	struct run_event event = tracing_event(RUN_RIGHTLESS, thread, id);

	if (t->told_rightless || !tracee_file_gives_rights(id))
		return;
	tracee_name(id, event.name);
	tracing_tell(&t->tracing, &event);
	t->told_rightless = true;
}

/* The thread that became another program has its process's id from then on; all others are gone. */
static void take_exec(struct tracer *t, pid_t id)
{
	const pid_t former = message(id);
	struct traced_thread *thread = thread_of(t, id);

	if (former > 0 && former != id) {
		thread->alone = thread_of(t, former)->alone;
		g_hash_table_remove(t->threads, GINT_TO_POINTER(former));
	}
	thread->in_call = false;
	tell_rightless(t, thread, id);
	go_on(id, 0);
}

static bool stops(int signal)
{
	return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

/* Its process is stopped, by a terminal or by somebody: it stays so until SIGCONT. Else it is a new thread, which waits. */
static void take_rest(pid_t id, int signal)
{
	if (stops(signal))
		ptrace(PTRACE_LISTEN, id, NULL, NULL);
	else
		go_on(id, 0);
}

static void take_death(struct tracer *t, pid_t id, int status)
{
	g_hash_table_remove(t->threads, GINT_TO_POINTER(id));
	g_hash_table_remove(t->watched, GINT_TO_POINTER(id));
	if (id == t->watch->command)
		watch_tell_end(t->watch, status);
}

static void take(struct tracer *t, pid_t id, int status)
{
	const int signal = WSTOPSIG(status);

	if (!WIFSTOPPED(status)) {
		take_death(t, id, status);
		return;
	}
	switch (status >> 16) {
	case 0:
		if (signal == (SIGTRAP | 0x80))
			take_end(t, id);
		else
			go_on(id, signal);
		break;
	case PTRACE_EVENT_SECCOMP: take_beginning(t, id); break;
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE: take_child(t, id); break;
	case PTRACE_EVENT_EXEC: take_exec(t, id); break;
	case PTRACE_EVENT_STOP: take_rest(id, signal); break;
	default: go_on(id, 0); break;
	}
}

void tracer_run(const struct watch *watch, const struct tracer_filters *filters)
{
	struct tracer *t = g_new0(struct tracer, 1);
	pid_t id;
	int status;

	*t = (struct tracer){.filters = filters, .watch = watch,
	                     .tracing = {.events = watch->events, .ends = far_ends_new()},
	                     .threads = g_hash_table_new_full(NULL, NULL, NULL, g_free),
	                     .watched = g_hash_table_new(NULL, NULL)};
	if (filters->inherited) {
		socket_numbers_add_all(&t->tracing.sockets);
		g_hash_table_add(t->watched, GINT_TO_POINTER(watch->command));
	}
	while ((id = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR)
		if (id > 0)
			take(t, id, status);
	g_hash_table_destroy(t->threads);
	g_hash_table_destroy(t->watched);
	far_ends_free(t->tracing.ends);
	g_free(t);
}
