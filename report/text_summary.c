#include "report/text_summary.h"

#include <string.h>

#include "report/call_line.h"
#include "report/counting.h"
#include "report/escape.h"
#include "report/notes.h"
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

void text_counts_add(struct text_counts *counts, const struct hangup_claim *verdict)
{
	counts->told++;
	counts->label[verdict->label]++;
	counts->severity[verdict->severity]++;
	counts->idle += verdict->cause == HANGUP_CAUSE_OPEN_IDLE;
	if (verdict->severity == HANGUP_SEVERITY_HARMLESS)
		counts->harmless[verdict->label][verdict->cause]++;
}

void text_counts_add_failed(struct text_counts *counts, enum hangup_label label, enum hangup_cause cause, bool harmless)
{
	counts->failed++;
	counts->harmless[label][cause] -= harmless;
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
	const bool harmless = from->severity[HANGUP_SEVERITY_HARMLESS] > 0;

	if (from->told == 0)
		return;
	move(&into->told, &from->told, 1);
	move(into->label, from->label, HANGUP_LABEL_COUNT);
	move(into->severity, from->severity, HANGUP_SEVERITY_COUNT);
	for (size_t label = 0; harmless && label < HANGUP_LABEL_COUNT; label++)
		move(into->harmless[label], from->harmless[label], HANGUP_CAUSE_COUNT);
	move(&into->failed, &from->failed, 1);
	move(&into->idle, &from->idle, 1);
	move(&into->listable, &from->listable, 1);
}

uint64_t text_counts_excuse(struct text_counts *counts, const struct incident_list *incidents)
{
	uint64_t all = 0;

	for (size_t label = 0; label < HANGUP_LABEL_COUNT; label++) {
		for (size_t cause = 0; cause < HANGUP_CAUSE_COUNT; cause++) {
			counts->harmless[label][cause] += incidents->excused[label][cause];
			all += incidents->excused[label][cause];
		}
	}
	counts->severity[HANGUP_SEVERITY_ABNORMAL] -= all;
	counts->severity[HANGUP_SEVERITY_HARMLESS] += all;
	return all;
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
		counting_append_number(out, bad);
		g_string_append(out, " ended badly");
	}
}

/* ", but calls failed on 2 of them": what the packets show is not all that the program was told. */
static void append_failed(GString *out, const struct text_counts *counts)
{
	if (counts->failed == 0)
		return;
	if (counts->told == 1) {
		g_string_append(out, ", but calls failed on it");
		return;
	}
	g_string_append(out, counts->severity[HANGUP_SEVERITY_ABNORMAL] == 0 ? ", but calls failed on " : ", calls failed on ");
	counting_append_number(out, counts->failed);
	g_string_append(out, counts->severity[HANGUP_SEVERITY_ABNORMAL] == 0 ? " of them" : " more");
}

void text_summary_append_when(GString *out, const struct run_summary *summary, bool ascii)
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

void text_summary_append_standing(GString *out, const struct text_counts *counts, const struct run_summary *summary,
                                  const struct report_options *options)
{
	const bool own = options && options->selection.owner;

	if (summary->frames == 0) {
		g_string_append(out, options && options->calls ? "no packets recorded while it ran" : "no packets in it");
	} else if (summary->connections == 0) {
		g_string_append(out, "no TCP connection in ");
		counting_append(out, summary->frames, "packet", "packets");
	} else if (counts->told == 0 && own) {
		g_string_append(out, "none of ");
		counting_append(out, summary->connections, "TCP connection is its own", "TCP connections is its own");
		g_string_append(out, " (--everybody tells of them)");
	} else if (counts->told == 0) {
		g_string_append(out, "none of ");
		counting_append(out, summary->connections, "TCP connection", "TCP connections");
		g_string_append(out, " is selected");
	} else {
		counting_append(out, counts->told, "TCP connection", "TCP connections");
		if (counts->told < summary->connections) {
			g_string_append(out, own ? " of its own, of " : " selected of ");
			counting_append_number(out, summary->connections);
		}
		append_ended_badly(out, counts);
		append_failed(out, counts);
	}
}

static void append_label_counts(GString *out, const struct text_counts *counts)
{
	for (enum hangup_label label = 0; label < HANGUP_LABEL_COUNT; label++) {
		if (counts->label[label] == 0)
			continue;
		g_string_append(out, out->len ? ", " : "");
		counting_append_number(out, counts->label[label]);
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
	text_summary_append_standing(line, counts, summary, options);
	append_styled(out, line, STYLE_STRONG, options);
	append_label_counts(line, counts);
	if (line->len) {
		append_paragraph(out, line, options);
		g_string_truncate(line, 0);
		text_summary_append_when(line, summary, options->ascii);
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
	counting_append_number(line, counts->listable - counts->listed);
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
			counting_append_number(line, counts->harmless[label][cause]);
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
	counting_append(line, counts->idle, "connection was", "connections were");
	g_string_append(line, " quiet when the capture ended (still-open/idle): silence proves nothing, a capture at the "
	                      "other end would tell.");
	append_paragraph(out, line, options);
}

static void append_notes(GString *out, const struct run_summary *s, const struct report_options *options)
{
	g_autoptr(GPtrArray) notes = notes_of(s, options->inputs != NULL);

	for (guint i = 0; i < notes->len; i++) {
		g_autoptr(GString) line = g_string_new("Note: ");

		g_string_append(line, notes->pdata[i]);
		append_paragraph(out, line, options);
	}
}

void text_summary_append_tail(GString *out, const struct text_counts *counts, const struct run_summary *summary,
                              const struct report_options *options)
{
	append_not_shown(out, counts, options);
	append_harmless(out, counts, options);
	append_quiet(out, counts, options);
	call_lines_append_unclaimed(out, options);
	append_what_next(out, counts, options);
	append_notes(out, summary, options);
}
