#include "cli/progress.h"

#include <inttypes.h>
#include <stdio.h>

#include "cli/terminal.h"

static const gint64 patience_us = 1000000; /* a run shorter than this shows nothing */
static const gint64 interval_us = 200000;

void progress_init(struct progress *p)
{
	p->visible = false;
	p->next_us = terminal_wants_progress() ? g_get_monotonic_time() + patience_us : G_MAXINT64;
}

void progress_update(struct progress *p, const struct source *source)
{
	uint64_t done, total;
	gint64 now;
	g_autofree char *size = NULL;

	if (p->next_us == G_MAXINT64)
		return;
	now = g_get_monotonic_time();
	if (now < p->next_us)
		return;
	source_progress(source, &done, &total);
	size = g_format_size(done);
	fprintf(stderr, "\r%" PRIu64 " packets, %s", source_frames(source), size);
	if (total)
		fprintf(stderr, ", %u%%", (unsigned)((double)done / (double)total * 100));
	fputs("\x1b[K", stderr);
	fflush(stderr);
	p->visible = true;
	p->next_us = now + interval_us;
}

void progress_wipe(struct progress *p)
{
	if (p->visible)
		fputs("\r\x1b[K", stderr);
	p->visible = false;
}
