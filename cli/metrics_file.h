/* Counters of a live capture as OpenMetrics text, in a file that is always whole: for the node exporter's textfile
 * collector, and whoever else reads files. */
#ifndef CLI_METRICS_FILE_H
#define CLI_METRICS_FILE_H

#include <glib.h>

#include "analyzers/run_summary.h"
#include "capture/source.h"
#include "cli/save_folder.h"
#include "cli/told_book.h"

/* What is counted; recordings may be NULL. */
struct metrics {
	const struct run_summary *summary;
	const struct told_counts *told;
	const struct source *source;
	const struct save_counts *recordings;
	int64_t start_ns; /* since 1970: tells a restart from a count that shrank */
};

void metrics_append(GString *out, const struct metrics *m);
/* Writes them beside the file, and renames. FALSE and error when that fails; the file is as it was then. */
gboolean metrics_file_write(const char *path, const struct metrics *m, GError **error);

#endif
