/* A heap with the least telling ending on top: the one that has to go when a better one comes. */
#include "report/telling.h"

struct ending {
	struct rank rank;
	char *text;
};

struct telling {
	guint max;
	GArray *endings; /* of struct ending */
};

struct rank rank_of(const struct hangup_case *c)
{
	const struct hangup_claim *verdict = case_verdict(c);

	return (struct rank){verdict->severity, verdict->confidence, c->facts->id};
}

static bool tells_more(const struct rank *a, const struct rank *b)
{
	if (a->severity != b->severity)
		return a->severity > b->severity;
	if (a->confidence != b->confidence)
		return a->confidence > b->confidence;
	return a->id < b->id;
}

struct telling *telling_new(guint max)
{
	struct telling *t = g_new(struct telling, 1);

	t->max = max;
	t->endings = g_array_new(FALSE, FALSE, sizeof(struct ending));
	return t;
}

static struct ending *ending_at(const struct telling *t, guint i)
{
	return &g_array_index(t->endings, struct ending, i);
}

void telling_free(struct telling *t)
{
	for (guint i = 0; i < t->endings->len; i++)
		g_free(ending_at(t, i)->text);
	g_array_free(t->endings, TRUE);
	g_free(t);
}

static void swap(struct telling *t, guint i, guint k)
{
	struct ending ending = *ending_at(t, i);

	*ending_at(t, i) = *ending_at(t, k);
	*ending_at(t, k) = ending;
}

static void push(struct telling *t, struct ending ending)
{
	guint i = t->endings->len;

	g_array_append_val(t->endings, ending);
	for (; i > 0 && tells_more(&ending_at(t, (i - 1) / 2)->rank, &ending_at(t, i)->rank); i = (i - 1) / 2)
		swap(t, i, (i - 1) / 2);
}

static void replace_least(struct telling *t, struct ending ending)
{
	guint len = t->endings->len;

	g_free(ending_at(t, 0)->text);
	*ending_at(t, 0) = ending;
	for (guint i = 0, child; (child = 2 * i + 1) < len; i = child) {
		if (child + 1 < len && tells_more(&ending_at(t, child)->rank, &ending_at(t, child + 1)->rank))
			child++;
		if (tells_more(&ending_at(t, child)->rank, &ending_at(t, i)->rank))
			break;
		swap(t, i, child);
	}
}

bool telling_wants(const struct telling *t, const struct rank *rank)
{
	return t->endings->len < t->max || tells_more(rank, &ending_at(t, 0)->rank);
}

void telling_take(struct telling *t, const struct rank *rank, char *text)
{
	struct ending ending = {.rank = *rank, .text = text};

	if (t->endings->len < t->max)
		push(t, ending);
	else
		replace_least(t, ending);
}

void telling_leave_out(struct telling *t, bool (*leaves)(uint64_t id, const void *user), const void *user)
{
	g_autoptr(GArray) all = t->endings;

	t->endings = g_array_new(FALSE, FALSE, sizeof(struct ending));
	for (guint i = 0; i < all->len; i++) {
		const struct ending *ending = &g_array_index(all, struct ending, i);

		if (leaves(ending->rank.id, user))
			g_free(ending->text);
		else
			push(t, *ending);
	}
}

void telling_move(struct telling *t, struct telling *from)
{
	for (guint i = 0; i < from->endings->len; i++) {
		struct ending *ending = ending_at(from, i);

		if (telling_wants(t, &ending->rank))
			telling_take(t, &ending->rank, ending->text);
		else
			g_free(ending->text);
	}
	g_array_set_size(from->endings, 0);
}

static gint compare_endings(gconstpointer a, gconstpointer b)
{
	const struct ending *left = a, *right = b;

	return tells_more(&left->rank, &right->rank) ? -1 : tells_more(&right->rank, &left->rank);
}

void telling_sort(struct telling *t)
{
	g_array_sort(t->endings, compare_endings);
}

guint telling_len(const struct telling *t)
{
	return t->endings->len;
}

const char *telling_text(const struct telling *t, guint i)
{
	return ending_at(t, i)->text;
}

uint64_t telling_id(const struct telling *t, guint i)
{
	return ending_at(t, i)->rank.id;
}
