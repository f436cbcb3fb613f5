/* The processes are all that descend from us: whoever loses its parent becomes our child (PR_SET_CHILD_SUBREAPER). Their
 * descriptors name sockets by inode, and the system's list of TCP sockets has inodes and ends.
 *
 * A look takes the descriptors, and then that list. What the command has, or had at an earlier look, is the command's. What
 * is listed twice, and was not among the command's in between, is somebody else's. Of what came and went between two looks
 * nobody knows whose it was: it is neither, and is told as such. While the command has no socket the list need not be taken
 * as often, and a look costs next to nothing. */
#include "cli/run/onlooker.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
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

/* How often to look: what lives longer is seen. Looking takes at most a tenth of a processor, and a thirtieth while there
 * is no socket. */
enum { LOOK_EVERY_MS = 1, LOOK_SHARE = 10, LOOK_SHARE_IDLE = 30 };
/* While there is none: for what others have. */
enum { LIST_EVERY_MS = 50 };
/* Processes that are looked at. */
enum { PROCESSES_MOST = 4096 };
/* Inodes and sights that are remembered; beyond it all are forgotten, and what is there still is told again. */
enum { REMEMBERED_MOST = 1 << 17 };
/* Sockets of others that are told. More are told to be nobody's known. */
enum { OTHERS_MOST = 1 << 16 };

struct onlooker {
	int events;
	bool has_sockets;    /* of whatever kind */
	gint64 listed_us;
	GArray *listed;      /* struct listed_socket: by this look */
	GHashTable *inodes;  /* of sockets that the processes have or had: to the process */
	GHashTable *strange; /* inodes that the look before this one listed, and that were not the command's then */
	GHashTable *told;    /* struct sight */
	size_t others_told;
};

/* One socket with its ends, and what was said of it. */
struct sight {
	struct facts_end local, remote;
	unsigned long inode;
	enum run_event_kind kind;
};

BYTE_KEY(sight, sizeof(struct sight))

/* --- whose sockets ----------------------------------------------------------------------------------------- */

static void take_descriptor(struct onlooker *o, pid_t process, int folder, const char *name)
{
	char target[64];
	const ssize_t len = readlinkat(folder, name, target, sizeof(target) - 1);
	unsigned long inode;

	target[MAX(len, 0)] = '\0';
	if (sscanf(target, "socket:[%lu]", &inode) != 1)
		return;
	g_hash_table_insert(o->inodes, GSIZE_TO_POINTER(inode), GINT_TO_POINTER(process));
	o->has_sockets = true;
}

static void take_descriptors(struct onlooker *o, pid_t process)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/fd", process);
	DIR *folder = opendir(path);
	const struct dirent *entry;

	while (folder && (entry = readdir(folder)))
		take_descriptor(o, process, dirfd(folder), entry->d_name);
	if (folder)
		closedir(folder);
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

	o->has_sockets = false;
	if (g_hash_table_size(o->inodes) > REMEMBERED_MOST)
		g_hash_table_remove_all(o->inodes);
	add_children(processes, getpid());
	for (guint i = 0; i < processes->len; i++) {
		const pid_t process = g_array_index(processes, pid_t, i);

		take_descriptors(o, process);
		add_children(processes, process);
	}
}

/* --- what ends they have ------------------------------------------------------------------------------------ */

static bool is_news(struct onlooker *o, enum run_event_kind kind, const struct listed_socket *listed)
{
	struct sight sight;

	memset(&sight, 0, sizeof(sight)); /* it is compared as bytes */
	sight.local = listed->local;
	sight.remote = listed->remote;
	sight.inode = listed->inode;
	sight.kind = kind;
	if (g_hash_table_size(o->told) > REMEMBERED_MOST)
		g_hash_table_remove_all(o->told);
	return g_hash_table_add(o->told, g_memdup2(&sight, sizeof(sight)));
}

/* Once. */
static bool tell(struct onlooker *o, enum run_event_kind kind, const struct listed_socket *listed, pid_t process)
{
	struct run_event event = {.kind = (uint8_t)kind, .pid = process, .tid = process, .fd = -1, .has_local = true,
	                          .has_remote = true, .local = listed->local, .remote = listed->remote};
	struct timespec now;

	if (!is_news(o, kind, listed))
		return false;
	clock_gettime(CLOCK_REALTIME, &now);
	event.time_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
	return run_event_send(o->events, &event);
}

static void tell_other(struct onlooker *o, const struct listed_socket *listed)
{
	if (o->others_told < OTHERS_MOST && tell(o, RUN_OTHERS, listed, 0))
		o->others_told++;
}

static bool list(const struct listed_socket *socket, void *user)
{
	struct onlooker *o = user;

	if (socket->inode != 0 && socket->remote.port != 0)
		g_array_append_vals(o->listed, socket, 1);
	return true;
}

static void settle(struct onlooker *o, const struct listed_socket *listed, GHashTable *strange)
{
	const gpointer inode = GSIZE_TO_POINTER(listed->inode);
	gpointer process;

	if (g_hash_table_lookup_extended(o->inodes, inode, NULL, &process)) {
		tell(o, RUN_SOCKET, listed, GPOINTER_TO_INT(process));
		return;
	}
	if (g_hash_table_contains(o->strange, inode))
		tell_other(o, listed);
	g_hash_table_add(strange, inode);
}

static void take_list(struct onlooker *o)
{
	GHashTable *strange = g_hash_table_new(NULL, NULL);

	g_array_set_size(o->listed, 0);
	socket_list_each(list, o);
	for (guint i = 0; i < o->listed->len; i++)
		settle(o, &g_array_index(o->listed, struct listed_socket, i), strange);
	g_hash_table_destroy(o->strange);
	o->strange = strange;
}

static void look(struct onlooker *o)
{
	const gint64 now_us = g_get_monotonic_time();

	take_processes(o);
	if (!o->has_sockets && now_us - o->listed_us < LIST_EVERY_MS * G_GINT64_CONSTANT(1000))
		return;
	take_list(o);
	o->listed_us = now_us;
}

/* --- until it has ended ------------------------------------------------------------------------------------- */

/* What looking took of the processor, not of the time: others may want it too. */
static gint64 spent_us(void)
{
	struct timespec spent;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
	return spent.tv_sec * G_USEC_PER_SEC + spent.tv_nsec / 1000;
}

static gint64 sleep_us(const struct onlooker *o, gint64 looked_us)
{
	return MAX(LOOK_EVERY_MS * G_GINT64_CONSTANT(1000), looked_us * (o->has_sockets ? LOOK_SHARE : LOOK_SHARE_IDLE));
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
	struct onlooker o = {.events = watch->events, .listed = g_array_new(FALSE, FALSE, sizeof(struct listed_socket)),
	                     .inodes = g_hash_table_new(NULL, NULL), .strange = g_hash_table_new(NULL, NULL),
	                     .told = g_hash_table_new_full(sight_hash, sight_equal, g_free, NULL)};
	int status = 0;

	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	while (!has_ended(watch->command, &status)) {
		const gint64 began_us = spent_us();

		look(&o);
		sleep_unless_child(sleep_us(&o, spent_us() - began_us));
	}
	watch_tell_end(watch, status);
	g_array_unref(o.listed);
	g_hash_table_destroy(o.inodes);
	g_hash_table_destroy(o.strange);
	g_hash_table_destroy(o.told);
}
