/* One connection told whole, as sections of plain text. What a program saw is said as expected, never as seen:
 * a capture does not contain it. */
#include "report/explain.h"

#include <math.h>
#include <string.h>

#include "report/alternatives.h"
#include "report/app_errors.h"
#include "report/endpoint.h"
#include "report/error_text.h"
#include "report/escape.h"
#include "report/evidence_text.h"
#include "report/filter.h"
#include "report/input_name.h"
#include "report/ladder_text.h"
#include "report/next_steps.h"
#include "report/paragraph.h"
#include "report/sentence.h"
#include "report/style.h"
#include "report/text_summary.h"
#include "report/timestamp.h"
#include "report/why_not.h"
#include "rules/host/text.h"
#include "rules/host/vocabulary.h"

enum { INDENT = 2 };

struct explanation {
	GString *out;
	const struct hangup_case *c;
	const struct report_options *options;
};

static const char *const side_names[] = {[HANGUP_CLIENT] = "client", [HANGUP_SERVER] = "server"};

/* --- paragraphs -------------------------------------------------------------------------------------- */
/* Text on lines indented by `indent`, those after the first by `hang` more. Made inert: rules are plugins. */
static void tell_at(const struct explanation *e, size_t indent, size_t hang, const char *text)
{
	g_autoptr(GString) safe = g_string_new(NULL);

	escape_append(safe, text, strlen(text), e->options->ascii);
	g_string_append_printf(e->out, "%*s", (int)indent, "");
	paragraph_append(e->out, safe->str, indent, indent + hang, e->options->width);
}

static void tell(const struct explanation *e, size_t hang, const char *text)
{
	tell_at(e, INDENT, hang, text);
}

static void tell_strongly(const struct explanation *e, const char *text)
{
	g_autoptr(GString) wrapped = g_string_new(NULL);

	paragraph_append(wrapped, text, 0, 0, e->options->width);
	g_string_truncate(wrapped, wrapped->len - 1);
	style_append(e->out, STYLE_STRONG, wrapped->str, e->options->colour);
	g_string_append_c(e->out, '\n');
}

static void section(const struct explanation *e, const char *title)
{
	g_string_append_c(e->out, '\n');
	tell_strongly(e, title);
}

static void append_percent(GString *out, double confidence)
{
	g_string_append_printf(out, "%d%%", (int)lround(confidence * 100));
}

/* --- who and when ------------------------------------------------------------------------------------- */
static void tell_end(const struct explanation *e, enum hangup_side side)
{
	const struct facts *f = e->c->facts;
	int64_t os = facts_value(f, HANGUP_FACT_OS, side), hops;
	g_autoptr(GString) line = g_string_new(NULL);

	g_string_printf(line, "%s ", side_names[side]);
	text_append_end(line, &f->end[side]);
	if (os != HANGUP_OS_UNKNOWN)
		g_string_append_printf(line, ", %s", error_text_system((enum hangup_os)os));
	if (facts_get(f, HANGUP_FACT_HOPS, side, &hops))
		g_string_append_printf(line, ", %" G_GINT64_FORMAT " %s away", hops, hops == 1 ? "hop" : "hops");
	int64_t packets = facts_value(f, HANGUP_FACT_PACKETS, side);
	g_string_append_printf(line, ": %" G_GINT64_FORMAT " %s, ", packets, packets == 1 ? "packet" : "packets");
	text_append_bytes(line, facts_value(f, HANGUP_FACT_PAYLOAD, side));
	if (facts_value(f, HANGUP_FACT_RETRANSMITTED, side) > 0)
		g_string_append_printf(line, ", %" G_GINT64_FORMAT " sent again",
		                       facts_value(f, HANGUP_FACT_RETRANSMITTED, side));
	tell(e, 2, line->str);
}

static void append_moment(GString *out, int64_t time_ns)
{
	char text[TIMESTAMP_LEN];

	date_write(text, time_ns);
	g_string_append_len(out, text, DATE_LEN);
	g_string_append_c(out, ' ');
	clock_write(text, time_ns);
	g_string_append_len(out, text, CLOCK_LEN);
	g_string_append(out, " UTC");
}

static void tell_when_and_where(const struct explanation *e)
{
	const struct facts *f = e->c->facts;
	enum hangup_vantage vantage = (enum hangup_vantage)facts_value(f, HANGUP_FACT_VANTAGE, HANGUP_CLIENT);
	enum hangup_vantage_by by = (enum hangup_vantage_by)facts_value(f, HANGUP_FACT_VANTAGE_BY, HANGUP_CLIENT);
	int64_t duration = facts_value(f, HANGUP_FACT_DURATION, HANGUP_CLIENT);
	struct hangup_packet first;
	g_autoptr(GString) line = g_string_new(NULL);

	if (facts_packet(f, HANGUP_PACKET_FIRST, HANGUP_CLIENT, &first)) {
		g_string_append(line, "from ");
		append_moment(line, first.time_ns);
		g_string_append(line, duration > 0 ? " for " : "");
		if (duration > 0)
			text_append_duration(line, duration);
	}
	if (vantage == HANGUP_VANTAGE_UNKNOWN)
		g_string_append(line, "; where it was captured is unknown");
	else
		g_string_append_printf(line, "; captured %s: %s", vantage_meaning(vantage), vantage_by_meaning(by));
	tell(e, 2, line->str);
	if (!facts_value(f, HANGUP_FACT_CLIENT_KNOWN, HANGUP_CLIENT))
		tell(e, 2, "no SYN was captured: which end is the client is a guess");
}

static void tell_title(const struct explanation *e)
{
	g_autoptr(GString) title = g_string_new(NULL);

	g_string_printf(title, "Connection %" G_GUINT64_FORMAT " of ", e->c->facts->id);
	text_summary_append_input(title, e->options);
	tell_strongly(e, title->str);
}

/* --- the verdict --------------------------------------------------------------------------------------- */
static const char *actor_words(enum hangup_actor actor)
{
	switch (actor) {
	case HANGUP_ACTOR_CLIENT:
		return "by the client, ";
	case HANGUP_ACTOR_SERVER:
		return "by the server, ";
	case HANGUP_ACTOR_MIDDLEBOX:
		return "by a box on the path, ";
	case HANGUP_ACTOR_PATH:
		return "by the network between, ";
	case HANGUP_ACTOR_UNKNOWN:
		return "actor unknown, ";
	default:
		return "";
	}
}

static void tell_verdict(const struct explanation *e)
{
	const struct hangup_claim *verdict = case_verdict(e->c);
	g_autoptr(GString) line = g_string_new(NULL);
	g_autofree char *words = g_strdup_printf("%s/%s", label_name(verdict->label), cause_name(verdict->cause));

	section(e, "Verdict");
	sentence_append(line, e->c, false);
	tell(e, 0, line->str);
	g_string_append(e->out, "  ");
	style_append(e->out, style_of_severity(verdict->severity), words, e->options->colour);
	g_string_append_c(e->out, ' ');
	g_string_printf(line, "%s%s, %s (", actor_words(verdict->actor), severity_name(verdict->severity),
	                sentence_confidence(verdict->confidence));
	append_percent(line, verdict->confidence);
	g_string_append_c(line, ')');
	paragraph_append(e->out, line->str, INDENT + strlen(words) + 1, INDENT, e->options->width);
}

/* "#12 ", with several inputs "#b.pcap:12 ". */
static void append_number(GString *line, const struct explanation *e, uint64_t number)
{
	g_string_append_c(line, '#');
	input_name_append_packet(line, e->options, number, 0);
	g_string_append_c(line, ' ');
}

static void tell_evidence(const struct explanation *e)
{
	const struct hangup_claim *verdict = case_verdict(e->c);

	section(e, "Evidence");
	for (size_t i = 0; i < verdict->evidence_len; i++) {
		const struct case_evidence *item = &verdict->evidence[i];
		g_autoptr(GString) line = g_string_new(NULL);

		if (item->packet.number)
			append_number(line, e, item->packet.number);
		evidence_text_append(line, item, e->c->facts);
		g_string_append_printf(line, " (%s)", level_name(item->level));
		tell(e, 2, line->str);
	}
	for (size_t i = 0; i < verdict->against_len; i++) {
		g_autoptr(GString) line = g_string_new("but: ");

		text_expand(line, &verdict->against[i], e->c->facts);
		tell(e, 2, line->str);
	}
	if (verdict->evidence_len + verdict->against_len == 0)
		tell(e, 2, "none that a packet shows");
}

/* --- what the programs saw ---------------------------------------------------------------------------- */
static size_t tell_errors_of_systems(const struct explanation *e, const struct app_errors *errors, size_t at)
{
	g_autoptr(GString) line = g_string_new(NULL);
	const size_t next = error_text_append_systems(line, errors, at);

	tell_at(e, 2 * INDENT, INDENT, line->str);
	return next;
}

/* When the host's own system is known the others matter only if that was a guess too far: on one line. */
static void tell_errors_elsewhere(const struct explanation *e, const struct app_errors *errors, size_t at)
{
	g_autoptr(GString) line = g_string_new("on other systems: ");

	if (at == errors->len)
		return;
	error_text_append_elsewhere(line, errors, at);
	tell_at(e, 2 * INDENT, INDENT, line->str);
}

static void tell_experience(const struct explanation *e, enum hangup_side side)
{
	struct app_errors errors = app_errors_of(e->c, side);
	bool known = errors.len > 0
	             && facts_value(e->c->facts, HANGUP_FACT_OS, side) == (int64_t)errors.error[0].os;
	g_autoptr(GString) line = g_string_new(NULL);
	size_t at = 0;

	if (errors.experience == EXPERIENCE_UNTOLD) {
		g_string_printf(line, "%s: this capture cannot tell", side_names[side]);
		tell(e, INDENT, line->str);
		return;
	}
	g_string_printf(line, "%s: the program %s", side_names[side], experience_words(errors.experience));
	tell(e, INDENT, line->str);
	while (at < errors.len && (!known || at == 0))
		at = tell_errors_of_systems(e, &errors, at);
	tell_errors_elsewhere(e, &errors, at);
}

static void tell_experiences(const struct explanation *e)
{
	section(e, "What the applications most likely saw (expected; a capture does not show it)");
	tell_experience(e, HANGUP_CLIENT);
	tell_experience(e, HANGUP_SERVER);
}

/* --- what else, and what next --------------------------------------------------------------------------- */
static void tell_alternatives(const struct explanation *e)
{
	struct alternatives alternatives = alternatives_of(e->c);

	if (alternatives.len == 0)
		return;
	section(e, "What else it could have been");
	for (size_t i = 0; i < alternatives.len; i++) {
		const struct hangup_claim *claim = alternatives.claim[i];
		g_autoptr(GString) line = g_string_new(NULL), why = g_string_new(NULL);

		g_string_printf(line, "%s/%s, ", label_name(claim->label), cause_name(claim->cause));
		append_percent(line, claim->confidence);
		g_string_append_printf(line, ": %s", cause_meaning(claim->cause));
		why_not_append(why, claim, e->c);
		if (why->len)
			g_string_append_printf(line, ". Why not: %s", why->str);
		tell(e, 2, line->str);
	}
}

/* Commands, which stand between backquotes, get lines of their own, ready to be copied. */
static void tell_step(const struct explanation *e, unsigned number, const char *step)
{
	enum { HANG = 3 }; /* "1. " */
	g_auto(GStrv) pieces = g_strsplit(step, "`", -1);
	g_autofree char *first = g_strdup_printf("%u. %s", number, g_strstrip(pieces[0]));

	tell(e, HANG, first);
	for (guint i = 1; pieces[i]; i++) {
		if (i % 2 == 1) {
			paragraph_append_command(e->out, pieces[i], INDENT + HANG);
		} else if (*g_strstrip(pieces[i])) {
			tell_at(e, INDENT + HANG, 0, pieces[i]);
		}
	}
}

static void tell_next_steps(const struct explanation *e)
{
	g_autoptr(GPtrArray) steps = next_steps_of(e->c);

	if (steps->len == 0)
		return;
	section(e, "What to do next");
	for (guint i = 0; i < steps->len; i++)
		tell_step(e, i + 1, steps->pdata[i]);
}

/* On one line however long: it is to be copied. */
static void tell_filter(const struct explanation *e)
{
	section(e, "In Wireshark");
	g_string_append_printf(e->out, "%*s", INDENT, "");
	filter_append(e->out, e->c->facts);
	g_string_append_c(e->out, '\n');
}

static void tell_ladder(const struct explanation *e, const struct ladder *ladder)
{
	g_autoptr(GString) drawn = g_string_new(NULL);

	ladder_text_append(drawn, ladder, e->c, e->options);
	if (drawn->len == 0)
		return;
	section(e, e->options->ascii ? "Packets (* is evidence)" : "Packets (\xe2\x97\x8f is evidence)");
	g_string_append_len(e->out, drawn->str, (gssize)drawn->len);
}

void explain_append(GString *out, const struct hangup_case *c, const struct ladder *ladder,
                    const struct report_options *options)
{
	struct report_options fitted = *options;
	const struct explanation e = {.out = out, .c = c, .options = &fitted};

	fitted.width = MIN(options->width, REPORT_WIDTH_MAX);
	tell_title(&e);
	tell_end(&e, HANGUP_CLIENT);
	tell_end(&e, HANGUP_SERVER);
	tell_when_and_where(&e);
	tell_verdict(&e);
	tell_evidence(&e);
	tell_ladder(&e, ladder);
	tell_experiences(&e);
	tell_alternatives(&e);
	tell_next_steps(&e);
	tell_filter(&e);
}
