/* Time runs down, one row a packet; a row's arrow lies below its words. Arrows are level: a capture has one clock, and
 * does not know when a packet got to the other end.
 *
 * What is drawn is what is known. A packet that nobody acknowledged ends in a cross before the far end, and at the box when
 * the verdict blames one; but it goes all the way when the capture was taken at the far end, where it did arrive. */
#include "report/svg/svg.h"

#include <string.h>

#include "capture/segment.h"
#include "report/counting.h"
#include "report/endpoint.h"
#include "report/ladder.h"
#include "report/svg/svg_ladder_words.h"
#include "report/svg/svg_legend.h"
#include "report/svg/svg_measure.h"
#include "report/svg/svg_write.h"
#include "rules/host/text.h"

enum {
	WIDTH = 432,
	CLIENT_X = 96,
	SERVER_X = 424,
	MIDDLE_X = (CLIENT_X + SERVER_X) / 2,
	MARGIN_X = 85,      /* where times and numbers end */
	BADGE_X = 10,
	HEAD_Y = 4,         /* boxes of the two ends */
	HEAD_HEIGHT = 52,
	HEAD_CLIENT_X = 4,
	HEAD_WIDTH = 208,
	BOX_WIDTH = 176,    /* of what stands between */
	BOX_HEIGHT = 36,
	ROW_PITCH = 30,
	WORDS_Y = 12,       /* baseline of a row's words, its arrow, and what stands in the margin */
	ARROW_Y = 19,
	NUMBER_Y = 24,
	GAP_PITCH = 26,
	BREAK_PITCH = 14,   /* of a gap without words */
	LOST_AT = 24,       /* before the far end, a packet that was not acknowledged ends */
	HEAD_COLUMNS = 30,  /* of an address */
	TEXT = 12, SMALL = 10, LESS = 11, /* sizes of letters */
};

struct drawing {
	const struct svg_ladder *l;
	GString *out;   /* rows */
	GString *rails; /* the path of a lifeline's pieces, without its x */
	int y;
	bool box;            /* something between the ends takes part */
	uint8_t box_address[16];
	bool box_known;      /* by its address */
	bool shown_evidence, shown_again, shown_probe, shown_lost, shown_unheard, shown_between;
	int decimals;        /* of times */
};

static int x_of(enum hangup_side side)
{
	return side == HANGUP_CLIENT ? CLIENT_X : SERVER_X;
}

static const struct ladder_row *row_at(const struct svg_ladder *l, size_t i)
{
	return &l->rows[i];
}

/* --- who takes part ------------------------------------------------------------------------------------------ */
static size_t evidence_of(const struct svg_ladder *l, uint64_t number)
{
	for (size_t i = 0; i < l->evidence_len; i++) {
		if (l->evidence[i] == number)
			return i + 1;
	}
	return 0;
}

static bool is_from_end(const struct svg_ladder *l, const struct ladder_row *row)
{
	return memcmp(row->icmp_source, l->end[!row->sender].address, sizeof(row->icmp_source)) == 0;
}

static bool is_from_between(const struct svg_ladder *l, const struct ladder_row *row)
{
	if (row->icmp)
		return !is_from_end(l, row);
	return l->actor == HANGUP_ACTOR_MIDDLEBOX && (row->flags & TCP_RST) && evidence_of(l, row->number) > 0;
}

static void find_box(struct drawing *d)
{
	const struct svg_ladder *l = d->l;

	d->box = l->actor == HANGUP_ACTOR_MIDDLEBOX;
	for (size_t i = 0; i < l->rows_len; i++) {
		const struct ladder_row *row = row_at(l, i);

		if (!row->icmp || is_from_end(l, row))
			continue;
		d->box_known = !d->box_known || memcmp(d->box_address, row->icmp_source, sizeof(d->box_address)) == 0;
		memcpy(d->box_address, row->icmp_source, sizeof(d->box_address));
		d->box = true;
	}
}

/* --- heads --------------------------------------------------------------------------------------------------- */
static bool is_here(const struct svg_ladder *l, enum hangup_side side)
{
	return l->vantage == (side == HANGUP_CLIENT ? HANGUP_VANTAGE_CLIENT : HANGUP_VANTAGE_SERVER);
}

static void draw_here(GString *out, int x, int y, const char *words)
{
	svg_circle(out, "here", x + 4, y - 4, 4);
	svg_text(out, "s good", x + 13, y, words);
}

static void draw_head(struct drawing *d, enum hangup_side side)
{
	static const char *const names[] = {[HANGUP_CLIENT] = "client", [HANGUP_SERVER] = "server"};
	const int x = side == HANGUP_CLIENT ? HEAD_CLIENT_X : WIDTH - HEAD_CLIENT_X - HEAD_WIDTH;
	g_autoptr(GString) address = g_string_new(NULL), class = g_string_new(NULL);

	svg_rect(d->out, "box", x, HEAD_Y, HEAD_WIDTH, HEAD_HEIGHT, 5);
	g_string_printf(class, "b %s", names[side]);
	svg_text(d->out, class->str, x + 10, HEAD_Y + 16, names[side]);
	endpoint_append(address, &d->l->end[side], HEAD_COLUMNS, false);
	svg_fit(address, LESS, HEAD_WIDTH - 16);
	svg_text(d->out, "l", x + 10, HEAD_Y + 31, address->str);
	if (is_here(d->l, side))
		draw_here(d->out, x + 10, HEAD_Y + 45, "captured here");
	g_string_append_c(d->out, '\n');
}

static void draw_box(struct drawing *d)
{
	g_autoptr(GString) address = g_string_new(NULL);

	svg_rect(d->out, "box", MIDDLE_X - BOX_WIDTH / 2, d->y, BOX_WIDTH, BOX_HEIGHT, 5);
	if (d->box_known)
		text_append_address(address, d->box_address);
	else
		g_string_append(address, "inferred, not seen itself");
	svg_fit(address, LESS, BOX_WIDTH - 12);
	svg_text(d->out, "m b", MIDDLE_X, d->y + 15, "a box on the path");
	svg_text(d->out, "m l", MIDDLE_X, d->y + 29, address->str);
	g_string_append_c(d->out, '\n');
	d->y += BOX_HEIGHT;
}

static void draw_vantage_between(struct drawing *d)
{
	const char *words = d->l->vantage == HANGUP_VANTAGE_MIDDLE ? "captured between the two"
	                                                           : "where it was captured is not known";

	if (is_here(d->l, HANGUP_CLIENT) || is_here(d->l, HANGUP_SERVER))
		return;
	if (d->l->vantage == HANGUP_VANTAGE_MIDDLE)
		draw_here(d->out, MIDDLE_X - 66, d->y + 12, words);
	else
		svg_text(d->out, "m s f", MIDDLE_X, d->y + 12, words);
	d->y += 18;
}

static void draw_heads(struct drawing *d)
{
	draw_head(d, HANGUP_CLIENT);
	draw_head(d, HANGUP_SERVER);
	d->y = HEAD_Y + HEAD_HEIGHT + 8;
	draw_vantage_between(d);
	if (d->box)
		draw_box(d);
	svg_text(d->out, "r s f", MARGIN_X, d->y + 4, "seconds");
	svg_text(d->out, "r s f", MARGIN_X, d->y + 15, "packet");
	g_string_append_c(d->out, '\n');
	d->y += 22;
}

/* --- rows ---------------------------------------------------------------------------------------------------- */
/* From the tip to the tail; direction 1 is to the right. */
struct arrow {
	int from, to, direction;
	bool dashed, crossed;
	int words_x;
};

static bool arrived(const struct svg_ladder *l, const struct ladder_row *row)
{
	return is_here(l, row->sender == HANGUP_CLIENT ? HANGUP_SERVER : HANGUP_CLIENT);
}

/* The ICMP error that answered this very packet, if there is one. */
static const struct ladder_row *error_about(const struct svg_ladder *l, const struct ladder_row *row)
{
	for (const struct ladder_row *later = row + 1; later < l->rows + l->rows_len; later++) {
		if (later->sender == row->sender && later->seq == row->seq)
			return later->icmp ? later : NULL;
	}
	return NULL;
}

static int end_of_lost(const struct drawing *d, const struct ladder_row *row, const struct arrow *a)
{
	if (d->l->actor == HANGUP_ACTOR_MIDDLEBOX || error_about(d->l, row))
		return MIDDLE_X;
	return a->to - a->direction * LOST_AT;
}

static bool is_unanswered(const struct svg_ladder *l, const struct ladder_row *row)
{
	const struct ladder_row *error = error_about(l, row);

	return row->fate != LADDER_NOTHING_TO_TELL && !(error && is_from_end(l, error));
}

static struct arrow arrow_of(struct drawing *d, const struct ladder_row *row)
{
	const bool back = row->icmp; /* an error goes to the sender of what it is about */
	const enum hangup_side target = back == (row->sender == HANGUP_CLIENT) ? HANGUP_CLIENT : HANGUP_SERVER;
	struct arrow a = {.from = x_of(!target), .to = x_of(target), .direction = target == HANGUP_SERVER ? 1 : -1};

	if (is_from_between(d->l, row))
		a.from = MIDDLE_X;
	d->shown_between |= a.from == MIDDLE_X && !row->icmp;
	a.dashed = is_unanswered(d->l, row);
	a.crossed = a.dashed && !arrived(d->l, row);
	if (a.crossed)
		a.to = end_of_lost(d, row, &a);
	a.words_x = (a.from == MIDDLE_X ? a.from + a.to : CLIENT_X + SERVER_X) / 2;
	d->shown_lost |= a.crossed;
	d->shown_unheard |= a.dashed && !a.crossed;
	return a;
}

static const char *class_of(const struct ladder_row *row)
{
	if (row->icmp || (row->flags & TCP_RST))
		return "bad";
	if (row->times > 0)
		return "again";
	return row->sender == HANGUP_CLIENT ? "client" : "server";
}

static void append_decimal(GString *out, int64_t ns, int decimals)
{
	int64_t us = ns / 1000;

	g_string_append_printf(out, "%s%" G_GINT64_FORMAT, us < 0 ? "\xe2\x88\x92" : "", ABS(us) / 1000000);
	if (decimals == 6)
		g_string_append_printf(out, ".%06" G_GINT64_FORMAT, ABS(us) % 1000000);
	else if (decimals == 3)
		g_string_append_printf(out, ".%03" G_GINT64_FORMAT, ABS(us) % 1000000 / 1000);
}

static void draw_margin(struct drawing *d, const struct ladder_row *row)
{
	g_autoptr(GString) time = g_string_new(NULL), number = g_string_new(NULL);

	append_decimal(time, row->time_ns - d->l->start_ns, d->decimals);
	g_string_printf(number, "#%" G_GUINT64_FORMAT, hangup_packet_in_file(row->number));
	svg_text(d->out, "r l", MARGIN_X, d->y + WORDS_Y, time->str);
	svg_text(d->out, "r s f", MARGIN_X, d->y + NUMBER_Y, number->str);
}

static void draw_badge(struct drawing *d, size_t evidence)
{
	g_autofree char *number = g_strdup_printf("%" G_GSIZE_FORMAT, evidence);

	if (d->l->href)
		g_string_append_printf(d->out, "<a href=\"#%s%s\" aria-label=\"Evidence %s\">", d->l->href, number, number);
	svg_circle(d->out, "badge", BADGE_X, d->y + 14, 8);
	svg_text(d->out, "m s", BADGE_X, d->y + 18, number);
	if (d->l->href)
		g_string_append(d->out, "</a>");
}

/* Words in up to three weights, as one text. */
static void append_words(GString *out, const struct ladder_row *row, int room)
{
	g_autoptr(GString) name = g_string_new(NULL), detail = g_string_new(NULL), repeat = g_string_new(NULL);

	svg_ladder_name_append(name, row);
	svg_ladder_repeat_append(repeat, row);
	svg_ladder_detail_append(detail, row);
	svg_fit(name, TEXT, room);
	room -= svg_measure(name->str, TEXT) + (repeat->len ? svg_measure(repeat->str, TEXT) + TEXT : 0);
	if (detail->len && svg_measure(detail->str, LESS) + TEXT > room)
		g_string_truncate(detail, 0);
	g_string_append_printf(out, "<tspan class=\"b\">%s</tspan>", name->str);
	if (repeat->len)
		g_string_append_printf(out, " \xc2\xb7 <tspan class=\"b\">%s</tspan>", repeat->str);
	if (detail->len)
		g_string_append_printf(out, " <tspan class=\"l f\">%s</tspan>", detail->str);
}

static void draw_words(struct drawing *d, const struct ladder_row *row, const struct arrow *a)
{
	g_autoptr(GString) name = g_string_new(NULL), words = g_string_new(NULL);
	int room = is_from_between(d->l, row) ? ABS(a->from - a->to) - 8 : SERVER_X - CLIENT_X - 12, x = a->words_x;

	svg_ladder_name_append(name, row);
	if (svg_measure(name->str, TEXT) > room) {
		room = SERVER_X - CLIENT_X - 12;
		x = (CLIENT_X + SERVER_X) / 2;
	}
	append_words(words, row, room);
	g_string_append_printf(d->out, "<text class=\"m halo\" x=\"%d\" y=\"%d\">%s</text>", x, d->y + WORDS_Y, words->str);
}

static void draw_arrow(struct drawing *d, const struct ladder_row *row)
{
	const struct arrow a = arrow_of(d, row);
	const int y = d->y + ARROW_Y;

	draw_words(d, row, &a);
	svg_line(d->out, a.dashed ? "dash" : NULL, a.from, y, a.to - a.direction * 6, y);
	if (a.crossed)
		svg_cross(d->out, a.to, y);
	else
		svg_arrow_head(d->out, a.to, y, a.direction);
}

static void draw_row(struct drawing *d, const struct ladder_row *row)
{
	const size_t evidence = evidence_of(d->l, row->number);

	g_string_append(d->out, "<g");
	if (evidence)
		g_string_append_printf(d->out, " id=\"%s-p%" G_GUINT64_FORMAT "\" class=\"ev\"", d->l->id, row->number);
	g_string_append_c(d->out, '>');
	if (evidence) {
		svg_rect(d->out, "band", 0, d->y - 1, WIDTH, ROW_PITCH - 2, 4);
		draw_badge(d, evidence);
	}
	draw_margin(d, row);
	svg_group_open(d->out, class_of(row));
	draw_arrow(d, row);
	g_string_append(d->out, "</g></g>\n");
	d->shown_evidence |= evidence > 0;
	d->shown_again |= row->times > 0 && !row->probe;
	d->shown_probe |= row->times > 0 && row->probe;
	d->y += ROW_PITCH;
}

/* --- between rows -------------------------------------------------------------------------------------------- */
static void break_rails(struct drawing *d, int pitch)
{
	const int y = d->y + pitch / 2 - 2;

	for (int side = 0; side < 2; side++)
		g_string_append_printf(d->out, "<path class=\"rail\" d=\"M%d %dl12-6m-12 11l12-6\"/>", x_of(side) - 6, y);
	g_string_append_printf(d->rails, "V%dm0 5", y);
}

static void draw_between(struct drawing *d, const char *class, const char *words)
{
	svg_text(d->out, class, MIDDLE_X, d->y + GAP_PITCH / 2 + 4, words);
	g_string_append_c(d->out, '\n');
	d->y += GAP_PITCH;
}

static void draw_gap(struct drawing *d, const struct ladder_row *before, const struct ladder_row *row)
{
	const uint64_t elided = row->place - before->place - 1;
	const int64_t pause = MAX(row->time_ns - before->time_ns, 0);
	g_autoptr(GString) words = g_string_new(NULL);

	if (elided > 0)
		counting_append(words, elided, "more packet, in ", "more packets, in ");
	if (elided == 0 && pause < LADDER_PAUSE_NS)
		return;
	text_append_duration(words, pause);
	if (elided == 0)
		g_string_append(words, " of silence");
	/* that it was repeated after so long says the same */
	if (elided == 0 && row->since_ns == pause) {
		break_rails(d, BREAK_PITCH);
		d->y += BREAK_PITCH;
	} else {
		break_rails(d, GAP_PITCH);
		draw_between(d, elided ? "m l f halo" : "m b halo", words->str);
	}
}

static void draw_file(struct drawing *d, const struct ladder_row *before, const struct ladder_row *row)
{
	g_autoptr(GString) words = g_string_new("in ");

	if (!d->l->inputs || (before && hangup_packet_input(before->number) == hangup_packet_input(row->number)))
		return;
	g_string_append(words, d->l->inputs[hangup_packet_input(row->number)]);
	svg_fit(words, LESS, SERVER_X - CLIENT_X - 24);
	draw_between(d, "m l f halo", words->str);
}

static void draw_rows(struct drawing *d)
{
	for (size_t i = 0; i < d->l->rows_len; i++) {
		const struct ladder_row *before = i > 0 ? row_at(d->l, i - 1) : NULL;

		if (before)
			draw_gap(d, before, row_at(d->l, i));
		draw_file(d, before, row_at(d->l, i));
		draw_row(d, row_at(d->l, i));
	}
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

static void draw_legend(struct drawing *d, bool broken)
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

	d->y = svg_legend(d->out, keys, G_N_ELEMENTS(keys), 8, d->y + 16, WIDTH - 16);
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

static void draw_rails(GString *out, const struct drawing *d, int top, int bottom)
{
	for (int side = 0; side < 2; side++) {
		g_autofree char *path = g_strdup_printf("M%d %d%sV%d", x_of(side), top, d->rails->str, bottom);

		svg_path(out, "rail", path);
	}
	if (d->box)
		svg_line(out, "rail dots", MIDDLE_X, top + BOX_HEIGHT + 8, MIDDLE_X, bottom);
	g_string_append_c(out, '\n');
}

static int decimals_of(const struct svg_ladder *l)
{
	const int64_t last = l->rows[l->rows_len - 1].time_ns - l->start_ns;

	return last < INT64_C(100000000000) ? 6 : last < INT64_C(1000000000000000) ? 3 : 0;
}

void svg_ladder_append(GString *out, const struct svg_ladder *l)
{
	struct drawing d = {.l = l};
	g_autoptr(GString) description = g_string_new(NULL);

	if (l->rows_len == 0)
		return;
	d.out = g_string_new(NULL);
	d.rails = g_string_new(NULL);
	d.decimals = decimals_of(l);
	find_box(&d);
	draw_heads(&d);
	draw_rows(&d);
	const int bottom = d.y + 4;
	draw_legend(&d, d.rails->len > 0);
	append_description(description, l);
	svg_open(out, l->id, "hang-ladder", WIDTH, d.y, l->href && d.shown_evidence);
	svg_describe(out, l->id, "The packets, near the end of the connection", description->str);
	draw_rails(out, &d, HEAD_Y + HEAD_HEIGHT, bottom);
	g_string_append_len(out, d.out->str, (gssize)d.out->len);
	svg_close(out);
	g_string_free(d.out, TRUE);
	g_string_free(d.rails, TRUE);
}
