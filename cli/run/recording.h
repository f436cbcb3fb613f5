/* The capture of a run: packets go from the interfaces into a file, a pcapng, as they come. What it says is asked once the
 * run is over (cli/cmd_run.c): only then are all the calls known that stand beside the packets. */
#ifndef CLI_RUN_RECORDING_H
#define CLI_RUN_RECORDING_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "capture/live.h"
#include "cli/run/kept_file.h"

struct recording;

struct recording_options {
	struct live_options live;
	const struct kept_file *kept; /* or NULL: then in a file without a name, gone with us */
	uint64_t most;      /* bytes; what is more is counted and left out */
	const char *program; /* that writes it: "hangup 1.2.3" */
};

/* Opens the interfaces, and a file unless one is kept. What streams is written beside that: it cannot be read again. NULL
 * and error. */
struct recording *recording_new(const struct recording_options *options, GError **error);
void recording_free(struct recording *r);

/* Takes what has come, waiting for it no longer than that. Interfaces that have gone are looked for now and then. FALSE and
 * error when it cannot be written: once. What is there is cut back to what is whole then, and can be read. */
gboolean recording_take(struct recording *r, int wait_ms, GError **error);
/* Counts of the interfaces, at the end. */
gboolean recording_finish(struct recording *r, GError **error);

/* The file, to be read from its start. */
int recording_fd(const struct recording *r);
/* Nothing at all could be written, not even what it is. */
bool recording_is_empty(const struct recording *r);
uint64_t recording_left_out(const struct recording *r);

#endif
