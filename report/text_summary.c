#include "report/text_summary.h"

#include <string.h>

#include "report/escape.h"
#include "report/paragraph.h"
#include "report/style.h"
#include "report/timestamp.h"
#include "rules/host/text.h"
#include "rules/host/vocabulary.h"

bool text_summary_lists(const struct report_options *options, const struct hangup_claim *verdict)
{
	return options->every_connection || options->selection.labels || options->selection.severities
	       || verdict->severity == HANGUP_SEVERITY_ABNORMAL;
}

static void move(uint64_t *into, uint64_t *from, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		into[i] += from[i];
		from[i] = 0;
	}
}

void text_counts_move(struct text_counts *into, struct text_counts *from)
{
	if (from->told == 0)
		return;
	move(&into->told, &from->told, 1);
	move(into->label, from->label, HANGUP_LABEL_COUNT);
	move(into->severity, from->severity, HANGUP_SEVERITY_COUNT);
	for (size_t label = 0; label < HANGUP_LABEL_COUNT; label++)
		move(into->harmless[label], from->harmless[label], HANGUP_CAUSE_COUNT);
	move(&into->idle, &from->idle, 1);
	move(&into->listable, &from->listable, 1);
}

/* 1234567 as 1,234,567. */
static void append_count(GString *out, uint64_t count)
{
	g_autofree char *digits = g_strdup_printf("%" G_GUINT64_FORMAT, count);
	size_t len = strlen(digits);

	for (size_t i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			g_string_append_c(out, ',');
		g_string_append_c(out, digits[i]);
	}
}

/* "1 packet", "2,000 packets". */
static void append_counted(GString *out, uint64_t count, const char *one, const char *many)
{
	append_count(out, count);
	g_string_append_printf(out, " %s", count == 1 ? one : many);
}

void text_summary_append_input(GString *out, const struct report_options *options)
{
	const char *name = options->input_name ? options->input_name : "-";

	if (strcmp(name, "-") == 0)
		g_string_append(out, "standard input");
	else
		escape_append(out, name, strlen(name), options->ascii);
}

static void append_paragraph(GString *out, const GString *text, const struct report_options *options)
{
	paragraph_append(out, text->str, 0, 0, options->width);
}

/* --- head ------------------------------------------------------------------------------------------- */
static void append_ended_badly(GString *out, const struct text_counts *counts)
{
	uint64_t bad = counts->severity[HANGUP_SEVERITY_ABNORMAL];

	g_string_append(out, ", ");
	if (bad == 0) {
		g_string_append(out, "nothing abnormal");
	} else if (counts->told == 1) {
		g_string_append(out, "ended badly");
	} else {
		append_count(out, bad);
		g_string_append(out, " ended badly");
	}
}

/* "from 2026-03-01 10:02:13 UTC for 4 min 12 s": whole seconds are enough here. */
static void append_when(GString *out, const struct run_summary *summary, bool ascii)
{
	enum { WHOLE_SECONDS = CLOCK_LEN - 4 };
	char text[TIMESTAMP_LEN];

	g_string_append(out, "from ");
	date_write(text, summary->first_ns);
	g_string_append_len(out, text, DATE_LEN);
	g_string_append_c(out, ' ');
	clock_write(text, summary->first_ns);
	g_string_append_len(out, text, WHOLE_SECONDS);
	g_string_append(out, " UTC");
	if (summary->last_ns > summary->first_ns) {
		g_autoptr(GString) duration = g_string_new(" for ");

		text_append_duration(duration, summary->last_ns - summary->first_ns);
		escape_append(out, duration->str, duration->len, ascii);
	}
}

static void append_headline(GString *out, const struct text_counts *counts, const struct run_summary *summary)
{
	if (summary->frames == 0) {
		g_string_append(out, "no packets in it");
	} else if (summary->connections == 0) {
		g_string_append(out, "no TCP connection in ");
		append_counted(out, summary->frames, "packet", "packets");
	} else if (counts->told == 0) {
		g_string_append(out, "none of ");
		append_counted(out, summary->connections, "TCP connection", "TCP connections");
		g_string_append(out, " is selected");
	} else {
		append_counted(out, counts->told, "TCP connection", "TCP connections");
		if (counts->told < summary->connections) {
			g_string_append(out, " selected of ");
			append_count(out, summary->connections);
		}
		append_ended_badly(out, counts);
	}
}

static void append_label_counts(GString *out, const struct text_counts *counts)
{
	for (enum hangup_label label = 0; label < HANGUP_LABEL_COUNT; label++) {
		if (counts->label[label] == 0)
			continue;
		g_string_append(out, out->len ? ", " : "");
		append_count(out, counts->label[label]);
		g_string_append_printf(out, PARAGRAPH_TIE "%s", label_name(label));
	}
}

/* One line, or more when it is long, in a style; empties it. */
static void append_styled(GString *out, GString *line, enum style style, const struct report_options *options)
{
	g_autoptr(GString) wrapped = g_string_new(NULL);

	append_paragraph(wrapped, line, options);
	g_string_truncate(wrapped, wrapped->len - 1);
	style_append(out, style, wrapped->str, options->colour);
	g_string_append_c(out, '\n');
	g_string_truncate(line, 0);
}

void text_summary_append_head(GString *out, const struct text_counts *counts, const struct run_summary *summary,
                              const struct report_options *options)
{
	g_autoptr(GString) line = g_string_new(NULL);

	text_summary_append_input(line, options);
	g_string_append(line, ": ");
	append_headline(line, counts, summary);
	append_styled(out, line, STYLE_STRONG, options);
	append_label_counts(line, counts);
	if (line->len) {
		append_paragraph(out, line, options);
		g_string_truncate(line, 0);
		append_when(line, summary, options->ascii);
		append_styled(out, line, STYLE_FAINT, options);
	}
	g_string_append_c(out, '\n');
}

/* --- tail ------------------------------------------------------------------------------------------- */
static void append_not_shown(GString *out, const struct text_counts *counts, const struct report_options *options)
{
	g_autoptr(GString) line = g_string_new(NULL);

	if (counts->listable <= counts->listed)
		return;
	append_count(line, counts->listable - counts->listed);
	g_string_append(line, " more like these are not shown: --all lists every connection, -o ndjson writes them all.");
	append_paragraph(out, line, options);
}

/* "Harmless, so not listed: 2 rst/probe, 1 orderly-close/rst-after-close." */
static void append_harmless(GString *out, const struct text_counts *counts, const struct report_options *options)
{
	g_autoptr(GString) line = g_string_new("Harmless, so not listed: ");
	bool any = false;

	if (options->every_connection || options->selection.labels || options->selection.severities)
		return;
	for (enum hangup_label label = 0; label < HANGUP_LABEL_COUNT; label++) {
		for (enum hangup_cause cause = 0; cause < HANGUP_CAUSE_COUNT; cause++) {
			if (counts->harmless[label][cause] == 0)
				continue;
			g_string_append(line, any ? ", " : "");
			append_count(line, counts->harmless[label][cause]);
			g_string_append_printf(line, " %s/%s", label_name(label), cause_name(cause));
			any = true;
		}
	}
	g_string_append_c(line, '.');
	if (any)
		append_paragraph(out, line, options);
}

/* A command on a line of its own, ready to be copied. Not when the input cannot be read again. */
static void append_command(GString *out, const char *why, const char *command, const char *id,
                           const struct report_options *options)
{
	if (!options->input_again)
		return;
	g_string_append_printf(out, "%s\n  hangup %s ", why, command);
	escape_append(out, options->input_again, strlen(options->input_again), options->ascii);
	g_string_append_printf(out, "%s%s\n", *id ? " " : "", id);
}

/* What the reader will want to ask next. */
static void append_what_next(GString *out, const struct text_counts *counts, const struct report_options *options)
{
	g_autofree char *id = g_strdup_printf("%" G_GUINT64_FORMAT, counts->example);

	if (counts->example)
		append_command(out, "One of them whole:", "explain", id, options);
	else if (counts->told && !options->every_connection)
		append_command(out, "All of them:", "--all", "", options);
}

static void append_quiet(GString *out, const struct text_counts *counts, const struct report_options *options)
{
	g_autoptr(GString) line = g_string_new(NULL);

	if (counts->idle == 0)
		return;
	append_counted(line, counts->idle, "connection was", "connections were");
	g_string_append(line, " quiet when the capture ended (still-open/idle): silence proves nothing, a capture at the "
	                      "other end would tell.");
	append_paragraph(out, line, options);
}

struct note {
	uint64_t count;
	const char *one;
	const char *many;
	const char *meaning;
};

static void append_note(GString *out, const struct note *note, const struct report_options *options)
{
	g_autoptr(GString) line = g_string_new("Note: ");

	append_counted(line, note->count, note->one, note->many);
	g_string_append(line, note->meaning);
	append_paragraph(out, line, options);
}

static void append_notes(GString *out, const struct run_summary *s, const struct report_options *options)
{
	const struct note notes[] = {
		{s->capture_dropped, "packet was", "packets were",
		 " lost by the capture itself, so some of what looks lost on the network may not be."},
		{s->acked_unseen, "byte was", "bytes were",
		 " acknowledged but never captured: the capture lost packets or saw one of several paths."},
		{s->truncated, "packet was", "packets were",
		 " cut before the end of the TCP header: capture at least 128 bytes of each."},
		{s->incomplete, "datagram was", "datagrams were",
		 " left out, in IP fragments that never were complete: a filter for ports drops all but the first."},
		{s->opaque, "packet was", "packets were", " encrypted or compressed below TCP, so what they carry is not known here."},
		{s->invalid, "packet was", "packets were", " left out, with headers that contradict themselves."},
		{s->undecoded, "packet was", "packets were", " left out, of a link type that hangup does not know."},
		{s->comments, "comment", "comments", " in the capture: hangup explain shows those on a connection's packets."},
		{s->copies, "packet is a copy", "packets are copies",
		 " of others: they were captured twice, and count for nothing but themselves."},
		{s->clock_steps, "packet is", "packets are",
		 " stamped a second or more before the one ahead: the clock was set back, and times across that are not to be "
		 "trusted."},
		{s->odd_times, "packet has", "packets have",
		 " more than a second in the fraction of a second: the file holds nanoseconds and says microseconds, and no "
		 "time in it is to be trusted."},
		{s->out_of_order, "file begins", "files begin",
		 " before one that was given ahead: all were merged by time."},
		{s->evicted, "connection was", "connections were",
		 " judged early to bound memory."},
		{s->hurried, "ended connection was", "ended connections were",
		 " judged at once to bound memory, without a wait for late packets."},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(notes); i++) {
		if (notes[i].count)
			append_note(out, &notes[i], options);
	}
	if (s->input_cut)
		paragraph_append(out, options->inputs ? "Note: not every file could be read to its end; all before was judged."
		                                      : "Note: the input ends in the middle of a packet; all before it was judged.",
		                 0, 0, options->width);
	if (s->interrupted)
		paragraph_append(out, "Note: interrupted; what was read until then was judged.", 0, 0, options->width);
}

void text_summary_append_tail(GString *out, const struct text_counts *counts, const struct run_summary *summary,
                              const struct report_options *options)
{
	append_not_shown(out, counts, options);
	append_harmless(out, counts, options);
	append_quiet(out, counts, options);
	append_what_next(out, counts, options);
	append_notes(out, summary, options);
}
