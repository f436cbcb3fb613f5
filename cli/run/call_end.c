/* Of a call that succeeded little is asked; of one that failed, its socket. */
#include "cli/run/call_end.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>

/* A call that would not wait returns within this. One that took longer, and says that it would have had to wait, may be
 * one that waited until its own time was over (SO_RCVTIMEO). */
#define WAITED_NS INT64_C(1000000)

/* --- its socket ------------------------------------------------------------------------------------------ */

static void complete(struct tracing *t, struct tracee_socket *socket)
{
	const struct facts_end *far = socket->has_remote ? NULL : far_ends_find(t->ends, socket->inode);

	if (far) {
		socket->remote = *far;
		socket->has_remote = true;
	} else if (socket->has_remote && socket->inode != 0) {
		far_ends_remember(t->ends, socket->inode, &socket->remote);
	}
}

static bool find_socket(struct tracing *t, struct traced_thread *thread, pid_t id, int fd, struct tracee_socket *out)
{
	if (!tracee_socket(traced_thread_process(thread, id), fd, out))
		return false;
	if (thread->has_target) {
		far_ends_remember(t->ends, out->inode, &thread->target);
		out->remote = thread->target;
		out->has_remote = true;
	}
	complete(t, out);
	return true;
}

static void set_ends(struct run_event *event, const struct tracee_socket *socket)
{
	event->has_local = socket->has_local;
	event->has_remote = socket->has_remote;
	event->local = socket->local;
	event->remote = socket->remote;
}

static void tell_socket(struct tracing *t, struct traced_thread *thread, pid_t id, const struct tracee_socket *socket)
{
	struct run_event event = tracing_event(RUN_SOCKET, thread, id);

	set_ends(&event, socket);
	if (event.has_local && event.has_remote)
		tracing_tell(t, &event);
}

/* --- whether it failed ----------------------------------------------------------------------------------- */

/* Programs try these to learn whether they may, and do it in another way else. */
static bool is_trial(const struct traced_thread *thread, int error)
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

/* Which of a call's arguments are its flags, where one may be MSG_DONTWAIT; -1 of others. */
static int flags_argument(int number)
{
	switch (number) {
	case SYS_sendmsg:
	case SYS_recvmsg: return 2;
	case SYS_sendto:
	case SYS_recvfrom:
	case SYS_sendmmsg:
	case SYS_recvmmsg: return 3;
	default: return -1;
	}
}

/* It may have been slow all the same, on a busy machine. */
static bool asks_not_to_wait(const struct traced_thread *thread)
{
	const int flags = flags_argument(watched_call_get(thread->call.index)->number);

	return flags >= 0 && (thread->call.arguments[flags] & MSG_DONTWAIT) != 0;
}

static bool has_waited(const struct traced_thread *thread, bool blocks)
{
	return blocks && !asks_not_to_wait(thread) && tracing_now_ns(CLOCK_MONOTONIC) - thread->began_ns >= WAITED_NS;
}

static bool is_failure(const struct traced_thread *thread, int error, bool blocks)
{
	if (is_told_always(error) || is_trial(thread, error))
		return false;
	return !would_wait(error) || has_waited(thread, blocks);
}

/* Before its socket is looked at. */
static bool may_be_failure(const struct traced_thread *thread, int error)
{
	return error > 0 && is_failure(thread, error, true);
}

static void tell_failure(struct tracing *t, struct traced_thread *thread, pid_t id, int fd, int error,
                         const struct tracee_socket *socket)
{
	struct run_event event = tracing_event(RUN_CALL, thread, id);

	event.number = error;
	event.fd = fd;
	event.call = (uint8_t)thread->call.index;
	event.is_plain = thread->call.arguments[4] == 0;
	set_ends(&event, socket);
	tracee_name(id, event.name);
	tracing_tell(t, &event);
}

static void look_at_failure(struct tracing *t, struct traced_thread *thread, pid_t id, int fd, int error)
{
	struct tracee_socket socket;

	if (may_be_failure(thread, error) && find_socket(t, thread, id, fd, &socket) &&
	    is_failure(thread, error, socket.blocks))
		tell_failure(t, thread, id, fd, error, &socket);
}

static void end_connect(struct tracing *t, struct traced_thread *thread, pid_t id, int fd, int64_t result)
{
	struct tracee_socket socket;
	const int error = result < 0 ? (int)-result : 0;

	if (!find_socket(t, thread, id, fd, &socket))
		return;
	tell_socket(t, thread, id, &socket);
	if (may_be_failure(thread, error) && is_failure(thread, error, socket.blocks))
		tell_failure(t, thread, id, fd, error, &socket);
}

static void end_accept(struct tracing *t, struct traced_thread *thread, pid_t id, int fd, int64_t result)
{
	struct tracee_socket socket;

	if (result < 0) {
		look_at_failure(t, thread, id, fd, (int)-result);
		return;
	}
	socket_numbers_add(&t->sockets, result);
	if (find_socket(t, thread, id, (int)result, &socket))
		tell_socket(t, thread, id, &socket);
}

/* getsockopt(SO_ERROR): it succeeds, and what failed is in the memory that it points to. */
static void end_option(struct tracing *t, struct traced_thread *thread, pid_t id, int fd, int64_t result)
{
	int32_t error = 0;

	if (result == 0 && tracee_read(id, thread->call.arguments[3], &error, sizeof(error)) && error != 0)
		look_at_failure(t, thread, id, fd, error);
}

static void end_use(struct tracing *t, struct traced_thread *thread, pid_t id, int fd, int64_t result,
                    const struct watched_call *call)
{
	if (traced_thread_connects(thread, call))
		end_connect(t, thread, id, fd, result);
	else if (result < 0)
		look_at_failure(t, thread, id, fd, (int)-result);
}

/* Descriptors may have come with it. */
static void end_message(struct tracing *t, struct traced_thread *thread, pid_t id, int fd, int64_t result)
{
	struct msghdr header;

	if (result >= 0 && tracee_read(id, thread->call.arguments[1], &header, sizeof(header)) && header.msg_controllen > 0)
		socket_numbers_add_all(&t->sockets);
	else if (result < 0)
		look_at_failure(t, thread, id, fd, (int)-result);
}

void call_end_take(struct tracing *t, struct traced_thread *thread, pid_t id)
{
	const struct watched_call *call = watched_call_get(thread->call.index);
	const int fd = (int)thread->call.arguments[0];
	int64_t result;

	thread->in_call = false;
	if (!tracee_returned(id, &result))
		return;
	switch (call->look) {
	case CALL_OPEN:
	case CALL_COPY: socket_numbers_add(&t->sockets, result); break;
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
