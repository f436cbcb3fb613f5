/* One line on a terminal that says how far a long run is. It appears only when the run lasts, and is wiped before
 * anything else is written there. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>

#include <glib.h>

#include "capture/source.h"
#include "cli/progress_line.h"

struct progress {
	gint64 next_us; /* when to show it again, monotonic clock */
	unsigned width; /* columns of the terminal */
	bool visible;
	struct progress_rates rates;
};

/* shared: the result is written to the same terminal meanwhile, so nothing is shown. */
void progress_init(struct progress *p, bool shared);
void progress_update(struct progress *p, const struct source *source);
void progress_wipe(struct progress *p);

#endif
