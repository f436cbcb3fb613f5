/* Known idle timers of boxes, and which of them fit an observed idle time. A fit is evidence, not proof: most
 * timers can be configured, and many boxes share a round number. The list is the shipped one (idle_timers.def) and
 * what the user adds; added before the first verdict, and only read from then on. */
#ifndef REPORT_IDLE_TIMERS_H
#define REPORT_IDLE_TIMERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

/* What is seen when the timer runs out. */
enum idle_expiry { IDLE_EXPIRY_SILENT, IDLE_EXPIRY_RST_LATE, IDLE_EXPIRY_RST_BOTH, IDLE_EXPIRY_CLOSE };

struct idle_timer {
	const char *device;
	int64_t seconds; /* default, of an established connection */
	enum idle_expiry expiry;
	bool verified;   /* the vendor's text or the source was read; else common knowledge */
	const char *source;
};

enum {
	IDLE_TIMER_CLOSE_PERCENT = 10, /* an idle time up to this much longer than the timer is about the timer's */
	IDLE_TIMER_FITS_MAX = 12,
};

/* Adds the timers of a key file: a group a device, with seconds, at-expiry (silent, rst-late, rst-both or close) and,
 * if wanted, source. They count as verified, and are named before shipped ones of the same seconds. Adds none, and
 * says where the mistake is, when there is one. */
gboolean idle_timers_add_file(const char *path, GError **error);
/* Back to the shipped list. */
void idle_timers_reset(void);

struct idle_timer_fit {
	const struct idle_timer *timer[IDLE_TIMER_FITS_MAX]; /* all of the same seconds, verified ones first */
	size_t len;
	bool close; /* T <= idle <= T + 10 % */
};

/* The timers T closest below an idle time, of boxes that behave in that way. When the box acts at expiry the idle
 * time is its timer, so only close ones are given. When it forgets in silence the idle time is whatever the
 * application made it, so any T from half of it on is: a timer far below is possible but explains little. */
struct idle_timer_fit idle_timers_fit(int64_t idle_ns, enum idle_expiry expiry);

/* "AWS NAT gateway, AWS NLB", "Azure Load Balancer, Azure Firewall and others". */
void idle_timers_append_devices(GString *out, const struct idle_timer_fit *fit);

/* In order of seconds. */
const struct idle_timer *idle_timers_all(size_t *out_len);

#endif
