/* The quiet times around a timer that an incident is about. */
#include "report/page/part.h"

#include "report/idle_timers.h"
#include "report/incidents/incident.h"
#include "report/svg/svg.h"

static const int64_t NS_PER_S = 1000000000;

static GArray *times_of(const struct writeup *w, const struct incident *incident, GPtrArray *strings)
{
	GArray *times = g_array_new(FALSE, FALSE, sizeof(struct svg_idle_time));

	for (size_t i = 0; i < incident->quiet_len; i++) {
		const struct incident_quiet *quiet = &incident->quiet[i];
		const struct writeup_ending *e = writeup_find(w, quiet->connection);
		struct svg_idle_time time = {.idle_ns = quiet->quiet_ns, .lost = quiet->died, .id = quiet->connection};

		if (e) {
			char *href = g_strdup_printf("%c%" G_GUINT64_FORMAT, e->account ? 'c' : 'r', e->id);

			g_ptr_array_add(strings, href);
			time.href = href;
		}
		g_array_append_val(times, time);
	}
	return times;
}

/* What is seen when such a box forgets a connection, as the verdict has it. */
static enum idle_expiry expiry_of(enum hangup_cause cause)
{
	switch (cause) {
	case HANGUP_CAUSE_IDLE_SILENT:
		return IDLE_EXPIRY_SILENT;
	case HANGUP_CAUSE_IDLE_RST_BOTH:
		return IDLE_EXPIRY_RST_BOTH;
	default:
		return IDLE_EXPIRY_RST_LATE;
	}
}

static bool behaves_so(const struct writeup *w, const struct incident *incident, const struct idle_timer *timer)
{
	for (size_t i = 0; i < incident->connections_len; i++) {
		const struct writeup_ending *e = writeup_find(w, incident->connections[i]);

		if (e && timer->expiry == expiry_of(e->cause))
			return true;
	}
	return false;
}

/* Those in the bracket of boxes that behave so: others do not explain it. */
static GArray *timers_of(const struct writeup *w, const struct incident *incident)
{
	GArray *timers = g_array_new(FALSE, FALSE, sizeof(struct svg_timer));
	size_t len;
	const struct idle_timer *known = idle_timers_all(&len);

	for (size_t i = 0; i < len && incident->above > 0; i++) {
		const struct svg_timer timer = {.ns = known[i].seconds * NS_PER_S, .name = known[i].device};

		if (timer.ns > incident->above && timer.ns <= incident->at_most && behaves_so(w, incident, &known[i]))
			g_array_append_val(timers, timer);
	}
	return timers;
}

void picture_append_idle(GString *out, const struct writeup *w, const struct incident *incident)
{
	g_autoptr(GPtrArray) strings = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GArray) times = times_of(w, incident, strings), timers = timers_of(w, incident);
	g_autofree char *id = g_strdup_printf("i%" G_GUINT64_FORMAT "-quiet", incident->id);
	const struct svg_idle idle = {
		.id = id,
		.above_ns = incident->above,
		.at_most_ns = incident->at_most,
		.times = (const struct svg_idle_time *)(const void *)times->data,
		.times_len = times->len,
		.timers = (const struct svg_timer *)(const void *)timers->data,
		.timers_len = timers->len,
	};

	if (incident->quiet_len == 0)
		return;
	g_string_append(out, "<figure class=\"quiet\">");
	svg_idle_append(out, &idle);
	g_string_append(out, "</figure>\n");
}
