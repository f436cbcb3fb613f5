#include "report/svg/svg_time_axis.h"

#include <string.h>

#include "report/svg/svg_measure.h"
#include "report/svg/svg_write.h"
#include "report/timestamp.h"

enum { SIZE = 10, CLOCK_AT = 11, MINUTES = 5, SECONDS = 8 }; /* in a timestamp: where the clock is, and its lengths */

static const int64_t MINUTE_NS = INT64_C(60000000000), DAY_NS = INT64_C(86400000000000);

void svg_append_clock(GString *out, int64_t time_ns, int64_t step_ns)
{
	char stamp[TIMESTAMP_LEN];
	int digits = 0;

	timestamp_write(stamp, time_ns);
	if (step_ns >= DAY_NS) {
		g_string_append_len(out, stamp, DATE_LEN);
		return;
	}
	for (int64_t unit = 1000000000; step_ns % unit != 0; unit /= 10)
		digits++;
	if (step_ns % MINUTE_NS == 0)
		g_string_append_len(out, stamp + CLOCK_AT, MINUTES);
	else
		g_string_append_len(out, stamp + CLOCK_AT, SECONDS + (digits ? digits + 1 : 0));
}

static void append_dates(GString *out, const struct svg_scale *scale)
{
	char first[DATE_LEN], last[DATE_LEN];

	date_write(first, scale->low);
	date_write(last, scale->high);
	g_string_append_printf(out, "%.*s", DATE_LEN, first);
	if (memcmp(first, last, DATE_LEN) != 0)
		g_string_append_printf(out, " to %.*s", DATE_LEN, last);
	g_string_append(out, ", UTC");
}

static void draw_tick(GString *out, const struct svg_scale *scale, int64_t at, int64_t step, int bottom, int *free_from)
{
	g_autoptr(GString) label = g_string_new(NULL);

	svg_append_clock(label, at, step);
	const int half = svg_measure(label->str, SIZE) / 2 + 3;
	const int x = CLAMP(svg_place(scale, at), half, scale->to + 8 - half);

	if (x - half < *free_from)
		return;
	svg_text(out, "m s f", x, bottom + 14, label->str);
	*free_from = x + half;
}

void svg_time_axis(GString *out, const struct svg_scale *scale, int top, int bottom, int ticks_most)
{
	const int64_t step = svg_time_step(scale->high - scale->low, ticks_most);
	g_autoptr(GString) dates = g_string_new(NULL);
	int free_from = 0;

	for (int64_t at = svg_first_tick(scale->low, step); at <= scale->high; at += step) {
		svg_line(out, "grid", svg_place(scale, at), top, svg_place(scale, at), bottom);
		draw_tick(out, scale, at, step, bottom, &free_from);
		if (at > INT64_MAX - step)
			break;
	}
	svg_line(out, "rail", scale->from, bottom, scale->to, bottom);
	append_dates(dates, scale);
	svg_text(out, "m s f", (scale->from + scale->to) / 2, bottom + 28, dates->str);
	g_string_append_c(out, '\n');
}
