#include "report/idle_timers.h"

#include "rules/host/text.h"

static const int64_t NS_PER_S = 1000000000;

enum { VENDOR = 1, RECALLED = 0, NAMED_MAX = 3 };

static const struct idle_timer timers[] = {
#define IDLE_TIMER(name, s, at_expiry, checked, where) \
	{.device = name, .seconds = s, .expiry = IDLE_EXPIRY_##at_expiry, .verified = checked, .source = where},
#include "report/idle_timers.def"
#undef IDLE_TIMER
};

const struct idle_timer *idle_timers_all(size_t *out_len)
{
	*out_len = G_N_ELEMENTS(timers);
	return timers;
}

static bool fits(const struct idle_timer *t, int64_t idle_ns, enum idle_expiry expiry)
{
	int64_t timer_ns = t->seconds * NS_PER_S;

	return t->expiry == expiry && idle_ns >= timer_ns && idle_ns <= timer_ns + timer_ns / 100 * IDLE_TIMER_OVER_PERCENT;
}

/* The list is in order of seconds, so the closest below the idle time stand last in it, together. */
struct idle_timer_fit idle_timers_fit(int64_t idle_ns, enum idle_expiry expiry)
{
	struct idle_timer_fit fit = {.len = 0};
	size_t end = G_N_ELEMENTS(timers);

	while (end > 0) {
		size_t begin = end;

		while (begin > 0 && timers[begin - 1].seconds == timers[end - 1].seconds)
			begin--;
		for (size_t i = begin; i < end && fit.len < IDLE_TIMER_FITS_MAX; i++) {
			if (fits(&timers[i], idle_ns, expiry))
				fit.timer[fit.len++] = &timers[i];
		}
		end = begin;
	}
	return fit;
}

/* Names the devices of the closest timer, and says when there are more. */
void idle_timers_append(GString *out, const struct idle_timer_fit *fit)
{
	size_t same = 0;

	if (fit->len == 0)
		return;
	while (same < fit->len && fit->timer[same]->seconds == fit->timer[0]->seconds)
		same++;
	for (size_t i = 0; i < MIN(same, NAMED_MAX); i++)
		g_string_append_printf(out, "%s%s", i ? ", " : "", fit->timer[i]->device);
	g_string_append(out, same > NAMED_MAX ? " and others (" : " (");
	text_append_duration(out, fit->timer[0]->seconds * NS_PER_S);
	g_string_append_c(out, ')');
}
