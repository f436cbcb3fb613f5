#include "cli/run/listener.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli/run/watched_call.h"
#include "cli/run/socket_list.h"

struct listener {
	int events;
	GThread *thread;
	GMutex mutex; /* over what follows */
	struct hearing hearing;
	struct calls *calls;
};

static const char *error_name(int number)
{
#ifdef __GLIBC__
	const char *name = strerrorname_np(number);

	if (name)
		return name;
#endif
	g_autofree char *text = g_strdup_printf("error %d", number);

	return g_intern_string(text);
}

/* What a program calls send() is sendto() without an address. */
static const char *call_name(const struct run_event *event)
{
	const char *name = watched_call_get(event->call)->name;

	if (!event->is_plain)
		return name;
	return g_str_equal(name, "sendto") ? "send" : g_str_equal(name, "recvfrom") ? "recv" : name;
}

static void add_call(struct listener *l, const struct run_event *event)
{
	struct call call = {
		.time_ns = event->time_ns, .name = call_name(event), .error = error_name(event->number),
		.number = event->number, .pid = event->pid, .tid = event->tid, .fd = event->fd,
		.has_local = event->has_local, .has_remote = event->has_remote, .local = event->local, .remote = event->remote,
	};

	memcpy(call.process, event->name, sizeof(call.process));
	calls_add(l->calls, &call);
}

static void take(struct listener *l, const struct run_event *event)
{
	struct hearing *h = &l->hearing;

	switch ((enum run_event_kind)event->kind) {
	case RUN_STARTED:
		h->started = true;
		h->watching = (enum run_watching)event->number;
		break;
	case RUN_NOT_FOUND:
		h->not_found = true;
		h->number = event->number;
		break;
	case RUN_SOCKET: calls_add_socket(l->calls, &event->local, &event->remote, event->time_ns); break;
	case RUN_OTHERS: calls_add_others(l->calls, &event->local, &event->remote, event->time_ns); break;
	case RUN_CALL: add_call(l, event); break;
	case RUN_RIGHTLESS: memcpy(h->rightless, event->name, sizeof(h->rightless)); break;
	case RUN_UNSEEN: h->unseen = true; break;
	case RUN_ENDED:
		h->ended = true;
		h->number = h->not_found ? h->number : event->number;
		break;
	}
}

static bool read_event(int fd, struct run_event *out)
{
	ssize_t got;

	do
		got = read(fd, out, sizeof(*out));
	while (got < 0 && errno == EINTR);
	return got == (ssize_t)sizeof(*out);
}

static gpointer hear_all(gpointer user)
{
	struct listener *l = user;
	struct run_event event;
	bool ended = false;

	while (!ended && read_event(l->events, &event)) {
		g_mutex_lock(&l->mutex);
		take(l, &event);
		ended = l->hearing.ended;
		g_mutex_unlock(&l->mutex);
	}
	g_mutex_lock(&l->mutex);
	l->hearing.gone = !ended;
	l->hearing.ended = true;
	g_mutex_unlock(&l->mutex);
	return NULL;
}

struct listener *listener_new(int events)
{
	struct listener *l = g_new0(struct listener, 1);

	l->events = events;
	l->calls = calls_new();
	g_mutex_init(&l->mutex);
	l->thread = g_thread_new("listener", hear_all, l);
	return l;
}

void listener_free(struct listener *l)
{
	if (!l)
		return;
	g_thread_join(l->thread);
	g_mutex_clear(&l->mutex);
	calls_free(l->calls);
	g_free(l);
}

struct hearing listener_hear(struct listener *l)
{
	struct hearing hearing;

	g_mutex_lock(&l->mutex);
	hearing = l->hearing;
	g_mutex_unlock(&l->mutex);
	return hearing;
}

struct busy {
	const struct calls *calls;
	bool any;
};

static bool is_busy(const struct listed_socket *socket, void *user)
{
	struct busy *busy = user;

	busy->any = calls_know_socket(busy->calls, &socket->local, &socket->remote);
	return !busy->any;
}

bool listener_is_busy(struct listener *l)
{
	struct busy busy = {.calls = l->calls};

	g_mutex_lock(&l->mutex);
	socket_list_each(is_busy, &busy);
	g_mutex_unlock(&l->mutex);
	return busy.any;
}

struct calls *listener_calls(struct listener *l)
{
	return l->calls;
}
