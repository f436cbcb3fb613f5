#include "tests/hostile/memory_file.h"

#include <sys/mman.h>
#include <unistd.h>

#include <glib.h>

struct memory_file {
	int fd;
	char path[32];
};

struct memory_file *memory_file_new(void)
{
	struct memory_file *f = g_new0(struct memory_file, 1);

	f->fd = memfd_create("capture", MFD_CLOEXEC);
	g_assert(f->fd >= 0);
	g_snprintf(f->path, sizeof f->path, "/proc/self/fd/%d", f->fd);
	return f;
}

void memory_file_free(struct memory_file *f)
{
	close(f->fd);
	g_free(f);
}

void memory_file_set(struct memory_file *f, const void *bytes, size_t len)
{
	g_assert(ftruncate(f->fd, (off_t)len) == 0);
	g_assert(len == 0 || pwrite(f->fd, bytes, len, 0) == (ssize_t)len);
}

const char *memory_file_path(const struct memory_file *f)
{
	return f->path;
}
