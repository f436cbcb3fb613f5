/* Under a name that begins with a dot until it is whole. */
#include "cli/table_file.h"

#include <errno.h>
#include <stdio.h>

#include <glib/gstdio.h>

#include "cli/diagnostic.h"

struct table_file {
	char *path, *part;
	FILE *file;
	struct report_sink *sink;
};

static enum exit_status failed(const char *path, const char *why)
{
	diagnostic_error("%s: cannot be written: %s", path, why);
	return EXIT_INPUT;
}

static void free_names(struct table_file *t)
{
	g_free(t->path);
	g_free(t->part);
	g_free(t);
}

struct table_file *table_file_begin(const char *folder, const struct report_options *options)
{
	struct table_file *t = g_new0(struct table_file, 1);

	t->path = g_build_filename(folder, "connections.csv", NULL);
	t->part = g_build_filename(folder, ".connections.csv", NULL);
	t->file = g_fopen(t->part, "wb");
	if (!t->file) {
		failed(t->path, g_strerror(errno));
		free_names(t);
		return NULL;
	}
	t->sink = report_csv_new(t->file, options);
	return t;
}

void table_file_verdict(struct table_file *t, unsigned lane, const struct hangup_case *c)
{
	report_verdict(t->sink, lane, c);
}

void table_file_turn(struct table_file *t)
{
	report_turn(t->sink);
}

enum exit_status table_file_finish(struct table_file *t, const struct run_summary *summary)
{
	g_autoptr(GError) error = NULL;
	bool whole = report_finish(t->sink, summary, &error);
	enum exit_status status = EXIT_DONE;

	errno = 0;
	whole = fclose(t->file) == 0 && whole && g_rename(t->part, t->path) == 0;
	if (!whole) {
		status = failed(t->path, error ? error->message : g_strerror(errno));
		g_unlink(t->part);
	}
	free_names(t);
	return status;
}
