/* A point in time as given on a command line: RFC 3339 ("2024-05-01T10:02:03.5Z", UTC where no zone is given),
 * seconds since 1970 ("1714557723.5"), or a time of day ("10:02", "10:02:03.5"), in UTC on the day of the
 * capture's first packet. Up to nine digits of a second count. */
#ifndef CLI_TIME_ARGUMENT_H
#define CLI_TIME_ARGUMENT_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

struct time_argument {
	bool given;
	bool time_of_day; /* ns counts from midnight, not from 1970 */
	int64_t ns;
};

/* FALSE and a G_OPTION_ERROR when it is none of these. */
gboolean time_argument_parse(const char *text, struct time_argument *out, GError **error);
/* Nanoseconds since 1970, given a moment on the day that times of day are meant for. */
int64_t time_argument_resolve(const struct time_argument *t, int64_t day_ns);

#endif
