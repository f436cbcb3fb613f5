/* Time runs down, one row a packet; a row's arrow lies below its words. Here are the heads above the rows and the legend
 * below them. */
#include "report/svg/svg_ladder_parts.h"

#include <string.h>

#include "report/counting.h"
#include "report/endpoint.h"
#include "report/svg/svg_legend.h"
#include "report/svg/svg_measure.h"
#include "report/svg/svg_write.h"
#include "rules/host/text.h"

enum {
	HEAD_Y = 4,         /* boxes of the two ends */
	HEAD_HEIGHT = 52,
	HEAD_CLIENT_X = 4,
	HEAD_WIDTH = 208,
	BOX_WIDTH = 176,    /* of what stands between */
	BOX_HEIGHT = 36,
	HEAD_COLUMNS = 30,  /* of an address */
	LESS = 11,          /* size of its letters */
};

/* --- who takes part ------------------------------------------------------------------------------------------ */
static void find_box(struct ladder_drawing *d)
{
	const struct svg_ladder *l = d->l;

	d->box = l->actor == HANGUP_ACTOR_MIDDLEBOX;
	for (size_t i = 0; i < l->rows_len; i++) {
		const struct ladder_row *row = &l->rows[i];

		if (!row->icmp || ladder_error_is_from_end(l, row))
			continue;
		d->box_known = !d->box_known || memcmp(d->box_address, row->icmp_source, sizeof(d->box_address)) == 0;
		memcpy(d->box_address, row->icmp_source, sizeof(d->box_address));
		d->box = true;
	}
}

/* --- heads --------------------------------------------------------------------------------------------------- */
static void draw_here(GString *out, int x, int y, const char *words)
{
	svg_circle(out, "here", x + 4, y - 4, 4);
	svg_text(out, "s good", x + 13, y, words);
}

static void draw_head(struct ladder_drawing *d, enum hangup_side side)
{
	static const char *const names[] = {[HANGUP_CLIENT] = "client", [HANGUP_SERVER] = "server"};
	const int x = side == HANGUP_CLIENT ? HEAD_CLIENT_X : LADDER_WIDTH - HEAD_CLIENT_X - HEAD_WIDTH;
	g_autoptr(GString) address = g_string_new(NULL), class = g_string_new(NULL);

	svg_rect(d->out, "box", x, HEAD_Y, HEAD_WIDTH, HEAD_HEIGHT, 5);
	g_string_printf(class, "b %s", names[side]);
	svg_text(d->out, class->str, x + 10, HEAD_Y + 16, names[side]);
	endpoint_append(address, &d->l->end[side], HEAD_COLUMNS, false);
	svg_fit(address, LESS, HEAD_WIDTH - 16);
	svg_text(d->out, "l", x + 10, HEAD_Y + 31, address->str);
	if (ladder_is_here(d->l, side))
		draw_here(d->out, x + 10, HEAD_Y + 45, "captured here");
	g_string_append_c(d->out, '\n');
}

static void draw_box(struct ladder_drawing *d)
{
	g_autoptr(GString) address = g_string_new(NULL);

	svg_rect(d->out, "box", LADDER_MIDDLE_X - BOX_WIDTH / 2, d->y, BOX_WIDTH, BOX_HEIGHT, 5);
	if (d->box_known)
		text_append_address(address, d->box_address);
	else
		g_string_append(address, "inferred, not seen itself");
	svg_fit(address, LESS, BOX_WIDTH - 12);
	svg_text(d->out, "m b", LADDER_MIDDLE_X, d->y + 15, "a box on the path");
	svg_text(d->out, "m l", LADDER_MIDDLE_X, d->y + 29, address->str);
	g_string_append_c(d->out, '\n');
	d->y += BOX_HEIGHT;
}

static void draw_vantage_between(struct ladder_drawing *d)
{
	const char *words = d->l->vantage == HANGUP_VANTAGE_MIDDLE ? "captured between the two"
	                                                           : "where it was captured is not known";

	if (ladder_is_here(d->l, HANGUP_CLIENT) || ladder_is_here(d->l, HANGUP_SERVER))
		return;
	if (d->l->vantage == HANGUP_VANTAGE_MIDDLE)
		draw_here(d->out, LADDER_MIDDLE_X - 66, d->y + 12, words);
	else
		svg_text(d->out, "m s f", LADDER_MIDDLE_X, d->y + 12, words);
	d->y += 18;
}

static void draw_heads(struct ladder_drawing *d)
{
	draw_head(d, HANGUP_CLIENT);
	draw_head(d, HANGUP_SERVER);
	d->y = HEAD_Y + HEAD_HEIGHT + 8;
	draw_vantage_between(d);
	if (d->box)
		draw_box(d);
	svg_text(d->out, "r s f", LADDER_MARGIN_X, d->y + 4, "seconds");
	svg_text(d->out, "r s f", LADDER_MARGIN_X, d->y + 15, "packet");
	g_string_append_c(d->out, '\n');
	d->y += 22;
}

/* --- legend -------------------------------------------------------------------------------------------------- */
static void sign_evidence(GString *out, int x, int y)
{
	svg_circle(out, "badge", x + 14, y, 8);
	svg_text(out, "m s", x + 14, y + 4, "1");
}

static void sign_lost(GString *out, int x, int y)
{
	svg_line(out, "dash", x, y, x + 20, y);
	svg_cross(out, x + 24, y);
}

static void sign_unheard(GString *out, int x, int y)
{
	svg_line(out, "dash", x, y, x + 20, y);
	svg_arrow_head(out, x + 28, y, 1);
}

static void sign_again(GString *out, int x, int y)
{
	svg_text(out, "m b l again", x + 14, y + 4, "R1");
}

static void sign_probe(GString *out, int x, int y)
{
	svg_text(out, "m b l again", x + 14, y + 4, "P1");
}

static void sign_between(GString *out, int x, int y)
{
	svg_group_open(out, "bad");
	svg_line(out, NULL, x + 4, y, x + 20, y);
	svg_arrow_head(out, x + 26, y, 1);
	svg_line(out, "rail dots", x + 4, y - 7, x + 4, y + 7);
	svg_group_close(out);
}

static void sign_break(GString *out, int x, int y)
{
	g_string_append_printf(out, "<path class=\"rail\" d=\"M%d %dl12-6m-12 11l12-6\"/>", x + 8, y);
}

static void draw_legend(struct ladder_drawing *d, bool broken)
{
	const struct svg_key keys[] = {
		{d->shown_evidence, sign_evidence, "evidence, numbered as in the list of it"},
		{d->shown_lost, sign_lost, "not acknowledged: lost on the way, or not answered"},
		{d->shown_unheard, sign_unheard, "arrived here, but was not acknowledged"},
		{d->shown_again, sign_again, "sent again: for the first time, the second, \xe2\x80\xa6"},
		{d->shown_probe, sign_probe, "asks whether the other end is still there"},
		{d->shown_between, sign_between, "sent by the box in the name of the other end"},
		{broken, sign_break, "a pause, or packets left out"},
	};

	d->y = svg_legend(d->out, keys, G_N_ELEMENTS(keys), 8, d->y + 16, LADDER_WIDTH - 16);
}

/* --- whole --------------------------------------------------------------------------------------------------- */
static void append_description(GString *out, const struct svg_ladder *l)
{
	g_string_append(out, "Time runs down, packets go between two lines. ");
	counting_append(out, l->rows_len, "packet", "packets");
	g_string_append(out, " of ");
	counting_append_number(out, l->packets);
	g_string_append(out, " between client ");
	text_append_end(out, &l->end[HANGUP_CLIENT]);
	g_string_append(out, " and server ");
	text_append_end(out, &l->end[HANGUP_SERVER]);
	g_string_append(out, ".");
}

static void draw_rails(GString *out, const struct ladder_drawing *d, int top, int bottom)
{
	for (int side = 0; side < 2; side++) {
		g_autofree char *path = g_strdup_printf("M%d %d%sV%d", ladder_x(side), top, d->rails->str, bottom);

		svg_path(out, "rail", path);
	}
	if (d->box)
		svg_line(out, "rail dots", LADDER_MIDDLE_X, top + BOX_HEIGHT + 8, LADDER_MIDDLE_X, bottom);
	g_string_append_c(out, '\n');
}

static int decimals_of(const struct svg_ladder *l)
{
	const int64_t last = l->rows[l->rows_len - 1].time_ns - l->start_ns;

	return last < INT64_C(100000000000) ? 6 : last < INT64_C(1000000000000000) ? 3 : 0;
}

void svg_ladder_append(GString *out, const struct svg_ladder *l)
{
	struct ladder_drawing d = {.l = l};
	g_autoptr(GString) description = g_string_new(NULL);

	if (l->rows_len == 0)
		return;
	d.out = g_string_new(NULL);
	d.rails = g_string_new(NULL);
	d.decimals = decimals_of(l);
	find_box(&d);
	draw_heads(&d);
	ladder_draw_rows(&d);
	const int bottom = d.y + 4;
	draw_legend(&d, d.rails->len > 0);
	append_description(description, l);
	svg_open(out, l->id, "hang-ladder", LADDER_WIDTH, d.y, l->href && d.shown_evidence);
	svg_describe(out, l->id, "The packets, near the end of the connection", description->str);
	draw_rails(out, &d, HEAD_Y + HEAD_HEIGHT, bottom);
	g_string_append_len(out, d.out->str, (gssize)d.out->len);
	svg_close(out);
	g_string_free(d.out, TRUE);
	g_string_free(d.rails, TRUE);
}
