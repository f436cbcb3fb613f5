/* Written beside its place, under a name that begins with a dot. The process that gives it its name waits for one byte;
 * when there is none, because nothing was to be kept or we were killed, it removes the file. */
#include "cli/run/kept_file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

struct kept_file {
	char *name;   /* as the user gave it */
	char *path;   /* without links */
	char *hidden; /* its name until it is whole; NULL of a pipe or a device */
	int fd;
	int namer;    /* to the process that gives it its name; -1 without */
};

static gboolean cannot(const char *path, int why, GError **error)
{
	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(why), "%s: cannot be written: %s", path, g_strerror(why));
	return FALSE;
}

/* --- the process that gives it its name -------------------------------------------------------------------- */

/* Keys and signals are for the command; whoever waits for the end of its output must not wait for this. */
static void let_go_of_everything(void)
{
	static const int signals[] = {SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU, SIGHUP, SIGTERM, SIGPIPE};
	const int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (size_t i = 0; i < G_N_ELEMENTS(signals); i++)
		signal(signals[i], SIG_IGN);
	for (int fd = 0; nowhere >= 0 && fd <= 2; fd++)
		dup2(nowhere, fd);
}

static ssize_t read_whole(int fd, void *out, size_t len)
{
	ssize_t got;

	do
		got = read(fd, out, len);
	while (got < 0 && errno == EINTR);
	return got;
}

G_NORETURN static void be_namer(const struct kept_file *k, int other)
{
	uint8_t word;
	int32_t why;

	let_go_of_everything();
	if (read_whole(other, &word, 1) != 1) {
		unlink(k->hidden);
		_exit(0);
	}
	why = rename(k->hidden, k->path) == 0 ? 0 : errno;
	if (why != 0)
		unlink(k->hidden);
	_exit(write(other, &why, sizeof(why)) != sizeof(why));
}

static gboolean start_namer(struct kept_file *k, GError **error)
{
	int ends[2];
	pid_t id;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return cannot(k->name, errno, error);
	id = fork();
	if (id == 0) {
		close(ends[0]);
		be_namer(k, ends[1]);
	}
	close(ends[1]);
	k->namer = ends[0];
	if (id > 0)
		return TRUE;
	g_unlink(k->hidden);
	return cannot(k->name, errno, error);
}

/* --- opening ------------------------------------------------------------------------------------------------ */

static char *without_links(const char *path)
{
	char *real = realpath(path, NULL), *copy = g_strdup(real);

	free(real); /* NULL when it is not there yet */
	return copy ? copy : g_canonicalize_filename(path, NULL);
}

static gboolean open_hidden(struct kept_file *k, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(k->path), *name = g_path_get_basename(k->path);

	if (access(k->path, F_OK) == 0 && access(k->path, W_OK) != 0)
		return cannot(k->name, errno, error);
	k->hidden = g_strdup_printf("%s/.%s.XXXXXX", folder, name);
	k->fd = g_mkstemp_full(k->hidden, O_RDWR | O_CLOEXEC, 0644);
	return k->fd >= 0 ? start_namer(k, error) : cannot(k->name, errno, error);
}

/* What is open already, and goes by a name there: another file must not take its place, even where it is a file. */
static bool is_open_already(const char *path)
{
	static const char *const places[] = {"/dev/stdout", "/dev/stderr", "/dev/fd/", "/proc/"};

	for (size_t i = 0; i < G_N_ELEMENTS(places); i++)
		if (g_str_has_prefix(path, places[i]))
			return true;
	return false;
}

static gboolean open_it(struct kept_file *k, GError **error)
{
	struct stat status;

	if (!is_open_already(k->name) && (stat(k->path, &status) != 0 || S_ISREG(status.st_mode)))
		return open_hidden(k, error);
	k->fd = open(k->name, O_WRONLY | O_APPEND | O_CLOEXEC);
	return k->fd >= 0 ? TRUE : cannot(k->name, errno, error);
}

struct kept_file *kept_file_new(const char *path, GError **error)
{
	struct kept_file *k = g_new0(struct kept_file, 1);

	k->fd = k->namer = -1;
	k->name = g_strdup(path);
	k->path = without_links(path);
	if (open_it(k, error))
		return k;
	kept_file_free(k);
	return NULL;
}

/* --- its end ------------------------------------------------------------------------------------------------ */

/* Waits for it, so that nothing is left over when we have ended. */
static void leave_namer(struct kept_file *k)
{
	uint8_t nothing;

	shutdown(k->namer, SHUT_WR);
	while (read_whole(k->namer, &nothing, 1) > 0)
		continue;
	close(k->namer);
}

void kept_file_free(struct kept_file *k)
{
	if (!k)
		return;
	if (k->namer >= 0)
		leave_namer(k);
	if (k->fd >= 0)
		close(k->fd);
	g_free(k->hidden);
	g_free(k->path);
	g_free(k->name);
	g_free(k);
}

bool kept_file_streams(const struct kept_file *k)
{
	return k->hidden == NULL;
}

int kept_file_fd(const struct kept_file *k)
{
	return k->fd;
}

gboolean kept_file_keep(struct kept_file *k, GError **error)
{
	const uint8_t word = 1;
	int32_t why = EPIPE;

	if (kept_file_streams(k))
		return TRUE;
	if (write(k->namer, &word, 1) != 1 || read_whole(k->namer, &why, sizeof(why)) != sizeof(why))
		return cannot(k->name, EPIPE, error);
	return why == 0 ? TRUE : cannot(k->name, why, error);
}
