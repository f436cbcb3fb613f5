/* Deaths at one constant age. Born at different times, busy or quiet, and each ended at the same age: a maximum lifetime.
 * When the quiet time before each end is as constant, it is an idle limit, and no age. */
#include "report/incidents/scope.h"
#include "rules/host/append.h"
#include "rules/host/text.h"
#include "rules/host/vocabulary.h"

static bool has_age(const struct ending *e)
{
	return e->severity == HANGUP_SEVERITY_ABNORMAL && e->age_ns >= 0 && !(e->flags & ENDING_ATTEMPT) && !e->stall.number &&
	       e->label != HANGUP_LABEL_MIDDLEBOX_IDLE_DROP;
}

static uint64_t by_age(const struct ending *e)
{
	return order_of_time(e->age_ns);
}

/* Endings [from, to) in order of age. */
struct row {
	guint from, to;
};

static struct row fullest_row(const GPtrArray *sorted, int64_t tolerance_ns, int64_t least_age_ns)
{
	struct row fullest = {0, 0};
	guint from = 0;

	for (guint to = 0; to < sorted->len; to++) {
		while (ending_at(sorted, to)->age_ns - ending_at(sorted, from)->age_ns > tolerance_ns)
			from++;
		if (ending_at(sorted, from)->age_ns >= least_age_ns && to + 1 - from > fullest.to - fullest.from)
			fullest = (struct row){from, to + 1};
	}
	return fullest;
}

/* --- busy or quiet, young or old ------------------------------------------------------------------------------- */

static int64_t spread(const GPtrArray *members, int64_t (*of)(const struct ending *e))
{
	int64_t least = INT64_MAX, most = INT64_MIN;

	for (guint i = 0; i < members->len; i++) {
		least = MIN(least, of(ending_at(members, i)));
		most = MAX(most, of(ending_at(members, i)));
	}
	return most - least;
}

static int64_t quiet_of(const struct ending *e)
{
	return e->quiet_ns;
}

static int64_t birth_of(const struct ending *e)
{
	return e->who.began_ns;
}

static guint count_busy(const GPtrArray *members)
{
	guint busy = 0;

	for (guint i = 0; i < members->len; i++)
		busy += ending_at(members, i)->quiet_ns >= 0 && ending_at(members, i)->quiet_ns < ending_at(members, i)->age_ns / 2;
	return busy;
}

/* Born in the same moment they would die in the same moment, whatever killed them; and what was quiet for as long as the
 * others before its end may have met an idle limit. */
static bool is_age(const GPtrArray *members, int64_t tolerance_ns)
{
	return spread(members, birth_of) > 2 * tolerance_ns &&
	       (count_busy(members) * 2 > members->len || spread(members, quiet_of) > 2 * tolerance_ns);
}

struct others {
	int64_t from_ms, to_ms; /* ages that the members reached, and the tolerance */
	int64_t younger_ms;     /* the highest age, below that, that one lived through; 0 none */
	GArray *older;  /* ids */
	guint closed_at_that_age;
};

static void see(const struct witness *w, void *user)
{
	struct others *o = user;

	if (!(w->flags & WITNESS_OPENED))
		return;
	if (w->age_ms > o->to_ms)
		g_array_append_val(o->older, w->who.id);
	else if (w->age_ms < o->from_ms)
		o->younger_ms = MAX(o->younger_ms, w->age_ms);
	else if (!(w->flags & WITNESS_OPEN))
		o->closed_at_that_age++;
}

/* --- what is said ------------------------------------------------------------------------------------------------ */

/* "20.1 s", or "19.8 s to 20.4 s". */
static void append_ages(GString *out, const GPtrArray *members)
{
	g_autoptr(GString) youngest = g_string_new(NULL), oldest = g_string_new(NULL);

	text_append_duration(youngest, ending_at(members, 0)->age_ns);
	text_append_duration(oldest, ending_at(members, members->len - 1)->age_ns);
	append_text(out, youngest->str);
	if (g_string_equal(youngest, oldest))
		return;
	append_literal(out, " to ");
	append_text(out, oldest->str);
}

static void say(struct incident *i, const GPtrArray *members)
{
	GString *text = g_string_new(NULL);

	words_count(text, members->len, "connection", "connections");
	append_literal(text, " from ");
	words_clients(text, members);
	append_literal(text, " to ");
	words_servers(text, members);
	append_literal(text, " died at the same age, ");
	append_ages(text, members);
	append_literal(text, ", busy or not: something retires connections at that age.");
	incident_say(i, text);
}

static void show(struct incident *i, const GPtrArray *members, const struct others *o)
{
	const struct ending *first = ending_at(members, 0);
	GString *text = g_string_new("they were opened over ");

	words_span(text, spread(members, birth_of));
	append_literal(text, ", and their ages differ by ");
	words_span(text, ending_at(members, members->len - 1)->age_ns - first->age_ns);
	append_literal(text, " at most");
	incident_show(i, HANGUP_LEVEL_DERIVED, &first->onset, first, text);
	text = g_string_new(NULL);
	g_string_append_printf(text, "%u of %u had traffic in the second half of their lives", count_busy(members), members->len);
	incident_show(i, HANGUP_LEVEL_DERIVED, NULL, NULL, text);
	if (o->closed_at_that_age > 0) {
		text = g_string_new(NULL);
		g_string_append_printf(text, "%u more were closed in order at that age", o->closed_at_that_age);
		incident_show(i, HANGUP_LEVEL_DERIVED, NULL, NULL, text);
	}
	text = g_string_new("the quiet time before each end differs by up to ");
	words_span(text, spread(members, quiet_of));
	incident_doubt(i, "An idle limit", text);
}

static void tell(struct inquiry *q, const GPtrArray *members, struct others *o)
{
	struct incident *i = inquiry_begin(q, INCIDENT_LIFETIME, members);

	/* The limit is not above the youngest that died of it, nor below the oldest by more than a box is late. */
	i->at_most = ending_at(members, 0)->age_ns;
	i->above = MAX(o->younger_ms * 1000000, ending_at(members, members->len - 1)->age_ns -
	                                                inquiry_threshold_ns(q, INCIDENT_THRESHOLD_AGE_TOLERANCE) - 1);
	i->confidence = less_sure(MIN(i->confidence, 0.95), o->older->len ? 0.2 : 0);
	say(i, members);
	show(i, members, o);
	incident_leave_out(i, o->older, "to the same service grew older");
}

static guint count_old_enough(const GPtrArray *sorted, int64_t age_ns)
{
	guint count = 0;

	for (guint i = 0; i < sorted->len; i++)
		count += ending_at(sorted, i)->age_ns >= age_ns;
	return count;
}

static void judge(struct inquiry *q, GPtrArray *set)
{
	const int64_t tolerance = inquiry_threshold_ns(q, INCIDENT_THRESHOLD_AGE_TOLERANCE);
	const double nearly_all = inquiry_threshold(q, INCIDENT_THRESHOLD_NEARLY_ALL);
	const struct scope scope = scope_of(SCOPE_SERVICE, ending_at(set, 0));
	struct others o = {.older = g_array_new(FALSE, FALSE, sizeof(uint64_t))};
	g_autoptr(GPtrArray) members = g_ptr_array_new();
	struct row row;

	endings_sort(set, by_age);
	row = fullest_row(set, tolerance, inquiry_threshold_ns(q, INCIDENT_THRESHOLD_AGE));
	for (guint i = row.from; i < row.to; i++)
		g_ptr_array_add(members, set->pdata[i]);
	if (members->len >= inquiry_threshold(q, INCIDENT_THRESHOLD_LEAST) && is_age(members, tolerance)) {
		o.from_ms = ending_at(members, 0)->age_ns / 1000000;
		o.to_ms = (ending_at(members, members->len - 1)->age_ns + tolerance) / 1000000;
		scope_ask(q, &scope, see, &o);
		if (members->len >= nearly_all * (count_old_enough(set, ending_at(members, 0)->age_ns) + o.older->len))
			tell(q, members, &o);
	}
	g_array_free(o.older, TRUE);
}

void find_lifetimes(struct inquiry *q)
{
	g_autoptr(GPtrArray) aged = inquiry_collect(q, has_age);
	g_autoptr(GPtrArray) services = endings_split(aged, ending_by_service);

	for (guint i = 0; i < services->len; i++)
		judge(q, services->pdata[i]);
}
