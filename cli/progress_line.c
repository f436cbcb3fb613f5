#include "cli/progress_line.h"

#include "rules/host/text.h"

static const double smoothing_s = 3; /* rates follow changes in about so long */

#define US_PER_S 1e6
#define NS_PER_S INT64_C(1000000000)

/* Weighs the newest stretch by its length: all of it the first time, less when it is short beside the smoothing. */
static void take_rates(struct progress_rates *r, const struct progress_state *now)
{
	const double seconds = (double)(now->at_us - r->last.at_us) / US_PER_S;
	const double weight = r->last.packets == 0 ? 1 : seconds / (seconds + smoothing_s);

	if (seconds <= 0)
		return;
	r->packets_s += weight * ((double)(now->packets - r->last.packets) / seconds - r->packets_s);
	r->bytes_s += weight * ((double)(now->bytes - r->last.bytes) / seconds - r->bytes_s);
	r->last = *now;
}

/* 12345678 as 12.3 M. */
static void append_short(GString *out, double count)
{
	static const struct {
		double size;
		const char *name;
	} units[] = {{1e9, " G"}, {1e6, " M"}, {1e3, " k"}};

	for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
		if (count >= units[i].size) {
			count /= units[i].size;
			g_string_append_printf(out, count < 99.95 ? "%.1f%s" : "%.0f%s", count, units[i].name);
			return;
		}
	}
	g_string_append_printf(out, "%.0f", count);
}

static void append_left(GString *out, const struct progress_rates *r, uint64_t bytes_left)
{
	const double seconds = r->bytes_s > 0 ? (double)bytes_left / r->bytes_s + 0.5 : 0;

	if (seconds < 1 || seconds > 1e7)
		return;
	g_string_append(out, ", ");
	text_append_duration(out, (int64_t)seconds * NS_PER_S);
	g_string_append(out, " left");
}

void progress_line_append(GString *out, struct progress_rates *rates, const struct progress_state *now, uint64_t total)
{
	take_rates(rates, now);
	if (total)
		g_string_append_printf(out, "%3u%%  ", (unsigned)MIN(100 * (double)now->bytes / (double)total, 100));
	append_short(out, (double)now->packets);
	g_string_append(out, " packets, ");
	if (!total) {
		text_append_bytes(out, (int64_t)now->bytes);
		g_string_append(out, ", ");
	}
	append_short(out, rates->packets_s);
	g_string_append(out, "/s, ");
	text_append_bytes(out, (int64_t)rates->bytes_s);
	g_string_append(out, "/s");
	if (total > now->bytes)
		append_left(out, rates, total - now->bytes);
}
