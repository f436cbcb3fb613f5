#include "cli/time_argument.h"

#include <stdio.h>
#include <string.h>

static const int64_t second_ns = 1000000000;
static const int64_t day_length_ns = 86400 * INT64_C(1000000000);

/* Cuts ".123" out of text and returns it in nanoseconds; GDateTime would round it to microseconds. */
static int64_t take_fraction(char *text)
{
	char *point = strpbrk(text, ".,");
	int64_t ns = 0, unit = second_ns;
	size_t digits;

	if (!point)
		return 0;
	digits = strspn(point + 1, "0123456789");
	for (size_t i = 1; i <= digits; i++) {
		unit /= 10;
		ns += unit * (point[i] - '0');
	}
	if (digits)
		memmove(point, point + 1 + digits, strlen(point + 1 + digits) + 1);
	return ns;
}

static bool parse_epoch(const char *text, int64_t *out_seconds)
{
	return g_ascii_string_to_signed(text, 10, 0, INT64_MAX / 1000000000 - 1, out_seconds, NULL);
}

static bool parse_time_of_day(const char *text, int64_t *out_seconds)
{
	unsigned hour, minute, second = 0;
	int used = 0;

	if (sscanf(text, "%2u:%2u%n", &hour, &minute, &used) != 2)
		return false;
	if (text[used] == ':') {
		text += used;
		if (sscanf(text, ":%2u%n", &second, &used) != 1)
			return false;
	}
	*out_seconds = hour * 3600 + minute * 60 + second;
	return text[used] == '\0' && hour < 24 && minute < 60 && second <= 60;
}

/* RFC 3339 lets a space stand for the T. */
static bool parse_date(char *text, int64_t *out_seconds)
{
	g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
	g_autoptr(GDateTime) time = NULL;

	if (strlen(text) > 10 && text[10] == ' ')
		text[10] = 'T';
	time = g_date_time_new_from_iso8601(text, utc);
	if (time)
		*out_seconds = g_date_time_to_unix(time);
	return time != NULL;
}

gboolean time_argument_parse(const char *text, struct time_argument *out, GError **error)
{
	g_autofree char *whole = g_strdup(text);
	int64_t fraction_ns = take_fraction(whole), seconds;

	out->time_of_day = parse_time_of_day(whole, &seconds);
	if (!out->time_of_day && !parse_epoch(whole, &seconds) && !parse_date(whole, &seconds)) {
		g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
		            "\"%s\" is no time; try 2024-05-01T10:02:03Z, 10:02:03 or seconds since 1970", text);
		return FALSE;
	}
	out->given = true;
	out->ns = seconds * second_ns + fraction_ns;
	return TRUE;
}

int64_t time_argument_resolve(const struct time_argument *t, int64_t day_ns)
{
	return t->time_of_day ? day_ns - day_ns % day_length_ns + t->ns : t->ns;
}
