/* Idle times on one axis: those after which a connection went on, above; those after which it was cut off, below. A timer
 * somewhere between leaves a gap between the longest of the ones and the shortest of the others. */
#include "report/svg/svg.h"

#include "report/svg/svg_legend.h"
#include "report/svg/svg_measure.h"
#include "report/svg/svg_scale.h"
#include "report/svg/svg_write.h"
#include "rules/host/text.h"

enum {
	WIDTH = 432,
	LEFT = 14, RIGHT = 418,
	TIMER_PITCH = 14,  /* a line of names of known timers, at the top */
	TIMER_LINES = 4,
	LANE = 58,        /* its name, and marks above each other */
	LANES_HEIGHT = 2 * LANE + 4,
	COLUMN = 9,        /* width of a mark's place */
	COLUMNS = (RIGHT - LEFT) / COLUMN + 1,
	STACK_MOST = 4,    /* marks above each other; a number tells of more */
	TICKS = 6,
	LOG_FROM = 20,     /* the longest to the shortest: beyond, a logarithmic axis */
	SMALL = 10, TEXT = 11,
};

static const int64_t NS_PER_S = 1000000000;

struct plot {
	const struct svg_idle *i;
	GString *out;
	bool logarithmic;
	struct svg_scale x; /* of ns, or of their logarithms */
	int y;
};

/* --- the axis ----------------------------------------------------------------------------------------------------- */
/* Logarithm to the base 2 in 1/1024, by straight lines between the powers: the same on every machine, and the error of
 * 0.09 is less than a pixel shows. */
static int64_t logarithm(int64_t ns)
{
	const uint64_t value = (uint64_t)MAX(ns, 1);
	const int bit = 63 - __builtin_clzll(value);
	const uint64_t rest = bit > 10 ? (value >> (bit - 10)) - 1024 : (value << (10 - bit)) - 1024;

	return (int64_t)bit * 1024 + (int64_t)rest;
}

static int place(const struct plot *p, int64_t ns)
{
	return svg_place(&p->x, p->logarithmic ? logarithm(ns) : ns);
}

static void widen(int64_t ns, int64_t *low, int64_t *high)
{
	if (ns <= 0)
		return;
	*low = MIN(*low, ns);
	*high = MAX(*high, ns);
}

static void find_axis(struct plot *p)
{
	int64_t low = INT64_MAX, high = 0;

	for (size_t n = 0; n < p->i->times_len; n++)
		widen(p->i->times[n].idle_ns, &low, &high);
	widen(p->i->above_ns, &low, &high);
	widen(p->i->at_most_ns, &low, &high);
	if (high == 0)
		low = high = NS_PER_S;
	high += high / 10;
	p->logarithmic = high / low >= LOG_FROM;
	if (p->logarithmic)
		p->x = (struct svg_scale){logarithm(low), logarithm(high), LEFT + 6, RIGHT - 6};
	else
		p->x = (struct svg_scale){MAX(low - (high - low) / 8, 0), high, LEFT + 6, RIGHT - 6};
}

static void draw_tick(struct plot *p, int64_t ns, int top, int bottom, int *free_from)
{
	g_autoptr(GString) label = g_string_new(NULL);
	const int x = place(p, ns);

	if (ns == 0)
		g_string_append_c(label, '0');
	else
		text_append_duration(label, ns);
	const int half = svg_measure(label->str, SMALL) / 2 + 3, at = CLAMP(x, half, WIDTH - half);
	if (at - half < *free_from)
		return;
	svg_line(p->out, "grid", x, top, x, bottom);
	svg_text(p->out, "m s f", at, bottom + 14, label->str);
	*free_from = at + half;
}

static void draw_axis(struct plot *p, int top, int bottom)
{
	static const int64_t seconds[] = {1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 43200, 86400,
	                                  172800, 432000};
	int free_from = 0;

	if (p->logarithmic) {
		for (size_t n = 0; n < G_N_ELEMENTS(seconds); n++) {
			const int64_t at = logarithm(seconds[n] * NS_PER_S);

			if (at >= p->x.low && at <= p->x.high)
				draw_tick(p, seconds[n] * NS_PER_S, top, bottom, &free_from);
		}
	} else {
		const int64_t step = svg_time_step(p->x.high - p->x.low, TICKS);

		for (int64_t ns = svg_first_tick(p->x.low, step); ns <= p->x.high; ns += step)
			draw_tick(p, ns, top, bottom, &free_from);
	}
	svg_line(p->out, "rail", LEFT, bottom, RIGHT, bottom);
	svg_text(p->out, "m s f", (LEFT + RIGHT) / 2, bottom + 28,
	         p->logarithmic ? "quiet for (each doubling is as wide as the one before)" : "quiet for");
}

/* --- marks -------------------------------------------------------------------------------------------------------- */
static void draw_mark(struct plot *p, const struct svg_idle_time *time, int x, int y)
{
	g_autoptr(GString) words = g_string_new(NULL);

	g_string_append(p->out, time->href ? "<a href=\"#" : "<g>");
	if (time->href)
		g_string_append_printf(p->out, "%s\" tabindex=\"-1\">", time->href);
	text_append_duration(words, time->idle_ns);
	g_string_append_printf(p->out, "<title>connection %" G_GUINT64_FORMAT ": quiet for %s, then %s</title>", time->id,
	                       words->str, time->lost ? "cut off" : "it went on");
	if (time->lost)
		svg_cross(p->out, x, y);
	else
		svg_circle(p->out, "well", x, y, 4);
	g_string_append(p->out, time->href ? "</a>" : "</g>");
}

/* Of the stacks that are higher than is shown. */
static void draw_counts(struct plot *p, const size_t *counts, int y)
{
	int free_from = 0;

	for (int column = 0; column < COLUMNS; column++) {
		g_autofree char *number = g_strdup_printf("%" G_GSIZE_FORMAT, counts[column]);
		const int half = svg_measure(number, SMALL) / 2 + 1, x = CLAMP(LEFT + column * COLUMN + COLUMN / 2, half, WIDTH - half);

		if (counts[column] <= STACK_MOST || x - half < free_from)
			continue;
		svg_text(p->out, "m s", x, y, number);
		free_from = x + half;
	}
}

static void draw_lane(struct plot *p, bool lost, const char *words)
{
	size_t counts[COLUMNS] = {0};
	const int bottom = p->y + LANE;

	svg_text(p->out, lost ? "l b bad" : "l b good", LEFT, p->y + 10, words);
	for (size_t n = 0; n < p->i->times_len; n++) {
		const struct svg_idle_time *time = &p->i->times[n];
		const size_t column = (size_t)((place(p, time->idle_ns) - LEFT) / COLUMN);

		if (time->lost != lost || counts[column]++ >= STACK_MOST)
			continue;
		draw_mark(p, time, place(p, time->idle_ns), bottom - 6 - (int)(counts[column] - 1) * 7);
	}
	draw_counts(p, counts, bottom - 6 - STACK_MOST * 7);
	svg_line(p->out, "rule", LEFT, bottom, RIGHT, bottom);
	g_string_append_c(p->out, '\n');
	p->y = bottom + 4;
}

/* --- the timer ---------------------------------------------------------------------------------------------------- */
/* In the words of the incident's sentence. */
static void draw_bracket(struct plot *p, GString *behind, int top, int bottom)
{
	const int64_t above = p->i->above_ns, at_most = p->i->at_most_ns;
	g_autoptr(GString) words = g_string_new("the timer: ");

	if (at_most <= 0)
		return;
	const int from = above > 0 ? place(p, above) : LEFT, to = MAX(place(p, at_most), from + 2);
	svg_rect(behind, "area", from, top, to - from, bottom - top, 0);
	if (above > 0) {
		g_string_append(words, "more than ");
		text_append_lived(words, above);
		g_string_append(words, " and ");
	}
	g_string_append(words, "at most ");
	text_append_duration(words, at_most);
	const int half = svg_measure(words->str, TEXT) * 11 / 20;
	svg_text(p->out, "m l b halo", CLAMP((from + to) / 2, half, WIDTH - half), 14, words->str);
	g_string_append_printf(p->out, "<path class=\"edge\" d=\"M%d 24v-5H%dv5\"/>\n", from, to);
}

static bool is_shown(const struct plot *p, int64_t ns)
{
	const int64_t value = p->logarithmic ? logarithm(ns) : ns;

	return ns > 0 && value >= p->x.low && value <= p->x.high;
}

/* Names above each other where they would overlap; what has no room is left out. */
static void draw_timers(struct plot *p)
{
	int free_from[TIMER_LINES] = {0}, lines = 0;
	g_autoptr(GArray) feet = g_array_new(FALSE, FALSE, sizeof(int));

	for (size_t n = 0; n < p->i->timers_len; n++) {
		g_autoptr(GString) name = g_string_new(p->i->timers[n].name);
		int line = 0;

		if (!is_shown(p, p->i->timers[n].ns))
			continue;
		svg_fit(name, SMALL, 160);
		const int x = place(p, p->i->timers[n].ns), half = svg_measure(name->str, SMALL) / 2 + 4;
		const int at = CLAMP(x, half, WIDTH - half);
		while (line < TIMER_LINES && free_from[line] > at - half)
			line++;
		if (line == TIMER_LINES)
			continue;
		svg_text(p->out, "m s halo", at, p->y + line * TIMER_PITCH + 11, name->str);
		free_from[line] = at + half;
		lines = MAX(lines, line + 1);
		const int foot[] = {x, p->y + line * TIMER_PITCH + 14};
		g_array_append_vals(feet, foot, 2);
	}
	p->y += lines * TIMER_PITCH + 4;
	for (guint n = 0; n + 1 < feet->len; n += 2)
		svg_line(p->out, "thin dash f", g_array_index(feet, int, n), g_array_index(feet, int, n + 1),
		         g_array_index(feet, int, n), p->y + LANES_HEIGHT);
	g_string_append_c(p->out, '\n');
}

/* --- whole -------------------------------------------------------------------------------------------------------- */
void svg_idle_append(GString *out, const struct svg_idle *i)
{
	struct plot p = {.i = i, .y = 26};
	g_autoptr(GString) behind = g_string_new(NULL), marks = g_string_new(NULL);
	bool links = false;

	if (i->times_len == 0)
		return;
	for (size_t n = 0; n < i->times_len; n++)
		links |= i->times[n].href != NULL;
	find_axis(&p);
	p.out = g_string_new(NULL);
	draw_timers(&p);
	draw_lane(&p, false, "went on");
	draw_lane(&p, true, "cut off");
	g_string_append_len(marks, p.out->str, (gssize)p.out->len);
	g_string_truncate(p.out, 0);
	draw_bracket(&p, behind, 24, p.y - 4);
	draw_axis(&p, 24, p.y - 4);
	svg_open(out, i->id, "hang-idle", WIDTH, p.y + 30, links);
	svg_describe(out, i->id, "Quiet times, and what became of the connections",
	             "Each mark is a connection, further right the longer it was quiet: circles went on afterwards, crosses were cut off.");
	g_string_append_len(out, behind->str, (gssize)behind->len);
	g_string_append_len(out, p.out->str, (gssize)p.out->len);
	g_string_append_len(out, marks->str, (gssize)marks->len);
	svg_close(out);
	g_string_free(p.out, TRUE);
}
