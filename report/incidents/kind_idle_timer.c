/* A box on the path forgets what was quiet for a time. Its timer lies between the longest quiet time that a connection
 * on the same path lived through and the shortest that killed one. Which connections cross the same box is not known:
 * those that share a host, and so on, are taken to, as long as the bracket is not turned around; if it is, each service
 * is looked at by itself. */
#include <string.h>

#include "report/idle_timers.h"
#include "report/incidents/inquiry.h"
#include "rules/host/append.h"
#include "rules/host/text.h"
#include "rules/host/vocabulary.h"

static const int64_t NS_PER_S = 1000000000, NS_PER_MS = 1000000;

static bool is_casualty(const struct ending *e)
{
	return e->label == HANGUP_LABEL_MIDDLEBOX_IDLE_DROP;
}

/* --- who lived through what ---------------------------------------------------------------------------------- */

/* One that was quiet and went on. */
struct survivor {
	uint64_t id;
	int64_t quiet_ns;
	bool same_path; /* a client and a server of casualties */
};

struct bracket {
	const GPtrArray *members;
	GPtrArray *clients;            /* sets of members, in order of the client's address */
	const struct ending *shortest; /* of those that died */
	GArray *survivors;             /* of struct survivor */
	const struct survivor *longest; /* on the same path, and shorter than all that died; or NULL */
	guint longer;                  /* on the same path, longer than one that died */
};

static bool has_client(const struct bracket *b, const uint8_t address[16])
{
	guint low = 0, high = b->clients->len;

	while (low < high) {
		const guint middle = low + (high - low) / 2;
		gint order = memcmp(ending_at(b->clients->pdata[middle], 0)->who.address[HANGUP_CLIENT], address, 16);

		if (order == 0)
			return true;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

static void add_survivor(struct bracket *b, const struct meeting *who, int64_t quiet_ns)
{
	struct survivor s = {.id = who->id, .quiet_ns = quiet_ns};

	if (quiet_ns < NS_PER_S)
		return;
	s.same_path = has_client(b, who->address[HANGUP_CLIENT]);
	g_array_append_val(b->survivors, s);
}

/* `one` stands for all members of its server. */
static void add_survivors_of(const struct inquiry *q, struct bracket *b, const struct ending *one)
{
	size_t from, to;

	inquiry_of_server(q, one->who.address[HANGUP_SERVER], 0, &from, &to);
	for (size_t i = from; i < to; i++) {
		const struct witness *w = &q->witnesses[q->by_server[i]];

		add_survivor(b, &w->who, w->survived_ms * NS_PER_MS);
	}
}

/* What ended otherwise, or did not end, may have lived through a quiet time before; so may a casualty. */
static void add_survivors_that_ended(const struct inquiry *q, struct bracket *b, const struct ending *one)
{
	guint from, to;

	inquiry_of_service(q, one, &from, &to);
	for (guint i = from; i < to; i++)
		add_survivor(b, &ending_at(q->by_service, i)->who, ending_at(q->by_service, i)->survived_ns);
}

static void find_survivors(const struct inquiry *q, struct bracket *b)
{
	g_autoptr(GPtrArray) servers = endings_split(b->members, ending_by_server);
	g_autoptr(GPtrArray) services = endings_split(b->members, ending_by_service);

	for (guint i = 0; i < servers->len; i++)
		add_survivors_of(q, b, ending_at(servers->pdata[i], 0));
	for (guint i = 0; i < services->len; i++)
		add_survivors_that_ended(q, b, ending_at(services->pdata[i], 0));
}

static struct bracket bracket_new(const struct inquiry *q, const GPtrArray *members)
{
	struct bracket b = {.members = members, .clients = endings_split(members, ending_by_client), .survivors = g_array_new(FALSE, FALSE, sizeof(struct survivor))};

	for (guint i = 0; i < members->len; i++)
		if (!b.shortest || ending_at(members, i)->idle_ns < b.shortest->idle_ns)
			b.shortest = ending_at(members, i);
	find_survivors(q, &b);
	for (guint i = 0; i < b.survivors->len; i++) {
		const struct survivor *s = &g_array_index(b.survivors, struct survivor, i);

		if (!s->same_path)
			continue;
		if (s->quiet_ns >= b.shortest->idle_ns)
			b.longer++;
		else if (!b.longest || s->quiet_ns > b.longest->quiet_ns)
			b.longest = s;
	}
	return b;
}

/* --- what is said -------------------------------------------------------------------------------------------- */

static void append_bracket(GString *out, const struct bracket *b)
{
	if (b->longest) {
		append_literal(out, "more than ");
		text_append_lived(out, b->longest->quiet_ns);
		append_literal(out, " and ");
	}
	append_literal(out, "at most ");
	text_append_duration(out, b->shortest->idle_ns);
}

static void say(struct incident *i, const struct bracket *b)
{
	GString *sentence = g_string_new(NULL);

	words_count(sentence, b->members->len, "connection", "connections");
	append_literal(sentence, " from ");
	words_clients(sentence, b->members);
	append_literal(sentence, " to ");
	words_servers(sentence, b->members);
	append_literal(sentence, " died after a quiet time: a box on the path forgets connections that were without traffic for ");
	append_bracket(sentence, b);
	append_literal(sentence, ".");
	incident_say(i, sentence);
}

static void show_bracket(struct incident *i, const struct bracket *b)
{
	GString *text = g_string_new("the shortest quiet time that killed a connection: ");

	text_append_duration(text, b->shortest->idle_ns);
	g_string_append_printf(text, " (connection %" G_GUINT64_FORMAT ")", b->shortest->who.id);
	incident_show(i, HANGUP_LEVEL_DERIVED, &b->shortest->onset, b->shortest, text);
	if (!b->longest)
		return;
	text = g_string_new("the longest that one between the same hosts lived through: ");
	text_append_lived(text, b->longest->quiet_ns);
	g_string_append_printf(text, " (connection %" G_GUINT64_FORMAT "): the timer lies between", b->longest->id);
	incident_show(i, HANGUP_LEVEL_DERIVED, NULL, NULL, text);
}

/* Each way in which it showed, with the number of connections. */
static void show_ways(struct incident *i, const GPtrArray *members)
{
	for (enum hangup_cause cause = 0; cause < HANGUP_CAUSE_COUNT; cause++) {
		const struct ending *example = NULL;
		guint count = 0;

		for (guint k = 0; k < members->len; k++)
			if (ending_at(members, k)->cause == cause) {
				example = example ? example : ending_at(members, k);
				count++;
			}
		if (!example)
			continue;
		GString *text = g_string_new(NULL);
		g_string_append_printf(text, "%u of %u: %s", count, members->len, cause_meaning(cause));
		incident_show(i, HANGUP_LEVEL_OBSERVED, &example->onset, example, text);
	}
}

static void show_answers(struct incident *i, const GPtrArray *members)
{
	guint count = 0;

	for (guint k = 0; k < members->len; k++)
		count += !!(ending_at(members, k)->flags & ENDING_ANSWERED_LATER);
	if (count == 0)
		return;
	GString *text = g_string_new(NULL);
	g_string_append_printf(text, "the servers of %u of %u answered others, or the same client anew, afterwards: they were there",
	                       count, members->len);
	incident_show(i, HANGUP_LEVEL_DERIVED, NULL, NULL, text);
}

/* --- known timers -------------------------------------------------------------------------------------------- */

static bool expires_so(const struct idle_timer *t, const GPtrArray *members)
{
	for (guint i = 0; i < members->len; i++)
		switch (ending_at(members, i)->cause) {
		case HANGUP_CAUSE_IDLE_SILENT:
			if (t->expiry == IDLE_EXPIRY_SILENT)
				return true;
			break;
		case HANGUP_CAUSE_IDLE_RST_BOTH:
			if (t->expiry == IDLE_EXPIRY_RST_BOTH)
				return true;
			break;
		default: /* answered late, by the box or by the host behind it */
			if (t->expiry == IDLE_EXPIRY_RST_LATE)
				return true;
		}
	return false;
}

/* With nothing below it, a timer far below explains little (report/idle_timers.h). */
static int64_t least_timer_ns(const struct bracket *b)
{
	return b->longest ? b->longest->quiet_ns : b->shortest->idle_ns / 2;
}

static void show_timers(struct incident *i, const struct bracket *b)
{
	GString *text = g_string_new("known timers in that bracket, as shipped: ");
	size_t len, named = 0;
	const struct idle_timer *timers = idle_timers_all(&len);

	for (size_t k = 0; k < len; k++) {
		int64_t ns = timers[k].seconds * NS_PER_S;

		if (ns <= least_timer_ns(b) || ns > b->shortest->idle_ns || !expires_so(&timers[k], b->members))
			continue;
		g_string_append_printf(text, "%s%s (%" G_GINT64_FORMAT " s)", named++ ? ", " : "", timers[k].device,
		                       timers[k].seconds);
	}
	if (named == 0)
		g_string_assign(text, "no known box that behaves so is shipped with a timer in that bracket: look for one that is "
		                      "configured");
	incident_show(i, HANGUP_LEVEL_INFERRED, NULL, NULL, text);
}

/* --- what else, and what did not fit --------------------------------------------------------------------------- */

static void doubt(struct incident *i, const struct bracket *b)
{
	GString *text = g_string_new(NULL);
	guint lived = 0;

	for (guint k = 0; k < b->survivors->len; k++)
		lived += g_array_index(b->survivors, struct survivor, k).same_path &&
		         g_array_index(b->survivors, struct survivor, k).quiet_ns < b->shortest->idle_ns;
	if (lived > 0)
		g_string_append_printf(text, "%u connections between the same hosts were quiet for less than that and went on", lived);
	else
		append_literal(text, "no connection died in the middle of a conversation; none was quiet for less and lived, which would tell more");
	incident_doubt(i, "The hosts or the path failed for a time", text);
}

static void leave_out(struct incident *i, const struct bracket *b, bool same_path, const char *why)
{
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(uint64_t));

	for (guint k = 0; k < b->survivors->len; k++) {
		const struct survivor *s = &g_array_index(b->survivors, struct survivor, k);

		if (s->same_path == same_path && s->quiet_ns >= b->shortest->idle_ns)
			g_array_append_val(ids, s->id);
	}
	incident_leave_out(i, ids, why);
}

/* --- for a picture -------------------------------------------------------------------------------------------- */

static gint compare_quiet(gconstpointer a, gconstpointer b)
{
	const struct incident_quiet *left = a, *right = b;

	if (left->quiet_ns != right->quiet_ns)
		return left->quiet_ns < right->quiet_ns ? -1 : 1;
	return left->connection < right->connection ? -1 : left->connection > right->connection;
}

static gint compare_quiet_down(gconstpointer a, gconstpointer b)
{
	return compare_quiet(b, a);
}

/* Moves the first of them to the incident. */
static void keep_nearest(struct incident *i, GArray *quiet, GCompareFunc order)
{
	const size_t len = MIN(quiet->len, INCIDENT_QUIET_MAX);

	g_array_sort(quiet, order);
	i->quiet = g_renew(struct incident_quiet, i->quiet, i->quiet_len + len);
	if (len > 0)
		memcpy(i->quiet + i->quiet_len, quiet->data, len * sizeof *i->quiet);
	i->quiet_len += len;
	g_array_set_size(quiet, 0);
}

static void keep_quiet(struct incident *i, const struct bracket *b)
{
	g_autoptr(GArray) quiet = g_array_new(FALSE, FALSE, sizeof(struct incident_quiet));

	for (guint k = 0; k < b->members->len; k++) {
		const struct ending *e = ending_at(b->members, k);
		const struct incident_quiet died = {.connection = e->who.id, .quiet_ns = e->idle_ns, .died = true};

		g_array_append_val(quiet, died);
	}
	keep_nearest(i, quiet, compare_quiet);
	for (guint k = 0; k < b->survivors->len; k++) {
		const struct survivor *s = &g_array_index(b->survivors, struct survivor, k);
		const struct incident_quiet lived = {.connection = s->id, .quiet_ns = s->quiet_ns};

		if (s->same_path)
			g_array_append_val(quiet, lived);
	}
	keep_nearest(i, quiet, compare_quiet_down);
}

/* --- the kind ------------------------------------------------------------------------------------------------ */

static void tell(struct inquiry *q, const struct bracket *b)
{
	struct incident *i = inquiry_begin(q, INCIDENT_IDLE_TIMER, b->members);

	i->above = b->longest ? b->longest->quiet_ns : 0;
	i->at_most = b->shortest->idle_ns;
	if (b->longest)
		i->confidence = surer(i->confidence, 0.5);
	if (b->longer > 0)
		i->confidence = less_sure(i->confidence, 0.4);
	keep_quiet(i, b);
	say(i, b);
	show_bracket(i, b);
	show_ways(i, b->members);
	show_answers(i, b->members);
	show_timers(i, b);
	doubt(i, b);
	leave_out(i, b, true, "were quiet for longer between the same hosts and went on: not every one crosses that box, or something kept its memory fresh");
	leave_out(i, b, false, "of other clients were quiet for longer and went on: they reach these servers another way");
}

static void judge(struct inquiry *q, const GPtrArray *members, bool whole)
{
	struct bracket b;

	if (members->len < inquiry_threshold(q, INCIDENT_THRESHOLD_LEAST_ALIKE))
		return;
	b = bracket_new(q, members);
	if (b.longer == 0 || !whole || count_services(members) == 1) {
		tell(q, &b);
	} else {
		g_autoptr(GPtrArray) services = endings_split(members, ending_by_service);

		for (guint i = 0; i < services->len; i++)
			judge(q, services->pdata[i], false);
	}
	g_array_free(b.survivors, TRUE);
	g_ptr_array_unref(b.clients);
}

void find_idle_timers(struct inquiry *q)
{
	g_autoptr(GPtrArray) casualties = inquiry_collect(q, is_casualty);
	g_autoptr(GPtrArray) sets = endings_split_connected(casualties);

	for (guint i = 0; i < sets->len; i++)
		judge(q, sets->pdata[i], true);
}
