/* One line on a terminal that says how far a long run is. It appears only when the run lasts, and is wiped
 * before anything else is written. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "capture/source.h"

struct progress {
	gint64 next_us; /* when to show it again, monotonic clock */
	bool visible;
};

void progress_init(struct progress *p);
void progress_update(struct progress *p, const struct source *source);
void progress_wipe(struct progress *p);

#endif
