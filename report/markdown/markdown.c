/* The parts that bound themselves come first; what is left of the room goes to the table of endings, at most half of it,
 * and to connections told whole, in their order, as many as fit. These stand last: an appendix of hundreds of lines. */
#include "report/markdown/markdown.h"

#include "report/counting.h"
#include "report/markdown/part.h"

enum { LEFT_OUT_BYTES = 300 /* what it takes to say how many are left out */ };

static void append_left_out(GString *out, uint64_t left)
{
	if (left == 0)
		return;
	counting_append(out, left, "connection that could be told whole has", "connections that could be told whole have");
	g_string_append(out, " no room here; `hangup report -o out.html` has them.\n\n");
}

static void append_accounts(GString *out, const struct writeup *w, size_t room)
{
	const gsize start = out->len;
	uint64_t told = 0;

	if (w->accounts == 0)
		return;
	g_string_append(out, "\n## Appendix: one by one\n\n");
	for (guint i = 0; i < w->endings->len; i++) {
		const gsize before = out->len;

		if (!writeup_ending_at(w, i)->account)
			continue;
		markdown_append_account(out, w, writeup_ending_at(w, i));
		if (out->len - start + LEFT_OUT_BYTES > room) {
			g_string_truncate(out, before);
			break;
		}
		told++;
	}
	append_left_out(out, w->accounts - told);
}

void markdown_append(GString *out, const struct writeup *w)
{
	const gsize start = out->len;
	g_autoptr(GString) bottom = g_string_new(NULL);

	markdown_append_bottom(bottom, w);
	markdown_append_top(out, w);
	size_t used = out->len - start + bottom->len;
	size_t room = used < MARKDOWN_MAX ? MARKDOWN_MAX - used : 0;

	markdown_append_endings(out, w, room / 2);
	used = out->len - start + bottom->len;
	room = used < MARKDOWN_MAX ? MARKDOWN_MAX - used : 0;
	g_string_append_len(out, bottom->str, (gssize)bottom->len);
	append_accounts(out, w, room);
}
