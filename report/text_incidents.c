#include "report/text_incidents.h"

#include <math.h>
#include <string.h>

#include "report/escape.h"
#include "report/input_name.h"
#include "report/paragraph.h"
#include "report/style.h"
#include "report/timestamp.h"

enum {
	INDENT = 6,         /* as an entry's: room for "#1234 " */
	INCIDENTS_MAX = 50, /* more than anybody reads; NDJSON has them all */
	RANGES_MAX = 12,    /* of connection numbers */
};

static void append_spaces(GString *out, size_t count)
{
	while (count-- > 0)
		g_string_append_c(out, ' ');
}

/* A paragraph under an incident, after a mark like "- "; text may hold anything. */
static void append_said(GString *out, const char *mark, const char *text, const struct report_options *options)
{
	g_autoptr(GString) safe = g_string_new(mark);

	escape_append(safe, text, strlen(text), options->ascii);
	append_spaces(out, INDENT);
	paragraph_append(out, safe->str, INDENT, INDENT + (*mark ? 2 : 0), options->width);
}

/* --- a head line, with the number of connections where there is room -------------------------------------- */

static void append_head(GString *out, const struct incident *i, const struct report_options *options)
{
	g_autofree char *id = g_strdup_printf("!%" G_GUINT64_FORMAT, i->id);
	g_autofree char *count = g_strdup_printf("%zu connections", i->connections_len);
	const char *title = incident_title(i->kind);
	const size_t before = MAX(strlen(id) + 1, INDENT), used = before + strlen(title) + strlen(count);

	style_append(out, STYLE_FAINT, id, options->colour);
	append_spaces(out, before - strlen(id));
	style_append(out, style_of_severity(i->severity), title, options->colour);
	if (used + 2 <= options->width) {
		append_spaces(out, options->width - used);
		g_string_append(out, count);
	}
	g_string_append_c(out, '\n');
}

static void append_clock(GString *out, int64_t ns)
{
	char text[CLOCK_LEN];

	clock_write(text, ns);
	g_string_append_len(out, text, CLOCK_LEN);
}

/* "(10:02:13.500 to 10:02:14.250; 93% sure)" */
static void append_sentence(GString *out, const struct incident *i, const struct report_options *options)
{
	g_autoptr(GString) text = g_string_new(i->sentence);

	g_string_append(text, " (");
	append_clock(text, i->from_ns);
	if (i->to_ns > i->from_ns) {
		g_string_append(text, " to ");
		append_clock(text, i->to_ns);
	}
	g_string_append_printf(text, "; %d%% sure)", (int)lround(i->confidence * 100));
	append_said(out, "", text->str, options);
}

/* --- numbers of connections -------------------------------------------------------------------------------- */

/* Where the run of numbers that begins at `at` ends. */
static size_t run_end(const uint64_t *ids, size_t len, size_t at)
{
	size_t end = at + 1;

	while (end < len && ids[end] == ids[end - 1] + 1)
		end++;
	return end;
}

/* "#1-4, #7, #9-12 and 40 more" */
static void append_ids(GString *out, const uint64_t *ids, size_t len, uint64_t count)
{
	size_t ranges = 0, next = 0;

	for (size_t at = 0; at < len && ranges < RANGES_MAX; at = next, ranges++) {
		next = run_end(ids, len, at);
		g_string_append_printf(out, "%s#%" G_GUINT64_FORMAT, ranges ? ", " : "", ids[at]);
		if (next - at > 1)
			g_string_append_printf(out, "-%" G_GUINT64_FORMAT, ids[next - 1]);
	}
	if (next < count)
		g_string_append_printf(out, " and %" G_GUINT64_FORMAT " more", count - next);
}

static void append_members(GString *out, const struct incident *i, const struct report_options *options)
{
	g_autoptr(GString) text = g_string_new(NULL);

	append_ids(text, i->connections, i->connections_len, i->connections_len);
	append_said(out, "connections: ", text->str, options);
}

static void append_misfits(GString *out, const struct incident *i, const struct report_options *options)
{
	for (size_t k = 0; k < i->misfits_len; k++) {
		const struct incident_misfit *m = &i->misfits[k];
		g_autoptr(GString) text = g_string_new(NULL);

		g_string_append_printf(text, "%" G_GUINT64_FORMAT " %s (", m->count, m->text);
		append_ids(text, m->connections, m->connections_len, m->count);
		g_string_append_c(text, ')');
		append_said(out, "not part: ", text->str, options);
	}
}

/* --- the whole --------------------------------------------------------------------------------------------- */

static void append_evidence(GString *out, const struct incident *i, const struct report_options *options)
{
	for (size_t k = 0; k < i->evidence_len; k++) {
		g_autoptr(GString) text = g_string_new(i->evidence[k].text);

		if (i->evidence[k].packet.number) {
			g_string_append(text, " (packet ");
			input_name_append_packet(text, options, i->evidence[k].packet.number, 0);
			g_string_append_c(text, ')');
		}
		append_said(out, "- ", text->str, options);
	}
	for (size_t k = 0; k < i->alternatives_len; k++) {
		g_autofree char *text = g_strdup_printf("%s? %s", i->alternatives[k].text, i->alternatives[k].against);

		append_said(out, "- ", text, options);
	}
}

static void append_incident(GString *out, const struct incident *i, const struct report_options *options)
{
	append_head(out, i, options);
	append_sentence(out, i, options);
	if (i->severity == HANGUP_SEVERITY_ABNORMAL) {
		append_evidence(out, i, options);
		append_members(out, i, options);
		append_misfits(out, i, options);
	}
	g_string_append_c(out, '\n');
}

/* What no incident can hold, because memory is bounded: said, so that nobody takes a number for whole. */
static void append_left(GString *out, const struct incident_list *list, const struct report_options *options)
{
	g_autofree char *text = g_strdup_printf("Note: %" G_GUINT64_FORMAT " endings were not looked at for incidents, to bound memory.",
	                                        list->endings_left + list->attempts_left);

	if (list->endings_left + list->attempts_left > 0)
		paragraph_append(out, text, 0, 0, options->width);
}

void text_incidents_append(GString *out, const struct incident_list *list, bool endings_follow,
                           const struct report_options *options)
{
	const size_t shown = MIN(list->len, (size_t)INCIDENTS_MAX);

	append_left(out, list, options);
	if (list->len == 0)
		return;
	style_append(out, STYLE_STRONG, "Incidents", options->colour);
	g_string_append_c(out, '\n');
	for (size_t i = 0; i < shown; i++)
		append_incident(out, &list->incidents[i], options);
	if (shown < list->len)
		g_string_append_printf(out, "%zu more incidents are not shown: -o ndjson writes them all.\n\n", list->len - shown);
	if (!endings_follow)
		return;
	style_append(out, STYLE_STRONG, "Connections", options->colour);
	g_string_append_c(out, '\n');
}
