/* Days to a date by counting in eras of 400 years that begin on 1 March, so that the leap day is the last day
 * of a year and month lengths follow one formula (five months have 153 days). */
#include "report/timestamp.h"

#include <string.h>

#include "rules/host/digits.h"

#define NS_PER_S INT64_C(1000000000)
#define NS_PER_DAY (86400 * NS_PER_S)

enum {
	DAYS_PER_ERA = 146097,  /* 400 Gregorian years */
	DAYS_TO_EPOCH = 719468, /* from 0000-03-01 to 1970-01-01 */
};

struct moment {
	unsigned year, month, day, hour, minute, second, nanosecond;
};

static int64_t floor_divide(int64_t value, int64_t by)
{
	return value / by - (value % by < 0);
}

static void set_date(struct moment *m, int64_t days_since_epoch)
{
	int64_t days = days_since_epoch + DAYS_TO_EPOCH;
	int64_t era = floor_divide(days, DAYS_PER_ERA);
	unsigned of_era = (unsigned)(days - era * DAYS_PER_ERA);
	unsigned year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	unsigned of_year = of_era - (365 * year + year / 4 - year / 100);
	unsigned month = (5 * of_year + 2) / 153; /* 0 is March */

	m->day = of_year - (153 * month + 2) / 5 + 1;
	m->month = month < 10 ? month + 3 : month - 9;
	m->year = (unsigned)(era * 400) + year + (m->month <= 2);
}

static void set_clock(struct moment *m, int64_t time_ns)
{
	const int64_t rest = time_ns % NS_PER_DAY, ns_of_day = rest < 0 ? rest + NS_PER_DAY : rest;
	const unsigned seconds = (unsigned)(ns_of_day / NS_PER_S);

	m->hour = seconds / 3600;
	m->minute = seconds / 60 % 60;
	m->second = seconds % 60;
	m->nanosecond = (unsigned)(ns_of_day % NS_PER_S);
}

static struct moment moment_of(int64_t time_ns)
{
	struct moment m;

	set_date(&m, floor_divide(time_ns, NS_PER_DAY));
	set_clock(&m, time_ns);
	return m;
}

static char *put(char *out, unsigned value, unsigned digits, char after)
{
	digits_fixed(out, value, digits);
	out += digits;
	if (after)
		*out++ = after;
	return out;
}

static char *put_date(char *out, const struct moment *m)
{
	out = put(out, m->year, 4, '-');
	out = put(out, m->month, 2, '-');
	return put(out, m->day, 2, 0);
}

static char *put_clock(char *out, const struct moment *m)
{
	out = put(out, m->hour, 2, ':');
	out = put(out, m->minute, 2, ':');
	return put(out, m->second, 2, '.');
}

void timestamp_write_in(char *out, int64_t time_ns, struct timestamp_day *day)
{
	struct moment m;
	const int64_t days = floor_divide(time_ns, NS_PER_DAY);

	if (!day->known || day->days != days) {
		set_date(&m, days);
		put_date(day->date, &m);
		day->known = true;
		day->days = days;
	}
	set_clock(&m, time_ns);
	memcpy(out, day->date, DATE_LEN);
	out += DATE_LEN;
	*out++ = 'T';
	out = put_clock(out, &m);
	put(out, m.nanosecond, 9, 'Z');
}

void timestamp_write(char *out, int64_t time_ns)
{
	struct timestamp_day day = {0};

	timestamp_write_in(out, time_ns, &day);
}

void clock_write(char *out, int64_t time_ns)
{
	struct moment m = moment_of(time_ns);

	put(put_clock(out, &m), m.nanosecond / 1000000, 3, 0);
}

void date_write(char *out, int64_t time_ns)
{
	struct moment m = moment_of(time_ns);

	put_date(out, &m);
}
