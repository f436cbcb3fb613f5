/* Packet times as text, UTC, without the C library's locale and time zone. */
#ifndef REPORT_TIMESTAMP_H
#define REPORT_TIMESTAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	TIMESTAMP_LEN = 30, /* 2026-03-01T10:02:13.123456789Z */
	CLOCK_LEN = 12,     /* 10:02:13.123 */
	DATE_LEN = 10,      /* 2026-03-01 */
};

/* Each writes exactly that many characters and no terminating zero. Nanoseconds since 1970-01-01 UTC, which
 * as int64_t reach from 1677 to 2262, so a year always has four digits. */
void timestamp_write(char *out, int64_t time_ns);
void clock_write(char *out, int64_t time_ns);
void date_write(char *out, int64_t time_ns);

/* The date part of a timestamp, kept from one to the next: most are of the same day. Begins zeroed. */
struct timestamp_day {
	bool known;
	int64_t days; /* since 1970 */
	char date[DATE_LEN];
};
/* As timestamp_write(). */
void timestamp_write_in(char *out, int64_t time_ns, struct timestamp_day *day);

#endif
