/* What happened, as far as packets tell: the upper half of the skeleton. */
#include "report/markdown/part.h"

#include <math.h>

#include "report/counting.h"
#include "report/incidents/incident.h"
#include "report/markdown/text.h"
#include "rules/host/text.h"
#include "rules/host/vocabulary.h"

enum { CAUSES_MAX = 20, MOMENTS_MAX = 20 };

static void append_heading(GString *out, const struct writeup *w)
{
	g_string_append(out, "# ");
	markdown_text_append(out, w->title);
	g_string_append(out, "\n\n**");
	markdown_text_append(out, w->headline);
	g_string_append(out, "**\n\n");
	g_string_append(out, "| | |\n|---|---|\n"
	                     "| Status | *draft: to be reviewed* |\n"
	                     "| Authors | *to fill in* |\n"
	                     "| Incident | *to fill in: number, link* |\n");
	g_string_append_printf(out, "| Written by | hangup %s, from the packets alone; times are UTC |\n\n", w->version);
}

static void append_summary(GString *out, const struct writeup *w)
{
	g_string_append(out, "## Summary\n\n");
	markdown_sentence_append(out, w->standing);
	g_string_append(out, "\n\n");
	markdown_append_prompt(out, "who noticed, what users saw, and how long it lasted for them");
}

/* --- impact ------------------------------------------------------------------------------------------------------- */
static void append_number(GString *out, const char *what, uint64_t count)
{
	g_string_append_printf(out, "| %s | ", what);
	counting_append_number(out, count);
	g_string_append(out, " |\n");
}

/* Addresses of one side among the endings. */
static uint64_t hosts_of(const struct writeup *w, enum hangup_side side)
{
	g_autoptr(GHashTable) hosts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < w->endings->len; i++) {
		GString *address = g_string_new(NULL);

		text_append_address(address, writeup_ending_at(w, i)->end[side].address);
		g_hash_table_add(hosts, g_string_free(address, FALSE));
	}
	return g_hash_table_size(hosts);
}

static void append_window(GString *out, const struct writeup *w)
{
	int64_t from_ns = INT64_MAX, to_ns = INT64_MIN;

	for (guint i = 0; i < w->endings->len; i++) {
		from_ns = MIN(from_ns, writeup_ending_at(w, i)->time_ns);
		to_ns = MAX(to_ns, writeup_ending_at(w, i)->time_ns);
	}
	if (w->endings->len == 0)
		return;
	g_string_append(out, "| First and last of them | ");
	markdown_append_time(out, from_ns);
	g_string_append(out, " to ");
	markdown_append_time(out, to_ns);
	g_string_append(out, " |\n");
}

static void append_impact(GString *out, const struct writeup *w)
{
	g_string_append(out, "## Impact\n\n| In the capture | |\n|---|---|\n");
	append_number(out, "TCP connections", w->counts.told);
	append_number(out, "Ended badly", w->counts.severity[HANGUP_SEVERITY_ABNORMAL]);
	if (w->asked)
		append_number(out, "Can have produced the error asked for", w->counts.listable);
	if (w->endings->len) {
		append_number(out, "Clients among them", hosts_of(w, HANGUP_CLIENT));
		append_number(out, "Servers among them", hosts_of(w, HANGUP_SERVER));
	}
	append_window(out, w);
	g_string_append_c(out, '\n');
	markdown_append_prompt(out, "users, requests, orders, money");
}

/* --- causes ------------------------------------------------------------------------------------------------------- */
struct group {
	enum hangup_label label;
	enum hangup_cause cause;
	uint64_t count;
	const struct writeup_ending *surest;
};

static struct group *group_of(GArray *groups, const struct writeup_ending *e)
{
	for (guint i = 0; i < groups->len; i++) {
		struct group *group = &g_array_index(groups, struct group, i);

		if (group->label == e->label && group->cause == e->cause)
			return group;
	}
	struct group fresh = {.label = e->label, .cause = e->cause, .surest = e};
	g_array_append_val(groups, fresh);
	return &g_array_index(groups, struct group, groups->len - 1);
}

static gint by_count(gconstpointer a, gconstpointer b)
{
	const struct group *one = a, *other = b;

	if (one->count != other->count)
		return one->count > other->count ? -1 : 1;
	return one->surest->id < other->surest->id ? -1 : 1;
}

static GArray *groups_of(const struct writeup *w)
{
	GArray *groups = g_array_new(FALSE, FALSE, sizeof(struct group));

	for (guint i = 0; i < w->endings->len; i++) {
		const struct writeup_ending *e = writeup_ending_at(w, i);
		struct group *group = group_of(groups, e);

		group->count++;
		if (e->confidence > group->surest->confidence)
			group->surest = e;
	}
	g_array_sort(groups, by_count);
	return groups;
}

static void append_cause(GString *out, const struct group *group)
{
	g_string_append(out, "| ");
	counting_append_number(out, group->count);
	g_string_append(out, " | ");
	markdown_append_verdict(out, group->label, group->cause);
	g_string_append(out, " | ");
	markdown_sentence_append(out, group->surest->sentence);
	g_string_append_printf(out, " | %d %% | %" G_GUINT64_FORMAT " |\n", (int)lround(group->surest->confidence * 100),
	                       group->surest->id);
}

static void append_causes(GString *out, const struct writeup *w)
{
	g_autoptr(GArray) groups = groups_of(w);

	g_string_append(out, "## Root causes and trigger\n\n");
	markdown_append_incidents(out, w);
	if (groups->len == 0) {
		g_string_append(out, w->asked ? "Nothing in this capture can have produced the error asked for.\n\n"
		                              : "Nothing in this capture ended badly.\n\n");
	} else {
		g_string_append(out, "| Connections | Verdict | The surest of them | Sure | Connection |\n|---:|---|---|---:|---:|\n");
		for (guint i = 0; i < MIN(groups->len, (guint)CAUSES_MAX); i++)
			append_cause(out, &g_array_index(groups, struct group, i));
		g_string_append_c(out, '\n');
	}
	markdown_append_prompt(out, "what in the system made this possible, and what set it off; describe the system, not people");
}

/* --- timeline ----------------------------------------------------------------------------------------------------- */
/* A line of it; texts are borrowed. */
struct moment {
	int64_t time_ns;
	const char *what;
	const char *kind; /* "connection", "incident" */
	uint64_t id;
};

static gint by_time(gconstpointer a, gconstpointer b)
{
	const struct moment *one = a, *other = b;

	if (one->time_ns != other->time_ns)
		return one->time_ns < other->time_ns ? -1 : 1;
	return one->id < other->id ? -1 : one->id > other->id;
}

/* Incidents that hurt somebody, and the endings that are part of none. */
static GArray *moments_of(const struct writeup *w)
{
	GArray *moments = g_array_new(FALSE, FALSE, sizeof(struct moment));

	for (size_t i = 0; i < w->incidents->len; i++) {
		const struct incident *incident = &w->incidents->incidents[i];
		const struct moment moment = {incident->from_ns, incident->sentence, "incident", incident->id};

		if (incident->severity == HANGUP_SEVERITY_ABNORMAL)
			g_array_append_val(moments, moment);
	}
	for (guint i = 0; i < w->endings->len; i++) {
		const struct writeup_ending *e = writeup_ending_at(w, i);
		const struct moment moment = {e->time_ns, e->sentence, "connection", e->id};

		if (!e->incident)
			g_array_append_val(moments, moment);
	}
	g_array_sort(moments, by_time);
	return moments;
}

static void append_moment(GString *out, int64_t time_ns, const char *what, const char *source)
{
	g_string_append(out, "| ");
	markdown_append_time(out, time_ns);
	g_string_append(out, " | ");
	markdown_sentence_append(out, what);
	g_string_append_printf(out, " | %s |\n", source);
}

static void append_moments(GString *out, const struct writeup *w)
{
	g_autoptr(GArray) moments = moments_of(w);

	for (guint i = 0; i < MIN(moments->len, (guint)MOMENTS_MAX); i++) {
		const struct moment *moment = &g_array_index(moments, struct moment, i);
		g_autofree char *source = g_strdup_printf("%s %" G_GUINT64_FORMAT, moment->kind, moment->id);

		append_moment(out, moment->time_ns, moment->what, source);
	}
	if (moments->len > MOMENTS_MAX)
		g_string_append_printf(out, "| later | %u more endings | below |\n", moments->len - MOMENTS_MAX);
}

static void append_timeline(GString *out, const struct writeup *w)
{
	g_string_append(out, "## Timeline\n\n| Time | What | Source |\n|---|---|---|\n");
	append_moment(out, w->summary.first_ns, "the capture begins", "capture");
	append_moments(out, w);
	append_moment(out, w->summary.last_ns, "the capture ends", "capture");
	g_string_append(out, "| *to fill in* | *deployments, alerts, reports, what was done* | *who, where* |\n\n");
}

void markdown_append_top(GString *out, const struct writeup *w)
{
	append_heading(out, w);
	append_summary(out, w);
	append_impact(out, w);
	append_causes(out, w);
	g_string_append(out, "## Detection\n\n");
	markdown_append_prompt(out, "which alert or report, when, and how long after the first bad packet");
	append_timeline(out, w);
}
