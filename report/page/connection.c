/* One connection told whole. */
#include "report/page/part.h"

#include "report/counting.h"
#include "report/html_escape.h"
#include "report/sentence.h"
#include "rules/host/text.h"
#include "rules/host/vocabulary.h"

enum { OPEN_AT_FIRST = 3 }; /* the others open by a click, when they are linked to, and in print */

static const char *const side_names[] = {[HANGUP_CLIENT] = "Client", [HANGUP_SERVER] = "Server"};

/* --- its ends -------------------------------------------------------------------------------------------------- */

static void append_traffic(GString *out, const struct account_end *end)
{
	g_string_append(out, "<p class=\"traffic\">");
	if (end->system)
		g_string_append_printf(out, "%s, ", end->system);
	if (end->hops >= 0)
		g_string_append_printf(out, "%" G_GINT64_FORMAT " %s away, ", end->hops, end->hops == 1 ? "hop" : "hops");
	counting_append(out, (uint64_t)end->packets, "packet", "packets");
	g_string_append(out, ", ");
	text_append_bytes(out, end->bytes);
	if (end->repeated > 0)
		g_string_append_printf(out, ", %" G_GINT64_FORMAT " sent again", end->repeated);
	g_string_append(out, "</p>\n");
}

static void append_experience(GString *out, const struct account_end *end)
{
	if (!*end->experience) {
		g_string_append(out, "<p class=\"saw\">What its program saw, this capture cannot tell.</p>\n");
		return;
	}
	g_string_append(out, "<p class=\"saw\">The program most likely ");
	html_escape_append(out, end->experience);
	g_string_append(out, ".</p>\n");
	if (end->errors->len) {
		g_string_append(out, "<ul class=\"errors\">\n");
		for (guint i = 0; i < end->errors->len; i++) {
			piece_append(out, "li", NULL, end->errors->pdata[i]);
			g_string_append_c(out, '\n');
		}
		g_string_append(out, "</ul>\n");
	}
	if (end->elsewhere) {
		g_string_append(out, "<p class=\"elsewhere\">On other systems: ");
		html_escape_append(out, end->elsewhere);
		g_string_append(out, "</p>\n");
	}
}

static void append_end(GString *out, const struct account *a, enum hangup_side side)
{
	const struct account_end *end = &a->end[side];

	g_string_append_printf(out, "<div class=\"side\"><h4>%s%s <span class=\"end\">", side_names[side],
	                       a->client_known ? "" : " (a guess)");
	html_escape_append(out, end->address);
	g_string_append(out, "</span></h4>\n");
	append_traffic(out, end);
	append_experience(out, end);
	g_string_append(out, "</div>\n");
}

/* --- the reasoning ------------------------------------------------------------------------------------------------ */

static bool is_on_ladder(const struct account *a, uint64_t number)
{
	for (guint i = 0; number && i < a->packets->len; i++) {
		if (g_array_index(a->packets, struct ladder_row, i).number == number)
			return true;
	}
	return false;
}

/* Links the row to the packet in the ladder, where that shows it. */
static void append_place(GString *out, const struct writeup_ending *e, guint place)
{
	const struct account_evidence *evidence = &g_array_index(e->account->evidence, struct account_evidence, place - 1);

	g_string_append_printf(out, "<tr id=\"c%" G_GUINT64_FORMAT "-e%u\"><td class=\"place\">", e->id, place);
	if (is_on_ladder(e->account, evidence->packet.number))
		g_string_append_printf(out, "<a href=\"#c%" G_GUINT64_FORMAT "-ladder-p%" G_GUINT64_FORMAT "\">%u</a>", e->id,
		                       evidence->packet.number, place);
	else
		g_string_append_printf(out, "%u", place);
	g_string_append(out, "</td>");
}

static void append_packet(GString *out, const struct writeup *w, const struct account_evidence *e)
{
	if (!e->packet.number) {
		g_string_append(out, "<td class=\"none\"></td><td class=\"none\"></td>");
		return;
	}
	g_autoptr(GString) number = g_string_new(NULL);
	writeup_append_packet(number, w, e->packet.number);
	g_string_append(out, "<td class=\"packet\">");
	html_escape_append(out, number->str);
	g_string_append(out, "</td><td class=\"when\">");
	piece_append_time(out, e->packet.time_ns, w->summary.first_ns);
	g_string_append(out, "</td>");
}

static void append_evidence_table(GString *out, const struct writeup *w, const struct writeup_ending *e)
{
	g_string_append(out, "<table class=\"evidence\"><thead><tr><th scope=\"col\">No.</th><th scope=\"col\">Packet</th>"
	                     "<th scope=\"col\">Time</th><th scope=\"col\">How it is known</th><th scope=\"col\">What it shows</th>"
	                     "</tr></thead>\n<tbody>\n");
	for (guint i = 0; i < e->account->evidence->len; i++) {
		const struct account_evidence *evidence = &g_array_index(e->account->evidence, struct account_evidence, i);

		append_place(out, e, i + 1);
		append_packet(out, w, evidence);
		g_string_append_printf(out, "<td class=\"level\">%s</td>", level_name(evidence->level));
		piece_append(out, "td", "text", evidence->text);
		g_string_append(out, "</tr>\n");
	}
	g_string_append(out, "</tbody></table>\n");
}

static void append_evidence(GString *out, const struct writeup *w, const struct writeup_ending *e)
{
	const struct account *a = e->account;

	g_string_append(out, "<h4>Evidence</h4>\n");
	if (a->evidence->len)
		append_evidence_table(out, w, e);
	else
		g_string_append(out, "<p>None that a packet shows.</p>\n");
	for (guint i = 0; i < a->doubts->len; i++) {
		g_string_append(out, "<p class=\"doubt\"><b>But:</b> ");
		html_escape_append(out, a->doubts->pdata[i]);
		g_string_append(out, "</p>\n");
	}
}

static void append_alternative(GString *out, const struct account_alternative *alternative)
{
	g_string_append(out, "<li>");
	piece_append_label(out, alternative->label, alternative->cause, HANGUP_SEVERITY_NORMAL);
	g_string_append_c(out, ' ');
	piece_append_sureness(out, alternative->confidence);
	g_string_append_c(out, ' ');
	html_escape_append(out, alternative->meaning);
	g_string_append_c(out, '.');
	if (alternative->why_not) {
		g_string_append(out, " <span class=\"why-not\"><b>Why not:</b> ");
		html_escape_append(out, alternative->why_not);
		g_string_append(out, "</span>");
	}
	g_string_append(out, "</li>\n");
}

static void append_alternatives(GString *out, const struct account *a)
{
	if (a->alternatives->len == 0)
		return;
	g_string_append(out, "<h4>What else it could have been</h4>\n<ul class=\"alternatives\">\n");
	for (guint i = 0; i < a->alternatives->len; i++)
		append_alternative(out, &g_array_index(a->alternatives, struct account_alternative, i));
	g_string_append(out, "</ul>\n");
}

/* --- what next ---------------------------------------------------------------------------------------------------- */

static void append_step(GString *out, const GArray *step)
{
	g_string_append(out, "<li>");
	for (guint i = 0; i < step->len; i++) {
		const struct account_words *words = &g_array_index(step, struct account_words, i);

		if (words->command)
			piece_append_command(out, words->text);
		else
			piece_append(out, "p", NULL, words->text);
	}
	g_string_append(out, "</li>\n");
}

static void append_steps(GString *out, const struct account *a)
{
	if (a->steps->len == 0)
		return;
	g_string_append(out, "<h4>What to do next</h4>\n<ol class=\"steps\">\n");
	for (guint i = 0; i < a->steps->len; i++)
		append_step(out, a->steps->pdata[i]);
	g_string_append(out, "</ol>\n");
}

static void append_look(GString *out, const struct writeup *w, const struct writeup_ending *e)
{
	g_string_append(out, "<h4>To look for yourself</h4>\n<p>In Wireshark:</p>\n");
	piece_append_command(out, e->account->filter);
	if (w->again) {
		g_autofree char *command = g_strdup_printf("hangup explain %s %" G_GUINT64_FORMAT, w->again, e->id);

		g_string_append(out, "<p>In a terminal:</p>\n");
		piece_append_command(out, command);
	}
}

/* --- the connection ------------------------------------------------------------------------------------------------ */

static const char *actor_words(enum hangup_actor actor)
{
	switch (actor) {
	case HANGUP_ACTOR_CLIENT: return ", by the client";
	case HANGUP_ACTOR_SERVER: return ", by the server";
	case HANGUP_ACTOR_MIDDLEBOX: return ", by a box on the path";
	case HANGUP_ACTOR_PATH: return ", by the network between";
	case HANGUP_ACTOR_UNKNOWN: return "; by whom is not knowable from here";
	default: return "";
	}
}

static void append_summary(GString *out, const struct writeup_ending *e)
{
	g_string_append_printf(out, "<summary><h3 id=\"c%" G_GUINT64_FORMAT "-title\"><span class=\"id\">%" G_GUINT64_FORMAT
	                            "</span> <span class=\"end\">", e->id, e->id);
	html_escape_append(out, e->account->end[HANGUP_CLIENT].address);
	g_string_append(out, "</span> <span class=\"end to\">");
	html_escape_append(out, e->account->end[HANGUP_SERVER].address);
	g_string_append(out, "</span></h3> ");
	piece_append_label(out, e->label, e->cause, e->severity);
	g_string_append(out, "</summary>\n");
}

/* "Likely 88 %, by the server. It ended at ...". */
static void append_verdict(GString *out, const struct writeup *w, const struct writeup_ending *e)
{
	piece_append(out, "p", "sentence", e->sentence);
	if (e->fits) {
		g_string_append(out, "\n<p class=\"fits\"><b>The error asked for:</b> ");
		html_escape_append(out, e->fits);
		g_string_append(out, ".</p>");
	}
	g_string_append(out, "\n<p class=\"verdict\"><b>");
	piece_append_confidence(out, e->confidence);
	g_string_append_printf(out, "%s.</b> ", actor_words(e->actor));
	piece_append_sureness(out, e->confidence);
	g_string_append(out, ". It ended at ");
	piece_append_time(out, e->time_ns, w->summary.first_ns);
	if (e->end_ns > e->begin_ns) {
		g_string_append(out, " and was seen for ");
		piece_append_duration(out, e->end_ns - e->begin_ns);
	}
	if (e->account->vantage == HANGUP_VANTAGE_UNKNOWN)
		g_string_append(out, "; where it was captured is unknown");
	else
		g_string_append_printf(out, "; captured %s (%s)", vantage_meaning(e->account->vantage),
		                       vantage_by_meaning(e->account->vantage_by));
	g_string_append_printf(out, ".%s</p>\n", e->account->capture_loss
	                                             ? " The capture lost some of its packets." : "");
}

static void append_incident(GString *out, const struct writeup_ending *e)
{
	if (e->incident)
		g_string_append_printf(out, "<p class=\"verdict\">Part of <a href=\"#i%" G_GUINT64_FORMAT "\">incident %" G_GUINT64_FORMAT
		                            "</a>.</p>\n", e->incident, e->incident);
}

void part_append_account(GString *out, const struct writeup *w, const struct writeup_ending *e, bool open)
{
	g_string_append_printf(out, "<details class=\"account\" id=\"c%" G_GUINT64_FORMAT "\"%s>\n", e->id, open ? " open" : "");
	append_summary(out, e);
	g_string_append(out, "<div class=\"story\">\n<div class=\"told\">\n");
	append_verdict(out, w, e);
	append_incident(out, e);
	append_evidence(out, w, e);
	append_alternatives(out, e->account);
	g_string_append(out, "</div>\n");
	picture_append_ladder(out, w, e);
	g_string_append(out, "</div>\n");
	picture_append_sequence(out, e);
	g_string_append(out, "<div class=\"sides\">\n");
	append_end(out, e->account, HANGUP_CLIENT);
	append_end(out, e->account, HANGUP_SERVER);
	g_string_append(out, "</div>\n");
	append_steps(out, e->account);
	append_look(out, w, e);
	g_string_append(out, "</details>\n");
}

void part_append_accounts(GString *out, const struct writeup *w)
{
	uint64_t told = 0;

	if (w->accounts == 0)
		return;
	g_string_append(out, "<section id=\"connections\" aria-labelledby=\"connections-title\">\n"
	                     "<h2 id=\"connections-title\">One by one</h2>\n");
	for (guint i = 0; i < w->endings->len; i++) {
		const struct writeup_ending *e = writeup_ending_at(w, i);

		if (e->account)
			part_append_account(out, w, e, told++ < OPEN_AT_FIRST);
	}
	g_string_append(out, "</section>\n");
}
