/* How a live capture stands, in a line: "12345 packets, 17 open, 3 just ended; 3 rst, 1 local-abort; nothing lost". */
#ifndef CLI_LIVE_STATUS_H
#define CLI_LIVE_STATUS_H

#include <stdbool.h>

#include <glib.h>

#include "analyzers/run_summary.h"
#include "cli/told_book.h"

void live_status_append(GString *out, const struct run_summary *so_far, const struct told_counts *told);

/* The same on a terminal, kept at its last line: to be wiped before anything else is written there. */
struct live_status {
	bool shown;     /* somebody watches */
	bool visible;
	gint64 next_us; /* monotonic clock */
};
void live_status_init(struct live_status *s);
void live_status_update(struct live_status *s, const struct run_summary *so_far, const struct told_counts *told);
void live_status_wipe(struct live_status *s);

#endif
