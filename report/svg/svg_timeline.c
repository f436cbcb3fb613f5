/* The capture from left to right: a lane for each label that has endings, with a mark for each, or where they are close a
 * column for several; incidents as bands over all lanes; below, how many connections were open. Whatever the number of
 * endings, there are no more columns than fit. */
#include "report/svg/svg.h"

#include "report/counting.h"
#include "report/density.h"
#include "report/svg/svg_measure.h"
#include "report/svg/svg_scale.h"
#include "report/svg/svg_time_axis.h"
#include "report/svg/svg_write.h"
#include "rules/host/text.h"
#include "rules/host/vocabulary.h"

enum {
	COLUMN = 14,       /* width of a mark's place */
	COLUMNS_MAX = 64,
	BAR = 10,
	BAR_LEAST = 6, BAR_MOST = 20,
	LANE_PITCH = 38,
	NAME_PITCH = 15,   /* where names of lanes stand above them */
	STRIP_PITCH = 22,  /* a row of incidents */
	STRIPS_MAX = 3,
	DENSITY_HEIGHT = 40,
	SMALL = 10,
	TAB_STOPS_MAX = 24, /* more marks than that are passed over by the Tab key: the page lists them all */
};

/* A width, and what follows from it. */
struct shape {
	const char *class, *suffix; /* of the id */
	int width, left, right, ticks;
	bool names_above;
};

static const struct shape shapes[] = {
	{"hang-timeline hang-wide", "", 920, 164, 908, 8, false},
	{"hang-timeline hang-narrow", "-n", 352, 8, 344, 3, true},
};

struct column {
	size_t count;
	const struct svg_ending *first; /* in time, then by number */
};

struct timeline {
	const struct svg_timeline *t;
	const struct shape *shape;
	GString *out;
	struct svg_scale x;
	int y;
	bool stops; /* marks can be reached by the Tab key */
};

static int columns_of(const struct shape *shape)
{
	return MIN((shape->right - shape->left) / COLUMN, COLUMNS_MAX);
}

static int x_of(const struct timeline *l, int64_t time_ns)
{
	return svg_place(&l->x, time_ns);
}

/* --- incidents -------------------------------------------------------------------------------------------------- */
static void link_open(GString *out, const char *href, bool stop)
{
	g_string_append(out, href ? "<a href=\"#" : "<g>");
	if (href)
		g_string_append_printf(out, "%s\"%s>", href, stop ? "" : " tabindex=\"-1\"");
}

static void link_close(GString *out, const char *href)
{
	g_string_append(out, href ? "</a>" : "</g>");
}

static void draw_bracket(struct timeline *l, const struct svg_incident *incident, int from, int to, int y)
{
	g_autofree char *number = g_strdup_printf("%" G_GUINT64_FORMAT, incident->id);
	const int width = MAX(svg_measure(number, SMALL) + 10, 18), middle = CLAMP((from + to) / 2, width / 2, l->shape->width - width / 2);

	g_string_append_printf(l->out, "<path class=\"edge\" d=\"M%d %dv-6H%dv6\"/>", from, y + 16, to);
	link_open(l->out, incident->href, true);
	g_string_append_printf(l->out, "<title>Incident %s</title>", number);
	svg_rect(l->out, "badge", middle - width / 2, y, width, 18, 9);
	svg_text(l->out, "m s", middle, y + 13, number);
	link_close(l->out, incident->href);
	g_string_append_c(l->out, '\n');
}

/* The first row in which it has room; STRIPS_MAX when none has. */
static int row_for(const int free_from[STRIPS_MAX], int from)
{
	int row = 0;

	while (row < STRIPS_MAX && free_from[row] > from)
		row++;
	return row;
}

static void draw_incidents(struct timeline *l)
{
	int free_from[STRIPS_MAX] = {0}, rows = 0;
	size_t left = 0;

	for (size_t i = 0; i < l->t->incidents_len; i++) {
		const struct svg_incident *incident = &l->t->incidents[i];
		const int from = x_of(l, incident->from_ns), to = MAX(x_of(l, incident->to_ns), from + 2);
		const int middle = (from + to) / 2, begin = MIN(from, middle - 16), row = row_for(free_from, begin);

		if (row == STRIPS_MAX) {
			left++;
			continue;
		}
		draw_bracket(l, incident, from, to, l->y + row * STRIP_PITCH);
		free_from[row] = MAX(to, middle + 16) + 4;
		rows = MAX(rows, row + 1);
	}
	l->y += rows * STRIP_PITCH;
	if (left) {
		g_autoptr(GString) words = g_string_new("and ");

		counting_append(words, left, "more incident", "more incidents");
		svg_text(l->out, "r s f", l->shape->right, l->y + 12, words->str);
		l->y += 16;
	}
}

/* --- lanes ------------------------------------------------------------------------------------------------------ */
static bool is_before(const struct svg_ending *one, const struct svg_ending *other)
{
	return one->time_ns != other->time_ns ? one->time_ns < other->time_ns : one->id < other->id;
}

static size_t count_columns(const struct timeline *l, enum hangup_label label, struct column *columns)
{
	const int len = columns_of(l->shape);
	size_t most = 0;

	for (size_t i = 0; i < l->t->endings_len; i++) {
		const struct svg_ending *e = &l->t->endings[i];

		if (e->label != label)
			continue;
		struct column *c = &columns[MIN((x_of(l, e->time_ns) - l->shape->left) / COLUMN, len - 1)];
		if (c->count == 0 || is_before(e, c->first))
			c->first = e;
		c->count++;
		most = MAX(most, c->count);
	}
	return most;
}

static void append_title(GString *out, const struct column *c, enum hangup_label label)
{
	g_autoptr(GString) clock = g_string_new(NULL);

	svg_append_clock(clock, c->first->time_ns, 1000000);
	g_string_append(out, "<title>");
	if (c->count > 1)
		counting_append(out, c->count, "ending", "endings");
	g_string_append_printf(out, "%sconnection %" G_GUINT64_FORMAT ", %s, at %s</title>", c->count > 1 ? "; first " : "",
	                       c->first->id, label_name(label), clock->str);
}

static int height_of(size_t count, size_t most)
{
	return count == 1 ? BAR_LEAST : BAR_LEAST + (int)((BAR_MOST - BAR_LEAST) * count / most);
}

static void draw_column(struct timeline *l, const struct column *c, size_t most, int x, int bottom, int *free_from)
{
	const int height = height_of(c->count, most);
	g_autoptr(GString) number = g_string_new(NULL);

	link_open(l->out, c->first->href, l->stops);
	append_title(l->out, c, c->first->label);
	if (c->count == 1)
		svg_circle(l->out, "mark", x, bottom - 4, 4);
	else
		svg_rect(l->out, "mark", x - BAR / 2, bottom - height, BAR, height, 2);
	link_close(l->out, c->first->href);
	counting_append_number(number, c->count);
	const int half = svg_measure(number->str, SMALL) / 2 + 1;
	const int at = CLAMP(x, half, l->shape->width - half);
	if (c->count > 1 && at - half >= *free_from) {
		svg_text(l->out, "m s", at, bottom - height - 3, number->str);
		*free_from = at + half;
	}
}

static void draw_lane_name(struct timeline *l, enum hangup_label label, uint64_t count, int bottom)
{
	g_autoptr(GString) number = g_string_new(NULL);

	counting_append(number, count, "ending", "endings");
	if (l->shape->names_above) {
		g_string_append_printf(l->out, "<text x=\"%d\" y=\"%d\"><tspan class=\"l b\">%s</tspan> "
		                       "<tspan class=\"s f\">%s</tspan></text>", l->shape->left, l->y + 11, label_name(label), number->str);
		return;
	}
	svg_text(l->out, "r l b", l->shape->left - 10, bottom - 12, label_name(label));
	svg_text(l->out, "r s f", l->shape->left - 10, bottom, number->str);
}

static void draw_lane(struct timeline *l, enum hangup_label label)
{
	struct column columns[COLUMNS_MAX] = {0};
	const size_t most = count_columns(l, label, columns);
	int free_from = 0;
	uint64_t count = 0;

	if (most == 0)
		return;
	for (int i = 0; i < columns_of(l->shape); i++)
		count += columns[i].count;
	const int bottom = l->y + LANE_PITCH - 2 + (l->shape->names_above ? NAME_PITCH : 0);
	draw_lane_name(l, label, count, bottom);
	svg_line(l->out, "rule", l->shape->left, bottom, l->shape->right, bottom);
	for (int i = 0; i < columns_of(l->shape); i++) {
		if (columns[i].count)
			draw_column(l, &columns[i], most, l->shape->left + i * COLUMN + COLUMN / 2, bottom, &free_from);
	}
	g_string_append_c(l->out, '\n');
	l->y = bottom + 2;
}

static size_t marks_of(const struct timeline *l)
{
	size_t marks = 0;

	for (enum hangup_label label = 0; label < HANGUP_LABEL_COUNT; label++) {
		struct column columns[COLUMNS_MAX] = {0};

		count_columns(l, label, columns);
		for (int i = 0; i < COLUMNS_MAX; i++)
			marks += columns[i].count > 0;
	}
	return marks;
}

/* --- connections that were open ----------------------------------------------------------------------------------- */
static void append_area(const struct timeline *l, GString *path, const uint64_t *open, uint64_t most, int bottom)
{
	const struct density *d = l->t->density;
	const struct svg_scale y = {0, (int64_t)most, bottom, bottom - DENSITY_HEIGHT + 4};
	int last_x = -1, last_y = bottom;
	int64_t highest = 0;

	g_string_append_printf(path, "M%d %d", x_of(l, d->from_ns), bottom);
	for (size_t i = 0; i < DENSITY_BUCKETS; i++) {
		const int64_t at = d->from_ns + (int64_t)i * d->width_ns;
		const int x = x_of(l, at);

		/* several of one pixel: the highest */
		highest = x == last_x ? MAX(highest, (int64_t)open[i]) : (int64_t)open[i];
		const int to = svg_place(&y, highest);
		if (x != last_x && to != last_y)
			g_string_append_printf(path, "H%dV%d", x, to);
		else if (to != last_y)
			g_string_append_printf(path, "V%d", to);
		last_x = x;
		last_y = to;
		if (at > l->t->last_ns - d->width_ns)
			break;
	}
	g_string_append_printf(path, "H%dV%dz", l->shape->right, bottom);
}

static void draw_density(struct timeline *l)
{
	uint64_t open[DENSITY_BUCKETS];
	const uint64_t most = l->t->density ? density_open(l->t->density, open) : 0;
	g_autoptr(GString) path = g_string_new(NULL), words = g_string_new(NULL);

	if (most == 0)
		return;
	if (l->shape->names_above)
		l->y += NAME_PITCH;
	const int bottom = l->y + DENSITY_HEIGHT;
	append_area(l, path, open, most, bottom);
	svg_path(l->out, "fill", path->str);
	g_string_append(words, "at most ");
	counting_append_number(words, most);
	if (l->shape->names_above) {
		g_string_prepend(words, "connections open, ");
		svg_text(l->out, "s f", l->shape->left, l->y - 2, words->str);
	} else {
		svg_text(l->out, "r l b", l->shape->left - 10, bottom - 16, "connections open");
		svg_text(l->out, "r s f", l->shape->left - 10, bottom - 4, words->str);
	}
	g_string_append_c(l->out, '\n');
	l->y = bottom;
}

/* --- whole -------------------------------------------------------------------------------------------------------- */
static void append_description(GString *out, const struct svg_timeline *t)
{
	counting_append(out, t->endings_len, "ending", "endings");
	g_string_append(out, " over ");
	text_append_duration(out, t->last_ns - t->first_ns);
	if (t->incidents_len) {
		g_string_append(out, ", with ");
		counting_append(out, t->incidents_len, "incident", "incidents");
	}
	g_string_append(out, ". Time runs to the right; a line for each kind of ending. The page lists them all.");
}

/* What is within a band that is there already is left out. */
static void append_bands(GString *out, const struct timeline *l, int top, int bottom)
{
	int drawn_to = -1;

	for (size_t i = 0; i < l->t->incidents_len; i++) {
		const int from = x_of(l, l->t->incidents[i].from_ns), to = MAX(x_of(l, l->t->incidents[i].to_ns), from + 2);

		if (to > drawn_to)
			svg_rect(out, "area", from, top, to - from, bottom - top, 0);
		drawn_to = MAX(drawn_to, to);
	}
}

static void draw(GString *out, const struct svg_timeline *t, const struct shape *shape)
{
	struct timeline l = {.t = t, .shape = shape, .y = 4};
	g_autofree char *id = g_strconcat(t->id, shape->suffix, NULL);
	g_autoptr(GString) axis = g_string_new(NULL), description = g_string_new(NULL);

	l.out = g_string_new(NULL);
	l.x = (struct svg_scale){t->first_ns, MAX(t->last_ns, t->first_ns + 1000), shape->left, shape->right};
	l.stops = marks_of(&l) <= TAB_STOPS_MAX;
	draw_incidents(&l);
	const int top = l.y;
	for (enum hangup_label label = 0; label < HANGUP_LABEL_COUNT; label++)
		draw_lane(&l, label);
	l.y += 4;
	draw_density(&l);
	svg_time_axis(axis, &l.x, top, l.y, shape->ticks);
	append_description(description, t);
	svg_open(out, id, shape->class, shape->width, l.y + SVG_TIME_AXIS_HEIGHT, true);
	svg_describe(out, id, "The capture over time", description->str);
	append_bands(out, &l, top, l.y);
	g_string_append_len(out, axis->str, (gssize)axis->len);
	g_string_append_len(out, l.out->str, (gssize)l.out->len);
	svg_close(out);
	g_string_free(l.out, TRUE);
}

void svg_timeline_append(GString *out, const struct svg_timeline *t)
{
	for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++)
		draw(out, t, &shapes[i]);
}
