/* The processes are all that descend from us: whoever loses its parent becomes our child (PR_SET_CHILD_SUBREAPER). Their
 * descriptors name sockets by inode, and the system's list of TCP sockets has inodes and ends. */
#include "cli/run/onlooker.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <glib.h>

#include "capture/byte_key.h"
#include "cli/run/event.h"
#include "cli/run/socket_list.h"

/* How often to look: what lives longer is seen. Looking takes at most a tenth of the time. */
enum { LOOK_EVERY_MS = 10, LOOK_SHARE = 10 };
/* Processes that are looked at. */
enum { PROCESSES_MOST = 4096 };

struct onlooker {
	int events;
	GHashTable *inodes; /* of the sockets that the processes have: to the process */
	GHashTable *told;   /* pairs of ends */
};

struct pair {
	struct facts_end local, remote;
};

BYTE_KEY(pair, sizeof(struct pair))

/* --- whose sockets ----------------------------------------------------------------------------------------- */

static void take_descriptors(struct onlooker *o, pid_t process)
{
	g_autofree char *folder = g_strdup_printf("/proc/%d/fd", process);
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		g_autofree char *target = g_file_read_link(path, NULL);
		unsigned long inode;

		if (target && sscanf(target, "socket:[%lu]", &inode) == 1)
			g_hash_table_insert(o->inodes, GSIZE_TO_POINTER(inode), GINT_TO_POINTER(process));
	}
}

static void add_children(GArray *processes, pid_t of)
{
	g_autofree char *folder = g_strdup_printf("/proc/%d/task", of);
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *thread;

	while (dir && (thread = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, thread, "children", NULL);
		g_autofree char *text = NULL;
		char *at, *end;

		if (!g_file_get_contents(path, &text, NULL, NULL))
			continue;
		for (at = text; processes->len < PROCESSES_MOST; at = end) {
			const pid_t child = (pid_t)strtol(at, &end, 10);

			if (end == at)
				break;
			g_array_append_val(processes, child);
		}
	}
}

static void take_processes(struct onlooker *o)
{
	g_autoptr(GArray) processes = g_array_new(FALSE, FALSE, sizeof(pid_t));

	g_hash_table_remove_all(o->inodes);
	add_children(processes, getpid());
	for (guint i = 0; i < processes->len; i++) {
		const pid_t process = g_array_index(processes, pid_t, i);

		take_descriptors(o, process);
		add_children(processes, process);
	}
}

/* --- what ends they have ------------------------------------------------------------------------------------ */

static void tell_pair(struct onlooker *o, const struct pair *pair, pid_t process)
{
	struct run_event event = {.kind = RUN_SOCKET, .pid = process, .tid = process, .fd = -1, .has_local = true,
	                          .has_remote = true, .local = pair->local, .remote = pair->remote};
	struct timespec now;

	if (!g_hash_table_add(o->told, g_memdup2(pair, sizeof(*pair))))
		return;
	clock_gettime(CLOCK_REALTIME, &now);
	event.time_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
	run_event_send(o->events, &event);
}

static bool take_listed(const struct listed_socket *listed, void *user)
{
	struct onlooker *o = user;
	struct pair pair;
	gpointer process;

	memset(&pair, 0, sizeof(pair)); /* it is compared as bytes */
	pair.local = listed->local;
	pair.remote = listed->remote;
	if (listed->remote.port != 0 &&
	    g_hash_table_lookup_extended(o->inodes, GSIZE_TO_POINTER(listed->inode), NULL, &process))
		tell_pair(o, &pair, GPOINTER_TO_INT(process));
	return true;
}

static void look(struct onlooker *o)
{
	take_processes(o);
	if (g_hash_table_size(o->inodes) > 0)
		socket_list_each(take_listed, o);
}

/* --- until it has ended ------------------------------------------------------------------------------------- */

static gint64 sleep_us(gint64 looked_us)
{
	return MAX(LOOK_EVERY_MS * G_GINT64_CONSTANT(1000), looked_us * LOOK_SHARE);
}

/* Wakes up at once when a child ends: the keeper holds SIGCHLD back, and here it is waited for. */
static void sleep_unless_child(gint64 us)
{
	const struct timespec most = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigtimedwait(&child, NULL, &most);
}

static bool has_ended(pid_t command, int *out_status)
{
	pid_t id;

	while ((id = waitpid(-1, out_status, WNOHANG)) > 0)
		if (id == command)
			return true;
	return id < 0 && errno == ECHILD;
}

void onlooker_run(const struct watch *watch)
{
	struct onlooker o = {.events = watch->events, .inodes = g_hash_table_new(NULL, NULL),
	                     .told = g_hash_table_new_full(pair_hash, pair_equal, g_free, NULL)};
	int status = 0;

	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	while (!has_ended(watch->command, &status)) {
		const gint64 began_us = g_get_monotonic_time();

		look(&o);
		sleep_unless_child(sleep_us(g_get_monotonic_time() - began_us));
	}
	watch_tell_end(watch, status);
	g_hash_table_destroy(o.inodes);
	g_hash_table_destroy(o.told);
}
