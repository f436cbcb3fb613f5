#include "report/evidence_told.h"

#include <string.h>

#include "report/escape.h"
#include "report/evidence_text.h"
#include "report/filter.h"
#include "report/sentence.h"
#include "rules/host/text.h"
#include "rules/host/vocabulary.h"

static const char *const side_names[] = {[HANGUP_CLIENT] = "client", [HANGUP_SERVER] = "server"};

/* --- words -------------------------------------------------------------------------------------------- */
static const char *const packet_meanings[] = {
#define HANGUP_PACKET(id, scope, name, meaning) meaning,
#include <hangup/packet.def>
#undef HANGUP_PACKET
};

/* Rules are plugins: their words are made inert like any other text. */
static char *inert(GString *text)
{
	g_autoptr(GString) safe = g_string_new(NULL);

	escape_append(safe, text->str, text->len, false);
	g_string_free(text, TRUE);
	return g_string_free(g_steal_pointer(&safe), FALSE);
}

static char *describe_evidence(const struct case_evidence *item, const struct facts *f)
{
	GString *text = g_string_new("evidence: ");

	evidence_text_append(text, item, f);
	g_string_append_printf(text, " (%s)", level_name(item->level));
	return inert(text);
}

static char *describe_role(enum hangup_packet_role role, enum hangup_side side)
{
	if (facts_packet_is_one(role))
		return g_strdup(packet_meanings[role]);
	return g_strdup_printf("%s: %s", side_names[side], packet_meanings[role]);
}

static void append_title(GString *out, const struct hangup_case *c)
{
	const struct hangup_claim *v = case_verdict(c);

	g_string_append_printf(out, "Connection %" G_GUINT64_FORMAT ", ", c->facts->id);
	text_append_end(out, &c->facts->end[HANGUP_CLIENT]);
	g_string_append(out, " to ");
	text_append_end(out, &c->facts->end[HANGUP_SERVER]);
	g_string_append_printf(out, ": %s/%s, actor %s, confidence %.2f. ", label_name(v->label), cause_name(v->cause),
	                       actor_name(v->actor), v->confidence);
	sentence_append(out, c, true);
}

static void append_alternatives(GString *out, const struct hangup_case *c)
{
	for (size_t i = 1; i < c->order_len; i++) {
		const struct hangup_claim *other = &c->claims[c->order[i]];

		g_string_append_printf(out, "%s%s/%s %.2f", i == 1 ? "\nElse: " : ", ", label_name(other->label),
		                       cause_name(other->cause), other->confidence);
	}
}

static char *describe_verdict(const char *title, const struct hangup_case *c)
{
	GString *text = g_string_new(title);

	append_alternatives(text, c);
	g_string_append(text, "\nFilter: ");
	filter_append(text, c->facts);
	return g_string_free(text, FALSE);
}

/* --- packets ------------------------------------------------------------------------------------------ */
static void add_point(struct told *t, uint64_t number, char *why)
{
	const struct told_point point = {number, why};

	g_array_append_val(t->points, point);
}

static void add_evidence(struct told *t, const struct hangup_case *c)
{
	const struct hangup_claim *verdict = case_verdict(c);

	for (size_t i = 0; i < verdict->evidence_len; i++) {
		const struct case_evidence *item = &verdict->evidence[i];

		if (item->packet.number)
			add_point(t, item->packet.number, describe_evidence(item, c->facts));
	}
}

static void add_roles(struct told *t, const struct facts *f)
{
	for (enum hangup_packet_role role = 0; role < HANGUP_PACKET_COUNT; role++) {
		for (enum hangup_side side = HANGUP_CLIENT; side <= HANGUP_SERVER; side++) {
			struct hangup_packet packet;

			if (facts_packet_is_one(role) && side != HANGUP_CLIENT)
				continue;
			if (facts_packet(f, role, side, &packet) && packet.number)
				add_point(t, packet.number, describe_role(role, side));
		}
	}
}

static void clear_point(gpointer data)
{
	g_free(((struct told_point *)data)->why);
}

/* --- verdicts ----------------------------------------------------------------------------------------- */
static void set_times(struct told *t, const struct facts *f)
{
	struct hangup_packet first = {0}, last = {0}, server = {0};

	facts_packet(f, HANGUP_PACKET_FIRST, HANGUP_CLIENT, &first);
	facts_packet(f, HANGUP_PACKET_LAST, HANGUP_CLIENT, &last);
	t->first = first.number;
	t->last = last.number;
	t->begin_ns = first.time_ns;
	t->end_ns = last.time_ns;
	t->silent_ns = facts_packet(f, HANGUP_PACKET_LAST_SENT, HANGUP_SERVER, &server) ? server.time_ns : first.time_ns;
}

/* Where that was told by the user, or by other connections: the file will not have those. */
static void set_local(struct told *t, const struct facts *f)
{
	const int64_t vantage = facts_value(f, HANGUP_FACT_VANTAGE, HANGUP_CLIENT);
	const int64_t by = facts_value(f, HANGUP_FACT_VANTAGE_BY, HANGUP_CLIENT);
	const enum hangup_side side = vantage == HANGUP_VANTAGE_CLIENT ? HANGUP_CLIENT : HANGUP_SERVER;

	t->has_local = (vantage == HANGUP_VANTAGE_CLIENT || vantage == HANGUP_VANTAGE_SERVER) &&
	               (by == HANGUP_VANTAGE_BY_TOLD || by == HANGUP_VANTAGE_BY_OTHER_CONNECTIONS);
	memcpy(t->local, f->end[side].address, sizeof(t->local));
}

struct told *told_new(const struct hangup_case *c)
{
	struct told *t = g_new0(struct told, 1);
	GString *title = g_string_new(NULL);

	t->id = c->facts->id;
	t->confidence = case_verdict(c)->confidence;
	memcpy(t->end, c->facts->end, sizeof(t->end));
	set_times(t, c->facts);
	set_local(t, c->facts);
	append_title(title, c);
	t->title = inert(title);
	t->verdict = describe_verdict(t->title, c);
	t->points = g_array_new(FALSE, FALSE, sizeof(struct told_point));
	g_array_set_clear_func(t->points, clear_point);
	add_evidence(t, c);
	add_roles(t, c->facts);
	return t;
}

void told_free(struct told *t)
{
	if (t == NULL)
		return;
	g_free(t->title);
	g_free(t->verdict);
	g_array_unref(t->points);
	g_free(t);
}

gint told_compare(gconstpointer a, gconstpointer b)
{
	const struct told *one = *(struct told *const *)a, *other = *(struct told *const *)b;

	if (one->confidence != other->confidence)
		return one->confidence > other->confidence ? -1 : 1;
	return one->id < other->id ? -1 : one->id > other->id;
}
