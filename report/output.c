#include "report/output.h"

#include <errno.h>
#include <stdio.h>

#include <sys/stat.h>

#include "rules/host/append.h"

enum { PIECE = 128 << 10 }; /* bytes: a system call costs nothing beside so many */

static bool is_file(FILE *file)
{
	struct stat status;
	int fd = fileno(file);

	return fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

void output_init(struct output *o, FILE *file)
{
	*o = (struct output){.file = file, .watched = !is_file(file), .pending = g_string_new(NULL)};
}

static void write_out(struct output *o, const char *bytes, size_t len)
{
	errno = 0;
	if (!o->error && len > 0 && fwrite(bytes, 1, len, o->file) != len)
		o->error = errno ? errno : EIO;
}

static void write_pending(struct output *o)
{
	write_out(o, o->pending->str, o->pending->len);
	g_string_truncate(o->pending, 0);
}

void output_write(struct output *o, const char *bytes, size_t len)
{
	if (o->pending->len + len > PIECE)
		write_pending(o);
	if (len >= PIECE)
		write_out(o, bytes, len);
	else
		append_bytes(o->pending, bytes, len);
}

void output_string(struct output *o, const GString *text)
{
	output_write(o, text->str, text->len);
}

void output_flush(struct output *o)
{
	write_pending(o);
	errno = 0;
	if (!o->error && fflush(o->file) != 0)
		o->error = errno ? errno : EIO;
}

void output_turn(struct output *o)
{
	if (o->watched && o->pending->len > 0)
		output_flush(o);
}

gboolean output_finish(struct output *o, GError **error)
{
	output_flush(o);
	g_string_free(o->pending, TRUE);
	if (!o->error)
		return TRUE;
	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(o->error), "cannot write the result: %s",
	            g_strerror(o->error));
	return FALSE;
}
