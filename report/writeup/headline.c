/* Every word here is read by somebody who will not look at a packet: it says what the verdicts say, and no more. */
#include "report/writeup/headline.h"

#include <inttypes.h>
#include <string.h>

#include "report/candidate.h"
#include "report/counting.h"
#include "report/sentence.h"
#include "report/timestamp.h"
#include "rules/host/text.h"
#include "rules/host/vocabulary.h"

static void append_doubt(GString *out, double confidence)
{
	enum { CERTAIN_PERCENT = 90 };

	if (confidence * 100 < CERTAIN_PERCENT)
		g_string_append_printf(out, " (%s)", sentence_confidence(confidence));
}

/* Different label and cause among the endings. */
static size_t ways(const struct writeup *w)
{
	bool seen[HANGUP_LABEL_COUNT][HANGUP_CAUSE_COUNT] = {{false}};
	size_t count = 0;

	for (guint i = 0; i < w->endings->len; i++) {
		bool *known = &seen[writeup_ending_at(w, i)->label][writeup_ending_at(w, i)->cause];

		count += !*known;
		*known = true;
	}
	return count;
}

static void append_many(GString *out, const struct writeup *w, uint64_t bad)
{
	counting_append_number(out, bad);
	g_string_append(out, " of ");
	counting_append(out, w->counts.told, "TCP connection", "TCP connections");
	g_string_append(out, " ended badly");
	/* When an error is asked for the endings here are those that fit it. */
	if (!w->asked && ways(w) == 1)
		g_string_append_printf(out, ", all in the same way: %s", cause_meaning(writeup_ending_at(w, 0)->cause));
	else if (!w->asked)
		g_string_append_printf(out, ", in %zu different ways", ways(w));
	g_string_append_c(out, '.');
}

static void append_nothing(GString *out, const struct writeup *w)
{
	if (w->counts.told == 0)
		g_string_append(out, "There is no TCP connection to tell of.");
	else
		g_string_append(out, w->counts.told == 1 ? "The connection did not end badly." : "No connection ended badly.");
}

static bool headline_is_of_one(const struct writeup *w)
{
	return w->counts.severity[HANGUP_SEVERITY_ABNORMAL] == 1 && w->endings->len == 1 &&
	       writeup_ending_at(w, 0)->severity == HANGUP_SEVERITY_ABNORMAL;
}

/* The incident with the most connections that ended badly, of equals the first; NULL without. */
static const struct incident *main_incident(const struct writeup *w)
{
	const struct incident *most = NULL;

	for (size_t i = 0; i < w->incidents->len; i++) {
		const struct incident *incident = &w->incidents->incidents[i];

		if (incident->severity == HANGUP_SEVERITY_ABNORMAL &&
		    (!most || incident->connections_len > most->connections_len))
			most = incident;
	}
	return most;
}

static void append_doubted(GString *out, const char *sentence, double confidence)
{
	g_string_append(out, sentence);
	if (out->len && out->str[out->len - 1] == '.')
		g_string_truncate(out, out->len - 1);
	append_doubt(out, confidence);
	g_string_append_c(out, '.');
}

static char *headline_of(const struct writeup *w)
{
	const struct incident *incident = main_incident(w);
	GString *out = g_string_new(NULL);
	const uint64_t bad = w->counts.severity[HANGUP_SEVERITY_ABNORMAL];

	if (bad == 0)
		append_nothing(out, w);
	else if (incident)
		g_string_append(out, incident->sentence); /* which says how sure it is */
	else if (headline_is_of_one(w))
		append_doubted(out, writeup_ending_at(w, 0)->sentence, writeup_ending_at(w, 0)->confidence);
	else
		append_many(out, w, bad);
	return g_string_free(out, FALSE);
}

/* "This is 12 of the 15 that ended badly, among 140 TCP connections." */
static void append_share(GString *out, const struct writeup *w, const struct incident *incident)
{
	const uint64_t bad = w->counts.severity[HANGUP_SEVERITY_ABNORMAL];

	if (incident->connections_len >= bad) {
		g_string_append(out, "Nothing else ended badly");
	} else {
		g_string_append(out, "In all, ");
		counting_append_number(out, bad);
		g_string_append(out, " ended badly");
	}
	g_string_append(out, " among ");
	counting_append(out, w->counts.told, "TCP connection", "TCP connections");
	g_string_append(out, ". ");
}

/* --- the error that is asked for ------------------------------------------------------------------------------ */

/* As it was given, and not too long; with the time it was logged. */
static void append_quoted(GString *out, const struct writeup *w)
{
	enum { ASKED_MAX = 60 /* bytes */ };
	const size_t len = strlen(w->asked);
	char date[DATE_LEN], clock[CLOCK_LEN];

	g_string_append_c(out, '"');
	g_string_append_len(out, w->asked, (gssize)MIN(len, (size_t)ASKED_MAX));
	g_string_append(out, len > ASKED_MAX ? "...\"" : "\"");
	if (!w->has_asked_time)
		return;
	date_write(date, w->asked_ns);
	clock_write(clock, w->asked_ns);
	g_string_append_printf(out, " at %.*s %.*s UTC", (int)DATE_LEN, date, (int)CLOCK_LEN, clock);
}

static void append_none_fits(GString *out, const struct writeup *w)
{
	if (w->counts.told < w->summary.connections)
		g_string_append_printf(out, "None of the connections selected (%" PRIu64 ")", w->counts.told);
	else
		g_string_append(out, "No connection");
	g_string_append(out, " can have produced ");
	append_quoted(out, w);
	g_string_append(out, ". ");
}

/* "connection 5 (192.0.2.1:41508 to 198.51.100.43:22)", and when its program was told. */
static void append_best(GString *out, const struct writeup *w, const struct writeup_ending *e)
{
	g_string_append_printf(out, "connection %" PRIu64 " (", e->id);
	text_append_end(out, &e->end[HANGUP_CLIENT]);
	g_string_append(out, " to ");
	text_append_end(out, &e->end[HANGUP_SERVER]);
	g_string_append_c(out, ')');
	if (!w->has_asked_time)
		return;
	g_string_append(out, ": ");
	candidate_append_when(out, &e->told, w->asked_ns, w->skew_ns);
}

/* "; then connections 11, 8, 10; 9 more are less likely": by number, because this is read by people in a hurry. */
static void append_next(GString *out, const struct writeup *w)
{
	enum { NAMED_MAX = 4 };
	const guint named = MIN(w->endings->len, (guint)NAMED_MAX);

	for (guint i = 1; i < named; i++)
		g_string_append_printf(out, "%s%" PRIu64, i > 1 ? ", " : named > 2 ? "; then connections " : "; then connection ",
		                       writeup_ending_at(w, i)->id);
	if (w->counts.listable > named)
		g_string_append_printf(out, "; %" PRIu64 " more %s less likely", w->counts.listable - named,
		                       w->counts.listable - named == 1 ? "is" : "are");
}

static void append_asked(GString *out, const struct writeup *w)
{
	if (w->counts.listable == 0 || w->endings->len == 0) {
		append_none_fits(out, w);
		return;
	}
	append_quoted(out, w);
	g_string_append(out, " fits ");
	if (w->counts.listable > 1) {
		counting_append_number(out, w->counts.listable);
		g_string_append(out, " connections, best ");
	}
	append_best(out, w, writeup_ending_at(w, 0));
	append_next(out, w);
	g_string_append(out, ". ");
}

/* So that nobody wonders about them. */
static void append_harmless(GString *out, const struct writeup *w)
{
	const uint64_t harmless = w->counts.severity[HANGUP_SEVERITY_HARMLESS];

	if (!harmless)
		return;
	counting_append_number(out, harmless);
	g_string_append(out, harmless == 1 ? " looks alarming and hurts nobody. " : " look alarming and hurt nobody. ");
}

/* What the headline does not say. */
static char *standing_of(const struct writeup *w)
{
	GString *out = g_string_new(NULL);
	const uint64_t bad = w->counts.severity[HANGUP_SEVERITY_ABNORMAL];

	if (w->asked)
		append_asked(out, w);
	if (bad && main_incident(w)) {
		append_share(out, w, main_incident(w));
	} else if (!bad || headline_is_of_one(w)) {
		const gsize start = out->len;

		text_summary_append_standing(out, &w->counts, &w->summary, NULL);
		out->str[start] = g_ascii_toupper(out->str[start]);
		g_string_append(out, ". ");
	}
	append_harmless(out, w);
	if (w->summary.frames) {
		g_string_append(out, "Captured ");
		text_summary_append_when(out, &w->summary, false);
		g_string_append_c(out, '.');
	}
	return g_string_free(out, FALSE);
}

void headline_write(struct writeup *w)
{
	w->headline = headline_of(w);
	w->standing = standing_of(w);
	if (!w->title)
		w->title = g_strdup_printf("How the connections in %s ended", w->input);
}
