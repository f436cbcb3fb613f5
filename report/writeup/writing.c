/* Endings are kept by lanes until a turn, then together. When there are more than WRITEUP_ENDINGS_MAX those stay that had
 * been connections, and of equals those that began first: a flood of refused attempts cannot push the others out. Which
 * stay does not depend on the order in which they came, so neither on threads. */
#include "report/writeup/writing.h"

#include <string.h>

#include "report/candidate.h"
#include "report/ladder.h"
#include "report/sentence.h"
#include "report/svg/svg.h"
#include "report/who.h"
#include "report/writeup/account.h"
#include "report/writeup/headline.h"

/* What came since the last turn. */
struct lane {
	struct text_counts counts;
	uint64_t vantages[HANGUP_VANTAGE_COUNT][HANGUP_VANTAGE_BY_COUNT];
	struct density density;
	GPtrArray *endings; /* of struct writeup_ending */
	char apart[64];     /* from the next lane's cache line */
};

struct writing {
	const struct report_options *options;
	size_t details;
	struct writeup *writeup;
	struct lane lanes[REPORT_LANES_MAX];
	GHashTable *ladders; /* by id, of struct ladder: of the connections to be told whole */
};

static void free_ladder(gpointer ladder)
{
	ladder_free(ladder);
}

struct writing *writing_new(const struct report_options *options, size_t details)
{
	struct writing *w = g_new0(struct writing, 1);

	w->options = options;
	w->details = MIN(details, WRITEUP_DETAILS_MAX);
	w->writeup = writeup_new();
	w->writeup->collected = incidents_new(options->incident_thresholds);
	w->ladders = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, free_ladder);
	for (unsigned lane = 0; lane < REPORT_LANES_MAX; lane++)
		w->lanes[lane].endings = g_ptr_array_new();
	return w;
}

/* --- the first reading ------------------------------------------------------------------------------------- */

void writing_begin(struct writing *w, int64_t first_ns)
{
	density_init(&w->writeup->density, first_ns);
	for (unsigned lane = 0; lane < REPORT_LANES_MAX; lane++)
		density_init(&w->lanes[lane].density, first_ns);
}

/* Of the last packet that the verdict rests on, else of the last one. */
static int64_t ended_ns(const struct hangup_case *c)
{
	const struct hangup_claim *verdict = case_verdict(c);
	struct hangup_packet packet;

	facts_packet(c->facts, HANGUP_PACKET_LAST, HANGUP_CLIENT, &packet);
	for (size_t i = 0; i < verdict->evidence_len; i++) {
		if (verdict->evidence[i].packet.number)
			packet = verdict->evidence[i].packet;
	}
	return packet.time_ns;
}

static struct writeup_ending *ending_of(const struct hangup_case *c)
{
	const struct hangup_claim *verdict = case_verdict(c);
	struct writeup_ending *e = g_new0(struct writeup_ending, 1);
	g_autoptr(GString) sentence = g_string_new(NULL);
	struct hangup_packet first, last;

	facts_packet(c->facts, HANGUP_PACKET_FIRST, HANGUP_CLIENT, &first);
	facts_packet(c->facts, HANGUP_PACKET_LAST, HANGUP_CLIENT, &last);
	sentence_append(sentence, c, false);
	e->id = c->facts->id;
	memcpy(e->end, c->facts->end, sizeof(e->end));
	e->ip_version = c->facts->ip_version;
	e->began = who_was_connected(c->facts, HANGUP_CLIENT) || who_was_connected(c->facts, HANGUP_SERVER);
	e->begin_ns = first.time_ns;
	e->end_ns = last.time_ns;
	e->time_ns = ended_ns(c);
	e->label = verdict->label;
	e->cause = verdict->cause;
	e->actor = verdict->actor;
	e->severity = verdict->severity;
	e->confidence = verdict->confidence;
	e->sentence = g_strdup(sentence->str);
	return e;
}

/* How it fits the error that is asked for. */
static void fit(struct writeup_ending *e, const struct candidate *candidate, const struct error_asked *asked)
{
	GString *fits = g_string_new(NULL);

	candidate_append(fits, candidate, asked);
	e->score = candidate->score;
	e->told = candidate->told;
	e->away_ns = candidate->away_ns;
	e->fits = g_string_free(fits, FALSE);
}

void writing_count(struct writing *w, unsigned lane, const struct hangup_case *c)
{
	struct lane *l = &w->lanes[lane];
	const struct hangup_claim *verdict = case_verdict(c);
	struct candidate candidate;

	const bool wanted = report_selected(&w->options->selection, c);
	struct hangup_packet first, last;

	incidents_take(w->writeup->collected, lane, c, wanted);
	if (!wanted)
		return;
	text_counts_add(&l->counts, verdict);
	l->vantages[facts_value(c->facts, HANGUP_FACT_VANTAGE, HANGUP_CLIENT)]
	           [facts_value(c->facts, HANGUP_FACT_VANTAGE_BY, HANGUP_CLIENT)]++;
	facts_packet(c->facts, HANGUP_PACKET_FIRST, HANGUP_CLIENT, &first);
	facts_packet(c->facts, HANGUP_PACKET_LAST, HANGUP_CLIENT, &last);
	density_add(&l->density, first.time_ns, last.time_ns);
	if (w->options->asked ? !candidate_of(c, w->options->asked, &candidate) : !text_summary_lists(w->options, verdict))
		return;
	l->counts.listable++;
	g_ptr_array_add(l->endings, ending_of(c));
	if (w->options->asked)
		fit(l->endings->pdata[l->endings->len - 1], &candidate, w->options->asked);
}

/* --- a turn ---------------------------------------------------------------------------------------------------- */

static gint by_weight(gconstpointer a, gconstpointer b)
{
	const struct writeup_ending *one = *(struct writeup_ending *const *)a, *other = *(struct writeup_ending *const *)b;

	if (one->score != other->score)
		return one->score > other->score ? -1 : 1;
	if (one->began != other->began)
		return one->began ? -1 : 1;
	return one->id < other->id ? -1 : one->id > other->id;
}

/* Frees those that weigh least. */
static void bound(GPtrArray *endings, guint max)
{
	if (endings->len <= max)
		return;
	g_ptr_array_sort(endings, by_weight);
	g_ptr_array_set_size(endings, (gint)max);
}

static void move_vantages(struct writeup *into, struct lane *from)
{
	for (size_t vantage = 0; vantage < HANGUP_VANTAGE_COUNT; vantage++) {
		for (size_t by = 0; by < HANGUP_VANTAGE_BY_COUNT; by++)
			into->vantages[vantage][by] += from->vantages[vantage][by];
	}
	memset(from->vantages, 0, sizeof(from->vantages));
}

static void move_endings(struct writeup *into, struct lane *from)
{
	for (guint i = 0; i < from->endings->len; i++)
		g_ptr_array_add(into->endings, from->endings->pdata[i]);
	g_ptr_array_set_size(from->endings, 0);
}

void writing_turn(struct writing *w)
{
	for (unsigned lane = 0; lane < REPORT_LANES_MAX; lane++) {
		move_vantages(w->writeup, &w->lanes[lane]);
		move_endings(w->writeup, &w->lanes[lane]);
		density_move(&w->writeup->density, &w->lanes[lane].density);
		text_counts_move(&w->writeup->counts, &w->lanes[lane].counts);
	}
	incidents_turn(w->writeup->collected);
	if (w->writeup->endings->len > 2 * WRITEUP_ENDINGS_MAX) /* now and then: sorting has its price */
		bound(w->writeup->endings, WRITEUP_ENDINGS_MAX);
}

/* --- between the two -------------------------------------------------------------------------------------------- */

/* The likeliest first when an error is asked for; in order of incident, those in none last; then of time. */
static gint by_story(gconstpointer a, gconstpointer b)
{
	const struct writeup_ending *one = *(struct writeup_ending *const *)a, *other = *(struct writeup_ending *const *)b;

	if (one->score != other->score)
		return one->score > other->score ? -1 : 1;
	if (one->fits)
		return one->id < other->id ? -1 : one->id > other->id;
	if (one->incident != other->incident)
		return one->incident - 1 < other->incident - 1 ? -1 : 1; /* 0 becomes the largest */
	if (one->time_ns != other->time_ns)
		return one->time_ns < other->time_ns ? -1 : 1;
	return one->id < other->id ? -1 : one->id > other->id;
}

/* An ending, and how many of its incident come before it. */
struct promise {
	struct writeup_ending *ending;
	guint place;
};

static gint by_promise(gconstpointer a, gconstpointer b)
{
	const struct promise *one = a, *other = b;

	if (one->place != other->place)
		return one->place < other->place ? -1 : 1;
	if (one->ending->severity != other->ending->severity)
		return one->ending->severity > other->ending->severity ? -1 : 1;
	return by_weight(&one->ending, &other->ending);
}

/* One of each incident first, then another of each: so every incident is shown as well as it can be. */
static GArray *promises_of(const GPtrArray *endings)
{
	GArray *promises = g_array_new(FALSE, FALSE, sizeof(struct promise));
	guint place = 0;

	for (guint i = 0; i < endings->len; i++) {
		struct writeup_ending *e = endings->pdata[i];
		const struct writeup_ending *before = i ? endings->pdata[i - 1] : NULL;

		place = e->incident && before && before->incident == e->incident ? place + 1 : 0;
		const struct promise promise = {.ending = e, .place = place};
		g_array_append_val(promises, promise);
	}
	g_array_sort(promises, by_promise);
	return promises;
}

static void choose(struct writing *w)
{
	g_autoptr(GArray) promises = promises_of(w->writeup->endings);

	for (guint i = 0; i < MIN(promises->len, w->details); i++) {
		struct writeup_ending *e = g_array_index(promises, struct promise, i).ending;

		g_hash_table_insert(w->ladders, &e->id, ladder_new(SVG_LADDER_ROWS));
	}
}

static void mark_incidents(struct writeup *w)
{
	for (size_t i = 0; i < w->incidents->len; i++) {
		const struct incident *incident = &w->incidents->incidents[i];

		for (size_t k = 0; k < incident->connections_len; k++) {
			struct writeup_ending *e = g_hash_table_lookup(w->by_id, &incident->connections[k]);

			if (e)
				e->incident = incident->id;
		}
	}
}

/* Ended badly only as long as each is looked at alone. What is asked for by label, severity or error is told of all the
 * same. */
static void excuse(struct writing *w)
{
	struct writeup *out = w->writeup;
	const uint64_t excused = text_counts_excuse(&out->counts, out->incidents);

	if (w->options->asked || w->options->selection.labels || w->options->selection.severities)
		return;
	out->counts.listable -= excused;
	for (guint i = out->endings->len; i-- > 0;) {
		if (incident_excuses(out->incidents, writeup_ending_at(out, i)->id))
			g_ptr_array_remove_index_fast(out->endings, i); /* their order is made later */
	}
}

void writing_choose(struct writing *w, const struct run_summary *summary)
{
	struct writeup *out = w->writeup;

	writing_turn(w);
	out->incidents = incidents_conclude(out->collected);
	excuse(w);
	bound(out->endings, w->options->asked ? w->options->asked->best : (guint)WRITEUP_ENDINGS_MAX);
	out->summary = *summary;
	out->endings_left = out->counts.listable - out->endings->len;
	for (guint i = 0; i < out->endings->len; i++) {
		struct writeup_ending *e = out->endings->pdata[i];

		g_hash_table_insert(out->by_id, &e->id, e);
	}
	mark_incidents(out);
	g_ptr_array_sort(out->endings, by_story);
	choose(w);
}

const struct incident_list *writing_incidents(const struct writing *w)
{
	return w->writeup->incidents;
}

/* --- the second reading -------------------------------------------------------------------------------------------- */

void writing_segment(struct writing *w, const struct segment *segment, uint64_t id, enum hangup_side sender)
{
	struct ladder *ladder = g_hash_table_lookup(w->ladders, &id);

	if (ladder)
		ladder_add(ladder, segment, sender);
}

/* A file that changed between the two readings says something else now: then the row stands alone. */
void writing_tell(struct writing *w, const struct hangup_case *c)
{
	const uint64_t id = c->facts->id;
	const struct ladder *ladder = g_hash_table_lookup(w->ladders, &id);
	struct writeup_ending *e = g_hash_table_lookup(w->writeup->by_id, &id);
	const struct hangup_claim *verdict = case_verdict(c);

	if (!ladder || !e || e->account || verdict->label != e->label || verdict->cause != e->cause)
		return;
	e->account = account_new(c, ladder, incident_of(w->writeup->incidents, id));
}

/* --- the end --------------------------------------------------------------------------------------------------------- */

static void count_accounts(struct writeup *w)
{
	for (guint i = 0; i < w->endings->len; i++)
		w->accounts += writeup_ending_at(w, i)->account != NULL;
}

static void take_asked(struct writeup *w, const struct error_asked *asked)
{
	w->asked = g_strdup(asked->text);
	w->has_asked_time = asked->has_time;
	w->asked_ns = asked->at_ns;
	w->skew_ns = asked->skew_ns;
}

struct writeup *writing_finish(struct writing *w)
{
	struct writeup *out = w->writeup;

	if (!out->incidents) /* nothing could be read */
		writing_choose(w, &out->summary);
	count_accounts(out);
	out->input = g_strdup(w->options->input_name);
	out->again = g_strdup(w->options->input_again);
	if (w->options->asked)
		take_asked(out, w->options->asked);
	headline_write(out);
	g_hash_table_unref(w->ladders);
	for (unsigned lane = 0; lane < REPORT_LANES_MAX; lane++)
		g_ptr_array_unref(w->lanes[lane].endings);
	g_free(w);
	return out;
}
