/* The pictures of the page: what they are drawn from, and where their links lead. */
#include "report/page/part.h"

#include "report/html_escape.h"
#include "report/svg/svg.h"

/* --- one connection ---------------------------------------------------------------------------------------------------- */

/* The evidence's packets, in its order. */
static uint64_t *numbers_of(const struct account *a)
{
	uint64_t *numbers = g_new(uint64_t, a->evidence->len);

	for (guint i = 0; i < a->evidence->len; i++)
		numbers[i] = g_array_index(a->evidence, struct account_evidence, i).packet.number;
	return numbers;
}

void picture_append_ladder(GString *out, const struct writeup *w, const struct writeup_ending *e)
{
	const struct account *a = e->account;
	g_autofree char *id = g_strdup_printf("c%" G_GUINT64_FORMAT "-ladder", e->id);
	g_autofree char *href = g_strdup_printf("c%" G_GUINT64_FORMAT "-e", e->id);
	g_autofree uint64_t *evidence = numbers_of(a);
	g_autofree const char **inputs = writeup_inputs(w);
	const struct svg_ladder ladder = {
		.id = id,
		.rows = (const struct ladder_row *)a->packets->data,
		.rows_len = a->packets->len,
		.packets = a->packets_all,
		.start_ns = a->packets_from_ns,
		.end = {e->end[HANGUP_CLIENT], e->end[HANGUP_SERVER]},
		.label = e->label,
		.actor = e->actor,
		.vantage = a->vantage,
		.inputs = inputs,
		.evidence = evidence,
		.evidence_len = a->evidence->len,
		.href = href,
	};

	if (a->packets->len == 0)
		return;
	g_string_append(out, "<figure class=\"ladder\">");
	svg_ladder_append(out, &ladder);
	g_string_append(out, "</figure>\n");
}

void picture_append_sequence(GString *out, const struct writeup_ending *e)
{
	g_autofree char *id = g_strdup_printf("c%" G_GUINT64_FORMAT "-sequence", e->id);
	const struct account *a = e->account;
	const struct svg_sequence sequence = {
		.id = id,
		.rows = a->trail ? (const struct ladder_row *)a->trail->data : NULL,
		.rows_len = a->trail ? a->trail->len : 0,
		.start_ns = a->packets_from_ns,
	};

	if (!a->trail)
		return;
	g_string_append(out, "<figure class=\"sequence\">");
	svg_sequence_append(out, &sequence);
	g_string_append(out, "</figure>\n");
}

/* --- the whole capture --------------------------------------------------------------------------------------------------- */

/* Where an ending is told, after "#". */
static char *place_of(const struct writeup_ending *e)
{
	return g_strdup_printf("%c%" G_GUINT64_FORMAT, e->account ? 'c' : 'r', e->id);
}

static GArray *endings_of(const struct writeup *w, GPtrArray *strings)
{
	GArray *endings = g_array_new(FALSE, FALSE, sizeof(struct svg_ending));

	for (guint i = 0; i < w->endings->len; i++) {
		const struct writeup_ending *e = writeup_ending_at(w, i);
		char *href = place_of(e);
		const struct svg_ending ending = {.time_ns = e->time_ns, .label = e->label, .href = href, .id = e->id};

		g_ptr_array_add(strings, href);
		g_array_append_val(endings, ending);
	}
	return endings;
}

static GArray *incidents_of(const struct writeup *w, GPtrArray *strings)
{
	GArray *incidents = g_array_new(FALSE, FALSE, sizeof(struct svg_incident));

	for (size_t i = 0; i < w->incidents->len; i++) {
		const struct incident *known = &w->incidents->incidents[i];
		char *href = g_strdup_printf("i%" G_GUINT64_FORMAT, known->id);
		const struct svg_incident incident = {
			.from_ns = known->from_ns, .to_ns = known->to_ns, .id = known->id, .href = href};

		g_ptr_array_add(strings, href);
		if (known->severity == HANGUP_SEVERITY_ABNORMAL)
			g_array_append_val(incidents, incident);
	}
	return incidents;
}

void picture_append_timeline(GString *out, const struct writeup *w)
{
	g_autoptr(GPtrArray) strings = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GArray) endings = endings_of(w, strings), incidents = incidents_of(w, strings);
	const struct svg_timeline timeline = {
		.id = "timeline-picture",
		.first_ns = w->summary.first_ns,
		.last_ns = w->summary.last_ns,
		.density = &w->density,
		.endings = (const struct svg_ending *)endings->data,
		.endings_len = endings->len,
		.incidents = (const struct svg_incident *)incidents->data,
		.incidents_len = incidents->len,
	};

	if (w->endings->len == 0)
		return;
	g_string_append(out, "<figure class=\"timeline\">");
	svg_timeline_append(out, &timeline);
	if (incidents->len)
		g_string_append(out, "<figcaption class=\"note\">A band is an incident, from the first to the last sign of it. "
		                     "A mark is an ending, which often comes later.</figcaption>\n");
	g_string_append(out, "</figure>\n");
}
