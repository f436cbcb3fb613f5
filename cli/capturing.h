/* One live capture from opening to the last verdict, as every command that captures does it: the options about the
 * capture, the clock, interfaces that come and go, Control-C. */
#ifndef CLI_CAPTURING_H
#define CLI_CAPTURING_H

#include "capture/live.h"
#include "cli/command.h"
#include "cli/pipeline.h"
#include "cli/told_book.h"

extern const struct option_section capture_section; /* -i, --snaplen, --buffer, --ring, --promiscuous; use privileges_section too */
extern const struct option_section capture_run_section; /* without --ring: for who keeps packets in a file */

/* Where it goes; what may be NULL says so. */
struct capturing {
	/* Before the capture is opened and rights are given up: what needs them. FALSE and error end the run. Or NULL */
	gboolean (*prepare)(void *user, GError **error);
	/* The capture is open, rights are given up, and nothing was read yet. As well. */
	gboolean (*opened)(struct source *source, void *user, GError **error);
	/* There is something to tell of a connection: an ending as soon as it can be judged, a correction, its verdict.
	 * news: it is no mere confirmation. now_ns: until when was listened. */
	void (*tell)(const struct hangup_case *c, const struct report_told *told, bool news, int64_t now_ns, void *user);
	pipeline_frame_fn frame; /* or NULL */
	uint64_t packets_most;   /* no more are taken; 0: no bound */
	/* After each round, four times a second or more. False ends the run. */
	bool (*round)(const struct run_summary *so_far, const struct told_counts *told, void *user);
	/* Before something is written to standard error. Or NULL */
	void (*before_words)(void *user);
	void *user;
};

/* Whether verdicts come because the capture is over, rather than as they happen. */
bool capturing_is_over(void);

/* Captures on the interfaces that -i names, until it is told to end. Says what went wrong. */
enum exit_status capturing_run(const struct capturing *capturing, struct run_summary *out_summary);

/* What the options say, for who captures otherwise; borrowed. FALSE after saying what is wrong with them. */
gboolean capturing_options(struct live_options *out);
/* Says that an interface went or came back: a live_tell_fn, the default of these options. */
void capturing_tell_interface(enum live_event event, const char *name, const GError *why, void *unused);

/* The interfaces as the options name them, "eth0, eth1"; to be freed. */
char *capturing_title(void);

#endif
