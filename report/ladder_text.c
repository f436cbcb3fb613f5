#include "report/ladder_text.h"

#include "report/escape.h"
#include "report/input_name.h"
#include "rules/host/text.h"

enum {
	WIDTH_MAX = 80,        /* columns; longer arrows say no more */
	TIMES_FROM_WIDTH = 64, /* narrower lines do without times */
};

static void append_gap(GString *out, const struct ladder_frame *frame, const struct ladder_row *before,
                       const struct ladder_row *row)
{
	uint64_t elided = row->place - before->place - 1;
	int64_t pause = row->time_ns - before->time_ns;
	g_autoptr(GString) text = g_string_new(NULL);

	if (elided > 0) {
		g_string_append_printf(text, "%" G_GUINT64_FORMAT " %s in ", elided,
		                       elided == 1 ? "packet more" : "packets more");
		text_append_duration(text, MAX(pause, 0));
	} else if (pause >= LADDER_PAUSE_NS) {
		g_string_append(text, "silence for ");
		text_append_duration(text, pause);
	}
	if (text->len) {
		g_autoptr(GString) safe = g_string_new(NULL);

		escape_append(safe, text->str, text->len, frame->ascii);
		ladder_row_append_between(out, frame, safe->str);
	}
}

/* With several inputs: where the numbers begin to be of another one. */
static void append_file(GString *out, const struct ladder_frame *frame, const struct ladder_row *before,
                        const struct ladder_row *row, const struct report_options *options)
{
	g_autoptr(GString) text = g_string_new("in ");

	if (!options->inputs || (before && hangup_packet_input(before->number) == hangup_packet_input(row->number)))
		return;
	input_name_append(text, options, row->number);
	ladder_row_append_between(out, frame, text->str);
}

void ladder_text_append(GString *out, const struct ladder *l, const struct hangup_case *c,
                   const struct report_options *options)
{
	const struct ladder_frame frame = {
		.width = MIN(options->width, WIDTH_MAX),
		.start_ns = ladder_start_ns(l),
		.times = options->width >= TIMES_FROM_WIDTH,
		.ascii = options->ascii,
		.colour = options->colour,
	};
	g_autoptr(GArray) rows = ladder_rows(l, c);

	if (rows->len == 0)
		return;
	ladder_row_append_head(out, &frame);
	for (guint i = 0; i < rows->len; i++) {
		const struct ladder_row *row = &g_array_index(rows, struct ladder_row, i);

		if (i > 0)
			append_gap(out, &frame, &g_array_index(rows, struct ladder_row, i - 1), row);
		append_file(out, &frame, i > 0 ? &g_array_index(rows, struct ladder_row, i - 1) : NULL, row, options);
		ladder_row_append(out, &frame, row, ladder_is_evidence(c, row->number));
	}
}
