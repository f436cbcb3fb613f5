#include "cli/progress.h"

#include <stdio.h>

#include "cli/terminal.h"

static const gint64 patience_us = 1000000; /* a run shorter than this shows nothing */
static const gint64 interval_us = 200000;

void progress_init(struct progress *p, bool shared)
{
	const gint64 now = g_get_monotonic_time();

	*p = (struct progress){
		.next_us = terminal_wants_progress(shared) ? now + patience_us : G_MAXINT64,
		.width = terminal_progress_width(),
		.rates = {.last = {.at_us = now}},
	};
}

/* Written over the last one in one piece, so that nothing flickers, and never into the last column, which would begin
 * a new line. */
static void show(struct progress *p, GString *line)
{
	g_autofree char *ascii = g_str_to_ascii(line->str, "C");

	fprintf(stderr, "\r%.*s\x1b[K", (int)p->width - 1, ascii);
	fflush(stderr);
	p->visible = true;
}

void progress_update(struct progress *p, const struct source *source)
{
	struct progress_state now;
	uint64_t total;

	if (p->next_us == G_MAXINT64)
		return;
	now.at_us = g_get_monotonic_time();
	if (now.at_us < p->next_us)
		return;
	source_progress(source, &now.bytes, &total);
	now.packets = source_frames(source);
	g_autoptr(GString) line = g_string_new(NULL);
	progress_line_append(line, &p->rates, &now, total);
	show(p, line);
	p->next_us = now.at_us + interval_us;
}

void progress_wipe(struct progress *p)
{
	if (p->visible)
		fputs("\r\x1b[K", stderr);
	p->visible = false;
}
