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
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/run/watched_call.h"
#include "cli/run/call_filter.h"
#include "cli/run/event.h"
#include "cli/run/injection.h"
#include "cli/run/tracee.h"

/* Sockets whose far end is remembered: it cannot be asked for any more after a reset. Beyond it all are forgotten. */
enum { ENDS_MOST = 1 << 16 };
/* Descriptors that are known one by one; all above count as sockets. */
enum { DESCRIPTORS_KNOWN = 1 << 16 };
/* A call that would not wait returns within this. One that took longer, and says that it would have had to wait, may be
 * one that waited until its own time was over (SO_RCVTIMEO). */
#define WAITED_NS INT64_C(1000000)

struct thread {
	pid_t process;         /* 0 not asked for yet */
	bool alone;            /* is under the second filter, its process not */
	bool in_call;          /* stands between its beginning and its end */
	struct tracee_call call;
	int64_t began_ns;
	struct facts_end target; /* of connect() */
	bool has_target;
};

struct tracer {
	const struct tracer_filters *filters;
	const struct watch *watch;
	int events; /* -1 once nobody reads them */
	bool told_unseen;
	GHashTable *threads; /* by thread id: struct thread */
	GHashTable *watched; /* ids of processes under the second filter */
	GHashTable *ends;    /* by inode of a socket: struct facts_end, the far one */
	guint8 is_socket[DESCRIPTORS_KNOWN / 8]; /* numbers that ever were one, in any process */
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

static struct thread *thread_of(struct tracer *t, pid_t id)
{
	struct thread *thread = g_hash_table_lookup(t->threads, GINT_TO_POINTER(id));

	if (!thread) {
		thread = g_new0(struct thread, 1);
		g_hash_table_insert(t->threads, GINT_TO_POINTER(id), thread);
	}
	return thread;
}

static pid_t process_of(struct thread *thread, pid_t id)
{
	if (thread->process == 0)
		thread->process = tracee_process(id);
	return thread->process;
}

/* --- telling ---------------------------------------------------------------------------------------------- */

static int64_t now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void tell(struct tracer *t, const struct run_event *event)
{
	if (t->events >= 0 && !run_event_send(t->events, event))
		t->events = -1;
}

static struct run_event event_of(enum run_event_kind kind, struct thread *thread, pid_t id)
{
	return (struct run_event){.kind = (uint8_t)kind, .time_ns = now_ns(CLOCK_REALTIME), .pid = process_of(thread, id),
	                          .tid = id, .fd = -1};
}

static void set_ends(struct run_event *event, const struct tracee_socket *socket)
{
	event->has_local = socket->has_local;
	event->has_remote = socket->has_remote;
	event->local = socket->local;
	event->remote = socket->remote;
}

/* --- descriptors ------------------------------------------------------------------------------------------ */

static void mark_socket(struct tracer *t, int64_t fd)
{
	if (fd >= 0 && fd < DESCRIPTORS_KNOWN)
		t->is_socket[fd / 8] |= (guint8)(1 << fd % 8);
}

static bool may_be_socket(const struct tracer *t, uint64_t fd)
{
	return fd >= DESCRIPTORS_KNOWN || (t->is_socket[fd / 8] & 1 << fd % 8);
}

/* Whoever gets descriptors from elsewhere may have any. */
static void mark_all(struct tracer *t)
{
	memset(t->is_socket, 0xff, sizeof(t->is_socket));
}

/* --- ends ------------------------------------------------------------------------------------------------- */

static void remember_end(struct tracer *t, uint64_t inode, const struct facts_end *far)
{
	if (g_hash_table_size(t->ends) >= ENDS_MOST)
		g_hash_table_remove_all(t->ends);
	g_hash_table_replace(t->ends, g_memdup2(&inode, sizeof(inode)), g_memdup2(far, sizeof(*far)));
}

static void complete(struct tracer *t, struct tracee_socket *socket)
{
	const struct facts_end *far = socket->has_remote ? NULL : g_hash_table_lookup(t->ends, &socket->inode);

	if (far) {
		socket->remote = *far;
		socket->has_remote = true;
	} else if (socket->has_remote && socket->inode != 0) {
		remember_end(t, socket->inode, &socket->remote);
	}
}

static bool find_socket(struct tracer *t, struct thread *thread, pid_t id, int fd, struct tracee_socket *out)
{
	if (!tracee_socket(process_of(thread, id), fd, out))
		return false;
	if (thread->has_target) {
		remember_end(t, out->inode, &thread->target);
		out->remote = thread->target;
		out->has_remote = true;
	}
	complete(t, out);
	return true;
}

static void tell_socket(struct tracer *t, struct thread *thread, pid_t id, const struct tracee_socket *socket)
{
	struct run_event event = event_of(RUN_SOCKET, thread, id);

	set_ends(&event, socket);
	if (event.has_local && event.has_remote)
		tell(t, &event);
}

/* --- what a call returned --------------------------------------------------------------------------------- */

/* Programs try these to learn whether they may, and do it in another way else. */
static bool is_trial(const struct thread *thread, int error)
{
	const int number = watched_call_get(thread->call.index)->number;

	return error == EINVAL && (number == SYS_sendfile || number == SYS_splice);
}

/* No failures: what the kernel keeps to itself to begin a call again, and what programs that do not wait are told all
 * the time. */
static bool is_told_always(int error)
{
	enum { RESTARTS = 512, RESTARTS_LAST = 530 };

	return error == EINTR || error == EALREADY || error == EISCONN || (error >= RESTARTS && error <= RESTARTS_LAST);
}

static bool would_wait(int error)
{
	return error == EAGAIN || error == EINPROGRESS;
}

static bool is_failure(const struct thread *thread, int error, bool blocks)
{
	if (is_told_always(error) || is_trial(thread, error))
		return false;
	return !would_wait(error) || (blocks && now_ns(CLOCK_MONOTONIC) - thread->began_ns >= WAITED_NS);
}

/* Before its socket is looked at. */
static bool may_be_failure(const struct thread *thread, int error)
{
	return error > 0 && is_failure(thread, error, true);
}

static void tell_failure(struct tracer *t, struct thread *thread, pid_t id, int fd, int error,
                         const struct tracee_socket *socket)
{
	struct run_event event = event_of(RUN_CALL, thread, id);

	event.number = error;
	event.fd = fd;
	event.call = (uint8_t)thread->call.index;
	event.is_plain = thread->call.arguments[4] == 0;
	set_ends(&event, socket);
	tracee_name(id, event.name);
	tell(t, &event);
}

static void look_at_failure(struct tracer *t, struct thread *thread, pid_t id, int fd, int error)
{
	struct tracee_socket socket;

	if (may_be_failure(thread, error) && find_socket(t, thread, id, fd, &socket) &&
	    is_failure(thread, error, socket.blocks))
		tell_failure(t, thread, id, fd, error, &socket);
}

static void end_connect(struct tracer *t, struct thread *thread, pid_t id, int fd, int64_t result)
{
	struct tracee_socket socket;
	const int error = result < 0 ? (int)-result : 0;

	if (!find_socket(t, thread, id, fd, &socket))
		return;
	tell_socket(t, thread, id, &socket);
	if (may_be_failure(thread, error) && is_failure(thread, error, socket.blocks))
		tell_failure(t, thread, id, fd, error, &socket);
}

static void end_accept(struct tracer *t, struct thread *thread, pid_t id, int fd, int64_t result)
{
	struct tracee_socket socket;

	if (result < 0) {
		look_at_failure(t, thread, id, fd, (int)-result);
		return;
	}
	mark_socket(t, result);
	if (find_socket(t, thread, id, (int)result, &socket))
		tell_socket(t, thread, id, &socket);
}

/* getsockopt(SO_ERROR): it succeeds, and what failed is in the memory that it points to. */
static void end_option(struct tracer *t, struct thread *thread, pid_t id, int fd, int64_t result)
{
	int32_t error = 0;

	if (result == 0 && tracee_read(id, thread->call.arguments[3], &error, sizeof(error)) && error != 0)
		look_at_failure(t, thread, id, fd, error);
}

/* sendto(MSG_FASTOPEN) is a connect() too. */
static bool connects(const struct thread *thread, const struct watched_call *call)
{
	return call->number == SYS_sendto && (thread->call.arguments[3] & MSG_FASTOPEN) != 0;
}

static void end_use(struct tracer *t, struct thread *thread, pid_t id, int fd, int64_t result, const struct watched_call *call)
{
	if (connects(thread, call))
		end_connect(t, thread, id, fd, result);
	else if (result < 0)
		look_at_failure(t, thread, id, fd, (int)-result);
}

/* Descriptors may have come with it. */
static void end_message(struct tracer *t, struct thread *thread, pid_t id, int fd, int64_t result)
{
	struct msghdr header;

	if (result >= 0 && tracee_read(id, thread->call.arguments[1], &header, sizeof(header)) && header.msg_controllen > 0)
		mark_all(t);
	else if (result < 0)
		look_at_failure(t, thread, id, fd, (int)-result);
}

static void end_call(struct tracer *t, struct thread *thread, pid_t id)
{
	const struct watched_call *call = watched_call_get(thread->call.index);
	const int fd = (int)thread->call.arguments[0];
	int64_t result;

	thread->in_call = false;
	if (!tracee_returned(id, &result))
		return;
	switch (call->look) {
	case CALL_OPEN:
	case CALL_COPY: mark_socket(t, result); break;
	case CALL_CONNECT: end_connect(t, thread, id, fd, result); break;
	case CALL_ACCEPT: end_accept(t, thread, id, fd, result); break;
	case CALL_TRANSFER:
		if (result < 0) {
			look_at_failure(t, thread, id, fd, (int)-result);
			look_at_failure(t, thread, id, (int)thread->call.arguments[2], (int)-result);
		}
		break;
	case CALL_OPTION: end_option(t, thread, id, fd, result); break;
	case CALL_MESSAGE: end_message(t, thread, id, fd, result); break;
	case CALL_USE: end_use(t, thread, id, fd, result, call); break;
	case CALL_UNSEEN: break;
	}
}

/* --- the beginning of one --------------------------------------------------------------------------------- */

static void read_target(struct thread *thread, pid_t id, const struct watched_call *call)
{
	const bool sends = connects(thread, call);
	const uint64_t from = thread->call.arguments[sends ? 4 : 1], len = thread->call.arguments[sends ? 5 : 2];
	struct sockaddr_storage address = {0};

	thread->has_target = (call->look == CALL_CONNECT || sends) && len <= sizeof(address) &&
	                     tracee_read(id, from, &address, len) && tracee_end(&address, len, &thread->target) &&
	                     thread->target.port != 0;
}

static void tell_unseen(struct tracer *t, struct thread *thread, pid_t id)
{
	struct run_event event = event_of(RUN_UNSEEN, thread, id);

	tracee_name(id, event.name);
	if (!t->told_unseen)
		tell(t, &event);
	t->told_unseen = true;
}

/* Whether its end is of interest. */
static bool begin_call(struct tracer *t, struct thread *thread, pid_t id)
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
	if (call->from == CALL_SOCKETS && call->look != CALL_TRANSFER && !may_be_socket(t, thread->call.arguments[0]))
		return false;
	thread->began_ns = now_ns(CLOCK_MONOTONIC);
	read_target(thread, id, call);
	thread->in_call = true;
	return true;
}

/* Room for descriptors in what a recvmsg() is about to fill. */
static bool takes_descriptors(const struct thread *thread, pid_t id)
{
	struct msghdr header;

	return tracee_read(id, thread->call.arguments[1], &header, sizeof(header)) && header.msg_controllen > 0;
}

static bool is_watched(struct tracer *t, struct thread *thread, pid_t id)
{
	return thread->alone || g_hash_table_contains(t->watched, GINT_TO_POINTER(process_of(thread, id)));
}

/* It is about to have its first socket, or may get one from somebody. */
static bool wants_second_filter(struct tracer *t, struct thread *thread, pid_t id)
{
	const enum call_look look = watched_call_get(thread->call.index)->look;

	return (look == CALL_OPEN || (look == CALL_MESSAGE && takes_descriptors(thread, id))) && !is_watched(t, thread, id);
}

static void take(struct tracer *t, pid_t id, int status);

/* Tried once only: where it cannot be, it cannot be the next time. */
static void put_in_second_filter(struct tracer *t, pid_t id, struct thread *thread)
{
	int status;

	thread->in_call = false;
	if (injection_run(id, t->filters->sockets, &status) == INJECTION_PROCESS)
		g_hash_table_add(t->watched, GINT_TO_POINTER(process_of(thread, id)));
	else
		thread->alone = true;
	if (status != 0)
		take(t, id, status);
	else
		go_on(id, 0); /* to the same call again */
}

static void take_beginning(struct tracer *t, pid_t id)
{
	struct thread *thread = thread_of(t, id);

	if (!begin_call(t, thread, id))
		go_on(id, 0);
	else if (wants_second_filter(t, thread, id))
		put_in_second_filter(t, id, thread);
	else
		go_on_to_its_end(id);
}

static void take_end(struct tracer *t, pid_t id)
{
	struct thread *thread = thread_of(t, id);

	if (thread->in_call)
		end_call(t, thread, id);
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
	struct thread *of_parent = thread_of(t, parent);

	if (child > 0 && is_watched(t, of_parent, parent)) {
		struct thread *of_child = thread_of(t, child);

		of_child->alone = of_parent->alone;
		g_hash_table_add(t->watched, GINT_TO_POINTER(process_of(of_child, child)));
	}
	go_on(parent, 0);
}

/* The thread that became another program has its process's id from then on; all others are gone. */
static void take_exec(struct tracer *t, pid_t id)
{
	const pid_t former = message(id);
	struct thread *thread = thread_of(t, id);

	if (former > 0 && former != id) {
		thread->alone = thread_of(t, former)->alone;
		g_hash_table_remove(t->threads, GINT_TO_POINTER(former));
	}
	thread->in_call = false;
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

	*t = (struct tracer){.filters = filters, .watch = watch, .events = watch->events,
	                     .threads = g_hash_table_new_full(NULL, NULL, NULL, g_free),
	                     .watched = g_hash_table_new(NULL, NULL),
	                     .ends = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free)};
	if (filters->inherited) {
		mark_all(t);
		g_hash_table_add(t->watched, GINT_TO_POINTER(watch->command));
	}
	while ((id = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR)
		if (id > 0)
			take(t, id, status);
	g_hash_table_destroy(t->threads);
	g_hash_table_destroy(t->watched);
	g_hash_table_destroy(t->ends);
	g_free(t);
}
