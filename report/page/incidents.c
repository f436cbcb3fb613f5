/* What ended together, and why it is taken to. */
#include "report/page/part.h"

#include "report/counting.h"
#include "report/html_escape.h"
#include "report/incidents/incident.h"
#include "rules/host/text.h"
#include "rules/host/vocabulary.h"

enum { LINKS_SHOWN = 24 }; /* of its connections; the others unfold */

/* --- its connections ------------------------------------------------------------------------------------------------ */

/* Where a connection is told: whole, in the table, or nowhere. */
static void append_connection(GString *out, const struct writeup *w, uint64_t id)
{
	const struct writeup_ending *e = writeup_find(w, id);

	if (e)
		g_string_append_printf(out, "<a href=\"#%c%" G_GUINT64_FORMAT "\">", e->account ? 'c' : 'r', id);
	g_string_append_printf(out, "%" G_GUINT64_FORMAT "%s", id, e ? "</a>" : "");
}

static void append_ids(GString *out, const struct writeup *w, const uint64_t *ids, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		g_string_append(out, i ? ", " : "");
		append_connection(out, w, ids[i]);
	}
}

static void append_connections(GString *out, const struct writeup *w, const struct incident *incident)
{
	const size_t shown = MIN(incident->connections_len, LINKS_SHOWN);

	g_string_append(out, "<h4>Its connections</h4>\n<p class=\"ids\">");
	append_ids(out, w, incident->connections, shown);
	g_string_append(out, "</p>\n");
	if (shown == incident->connections_len)
		return;
	g_string_append(out, "<details class=\"more\"><summary>");
	counting_append(out, incident->connections_len - shown, "more", "more");
	g_string_append(out, "</summary><p class=\"ids\">");
	append_ids(out, w, incident->connections + shown, incident->connections_len - shown);
	g_string_append(out, "</p></details>\n");
}

/* --- the reasoning --------------------------------------------------------------------------------------------------- */

static void append_evidence(GString *out, const struct writeup *w, const struct incident_evidence *e)
{
	g_string_append(out, "<li>");
	piece_append_prose(out, e->text);
	g_string_append_printf(out, " <span class=\"level\">%s", level_name(e->level));
	if (e->packet.number) {
		g_autoptr(GString) number = g_string_new(NULL);

		writeup_append_packet(number, w, e->packet.number);
		g_string_append(out, ", packet ");
		html_escape_append(out, number->str);
	}
	if (e->connection) {
		g_string_append(out, " of connection ");
		append_connection(out, w, e->connection);
	}
	g_string_append(out, "</span></li>\n");
}

static void append_reasons(GString *out, const struct writeup *w, const struct incident *incident)
{
	if (incident->evidence_len == 0)
		return;
	g_string_append(out, "<h4>What speaks for it</h4>\n<ul>\n");
	for (size_t i = 0; i < incident->evidence_len; i++)
		append_evidence(out, w, &incident->evidence[i]);
	g_string_append(out, "</ul>\n");
}

static void append_alternatives(GString *out, const struct incident *incident)
{
	if (incident->alternatives_len == 0)
		return;
	g_string_append(out, "<h4>What else it could have been</h4>\n<ul class=\"alternatives\">\n");
	for (size_t i = 0; i < incident->alternatives_len; i++) {
		const struct incident_alternative *alternative = &incident->alternatives[i];

		g_string_append(out, "<li>");
		piece_append_prose(out, alternative->text);
		if (alternative->against) {
			g_string_append(out, ". <span class=\"why-not\"><b>Why not:</b> ");
			html_escape_append(out, alternative->against);
			g_string_append(out, "</span>");
		}
		g_string_append(out, "</li>\n");
	}
	g_string_append(out, "</ul>\n");
}

static void append_misfit(GString *out, const struct writeup *w, const struct incident_misfit *misfit)
{
	g_string_append(out, "<li>");
	counting_append(out, misfit->count, "connection: ", "connections: ");
	html_escape_append(out, misfit->text);
	g_string_append(out, " <span class=\"level\">(");
	append_ids(out, w, misfit->connections, misfit->connections_len);
	g_string_append_printf(out, "%s)</span></li>\n", misfit->count > misfit->connections_len ? ", …" : "");
}

static void append_misfits(GString *out, const struct writeup *w, const struct incident *incident)
{
	if (incident->misfits_len == 0)
		return;
	g_string_append(out, "<h4>What did not fit</h4>\n<ul>\n");
	for (size_t i = 0; i < incident->misfits_len; i++)
		append_misfit(out, w, &incident->misfits[i]);
	g_string_append(out, "</ul>\n");
}

/* --- an incident -------------------------------------------------------------------------------------------------------- */

static void append_span(GString *out, const struct writeup *w, const struct incident *incident)
{
	piece_append_time(out, incident->from_ns, w->summary.first_ns);
	if (incident->to_ns > incident->from_ns) {
		g_string_append(out, " and lasted ");
		piece_append_duration(out, incident->to_ns - incident->from_ns);
	}
}

static void append_incident(GString *out, const struct writeup *w, const struct incident *incident)
{
	g_string_append_printf(out, "<article class=\"incident %s\" id=\"i%" G_GUINT64_FORMAT "\">\n<h3>%s <span class=\"count\">",
	                       severity_name(incident->severity), incident->id, incident_title(incident->kind));
	counting_append(out, incident->connections_len, "connection", "connections");
	g_string_append(out, "</span></h3>\n");
	piece_append(out, "p", "sentence", incident->sentence);
	g_string_append(out, "\n<p class=\"verdict\"><b>");
	piece_append_confidence(out, incident->confidence);
	g_string_append(out, ".</b> ");
	piece_append_sureness(out, incident->confidence);
	g_string_append(out, ". It began at ");
	append_span(out, w, incident);
	g_string_append(out, ".</p>\n");
	picture_append_idle(out, w, incident);
	g_string_append(out, "<div class=\"reasons\">\n<div>\n");
	append_reasons(out, w, incident);
	g_string_append(out, "</div>\n<div>\n");
	append_misfits(out, w, incident);
	append_alternatives(out, incident);
	g_string_append(out, "</div>\n</div>\n");
	append_connections(out, w, incident);
	g_string_append(out, "</article>\n");
}

/* One line is enough for what hurts nobody. */
static void append_harmless(GString *out, const struct writeup *w)
{
	bool any = false;

	for (size_t i = 0; i < w->incidents->len; i++) {
		const struct incident *incident = &w->incidents->incidents[i];

		if (incident->severity == HANGUP_SEVERITY_ABNORMAL)
			continue;
		if (!any)
			g_string_append(out, "<h3>Harmless</h3>\n<ul class=\"harmless-ones\">\n");
		any = true;
		g_string_append_printf(out, "<li id=\"i%" G_GUINT64_FORMAT "\">", incident->id);
		html_escape_append(out, incident->sentence);
		g_string_append(out, "</li>\n");
	}
	if (any)
		g_string_append(out, "</ul>\n");
}

static void append_left(GString *out, const struct writeup *w)
{
	const uint64_t left = w->incidents->endings_left + w->incidents->attempts_left;

	if (!left)
		return;
	g_string_append(out, "<p class=\"left\">");
	counting_append(out, left, "ending was", "endings were");
	g_string_append(out, " not looked at for what they have in common: there were too many to keep.</p>\n");
}

void part_append_incidents(GString *out, const struct writeup *w)
{
	if (!w->incidents || w->incidents->len == 0)
		return;
	g_string_append(out, "<section id=\"incidents\" aria-labelledby=\"incidents-title\">\n"
	                     "<h2 id=\"incidents-title\">What ended together</h2>\n");
	for (size_t i = 0; i < w->incidents->len; i++) {
		if (w->incidents->incidents[i].severity == HANGUP_SEVERITY_ABNORMAL)
			append_incident(out, w, &w->incidents->incidents[i]);
	}
	append_harmless(out, w);
	append_left(out, w);
	g_string_append(out, "</section>\n");
}
