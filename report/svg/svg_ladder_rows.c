/* Arrows are level: a capture has one clock, and does not know when a packet got to the other end.
 *
 * What is drawn is what is known. A packet that nobody acknowledged ends in a cross before the far end, and at the box when
 * the verdict blames one; but it goes all the way when the capture was taken at the far end, where it did arrive. */
#include "report/svg/svg_ladder_parts.h"

#include <string.h>

#include "capture/segment.h"
#include "report/counting.h"
#include "report/ladder.h"
#include "report/svg/svg_ladder_words.h"
#include "report/svg/svg_measure.h"
#include "report/svg/svg_write.h"
#include "rules/host/text.h"

enum {
	BADGE_X = 10,
	ROW_PITCH = 30,
	WORDS_Y = 12,       /* baseline of a row's words, its arrow, and what stands in the margin */
	ARROW_Y = 19,
	NUMBER_Y = 24,
	GAP_PITCH = 26,
	BREAK_PITCH = 14,   /* of a gap without words */
	LOST_AT = 24,       /* before the far end, a packet that was not acknowledged ends */
	TEXT = 12, LESS = 11, /* sizes of letters */
};

static size_t evidence_of(const struct svg_ladder *l, uint64_t number)
{
	for (size_t i = 0; i < l->evidence_len; i++) {
		if (l->evidence[i] == number)
			return i + 1;
	}
	return 0;
}

bool ladder_error_is_from_end(const struct svg_ladder *l, const struct ladder_row *row)
{
	return memcmp(row->icmp_source, l->end[!row->sender].address, sizeof(row->icmp_source)) == 0;
}

static bool is_from_between(const struct svg_ladder *l, const struct ladder_row *row)
{
	if (row->icmp)
		return !ladder_error_is_from_end(l, row);
	return l->actor == HANGUP_ACTOR_MIDDLEBOX && (row->flags & TCP_RST) && evidence_of(l, row->number) > 0;
}

/* --- arrows --------------------------------------------------------------------------------------------------- */
/* From the tip to the tail; direction 1 is to the right. */
struct arrow {
	int from, to, direction;
	bool dashed, crossed;
	int words_x;
};

static bool arrived(const struct svg_ladder *l, const struct ladder_row *row)
{
	return ladder_is_here(l, row->sender == HANGUP_CLIENT ? HANGUP_SERVER : HANGUP_CLIENT);
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

static int end_of_lost(const struct ladder_drawing *d, const struct ladder_row *row, const struct arrow *a)
{
	if (d->l->actor == HANGUP_ACTOR_MIDDLEBOX || error_about(d->l, row))
		return LADDER_MIDDLE_X;
	return a->to - a->direction * LOST_AT;
}

static bool is_unanswered(const struct svg_ladder *l, const struct ladder_row *row)
{
	const struct ladder_row *error = error_about(l, row);

	return row->fate != LADDER_NOTHING_TO_TELL && !(error && ladder_error_is_from_end(l, error));
}

static struct arrow arrow_of(struct ladder_drawing *d, const struct ladder_row *row)
{
	const bool back = row->icmp; /* an error goes to the sender of what it is about */
	const enum hangup_side target = back == (row->sender == HANGUP_CLIENT) ? HANGUP_CLIENT : HANGUP_SERVER;
	struct arrow a = {.from = ladder_x(!target), .to = ladder_x(target), .direction = target == HANGUP_SERVER ? 1 : -1};

	if (is_from_between(d->l, row))
		a.from = LADDER_MIDDLE_X;
	d->shown_between |= a.from == LADDER_MIDDLE_X && !row->icmp;
	a.dashed = is_unanswered(d->l, row);
	a.crossed = a.dashed && !arrived(d->l, row);
	if (a.crossed)
		a.to = end_of_lost(d, row, &a);
	a.words_x = (a.from == LADDER_MIDDLE_X ? a.from + a.to : LADDER_CLIENT_X + LADDER_SERVER_X) / 2;
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

static void draw_margin(struct ladder_drawing *d, const struct ladder_row *row)
{
	g_autoptr(GString) time = g_string_new(NULL), number = g_string_new(NULL);

	append_decimal(time, row->time_ns - d->l->start_ns, d->decimals);
	g_string_printf(number, "#%" G_GUINT64_FORMAT, hangup_packet_in_file(row->number));
	svg_text(d->out, "r l", LADDER_MARGIN_X, d->y + WORDS_Y, time->str);
	svg_text(d->out, "r s f", LADDER_MARGIN_X, d->y + NUMBER_Y, number->str);
}

static void draw_badge(struct ladder_drawing *d, size_t evidence)
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

static void draw_words(struct ladder_drawing *d, const struct ladder_row *row, const struct arrow *a)
{
	g_autoptr(GString) name = g_string_new(NULL), words = g_string_new(NULL);
	int room = is_from_between(d->l, row) ? ABS(a->from - a->to) - 8 : LADDER_SERVER_X - LADDER_CLIENT_X - 12, x = a->words_x;

	svg_ladder_name_append(name, row);
	if (svg_measure(name->str, TEXT) > room) {
		room = LADDER_SERVER_X - LADDER_CLIENT_X - 12;
		x = (LADDER_CLIENT_X + LADDER_SERVER_X) / 2;
	}
	append_words(words, row, room);
	g_string_append_printf(d->out, "<text class=\"m halo\" x=\"%d\" y=\"%d\">%s</text>", x, d->y + WORDS_Y, words->str);
}

static void draw_arrow(struct ladder_drawing *d, const struct ladder_row *row)
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

static void draw_row(struct ladder_drawing *d, const struct ladder_row *row)
{
	const size_t evidence = evidence_of(d->l, row->number);

	g_string_append(d->out, "<g");
	if (evidence)
		g_string_append_printf(d->out, " id=\"%s-p%" G_GUINT64_FORMAT "\" class=\"ev\"", d->l->id, row->number);
	g_string_append_c(d->out, '>');
	if (evidence) {
		svg_rect(d->out, "band", 0, d->y - 1, LADDER_WIDTH, ROW_PITCH - 2, 4);
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
static void break_rails(struct ladder_drawing *d, int pitch)
{
	const int y = d->y + pitch / 2 - 2;

	for (int side = 0; side < 2; side++)
		g_string_append_printf(d->out, "<path class=\"rail\" d=\"M%d %dl12-6m-12 11l12-6\"/>", ladder_x(side) - 6, y);
	g_string_append_printf(d->rails, "V%dm0 5", y);
}

static void draw_between(struct ladder_drawing *d, const char *class, const char *words)
{
	svg_text(d->out, class, LADDER_MIDDLE_X, d->y + GAP_PITCH / 2 + 4, words);
	g_string_append_c(d->out, '\n');
	d->y += GAP_PITCH;
}

static void draw_gap(struct ladder_drawing *d, const struct ladder_row *before, const struct ladder_row *row)
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

static void draw_file(struct ladder_drawing *d, const struct ladder_row *before, const struct ladder_row *row)
{
	g_autoptr(GString) words = g_string_new("in ");

	if (!d->l->inputs || (before && hangup_packet_input(before->number) == hangup_packet_input(row->number)))
		return;
	g_string_append(words, d->l->inputs[hangup_packet_input(row->number)]);
	svg_fit(words, LESS, LADDER_SERVER_X - LADDER_CLIENT_X - 24);
	draw_between(d, "m l f halo", words->str);
}

void ladder_draw_rows(struct ladder_drawing *d)
{
	for (size_t i = 0; i < d->l->rows_len; i++) {
		const struct ladder_row *before = i > 0 ? &d->l->rows[i - 1] : NULL;

		if (before)
			draw_gap(d, before, &d->l->rows[i]);
		draw_file(d, before, &d->l->rows[i]);
		draw_row(d, &d->l->rows[i]);
	}
}
