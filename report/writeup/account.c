/* Sections as hangup explain has them, taken down as texts: what a terminal, a page or a ticket makes of them is for
 * the renderers. */
#include "report/writeup/account.h"

#include <string.h>

#include "report/alternatives.h"
#include "report/app_errors.h"
#include "report/error_text.h"
#include "report/evidence_text.h"
#include "report/filter.h"
#include "report/incidents/action.h"
#include "report/next_steps.h"
#include "report/svg/svg.h"
#include "report/why_not.h"
#include "rules/host/text.h"
#include "rules/host/vocabulary.h"

static char *taken(GString *text)
{
	return g_string_free(text, FALSE);
}

/* NULL when there is none. */
static char *taken_if_any(GString *text)
{
	return g_string_free(text, text->len == 0);
}

/* --- its ends -------------------------------------------------------------------------------------------- */

/* When the host's own system is known, its errors are told and the others matter only if that was a guess too far. */
static void take_errors(struct account_end *end, const struct app_errors *errors, bool known)
{
	size_t at = 0;

	while (at < errors->len && (!known || at == 0)) {
		GString *line = g_string_new(NULL);

		at = error_text_append_systems(line, errors, at);
		g_ptr_array_add(end->errors, taken(line));
	}
	if (at < errors->len) {
		GString *line = g_string_new(NULL);

		error_text_append_elsewhere(line, errors, at);
		end->elsewhere = taken(line);
	}
}

static void take_experience(struct account_end *end, const struct hangup_case *c, enum hangup_side side)
{
	const struct app_errors errors = app_errors_of(c, side);
	const bool known = errors.len > 0 &&
	                   facts_value(c->facts, HANGUP_FACT_OS, side) == (int64_t)errors.error[0].os;

	end->experience = experience_words(errors.experience);
	end->errors = g_ptr_array_new_with_free_func(g_free);
	take_errors(end, &errors, known);
}

static void take_end(struct account_end *end, const struct hangup_case *c, enum hangup_side side)
{
	const struct facts *f = c->facts;
	const int64_t os = facts_value(f, HANGUP_FACT_OS, side);
	GString *address = g_string_new(NULL);

	text_append_end(address, &f->end[side]);
	end->address = taken(address);
	end->system = os == HANGUP_OS_UNKNOWN ? NULL : error_text_system((enum hangup_os)os);
	if (!facts_get(f, HANGUP_FACT_HOPS, side, &end->hops))
		end->hops = -1;
	end->packets = facts_value(f, HANGUP_FACT_PACKETS, side);
	end->bytes = facts_value(f, HANGUP_FACT_PAYLOAD, side);
	end->repeated = facts_value(f, HANGUP_FACT_RETRANSMITTED, side);
	take_experience(end, c, side);
}

/* --- the reasoning ---------------------------------------------------------------------------------------- */

static void take_evidence(struct account *a, const struct hangup_case *c)
{
	const struct hangup_claim *verdict = case_verdict(c);

	for (size_t i = 0; i < verdict->evidence_len; i++) {
		GString *text = g_string_new(NULL);

		evidence_text_append(text, &verdict->evidence[i], c->facts);
		const struct account_evidence evidence = {
			.packet = verdict->evidence[i].packet, .level = verdict->evidence[i].level, .text = taken(text)};
		g_array_append_val(a->evidence, evidence);
	}
	for (size_t i = 0; i < verdict->against_len; i++) {
		GString *text = g_string_new(NULL);

		text_expand(text, &verdict->against[i], c->facts);
		g_ptr_array_add(a->doubts, taken(text));
	}
}

static void take_alternatives(struct account *a, const struct hangup_case *c)
{
	const struct alternatives alternatives = alternatives_of(c);

	for (size_t i = 0; i < alternatives.len; i++) {
		const struct hangup_claim *claim = alternatives.claim[i];
		GString *why_not = g_string_new(NULL);

		why_not_append(why_not, claim, c);
		const struct account_alternative alternative = {
			.label = claim->label,
			.cause = claim->cause,
			.confidence = claim->confidence,
			.meaning = cause_meaning(claim->cause),
			.why_not = taken_if_any(why_not),
		};
		g_array_append_val(a->alternatives, alternative);
	}
}

/* --- what next ---------------------------------------------------------------------------------------------- */

static void clear_words(gpointer words)
{
	g_free(((struct account_words *)words)->text);
}

static void free_step(gpointer step)
{
	g_array_unref(step);
}

/* Commands stand between backquotes. */
static GArray *split_step(const char *step)
{
	g_auto(GStrv) pieces = g_strsplit(step, "`", -1);
	GArray *words = g_array_new(FALSE, FALSE, sizeof(struct account_words));

	g_array_set_clear_func(words, clear_words);
	for (guint i = 0; pieces[i]; i++) {
		const struct account_words piece = {.text = g_strdup(g_strstrip(pieces[i])), .command = i % 2 == 1};

		g_array_append_val(words, piece);
		if (!*piece.text)
			g_array_set_size(words, words->len - 1);
	}
	return words;
}

/* The first step of an incident's own, in place of the connection's. */
static guint take_action(struct account *a, const struct incident *incident)
{
	g_autofree char *action = incident ? incident_action(incident) : NULL;

	if (action)
		g_ptr_array_add(a->steps, split_step(action));
	return a->steps->len;
}

static void take_own_steps(struct account *a, const struct hangup_case *c, guint from)
{
	g_autoptr(GPtrArray) steps = next_steps_of(c);

	for (guint i = from; i < steps->len; i++)
		g_ptr_array_add(a->steps, split_step(steps->pdata[i]));
}

static void take_steps(struct account *a, const struct hangup_case *c, const struct incident *incident)
{
	const guint from = take_action(a, incident);
	struct hangup_case informed;
	struct facts facts;

	if (!incident) {
		take_own_steps(a, c, from);
		return;
	}
	informed = *c;
	facts = *c->facts;
	informed.facts = &facts;
	incident_inform(incident, &facts);
	take_own_steps(a, &informed, from);
}

/* --- its packets -------------------------------------------------------------------------------------------- */

guint account_evidence_of(const struct account *a, uint64_t number)
{
	guint place = a->evidence->len;

	while (place > 0 && g_array_index(a->evidence, struct account_evidence, place - 1).packet.number != number)
		place--;
	return place;
}

static void take_last(struct account *a, const struct ladder *l)
{
	GArray *last = ladder_last(l);
	const struct svg_sequence sequence = {
		.rows = (const struct ladder_row *)last->data, .rows_len = last->len, .start_ns = a->packets_from_ns};

	if (svg_sequence_explains(&sequence))
		a->trail = last;
	else
		g_array_unref(last);
}

/* --- an account ----------------------------------------------------------------------------------------------- */

static void clear_evidence(gpointer evidence)
{
	g_free(((struct account_evidence *)evidence)->text);
}

static void clear_alternative(gpointer alternative)
{
	g_free(((struct account_alternative *)alternative)->why_not);
}

static struct account *account_empty(void)
{
	struct account *a = g_new0(struct account, 1);

	a->evidence = g_array_new(FALSE, FALSE, sizeof(struct account_evidence));
	g_array_set_clear_func(a->evidence, clear_evidence);
	a->doubts = g_ptr_array_new_with_free_func(g_free);
	a->alternatives = g_array_new(FALSE, FALSE, sizeof(struct account_alternative));
	g_array_set_clear_func(a->alternatives, clear_alternative);
	a->steps = g_ptr_array_new_with_free_func(free_step);
	return a;
}

struct account *account_new(const struct hangup_case *c, const struct ladder *l, const struct incident *incident)
{
	const struct facts *f = c->facts;
	struct account *a = account_empty();
	GString *filter = g_string_new(NULL);

	take_end(&a->end[HANGUP_CLIENT], c, HANGUP_CLIENT);
	take_end(&a->end[HANGUP_SERVER], c, HANGUP_SERVER);
	a->client_known = facts_value(f, HANGUP_FACT_CLIENT_KNOWN, HANGUP_CLIENT);
	facts_packet(f, HANGUP_PACKET_FIRST, HANGUP_CLIENT, &a->first);
	facts_packet(f, HANGUP_PACKET_LAST, HANGUP_CLIENT, &a->last);
	a->vantage = (enum hangup_vantage)facts_value(f, HANGUP_FACT_VANTAGE, HANGUP_CLIENT);
	a->vantage_by = (enum hangup_vantage_by)facts_value(f, HANGUP_FACT_VANTAGE_BY, HANGUP_CLIENT);
	a->capture_loss = facts_value(f, HANGUP_FACT_CAPTURE_LOSS, HANGUP_CLIENT);
	take_evidence(a, c);
	take_alternatives(a, c);
	take_steps(a, c, incident);
	filter_append(filter, f);
	a->filter = taken(filter);
	a->packets = ladder_rows(l, c);
	a->packets_all = ladder_packets(l);
	a->packets_from_ns = ladder_start_ns(l);
	take_last(a, l);
	return a;
}

static void clear_end(struct account_end *end)
{
	g_free(end->address);
	g_ptr_array_unref(end->errors);
	g_free(end->elsewhere);
}

void account_free(struct account *a)
{
	if (!a)
		return;
	clear_end(&a->end[HANGUP_CLIENT]);
	clear_end(&a->end[HANGUP_SERVER]);
	g_array_unref(a->evidence);
	g_ptr_array_unref(a->doubts);
	g_array_unref(a->alternatives);
	g_ptr_array_unref(a->steps);
	g_free(a->filter);
	g_array_unref(a->packets);
	if (a->trail)
		g_array_unref(a->trail);
	g_free(a);
}
