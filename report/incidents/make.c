/* Putting an incident together: few of them, so that each list simply grows by one. */
#include <string.h>

#include "report/incidents/inquiry.h"

static gint compare_ids(gconstpointer a, gconstpointer b)
{
	const uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return left < right ? -1 : left > right;
}

static void *grown(void *list, size_t len, size_t size)
{
	return g_realloc_n(list, len + 1, size);
}

/* --- who ----------------------------------------------------------------------------------------------------- */

static void set_common(struct incident *i, const GPtrArray *members)
{
	const struct ending *first = ending_at(members, 0);

	i->has_client = count_clients(members) == 1;
	i->has_server = count_servers(members) == 1;
	if (i->has_client)
		memcpy(i->client, first->who.address[HANGUP_CLIENT], sizeof i->client);
	if (i->has_server)
		memcpy(i->server, first->who.address[HANGUP_SERVER], sizeof i->server);
	i->server_port = count_services(members) == 1 ? first->who.port[HANGUP_SERVER] : 0;
}

static void set_span(struct incident *i, const GPtrArray *members)
{
	for (guint k = 0; k < members->len; k++) {
		const struct hangup_packet *onset = &ending_at(members, k)->onset;

		if (k == 0 || hangup_packet_precedes(onset->number, onset->time_ns, i->first.number, i->first.time_ns))
			i->first = *onset;
		i->from_ns = k == 0 ? onset->time_ns : MIN(i->from_ns, onset->time_ns);
		i->to_ns = k == 0 ? onset->time_ns : MAX(i->to_ns, onset->time_ns);
	}
}

static void excuse(struct inquiry *q, const struct ending *e)
{
	if ((e->flags & ENDING_WANTED) && e->severity == HANGUP_SEVERITY_ABNORMAL)
		q->excused[e->label][e->cause]++;
}

struct incident *inquiry_begin(struct inquiry *q, enum incident_kind kind, const GPtrArray *members)
{
	struct incident i = {.kind = kind, .severity = incident_severity(kind), .confidence = mean_confidence(members)};

	i.connections = g_new(uint64_t, members->len);
	for (guint k = 0; k < members->len; k++) {
		const struct ending *e = ending_at(members, k);

		g_assert(!q->taken[e - q->endings]);
		q->taken[e - q->endings] = true;
		i.connections[i.connections_len++] = e->who.id;
		i.wanted |= e->flags & ENDING_WANTED;
		if (i.severity == HANGUP_SEVERITY_HARMLESS)
			excuse(q, e);
	}
	qsort(i.connections, i.connections_len, sizeof *i.connections, compare_ids);
	set_common(&i, members);
	set_span(&i, members);
	g_array_append_val(q->incidents, i);
	return &g_array_index(q->incidents, struct incident, q->incidents->len - 1);
}

/* --- what is said -------------------------------------------------------------------------------------------- */

/* As a verdict's sentence says how sure it is (report/sentence.c). "Same cause" claims nothing that it would make truer. */
static const char *hedge(double confidence)
{
	return confidence >= 0.9 ? "" : confidence >= 0.75 ? "Likely: " : confidence >= 0.5 ? "Probably: " : "Possibly: ";
}

void incident_say(struct incident *i, GString *sentence)
{
	const char *doubt = i->kind == INCIDENT_SAME_CAUSE ? "" : hedge(i->confidence);

	if (!*doubt)
		sentence->str[0] = g_ascii_toupper(sentence->str[0]);
	g_string_prepend(sentence, doubt);
	g_free(i->sentence);
	i->sentence = g_string_free(sentence, FALSE);
}

void incident_show(struct incident *i, enum hangup_level level, const struct hangup_packet *packet,
                   const struct ending *of, GString *text)
{
	struct incident_evidence e = {.level = level, .connection = of ? of->who.id : 0, .text = g_string_free(text, FALSE)};

	if (packet)
		e.packet = *packet;
	i->evidence = grown(i->evidence, i->evidence_len, sizeof e);
	i->evidence[i->evidence_len++] = e;
}

void incident_doubt(struct incident *i, const char *text, GString *against)
{
	struct incident_alternative a = {.text = g_strdup(text), .against = g_string_free(against, FALSE)};

	i->alternatives = grown(i->alternatives, i->alternatives_len, sizeof a);
	i->alternatives[i->alternatives_len++] = a;
}

void incident_leave_out(struct incident *i, GArray *connections, const char *text)
{
	struct incident_misfit m = {.count = connections->len};

	if (connections->len == 0)
		return;
	m.text = g_strdup(text);
	g_array_sort(connections, compare_ids);
	m.connections_len = MIN(connections->len, INCIDENT_MISFITS_NAMED);
	memcpy(m.connections, connections->data, m.connections_len * sizeof *m.connections);
	i->misfits = grown(i->misfits, i->misfits_len, sizeof m);
	i->misfits[i->misfits_len++] = m;
}
