#include "report/output.h"

#include <errno.h>

void output_init(struct output *o, FILE *file)
{
	o->file = file;
	o->error = 0;
}

void output_write(struct output *o, const char *bytes, size_t len)
{
	if (o->error || len == 0)
		return;
	errno = 0;
	if (fwrite(bytes, 1, len, o->file) != len)
		o->error = errno ? errno : EIO;
}

void output_string(struct output *o, const GString *text)
{
	output_write(o, text->str, text->len);
}

gboolean output_finish(struct output *o, GError **error)
{
	errno = 0;
	if (!o->error && fflush(o->file) != 0)
		o->error = errno ? errno : EIO;
	if (!o->error)
		return TRUE;
	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(o->error), "cannot write the result: %s",
	            g_strerror(o->error));
	return FALSE;
}
