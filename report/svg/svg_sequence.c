/* What one end sent, over time, as tcptrace taught people to look at it: each packet is a bar from its first byte's
 * number to its last one's, the line below is what the other end has acknowledged, the one above how far its window
 * reaches. A connection that does well climbs; one that waits goes level. */
#include "report/svg/svg.h"

#include "capture/segment.h"
#include "report/counting.h"
#include "report/svg/svg_legend.h"
#include "report/svg/svg_measure.h"
#include "report/svg/svg_scale.h"
#include "report/svg/svg_write.h"
#include "rules/host/text.h"

enum {
	WIDTH = 432,
	LEFT = 58,          /* the plot */
	RIGHT = 418,
	TOP = 46,
	BOTTOM = 246,
	HEIGHT_ROOM = 20,   /* above and below what is drawn, for labels */
	EXPLAINS_FROM = 3,  /* repetitions, or probes, that are worth a picture */
	BAR_MIN = 5,        /* a bar's length that is still seen */
	TICKS_X = 6,
	TICKS_Y = 5,
	WAITS_BELOW = 8,    /* a packet's foot: where waits are measured */
	SMALL = 10,
};

struct plot {
	const struct svg_sequence *s;
	GString *out;
	enum hangup_side side;
	struct svg_scale x, y;
	bool again, probe, window;
};

static const char *const names[] = {[HANGUP_CLIENT] = "client", [HANGUP_SERVER] = "server"};

static bool is_of(const struct plot *p, const struct ladder_row *row)
{
	return !row->icmp && row->sender == p->side;
}

static bool is_answer(const struct plot *p, const struct ladder_row *row)
{
	return !row->icmp && row->sender != p->side && (row->flags & TCP_ACK) && !(row->flags & TCP_RST);
}

static int64_t end_of(const struct ladder_row *row)
{
	return (int64_t)row->seq + row->len + !!(row->flags & TCP_SYN) + !!(row->flags & TCP_FIN);
}

/* --- what to draw ----------------------------------------------------------------------------------------------- */
static size_t tries(const struct svg_sequence *s, enum hangup_side side)
{
	size_t found = 0;

	for (size_t i = 0; i < s->rows_len; i++)
		found += !s->rows[i].icmp && s->rows[i].sender == side && s->rows[i].times > 0;
	return found;
}

bool svg_sequence_explains(const struct svg_sequence *s)
{
	return MAX(tries(s, HANGUP_CLIENT), tries(s, HANGUP_SERVER)) >= EXPLAINS_FROM;
}

/* Numbers are relative, but a garbled one may be anywhere: those of the end's own packets count, and acknowledgements in
 * their range. */
static void find_range(struct plot *p)
{
	int64_t low = INT64_MAX, high = INT64_MIN, from = INT64_MAX, to = INT64_MIN;

	for (size_t i = 0; i < p->s->rows_len; i++) {
		const struct ladder_row *row = &p->s->rows[i];

		from = MIN(from, row->time_ns);
		to = MAX(to, row->time_ns);
		if (!is_of(p, row) || (row->flags & TCP_RST))
			continue;
		low = MIN(low, (int64_t)row->seq);
		high = MAX(high, end_of(row));
	}
	if (low > high)
		low = high = 0;
	high += MAX((high - low) / 4, 1);
	p->x = (struct svg_scale){from, MAX(to, from + 1), LEFT + 4, RIGHT - 10};
	p->y = (struct svg_scale){low, MAX(high, low + 10), BOTTOM - HEIGHT_ROOM - 6, TOP + HEIGHT_ROOM};
}

/* --- axes ------------------------------------------------------------------------------------------------------- */
static void draw_time_axis(struct plot *p)
{
	const int64_t step = svg_step(p->x.high - p->x.low, TICKS_X), start = p->s->start_ns;
	int free_from = LEFT - 20;

	for (int64_t t = svg_first_tick(p->x.low - start, step); t <= p->x.high - start; t += step) {
		g_autoptr(GString) label = g_string_new(NULL);
		const int x = svg_place(&p->x, start + t);

		svg_append_seconds(label, t, step);
		svg_line(p->out, "grid", x, TOP, x, BOTTOM);
		const int half = svg_measure(label->str, SMALL) / 2 + 2;
		if (x - half < free_from)
			continue;
		svg_text(p->out, "m s f", MIN(x, WIDTH - half), BOTTOM + 14, label->str);
		free_from = x + half;
	}
	svg_text(p->out, "m s f", (LEFT + RIGHT) / 2, BOTTOM + 28, "seconds since the connection's first packet");
	g_string_append_c(p->out, '\n');
}

static void draw_number_axis(struct plot *p)
{
	const int64_t step = svg_step(p->y.high - p->y.low, TICKS_Y);

	for (int64_t n = svg_first_tick(p->y.low, step); n <= p->y.high; n += step) {
		g_autoptr(GString) label = g_string_new(NULL);
		const int y = svg_place(&p->y, n);

		counting_append_number(label, (uint64_t)n);
		svg_line(p->out, "grid", LEFT, y, RIGHT, y);
		svg_text(p->out, "r s f", LEFT - 5, y + 4, label->str);
	}
	svg_text(p->out, "s f", 4, TOP - 6, "bytes sent");
	svg_path(p->out, "rail", "M58 46V246H418");
	g_string_append_c(p->out, '\n');
}

/* --- lines of the answers --------------------------------------------------------------------------------------- */
/* A step line: level until the next answer, then up. `edge`: of the window, else of the acknowledgement. Beyond the plot it
 * runs along its upper edge, and is left out when it is nowhere within. */
static void draw_answers(struct plot *p, bool edge)
{
	g_autoptr(GString) path = g_string_new(NULL);
	int last_x = 0, last_y = 0;
	bool within = false;

	for (size_t i = 0; i < p->s->rows_len; i++) {
		const struct ladder_row *row = &p->s->rows[i];

		if (!is_answer(p, row))
			continue;
		const int64_t value = (int64_t)row->ack + (edge ? row->window : 0);
		const int x = svg_place(&p->x, row->time_ns), y = value <= p->y.high ? svg_place(&p->y, value) : TOP;

		within |= value <= p->y.high;
		if (path->len == 0)
			g_string_append_printf(path, "M%d %d", x, y);
		else if (y != last_y)
			g_string_append_printf(path, "H%dV%d", x, y);
		last_x = x;
		last_y = y;
	}
	if (!within)
		return;
	if (last_x < p->x.to)
		g_string_append_printf(path, "H%d", p->x.to);
	svg_path(p->out, edge ? "dots f" : "good", path->str);
	g_string_append_c(p->out, '\n');
	p->window |= edge;
}

/* --- packets ---------------------------------------------------------------------------------------------------- */
static void draw_bars(struct plot *p)
{
	g_autoptr(GString) path = g_string_new(NULL);
	int last_x = -1, last_y = -1;

	for (size_t i = 0; i < p->s->rows_len; i++) {
		const struct ladder_row *row = &p->s->rows[i];

		if (!is_of(p, row) || row->times > 0 || end_of(row) == row->seq || (row->flags & TCP_RST))
			continue;
		const int x = svg_place(&p->x, row->time_ns), y = svg_place(&p->y, row->seq);
		const int height = MAX(y - svg_place(&p->y, end_of(row)), BAR_MIN);

		if (x == last_x && y == last_y)
			continue;
		g_string_append_printf(path, "M%d %dv%d", x, y, -height);
		last_x = x;
		last_y = y;
	}
	g_autofree char *class = g_strdup_printf("bar %s", names[p->side]);
	svg_path(p->out, class, path->str);
	g_string_append_c(p->out, '\n');
}

/* A triangle for what was sent again, a ring for what only asks. */
static void draw_try(struct plot *p, const struct ladder_row *row, int x, int y)
{
	if (row->probe) {
		svg_circle(p->out, "ring", x, y - 4, 4);
		p->probe = true;
		return;
	}
	const int height = MAX(y - svg_place(&p->y, end_of(row)), BAR_MIN);

	g_string_append_printf(p->out, "<path class=\"bar\" d=\"M%d %dv%d\"/><path class=\"head\" d=\"M%d %dl5 9h-10z\"/>", x, y,
	                       -height, x, y - height - 9);
	p->again = true;
}

static void label_try(struct plot *p, const struct ladder_row *row, int x, int y, int *free_from)
{
	g_autofree char *label = g_strdup_printf("%c%u", row->probe ? 'P' : 'R', row->times);
	const int half = svg_measure(label, SMALL) / 2 + 1, top = row->probe ? y : MIN(y - BAR_MIN, svg_place(&p->y, end_of(row)));

	if (x - half < *free_from)
		return;
	svg_text(p->out, "m s b halo", x, top - 13, label);
	*free_from = x + half;
}

/* How long it waited: a measure from one try to the next, where there is room to write it. */
static void label_wait(struct plot *p, const struct ladder_row *row, int x, int y)
{
	g_autoptr(GString) wait = g_string_new(NULL);
	const int before = svg_place(&p->x, row->time_ns - row->since_ns), at = y + WAITS_BELOW;

	if (row->since_ns <= 0)
		return;
	text_append_duration(wait, row->since_ns);
	if (svg_measure(wait->str, SMALL) + 10 > x - before)
		return;
	g_string_append_printf(p->out, "<path class=\"thin\" d=\"M%d %dv6m0-3H%dm0-3v6\"/>", before + 1, at - 4, x - 1);
	svg_text(p->out, "m s halo", (before + x) / 2, at + 11, wait->str);
}

static void draw_tries(struct plot *p)
{
	int free_from = 0;

	svg_group_open(p->out, "again");
	for (size_t i = 0; i < p->s->rows_len; i++) {
		const struct ladder_row *row = &p->s->rows[i];

		if (!is_of(p, row) || row->times == 0 || (row->flags & TCP_RST))
			continue;
		const int x = svg_place(&p->x, row->time_ns), y = svg_place(&p->y, row->seq);

		draw_try(p, row, x, y);
		label_try(p, row, x, y, &free_from);
		label_wait(p, row, x, y);
	}
	svg_group_close(p->out);
}

/* Where the other end closed its window: the two lines of its answers meet there. */
static void label_closed_window(struct plot *p)
{
	for (size_t i = 0; i < p->s->rows_len; i++) {
		const struct ladder_row *row = &p->s->rows[i];

		if (!is_answer(p, row) || row->window > 0 || (row->flags & (TCP_SYN | TCP_FIN)))
			continue;
		const int x = svg_place(&p->x, row->time_ns), y = svg_place(&p->y, row->ack);

		const int at = CLAMP(x + 12, LEFT + 6, RIGHT - 140);

		svg_line(p->out, "thin", at - 3, BOTTOM - 12, x, y + 2);
		svg_text(p->out, "l b halo", at, BOTTOM - 8, "window closed: 0 bytes");
		return;
	}
}

/* FIN and RST, of either end: at the top, where nothing else is written. */
static void draw_ends(struct plot *p)
{
	int free_from = 0;

	for (size_t i = 0; i < p->s->rows_len; i++) {
		const struct ladder_row *row = &p->s->rows[i];
		const uint8_t flag = row->flags & (TCP_RST | TCP_FIN);
		const int x = svg_place(&p->x, row->time_ns);

		if (row->icmp || !flag || row->times > 0)
			continue;
		g_autofree char *label = g_strdup_printf("%s, %s", flag & TCP_RST ? "RST" : "FIN", names[row->sender]);
		const int half = svg_measure(label, SMALL) / 2 + 2, at = CLAMP(x, LEFT + half, WIDTH - half);

		svg_group_open(p->out, flag & TCP_RST ? "bad" : names[row->sender]);
		svg_line(p->out, flag & TCP_RST ? NULL : "dash", x, TOP + 2, x, BOTTOM);
		if (flag & TCP_RST)
			svg_cross(p->out, x, BOTTOM - 6);
		if (at - half >= free_from) {
			svg_text(p->out, "m s b halo", at, TOP + 11, label);
			free_from = at + half;
		}
		svg_group_close(p->out);
	}
}

/* --- whole ------------------------------------------------------------------------------------------------------ */
static void sign_bar_client(GString *out, int x, int y)
{
	svg_line(out, "bar client", x + 14, y + 6, x + 14, y - 6);
}

static void sign_bar_server(GString *out, int x, int y)
{
	svg_line(out, "bar server", x + 14, y + 6, x + 14, y - 6);
}

static void sign_again(GString *out, int x, int y)
{
	g_string_append_printf(out, "<path class=\"head again\" d=\"M%d %dl5 9h-10z\"/>", x + 14, y - 5);
}

static void sign_probe(GString *out, int x, int y)
{
	svg_group_open(out, "again");
	svg_circle(out, "ring", x + 14, y, 4);
	g_string_append(out, "</g>");
}

static void sign_acknowledged(GString *out, int x, int y)
{
	svg_line(out, "good", x + 2, y, x + 28, y);
}

static void sign_window(GString *out, int x, int y)
{
	svg_line(out, "dots f", x + 2, y, x + 28, y);
}

static void append_picture(GString *out, struct plot *p)
{
	const struct svg_key keys[] = {
		{true, p->side == HANGUP_CLIENT ? sign_bar_client : sign_bar_server, "a packet with data"},
		{p->again, sign_again, "sent again: R1, R2, \xe2\x80\xa6"},
		{p->probe, sign_probe, "a probe: P1, P2, \xe2\x80\xa6"},
		{true, sign_acknowledged, "acknowledged up to here"},
		{p->window, sign_window, "the other end takes up to here"},
	};
	g_autoptr(GString) legend = g_string_new(NULL), title = g_string_new(NULL), description = g_string_new(NULL);
	const int height = svg_legend(legend, keys, G_N_ELEMENTS(keys), 8, BOTTOM + 48, WIDTH - 16);

	g_string_printf(title, "What the %s sent, over time", names[p->side]);
	g_string_append_printf(description, "Bytes that the %s sent, up, over time, to the right, in ", names[p->side]);
	text_append_duration(description, p->x.high - p->x.low);
	g_string_append(description, "; ");
	counting_append(description, tries(p->s, p->side), "packet was", "packets were");
	g_string_append(description, " a repetition or a probe.");
	svg_open(out, p->s->id, "hang-sequence", WIDTH, height, false);
	svg_describe(out, p->s->id, title->str, description->str);
	g_string_append_printf(out, "<text class=\"b\" x=\"4\" y=\"16\">%s</text>\n", title->str);
	g_string_append_len(out, p->out->str, (gssize)p->out->len);
	g_string_append_len(out, legend->str, (gssize)legend->len);
	svg_close(out);
}

void svg_sequence_append(GString *out, const struct svg_sequence *s)
{
	struct plot p = {.s = s};

	if (!svg_sequence_explains(s))
		return;
	p.out = g_string_new(NULL);
	p.side = tries(s, HANGUP_SERVER) > tries(s, HANGUP_CLIENT) ? HANGUP_SERVER : HANGUP_CLIENT;
	find_range(&p);
	draw_time_axis(&p);
	draw_number_axis(&p);
	draw_answers(&p, true);
	draw_answers(&p, false);
	draw_bars(&p);
	draw_ends(&p);
	draw_tries(&p);
	label_closed_window(&p);
	append_picture(out, &p);
	g_string_free(p.out, TRUE);
}
