/* Days to a date by counting in eras of 400 years that begin on 1 March, so that the leap day is the last day
 * of a year and month lengths follow one formula (five months have 153 days). */
#include "report/timestamp.h"

static const int64_t NS_PER_S = 1000000000;
static const int64_t S_PER_DAY = 86400;

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

static struct moment moment_of(int64_t time_ns)
{
	struct moment m;
	int64_t seconds = floor_divide(time_ns, NS_PER_S);
	int64_t days = floor_divide(seconds, S_PER_DAY);
	unsigned of_day = (unsigned)(seconds - days * S_PER_DAY);

	set_date(&m, days);
	m.hour = of_day / 3600;
	m.minute = of_day / 60 % 60;
	m.second = of_day % 60;
	m.nanosecond = (unsigned)(time_ns - seconds * NS_PER_S);
	return m;
}

static char *put(char *out, unsigned value, unsigned digits, char after)
{
	for (unsigned i = digits; i-- > 0; value /= 10)
		out[i] = (char)('0' + value % 10);
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

void timestamp_write(char *out, int64_t time_ns)
{
	struct moment m = moment_of(time_ns);

	out = put_date(out, &m);
	*out++ = 'T';
	out = put_clock(out, &m);
	put(out, m.nanosecond, 9, 'Z');
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
