/* Every ending that there is room for, a row each. */
#include "report/markdown/part.h"

#include <math.h>

#include "report/counting.h"
#include "report/markdown/text.h"

enum { ROWS_MAX = 100, LEFT_OUT_BYTES = 200 /* what it takes to say how many are left out */ };

static void append_row(GString *out, const struct writeup_ending *e)
{
	g_string_append_printf(out, "| %" G_GUINT64_FORMAT " | ", e->id);
	markdown_append_time(out, e->time_ns);
	g_string_append(out, " | ");
	markdown_append_end(out, &e->end[HANGUP_CLIENT]);
	g_string_append(out, " | ");
	markdown_append_end(out, &e->end[HANGUP_SERVER]);
	g_string_append(out, " | ");
	markdown_append_verdict(out, e->label, e->cause);
	g_string_append_printf(out, " | %d %% | ", (int)lround(e->confidence * 100));
	markdown_sentence_append(out, e->sentence);
	g_string_append(out, " |\n");
}

void markdown_append_endings(GString *out, const struct writeup *w, size_t room)
{
	const gsize start = out->len;
	guint told = 0;

	if (w->endings->len == 0)
		return;
	g_string_append(out, "## Every ending\n\n| Id | Ended | Client | Server | Verdict | Sure | What happened |\n"
	                     "|---:|---|---|---|---|---:|---|\n");
	for (; told < MIN(w->endings->len, (guint)ROWS_MAX); told++) {
		const gsize before = out->len;

		append_row(out, writeup_ending_at(w, told));
		if (out->len - start + LEFT_OUT_BYTES > room) {
			g_string_truncate(out, before);
			break;
		}
	}
	g_string_append_c(out, '\n');
	if (told < w->endings->len + w->endings_left) {
		counting_append_number(out, w->endings->len - told + w->endings_left);
		g_string_append(out, " more have no room here; `hangup report -o out.html` lists them, `hangup -o ndjson` writes all.\n\n");
	}
}
