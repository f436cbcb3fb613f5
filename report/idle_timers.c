#include "report/idle_timers.h"

static const int64_t NS_PER_S = 1000000000;

enum { VENDOR = 1, RECALLED = 0, NAMED_MAX = 2 };

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

static bool is_close(int64_t timer_ns, int64_t idle_ns)
{
	return idle_ns <= timer_ns + timer_ns / 100 * IDLE_TIMER_CLOSE_PERCENT;
}

static bool fits(const struct idle_timer *t, int64_t idle_ns, enum idle_expiry expiry)
{
	int64_t timer_ns = t->seconds * NS_PER_S;
	bool acts_at_expiry = expiry == IDLE_EXPIRY_RST_BOTH || expiry == IDLE_EXPIRY_CLOSE;

	if (t->expiry != expiry || idle_ns < timer_ns)
		return false;
	return acts_at_expiry ? is_close(timer_ns, idle_ns) : timer_ns >= idle_ns / 2;
}

static void add_those_of(struct idle_timer_fit *fit, int64_t seconds, enum idle_expiry expiry, bool verified)
{
	for (size_t i = 0; i < G_N_ELEMENTS(timers) && fit->len < IDLE_TIMER_FITS_MAX; i++) {
		const struct idle_timer *t = &timers[i];

		if (t->seconds == seconds && t->expiry == expiry && t->verified == verified)
			fit->timer[fit->len++] = t;
	}
}

struct idle_timer_fit idle_timers_fit(int64_t idle_ns, enum idle_expiry expiry)
{
	struct idle_timer_fit fit = {.len = 0};
	int64_t seconds = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(timers); i++) {
		if (fits(&timers[i], idle_ns, expiry))
			seconds = timers[i].seconds; /* in order: the last is the closest */
	}
	add_those_of(&fit, seconds, expiry, true);
	add_those_of(&fit, seconds, expiry, false);
	fit.close = fit.len > 0 && is_close(seconds * NS_PER_S, idle_ns);
	return fit;
}

void idle_timers_append_devices(GString *out, const struct idle_timer_fit *fit)
{
	for (size_t i = 0; i < MIN(fit->len, NAMED_MAX); i++)
		g_string_append_printf(out, "%s%s", i ? ", " : "", fit->timer[i]->device);
	if (fit->len > NAMED_MAX)
		g_string_append(out, " and others");
}
