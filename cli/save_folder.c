#include "cli/save_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

enum { PIECE = 64 << 10, MODE_FILE = 0600, MODE_FOLDER = 0700, STALE_S = 600 };

#define TEMPORARY ".hangup-"
#define SUFFIX ".pcapng"

struct job {
	char *name;
	char *replaced;    /* or NULL */
	GByteArray *bytes; /* NULL: take it away */
};

struct saved {
	char *name;
	uint64_t size;
};

struct save_folder {
	char *path;
	char *temporary; /* path of the file being written */
	uint64_t limit;
	GThread *writer;
	GAsyncQueue *jobs;
	GPtrArray *files; /* struct saved, by name, oldest first: the writer's */
	uint64_t total;
	GMutex lock;      /* of what follows */
	GCond idle;
	uint64_t waiting_bytes, waiting_jobs;
	bool stop;        /* no more than what is begun, and not even that */
	struct save_counts counts;
	char *trouble, *told;
};

static void job_free(struct job *job)
{
	g_free(job->name);
	g_free(job->replaced);
	g_clear_pointer(&job->bytes, g_byte_array_unref);
	g_free(job);
}

static void saved_free(gpointer data)
{
	struct saved *s = data;

	g_free(s->name);
	g_free(s);
}

/* --- what is there --------------------------------------------------------------------------------------- */

/* 20261127T040803.105Z-... */
static bool is_ours(const char *name)
{
	static const char pattern[] = "ddddddddTdddddd.dddZ-";

	for (size_t i = 0; pattern[i]; i++)
		if (pattern[i] == 'd' ? !g_ascii_isdigit(name[i]) : name[i] != pattern[i])
			return false;
	return g_str_has_suffix(name, SUFFIX);
}

static gint by_name(gconstpointer a, gconstpointer b)
{
	const struct saved *one = *(const struct saved *const *)a, *other = *(const struct saved *const *)b;

	return strcmp(one->name, other->name);
}

static void list(struct save_folder *f, const char *name, uint64_t size)
{
	struct saved *s = g_new(struct saved, 1);
	guint at = f->files->len;

	*s = (struct saved){.name = g_strdup(name), .size = size};
	while (at > 0 && strcmp(((struct saved *)f->files->pdata[at - 1])->name, name) > 0)
		at--; /* nearly always the last */
	g_ptr_array_insert(f->files, (gint)at, s);
	f->total += size;
}

static void unlist(struct save_folder *f, guint at)
{
	f->total -= ((struct saved *)f->files->pdata[at])->size;
	g_ptr_array_remove_index(f->files, at);
}

/* Whether it was there. */
static bool forget(struct save_folder *f, const char *name)
{
	for (guint i = f->files->len; i > 0; i--) {
		if (strcmp(((struct saved *)f->files->pdata[i - 1])->name, name) == 0) {
			unlist(f, i - 1);
			return true;
		}
	}
	return false;
}

static void remove_file(struct save_folder *f, const char *name)
{
	g_autofree char *path = g_build_filename(f->path, name, NULL);

	if (forget(f, name))
		g_unlink(path);
}

/* What one that was killed left behind. */
static void clean(const char *path, const GStatBuf *status)
{
	if (status->st_mtime < g_get_real_time() / G_USEC_PER_SEC - STALE_S)
		g_unlink(path);
}

static gboolean look_around(struct save_folder *f, GError **error)
{
	g_autoptr(GDir) dir = g_dir_open(f->path, 0, error);
	const char *name;

	while (dir && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(f->path, name, NULL);
		GStatBuf status;

		if (g_lstat(path, &status) != 0 || !S_ISREG(status.st_mode))
			continue;
		if (g_str_has_prefix(name, TEMPORARY))
			clean(path, &status);
		else if (is_ours(name))
			g_ptr_array_add(f->files, g_memdup2(&(struct saved){g_strdup(name), (uint64_t)status.st_size},
			                                    sizeof(struct saved)));
	}
	g_ptr_array_sort(f->files, by_name);
	for (guint i = 0; i < f->files->len; i++)
		f->total += ((struct saved *)f->files->pdata[i])->size;
	return dir != NULL;
}

/* --- writing ---------------------------------------------------------------------------------------------- */

static bool is_stopped(struct save_folder *f)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&f->lock);

	return f->stop;
}

static bool write_all(struct save_folder *f, int fd, const GByteArray *bytes)
{
	for (guint at = 0; at < bytes->len;) {
		ssize_t written = is_stopped(f) ? (errno = EINTR, -1) : write(fd, bytes->data + at, MIN(bytes->len - at, PIECE));

		if (written < 0)
			return false;
		at += (guint)written;
	}
	return fsync(fd) == 0;
}

/* 0, or errno. */
static int write_file(struct save_folder *f, const char *path, const GByteArray *bytes)
{
	int fd = g_open(f->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, MODE_FILE);
	int why = 0;

	if (fd < 0)
		return errno;
	if (!write_all(f, fd, bytes))
		why = errno;
	if (close(fd) != 0 && why == 0)
		why = errno;
	if (why == 0 && g_rename(f->temporary, path) != 0)
		why = errno;
	if (why != 0)
		g_unlink(f->temporary);
	return why;
}

static void set_trouble(struct save_folder *f, const char *what)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&f->lock);

	f->counts.failed++;
	if (g_strcmp0(f->told, what) == 0)
		return;
	g_free(f->told);
	f->told = g_strdup(what);
	g_free(f->trouble);
	f->trouble = g_strdup_printf("%s: %s", f->path, what);
}

static void note_saved(struct save_folder *f)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&f->lock);

	f->counts.saved++;
	g_clear_pointer(&f->told, g_free); /* the next trouble is news */
}

/* False when it would not even fit alone. */
static bool make_room(struct save_folder *f, uint64_t size)
{
	if (size > f->limit)
		return false;
	while (f->files->len > 0 && f->total + size > f->limit) {
		g_autofree char *oldest = g_strdup(((struct saved *)f->files->pdata[0])->name);

		remove_file(f, oldest);
		g_mutex_lock(&f->lock);
		f->counts.removed++;
		g_mutex_unlock(&f->lock);
	}
	return true;
}

/* What it replaces stays until it is there: a disk that is full by then has that at least. */
static void take_the_place(struct save_folder *f, const struct job *job)
{
	forget(f, job->name); /* the new one has its name already */
	if (job->replaced)
		remove_file(f, job->replaced);
	list(f, job->name, job->bytes->len);
}

static void save(struct save_folder *f, const struct job *job)
{
	g_autofree char *path = g_build_filename(f->path, job->name, NULL);
	int why;

	if (!make_room(f, job->bytes->len)) {
		set_trouble(f, "a recording is larger than --save-limit allows, and was not saved");
		return;
	}
	why = write_file(f, path, job->bytes);
	if (why == 0) {
		take_the_place(f, job);
		note_saved(f);
	} else {
		g_autofree char *what = g_strdup_printf("a recording could not be saved: %s", g_strerror(why));

		set_trouble(f, what);
	}
}

static void done(struct save_folder *f, const struct job *job)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&f->lock);

	f->waiting_bytes -= job->bytes ? job->bytes->len : 0;
	if (--f->waiting_jobs == 0)
		g_cond_signal(&f->idle);
}

static gpointer write_jobs(gpointer data)
{
	struct save_folder *f = data;
	struct job *job;

	while ((job = g_async_queue_pop(f->jobs))->name != NULL) {
		if (is_stopped(f))
			set_trouble(f, "recordings were left out, because there was no time to save them");
		else if (job->bytes)
			save(f, job);
		else
			remove_file(f, job->name);
		done(f, job);
		job_free(job);
	}
	job_free(job);
	return NULL;
}

/* --- from outside ------------------------------------------------------------------------------------------ */

static gboolean can_write(struct save_folder *f, GError **error)
{
	int fd = g_open(f->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, MODE_FILE);
	int why = errno;

	if (fd < 0) {
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(why), "%s: nothing can be saved there: %s", f->path,
		            g_strerror(why));
		return FALSE;
	}
	close(fd);
	g_unlink(f->temporary);
	return TRUE;
}

static void save_folder_free(struct save_folder *f)
{
	g_clear_pointer(&f->jobs, g_async_queue_unref);
	g_ptr_array_unref(f->files);
	g_mutex_clear(&f->lock);
	g_cond_clear(&f->idle);
	g_free(f->trouble);
	g_free(f->told);
	g_free(f->temporary);
	g_free(f->path);
	g_free(f);
}

struct save_folder *save_folder_new(const char *path, uint64_t limit_bytes, GError **error)
{
	struct save_folder *f = g_new0(struct save_folder, 1);

	f->path = g_strdup(path);
	f->temporary = g_strdup_printf("%s/" TEMPORARY "%d.tmp", path, (int)getpid());
	f->limit = limit_bytes;
	f->files = g_ptr_array_new_with_free_func(saved_free);
	g_mutex_init(&f->lock);
	g_cond_init(&f->idle);
	g_mkdir_with_parents(path, MODE_FOLDER); /* if it cannot be, it cannot be opened either */
	if (!look_around(f, error) || !can_write(f, error)) {
		save_folder_free(f);
		return NULL;
	}
	f->jobs = g_async_queue_new();
	f->writer = g_thread_new("save", write_jobs, f);
	return f;
}

static void push(struct save_folder *f, const struct job *job)
{
	g_async_queue_push(f->jobs, g_memdup2(job, sizeof *job));
}

/* FALSE when too much waits. */
static bool admit(struct save_folder *f, uint64_t size)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&f->lock);

	if (size > 0 && f->waiting_bytes > 0 && f->waiting_bytes + size > SAVE_WAITING_MOST)
		return false;
	f->waiting_bytes += size;
	f->waiting_jobs++;
	return true;
}

void save_folder_put(struct save_folder *f, char *name, char *replaced, GByteArray *bytes)
{
	struct job job = {.name = name, .replaced = replaced, .bytes = bytes};

	if (admit(f, bytes->len)) {
		push(f, &job);
		return;
	}
	set_trouble(f, "recordings were left out, because the disk is slower than they come");
	job_free(g_memdup2(&job, sizeof job));
}

void save_folder_remove(struct save_folder *f, char *name)
{
	struct job job = {.name = name};

	admit(f, 0);
	push(f, &job);
}

struct save_counts save_folder_counts(struct save_folder *f)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&f->lock);

	return f->counts;
}

char *save_folder_take_trouble(struct save_folder *f)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&f->lock);

	return g_steal_pointer(&f->trouble);
}

/* Whether the writer is idle before the time is over; if not it is told to stop where it is. */
static bool wait_until_idle(struct save_folder *f, int wait_ms)
{
	gint64 until_us = g_get_monotonic_time() + (gint64)wait_ms * 1000;
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&f->lock);

	while (f->waiting_jobs > 0)
		if (!g_cond_wait_until(&f->idle, &f->lock, until_us))
			break;
	f->stop = f->waiting_jobs > 0;
	return !f->stop;
}

/* A system that does not finish a write is not waited for: the half file goes, and the thread with the process. */
struct save_counts save_folder_end(struct save_folder *f, int wait_ms, char **out_trouble)
{
	bool idle = wait_until_idle(f, wait_ms) || wait_until_idle(f, wait_ms / 4);
	struct save_counts counts;

	if (!idle) {
		g_unlink(f->temporary);
		*out_trouble = save_folder_take_trouble(f);
		return save_folder_counts(f);
	}
	push(f, &(struct job){.name = NULL});
	g_thread_join(f->writer);
	*out_trouble = save_folder_take_trouble(f);
	counts = f->counts;
	save_folder_free(f);
	return counts;
}
