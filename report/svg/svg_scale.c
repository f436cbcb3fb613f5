#include "report/svg/svg_scale.h"

static const int64_t NS_PER_S = 1000000000;

int svg_place(const struct svg_scale *s, int64_t value)
{
	const int64_t at = CLAMP(value, s->low, s->high) - s->low, span = s->high - s->low;
	const int64_t room = (int64_t)s->to - s->from;

	/* spans of years in ns leave no room for a factor of hundreds: then their last digits do not matter */
	if (span > INT64_MAX / 4096)
		return s->from + (int)(at / 4096 * room / (span / 4096));
	return s->from + (int)(at * room / span);
}

int64_t svg_step(int64_t span, int most)
{
	static const int64_t factors[] = {1, 2, 5};

	for (int64_t power = 1; power <= INT64_MAX / 50; power *= 10) {
		for (size_t i = 0; i < G_N_ELEMENTS(factors); i++) {
			if (span / (factors[i] * power) <= most)
				return factors[i] * power;
		}
	}
	return INT64_MAX;
}

int64_t svg_time_step(int64_t span_ns, int most)
{
	static const int64_t seconds[] = {1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200};

	if (span_ns / most < NS_PER_S / 2)
		return svg_step(span_ns, most);
	for (size_t i = 0; i < G_N_ELEMENTS(seconds); i++) {
		if (span_ns / (seconds[i] * NS_PER_S) <= most)
			return seconds[i] * NS_PER_S;
	}
	return svg_step(span_ns / (86400 * NS_PER_S), most) * 86400 * NS_PER_S;
}

int64_t svg_first_tick(int64_t low, int64_t step)
{
	const int64_t rest = low % step;

	return rest > 0 ? low - rest + step : low - rest;
}

void svg_append_seconds(GString *out, int64_t ns, int64_t step)
{
	const uint64_t size = (uint64_t)ABS(ns);
	int digits = 0;

	for (int64_t unit = NS_PER_S; step % unit != 0 && digits < 9; unit /= 10)
		digits++;
	g_autofree char *decimals = g_strdup_printf("%09" G_GUINT64_FORMAT, size % (uint64_t)NS_PER_S);
	g_string_append_printf(out, "%s%" G_GUINT64_FORMAT, ns < 0 ? "\xe2\x88\x92" : "", size / (uint64_t)NS_PER_S);
	if (digits > 0)
		g_string_append_printf(out, ".%.*s", digits, decimals);
}
