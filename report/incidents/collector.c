/* What comes in a turn is taken together, so that neither lanes nor the order within a turn show in what is kept. Of
 * endings the first ones are kept when there are too many: an incident is then told too small, and that is said. Of
 * witnesses the last ones, because a verdict comes soon after its connection's end, and witnesses are asked about what
 * happened around other ends. */
#include <string.h>

#include <glib.h>

#include "report/incidents/incident.h"
#include "report/incidents/inquiry.h"
#include "report/incidents/record.h"
#include "report/report.h"

/* What came since the last turn. */
struct lane {
	GArray *endings;   /* of struct ending */
	GArray *witnesses; /* of struct witness */
	uint64_t endings_left, attempts_left; /* that found a store full */
	char apart[64];    /* from the next lane's cache line */
};

struct store {
	GArray *endings; /* of struct ending */
	guint most;
	uint64_t left;
};

/* The last turns, oldest first; a turn is there whole or not at all. */
struct gallery {
	struct witness *witnesses; /* a ring */
	size_t size;               /* of the ring, a power of two */
	uint64_t begin, end;       /* counted over the whole run */
	GQueue turns;              /* sizes */
	uint64_t left;
};

struct incidents {
	double thresholds[INCIDENT_THRESHOLD_COUNT];
	struct lane lanes[REPORT_LANES_MAX];
	struct store established, attempts;
	struct gallery gallery;
	struct incident_list *list;
};

/* --- witnesses --------------------------------------------------------------------------------------------- */

enum { GALLERY_FIRST = 1 << 10 };

static struct witness *gallery_at(const struct gallery *g, uint64_t index)
{
	return &g->witnesses[index & (g->size - 1)];
}

static void grow_gallery(struct gallery *g, size_t wanted)
{
	struct gallery larger = *g;

	while (larger.size < MIN(wanted, (size_t)INCIDENT_WELL_MAX))
		larger.size = larger.size ? larger.size * 2 : GALLERY_FIRST;
	if (larger.size == g->size)
		return;
	larger.witnesses = g_new(struct witness, larger.size);
	for (uint64_t i = g->begin; i < g->end; i++)
		*gallery_at(&larger, i) = *gallery_at(g, i);
	g_free(g->witnesses);
	*g = larger;
}

static void make_room(struct gallery *g, size_t wanted)
{
	grow_gallery(g, (size_t)(g->end - g->begin) + wanted);
	while (g->end - g->begin + wanted > g->size && !g_queue_is_empty(&g->turns)) {
		gsize oldest = GPOINTER_TO_SIZE(g_queue_pop_head(&g->turns));

		g->begin += oldest;
		g->left += oldest;
	}
}

static void hang(struct gallery *g, const GArray *witnesses)
{
	for (guint i = 0; i < witnesses->len; i++)
		*gallery_at(g, g->end++) = g_array_index(witnesses, struct witness, i);
}

static size_t came(const struct incidents *x)
{
	size_t sum = 0;

	for (unsigned lane = 0; lane < REPORT_LANES_MAX; lane++)
		sum += x->lanes[lane].witnesses->len;
	return sum;
}

static void take_witnesses(struct incidents *x)
{
	const size_t count = came(x);

	if (count == 0)
		return;
	make_room(&x->gallery, count);
	for (unsigned lane = 0; lane < REPORT_LANES_MAX; lane++) {
		GArray *witnesses = x->lanes[lane].witnesses;

		if (count <= x->gallery.size)
			hang(&x->gallery, witnesses);
		g_array_set_size(witnesses, 0);
	}
	if (count <= x->gallery.size)
		g_queue_push_tail(&x->gallery.turns, GSIZE_TO_POINTER(count));
	else
		x->gallery.left += count; /* rounds are smaller than that */
}

/* --- endings ----------------------------------------------------------------------------------------------- */

static struct store *store_of(struct incidents *x, const struct ending *e)
{
	return e->flags & ENDING_ATTEMPT ? &x->attempts : &x->established;
}

static bool is_full(const struct store *s)
{
	return s->endings->len >= s->most;
}

static gint by_id(gconstpointer a, gconstpointer b)
{
	const struct ending *left = a, *right = b;

	return left->who.id < right->who.id ? -1 : left->who.id > right->who.id;
}

/* Keeps those with the lowest ids of a turn that is too large. */
static void cut(struct store *s, guint before)
{
	if (s->endings->len <= s->most)
		return;
	qsort(&g_array_index(s->endings, struct ending, before), s->endings->len - before, sizeof(struct ending), by_id);
	s->left += s->endings->len - s->most;
	g_array_set_size(s->endings, s->most);
}

static void take_endings(struct incidents *x)
{
	const guint established = x->established.endings->len, attempts = x->attempts.endings->len;

	for (unsigned lane = 0; lane < REPORT_LANES_MAX; lane++) {
		struct lane *l = &x->lanes[lane];

		for (guint i = 0; i < l->endings->len; i++) {
			const struct ending *e = &g_array_index(l->endings, struct ending, i);

			g_array_append_vals(store_of(x, e)->endings, e, 1);
		}
		g_array_set_size(l->endings, 0);
		x->established.left += l->endings_left;
		x->attempts.left += l->attempts_left;
		l->endings_left = l->attempts_left = 0;
	}
	cut(&x->established, established);
	cut(&x->attempts, attempts);
}

/* --- the collector ----------------------------------------------------------------------------------------- */

static struct store store_new(guint most)
{
	return (struct store){.endings = g_array_new(FALSE, FALSE, sizeof(struct ending)), .most = most};
}

struct incidents *incidents_new(const double *thresholds)
{
	struct incidents *x = g_new0(struct incidents, 1);

	for (size_t i = 0; i < INCIDENT_THRESHOLD_COUNT; i++)
		x->thresholds[i] = thresholds ? thresholds[i] : incident_rule.thresholds[i].value;
	x->established = store_new(INCIDENT_ENDINGS_MAX);
	x->attempts = store_new(INCIDENT_ATTEMPTS_MAX);
	g_queue_init(&x->gallery.turns);
	for (unsigned lane = 0; lane < REPORT_LANES_MAX; lane++) {
		x->lanes[lane].endings = g_array_new(FALSE, FALSE, sizeof(struct ending));
		x->lanes[lane].witnesses = g_array_new(FALSE, FALSE, sizeof(struct witness));
	}
	return x;
}

void incidents_free(struct incidents *x)
{
	if (!x)
		return;
	for (unsigned lane = 0; lane < REPORT_LANES_MAX; lane++) {
		g_array_free(x->lanes[lane].endings, TRUE);
		g_array_free(x->lanes[lane].witnesses, TRUE);
	}
	g_array_free(x->established.endings, TRUE);
	g_array_free(x->attempts.endings, TRUE);
	g_queue_clear(&x->gallery.turns);
	g_free(x->gallery.witnesses);
	incident_list_free(x->list);
	g_free(x);
}

bool incidents_may_include(const struct hangup_case *c)
{
	return record_is_ending(c);
}

bool incidents_may_excuse(const struct hangup_case *c)
{
	return case_verdict(c)->severity == HANGUP_SEVERITY_ABNORMAL && record_is_try(c);
}

/* Which stores are full changes in turns only. */
static void take_ending(struct incidents *x, struct lane *l, const struct hangup_case *c, bool wanted)
{
	const bool attempt = record_is_attempt(c);

	if (is_full(attempt ? &x->attempts : &x->established)) {
		*(attempt ? &l->attempts_left : &l->endings_left) += 1;
		return;
	}
	g_array_set_size(l->endings, l->endings->len + 1);
	record_ending(&g_array_index(l->endings, struct ending, l->endings->len - 1), c, wanted);
}

void incidents_take(struct incidents *x, unsigned lane, const struct hangup_case *c, bool wanted)
{
	struct lane *l = &x->lanes[lane];

	if (record_is_ending(c)) {
		take_ending(x, l, c, wanted);
		return;
	}
	g_array_set_size(l->witnesses, l->witnesses->len + 1);
	record_witness(&g_array_index(l->witnesses, struct witness, l->witnesses->len - 1), c);
}

void incidents_turn(struct incidents *x)
{
	take_endings(x);
	take_witnesses(x);
}

/* Each store is given back as soon as it is copied. */
static struct witness *take_down(struct gallery *g, size_t *out_len)
{
	struct witness *witnesses = g_new(struct witness, g->end - g->begin);

	*out_len = (size_t)(g->end - g->begin);
	for (size_t i = 0; i < *out_len; i++)
		witnesses[i] = *gallery_at(g, g->begin + i);
	g_clear_pointer(&g->witnesses, g_free);
	return witnesses;
}

const struct incident_list *incidents_conclude(struct incidents *x)
{
	GArray *endings = x->established.endings;
	size_t witnesses_len;
	g_autofree struct witness *witnesses = take_down(&x->gallery, &witnesses_len);

	g_array_append_vals(endings, x->attempts.endings->data, x->attempts.endings->len);
	g_array_set_size(x->attempts.endings, 0);
	x->list = inquiry_hold((struct ending *)(void *)endings->data, endings->len, witnesses, witnesses_len, x->thresholds);
	x->list->endings_left = x->established.left;
	x->list->attempts_left = x->attempts.left;
	x->list->well_left = x->gallery.left;
	return x->list;
}
