/* What ended together, and why it is taken to: the root causes that packets can tell of. */
#include "report/markdown/part.h"

#include <math.h>

#include "report/counting.h"
#include "report/incidents/incident.h"
#include "report/markdown/text.h"
#include "report/sentence.h"
#include "rules/host/vocabulary.h"

enum { INCIDENTS_MAX = 8, IDS_MAX = 30, REASONS_MAX = 6, OTHERS_MAX = 4 };

static void append_connections(GString *out, const struct incident *incident)
{
	counting_append(out, incident->connections_len, "connection", "connections");
	g_string_append(out, ": ");
	for (size_t i = 0; i < MIN(incident->connections_len, (size_t)IDS_MAX); i++)
		g_string_append_printf(out, "%s%" G_GUINT64_FORMAT, i ? ", " : "", incident->connections[i]);
	g_string_append(out, incident->connections_len > IDS_MAX ? ", and others. From " : ". From ");
	markdown_append_time(out, incident->from_ns);
	g_string_append(out, " to ");
	markdown_append_time(out, incident->to_ns);
	g_string_append(out, ".\n\n");
}

static void append_reason(GString *out, const struct writeup *w, const struct incident_evidence *e)
{
	g_autoptr(GString) packet = g_string_new(NULL);

	g_string_append(out, "- ");
	markdown_sentence_append(out, e->text);
	g_string_append_printf(out, " (%s", level_name(e->level));
	if (e->packet.number) {
		writeup_append_packet(packet, w, e->packet.number);
		g_string_append(out, ", packet ");
		markdown_code_append(out, packet->str, false);
	}
	g_string_append(out, ")\n");
}

static void append_others(GString *out, const struct incident *incident)
{
	for (size_t i = 0; i < MIN(incident->alternatives_len, (size_t)OTHERS_MAX); i++) {
		g_string_append(out, "- It could also be: ");
		markdown_text_append(out, incident->alternatives[i].text);
		if (incident->alternatives[i].against) {
			g_string_append(out, "; less likely because ");
			markdown_text_append(out, incident->alternatives[i].against);
		}
		g_string_append_c(out, '\n');
	}
	for (size_t i = 0; i < MIN(incident->misfits_len, (size_t)OTHERS_MAX); i++) {
		g_string_append(out, "- Not part of it: ");
		counting_append(out, incident->misfits[i].count, "connection, ", "connections, ");
		markdown_text_append(out, incident->misfits[i].text);
		g_string_append_c(out, '\n');
	}
}

static void append_incident(GString *out, const struct writeup *w, const struct incident *incident)
{
	g_string_append_printf(out, "### Incident %" G_GUINT64_FORMAT ": %s\n\n**", incident->id,
	                       incident_title(incident->kind));
	markdown_sentence_append(out, incident->sentence);
	g_string_append_printf(out, "** This is %s (%d %%). ",
	                       sentence_confidence(incident->confidence), (int)lround(incident->confidence * 100));
	append_connections(out, incident);
	for (size_t i = 0; i < MIN(incident->evidence_len, (size_t)REASONS_MAX); i++)
		append_reason(out, w, &incident->evidence[i]);
	append_others(out, incident);
	g_string_append_c(out, '\n');
}

/* Calls `append` for the first of one severity. Returns how many have no room. */
static size_t append_those(GString *out, const struct writeup *w, enum hangup_severity severity,
                           void (*append)(GString *out, const struct writeup *w, const struct incident *incident))
{
	size_t count = 0;

	for (size_t i = 0; i < w->incidents->len; i++) {
		if (w->incidents->incidents[i].severity == severity && count++ < INCIDENTS_MAX)
			append(out, w, &w->incidents->incidents[i]);
	}
	return count - MIN(count, (size_t)INCIDENTS_MAX);
}

/* One line is enough for what hurts nobody. */
static void append_line(GString *out, const struct writeup *w, const struct incident *incident)
{
	(void)w;
	g_string_append_printf(out, "- %s (incident %" G_GUINT64_FORMAT "): ", incident_title(incident->kind), incident->id);
	markdown_sentence_append(out, incident->sentence);
	g_string_append_c(out, '\n');
}

static bool any_harmless(const struct writeup *w)
{
	for (size_t i = 0; i < w->incidents->len; i++) {
		if (w->incidents->incidents[i].severity == HANGUP_SEVERITY_HARMLESS)
			return true;
	}
	return false;
}

void markdown_append_incidents(GString *out, const struct writeup *w)
{
	size_t left = append_those(out, w, HANGUP_SEVERITY_ABNORMAL, append_incident);

	if (any_harmless(w)) {
		g_string_append(out, "Harmless, and no cause of anything:\n\n");
		left += append_those(out, w, HANGUP_SEVERITY_HARMLESS, append_line);
		g_string_append_c(out, '\n');
	}
	if (left) {
		counting_append_number(out, left);
		g_string_append(out, " more incidents have no room here; `hangup report -o out.html` tells them.\n\n");
	}
}
