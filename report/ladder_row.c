#include "report/ladder_row.h"

#include <string.h>

#include "capture/segment.h"
#include "report/paragraph.h"
#include "report/style.h"
#include "rules/host/text.h"

enum {
	MARK_COLUMNS = 2,    /* "* " */
	TIME_COLUMNS = 13,   /* "12345.678901 " */
	NUMBER_COLUMNS = 9,  /* "#1234567 " */
	ARROW_COLUMNS_MIN = 3, /* before and after the words of an arrow */
};

static const struct drawing {
	const char *rail, *line, *right, *left, *mark, *dots;
} drawings[] = {
	[false] = {"\xe2\x94\x82", "\xe2\x94\x80", "\xe2\x96\xb6", "\xe2\x97\x80", "\xe2\x97\x8f", "\xe2\x80\xa6"},
	[true] = {"|", "-", ">", "<", "*", "..."},
};

static void append_times(GString *out, const char *text, size_t count)
{
	while (count-- > 0)
		g_string_append(out, text);
}

static size_t margin(const struct ladder_frame *frame)
{
	return MARK_COLUMNS + (frame->times ? TIME_COLUMNS : 0) + NUMBER_COLUMNS;
}

/* Columns between the two rails. */
static size_t span(const struct ladder_frame *frame)
{
	return frame->width - margin(frame) - 2;
}

/* --- words ------------------------------------------------------------------------------------------- */
static void append_flags(GString *out, uint8_t flags)
{
	static const struct {
		uint8_t flag;
		const char *name;
	} names[] = {{TCP_SYN, "SYN"}, {TCP_FIN, "FIN"}, {TCP_RST, "RST"}, {TCP_PSH, "PSH"}, {TCP_URG, "URG"},
	             {TCP_ACK, "ACK"}};
	const gsize start = out->len;

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		if (flags & names[i].flag)
			g_string_append_printf(out, "%s%s", out->len > start ? " " : "", names[i].name);
	}
	if (out->len == start)
		g_string_append(out, "no flags");
}

static void append_segment_words(GString *out, const struct ladder_row *row)
{
	bool control = row->flags & (TCP_SYN | TCP_FIN | TCP_RST);

	append_flags(out, row->flags);
	if (control || row->len || row->probe)
		g_string_append_printf(out, " seq %u", row->seq);
	if ((row->flags & TCP_ACK) && (control || !row->len))
		g_string_append_printf(out, " ack %u", row->ack);
	if (row->len)
		g_string_append_printf(out, " len %u", row->len);
	if (row->probe)
		g_string_append(out, " probe");
	else if (row->again)
		g_string_append(out, " again");
	if (row->window == 0 && !(row->flags & TCP_RST))
		g_string_append(out, " win 0");
}

static void append_icmp_words(GString *out, const struct ladder_row *row)
{
	g_string_append_printf(out, "ICMP %u/%u from ", row->icmp_type, row->icmp_code);
	text_append_address(out, row->icmp_source);
}

/* The words in at most `room` columns; they are ASCII. */
static char *words_of(const struct ladder_row *row, size_t room, const struct drawing *d)
{
	GString *words = g_string_new(NULL);

	if (row->icmp)
		append_icmp_words(words, row);
	else
		append_segment_words(words, row);
	if (words->len > room) {
		g_string_truncate(words, room - MIN(room, paragraph_columns(d->dots)));
		g_string_append(words, d->dots);
	}
	return g_string_free(words, FALSE);
}

/* --- lines ------------------------------------------------------------------------------------------- */
static void append_margin(GString *out, const struct ladder_frame *frame, const struct ladder_row *row, bool evidence)
{
	const struct drawing *d = &drawings[frame->ascii];

	if (evidence)
		style_append(out, STYLE_STRONG, d->mark, frame->colour);
	else
		g_string_append_c(out, ' ');
	g_string_append_c(out, ' ');
	if (frame->times) {
		int64_t us = (row->time_ns - frame->start_ns) / 1000;
		g_autofree char *time = g_strdup_printf("%s%" G_GINT64_FORMAT ".%06" G_GINT64_FORMAT, us < 0 ? "-" : "",
		                                        ABS(us) / 1000000, ABS(us) % 1000000);

		g_string_append_printf(out, "%*s ", TIME_COLUMNS - 1, time);
	}
	g_autofree char *number = g_strdup_printf("#%" G_GUINT64_FORMAT, hangup_packet_in_file(row->number));
	g_string_append_printf(out, "%*s ", NUMBER_COLUMNS - 1, number);
}

/* To the right the words stand near the client, to the left near the server: by the sender. An ICMP error
 * comes from somewhere between and goes to the sender of what it quotes. */
static void append_arrow(GString *out, const struct ladder_frame *frame, const struct ladder_row *row)
{
	const struct drawing *d = &drawings[frame->ascii];
	const size_t columns = span(frame);
	g_autofree char *words = words_of(row, columns - 2 * ARROW_COLUMNS_MIN - 2, d);
	const size_t rest = columns - paragraph_columns(words) - 2 - ARROW_COLUMNS_MIN;
	bool rightwards = (row->sender == HANGUP_CLIENT) != row->icmp;
	size_t before = rightwards ? ARROW_COLUMNS_MIN : rest;

	if (row->icmp)
		before = ARROW_COLUMNS_MIN;
	size_t after = columns - paragraph_columns(words) - 2 - before;

	g_string_append(out, d->rail);
	g_string_append(out, rightwards ? "" : d->left);
	append_times(out, row->icmp && rightwards ? " " : d->line, before - !rightwards);
	g_string_append_printf(out, " %s ", words);
	append_times(out, row->icmp && !rightwards ? " " : d->line, after - rightwards);
	g_string_append(out, rightwards ? d->right : "");
	g_string_append(out, d->rail);
	g_string_append_c(out, '\n');
}

void ladder_row_append(GString *out, const struct ladder_frame *frame, const struct ladder_row *row, bool evidence)
{
	append_margin(out, frame, row, evidence);
	append_arrow(out, frame, row);
}

void ladder_row_append_head(GString *out, const struct ladder_frame *frame)
{
	static const char client[] = "client", server[] = "server";
	g_autofree char *time = frame->times ? g_strdup_printf("%*s ", TIME_COLUMNS - 1, "seconds") : g_strdup("");
	size_t columns = span(frame) + 2;

	g_string_append_printf(out, "  %s%*s ", time, NUMBER_COLUMNS - 1, "packet");
	g_string_append(out, client);
	append_times(out, " ", columns - strlen(client) - strlen(server));
	g_string_append_printf(out, "%s\n", server);
}

void ladder_row_append_between(GString *out, const struct ladder_frame *frame, const char *text)
{
	const struct drawing *d = &drawings[frame->ascii];
	const size_t columns = span(frame), words = MIN(paragraph_columns(text), columns);
	const size_t before = (columns - words) / 2;

	append_times(out, " ", margin(frame));
	g_string_append(out, d->rail);
	append_times(out, " ", before);
	style_append(out, STYLE_FAINT, text, frame->colour);
	append_times(out, " ", columns - before - words);
	g_string_append_printf(out, "%s\n", d->rail);
}
