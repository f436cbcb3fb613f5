#include "capture/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "capture/source.h"

#ifndef O_BINARY
#define O_BINARY 0 /* only systems that translate line ends have it */
#endif
#ifndef O_CLOEXEC
#define O_CLOEXEC 0
#endif

static int end_fd = -1;

void stream_file_end_on(int fd)
{
	end_fd = fd;
}

/* Waits for bytes, or for a descriptor that somebody else set to non-blocking, as a shared terminal or pipe may be.
 * False when nothing more is wanted. */
static gboolean wait_for_bytes(const struct stream_file *f)
{
	GPollFD fds[] = { { .fd = f->fd, .events = G_IO_IN | G_IO_HUP | G_IO_ERR }, { .fd = end_fd, .events = G_IO_IN } };
	while (g_poll(fds, end_fd >= 0 ? 2 : 1, -1) < 0 && errno == EINTR)
		; /* the signal may be the one that is waited for */
	return fds[1].revents == 0;
}

static gssize stream_file_read(struct stream *s, uint8_t *out, size_t size, GError **error)
{
	struct stream_file *f = (struct stream_file *)s;
	for (;;) {
		if (!f->regular && end_fd >= 0 && !wait_for_bytes(f))
			return 0;
		ssize_t got = read(f->fd, out, size);
		if (got >= 0) {
			f->taken += (uint64_t)got;
			return got;
		}
		if (errno == EAGAIN || errno == EWOULDBLOCK) {
			if (!wait_for_bytes(f))
				return 0;
		} else if (errno != EINTR) {
			int why = errno;
			g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_READ, "%s: cannot be read: %s", f->name,
			            g_strerror(why));
			return -1;
		}
	}
}

static void stream_file_free(struct stream *s)
{
	struct stream_file *f = (struct stream_file *)s;
	if (f->owns_fd && f->fd >= 0)
		g_close(f->fd, NULL);
	g_free(f->name);
	g_free(f);
}

static void set_cannot_open(const struct stream_file *f, int why, GError **error)
{
	g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_OPEN, "%s: cannot be opened: %s", f->name, g_strerror(why));
}

static gboolean learn_kind(struct stream_file *f, GError **error)
{
	struct stat st;
	if (fstat(f->fd, &st) != 0) {
		set_cannot_open(f, errno, error);
		return FALSE;
	}
	if (S_ISDIR(st.st_mode)) {
		g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_OPEN,
		            "%s: is a directory; name a capture file in it", f->name);
		return FALSE;
	}
	f->regular = f->owns_fd && S_ISREG(st.st_mode);
	if (S_ISREG(st.st_mode) && st.st_size > 0)
		f->total = (uint64_t)st.st_size;
	return TRUE;
}

struct stream_file *stream_file_open(const char *path, GError **error)
{
	struct stream_file *f = g_new0(struct stream_file, 1);
	f->stream = (struct stream){ stream_file_read, stream_file_free };
	f->name = g_strdup(path);
	f->owns_fd = strcmp(path, "-") != 0;
	f->fd = f->owns_fd ? g_open(path, O_RDONLY | O_BINARY | O_CLOEXEC, 0) : STDIN_FILENO;
	if (f->fd < 0)
		set_cannot_open(f, errno, error);
	if (f->fd >= 0 && learn_kind(f, error))
		return f;
	stream_file_free(&f->stream);
	return NULL;
}
