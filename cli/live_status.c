#include "cli/live_status.h"

#include <inttypes.h>
#include <stdio.h>

#include "cli/terminal.h"
#include "rules/host/vocabulary.h"

enum { INTERVAL_US = 500000 };

static void append_labels(GString *out, const struct told_counts *told)
{
	const char *before = "; ";

	for (enum hangup_label label = 0; label < HANGUP_LABEL_COUNT; label++) {
		if (told->now[label] == 0)
			continue;
		g_string_append_printf(out, "%s%" PRIu64 " %s", before, told->now[label], label_name(label));
		before = ", ";
	}
}

void live_status_append(GString *out, const struct run_summary *so_far, const struct told_counts *told)
{
	const uint64_t lost = so_far->capture_dropped;

	g_string_append_printf(out, "%" PRIu64 " packet%s", so_far->frames, so_far->frames == 1 ? "" : "s");
	if (lost > 0)
		g_string_append_printf(out, ", %" PRIu64 " LOST (%" PRIu64 " kernel, %" PRIu64 " interface)", lost,
		                       lost - so_far->dropped_by_cards, so_far->dropped_by_cards);
	g_string_append_printf(out, ", %" PRIu64 " open", so_far->open);
	if (so_far->settling > 0)
		g_string_append_printf(out, ", %" PRIu64 " just ended", so_far->settling);
	append_labels(out, told);
	if (lost == 0)
		g_string_append(out, "; nothing lost");
}

void live_status_init(struct live_status *s)
{
	*s = (struct live_status){.shown = terminal_wants_progress(false)};
}

void live_status_update(struct live_status *s, const struct run_summary *so_far, const struct told_counts *told)
{
	g_autoptr(GString) line = NULL;
	gint64 now_us = s->shown ? g_get_monotonic_time() : 0;

	if (!s->shown || now_us < s->next_us)
		return;
	line = g_string_new(NULL);
	live_status_append(line, so_far, told);
	fprintf(stderr, "\r%.*s\x1b[K", (int)terminal_progress_width() - 1, line->str);
	fflush(stderr);
	s->visible = true;
	s->next_us = now_us + INTERVAL_US;
}

void live_status_wipe(struct live_status *s)
{
	if (s->visible)
		fputs("\r\x1b[K", stderr);
	s->visible = false;
	s->next_us = 0;
}
