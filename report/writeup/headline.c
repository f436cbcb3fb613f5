/* Every word here is read by somebody who will not look at a packet: it says what the verdicts say, and no more. */
#include "report/writeup/headline.h"

#include "report/counting.h"
#include "report/sentence.h"
#include "rules/host/vocabulary.h"

/* Whether all endings have one cause. */
static bool all_alike(const struct writeup *w)
{
	for (guint i = 1; i < w->endings->len; i++) {
		if (writeup_ending_at(w, i)->cause != writeup_ending_at(w, 0)->cause)
			return false;
	}
	return w->endings_left == 0;
}

static void append_doubt(GString *out, double confidence)
{
	enum { CERTAIN_PERCENT = 90 };

	if (confidence * 100 < CERTAIN_PERCENT)
		g_string_append_printf(out, " (%s)", sentence_confidence(confidence));
}

static void append_one(GString *out, const struct writeup_ending *e)
{
	g_string_append(out, e->sentence);
	if (out->len && out->str[out->len - 1] == '.')
		g_string_truncate(out, out->len - 1);
	append_doubt(out, e->confidence);
	g_string_append_c(out, '.');
}

static void append_many(GString *out, const struct writeup *w, uint64_t bad)
{
	counting_append_number(out, bad);
	g_string_append(out, " of ");
	counting_append(out, w->counts.told, "TCP connection", "TCP connections");
	g_string_append(out, " ended badly");
	if (all_alike(w))
		g_string_append_printf(out, ", all in the same way: %s", cause_meaning(writeup_ending_at(w, 0)->cause));
	g_string_append_c(out, '.');
}

static void append_nothing(GString *out, const struct writeup *w)
{
	if (w->counts.told == 0)
		g_string_append(out, "There is no TCP connection to tell of.");
	else
		g_string_append(out, w->counts.told == 1 ? "The connection did not end badly." : "No connection ended badly.");
}

static char *headline_of(const struct writeup *w)
{
	GString *out = g_string_new(NULL);
	const uint64_t bad = w->counts.severity[HANGUP_SEVERITY_ABNORMAL];

	if (bad == 0)
		append_nothing(out, w);
	else if (bad == 1 && w->endings->len == 1)
		append_one(out, writeup_ending_at(w, 0));
	else
		append_many(out, w, bad);
	return g_string_free(out, FALSE);
}

static char *standing_of(const struct writeup *w)
{
	GString *out = g_string_new(NULL);

	text_summary_append_standing(out, &w->counts, &w->summary, false);
	if (w->summary.frames) {
		g_string_append(out, ", ");
		text_summary_append_when(out, &w->summary, false);
	}
	g_string_append_c(out, '.');
	return g_string_free(out, FALSE);
}

void headline_write(struct writeup *w)
{
	w->headline = headline_of(w);
	w->standing = standing_of(w);
	if (!w->title)
		w->title = g_strdup_printf("How the connections in %s ended", w->input);
}
