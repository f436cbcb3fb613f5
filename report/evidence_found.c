/* What incidents may excuse waits beside the others until they are known, so that a scan does not take their place. */
#include "report/evidence_found.h"

#include "report/evidence_told.h"
#include "report/report.h"

struct found {
	unsigned most;
	struct lane {
		GPtrArray *told;     /* of struct told, owned */
		GPtrArray *doubtful; /* the same, of those that an incident may excuse */
		uint64_t count;
		char apart[64];      /* from the next lane's cache line */
	} lanes[REPORT_LANES_MAX];
};

static void free_told(gpointer data)
{
	told_free(data);
}

struct found *found_new(unsigned most)
{
	struct found *f = g_new0(struct found, 1);

	f->most = most;
	for (unsigned lane = 0; lane < REPORT_LANES_MAX; lane++) {
		f->lanes[lane].told = g_ptr_array_new_with_free_func(free_told);
		f->lanes[lane].doubtful = g_ptr_array_new_with_free_func(free_told);
	}
	return f;
}

void found_free(struct found *f)
{
	for (unsigned lane = 0; lane < REPORT_LANES_MAX; lane++) {
		g_ptr_array_unref(f->lanes[lane].told);
		g_ptr_array_unref(f->lanes[lane].doubtful);
	}
	g_free(f);
}

/* Of the most certain ones so many, whatever the order in which they came. */
static void shorten(GPtrArray *told, unsigned most)
{
	g_ptr_array_sort(told, told_compare);
	if (told->len > most)
		g_ptr_array_set_size(told, (gint)most);
}

void found_take(struct found *f, unsigned lane, const struct hangup_case *c, bool excusable)
{
	const unsigned most = excusable ? MAX(f->most, (unsigned)INCIDENT_EXCUSABLE_KEPT) : f->most;
	GPtrArray *mine = excusable ? f->lanes[lane].doubtful : f->lanes[lane].told;

	f->lanes[lane].count++;
	g_ptr_array_add(mine, told_new(c));
	if (mine->len >= 2 * most)
		shorten(mine, most);
}

static gint by_id(gconstpointer a, gconstpointer b)
{
	const struct told *one = *(struct told *const *)a, *other = *(struct told *const *)b;

	return one->id < other->id ? -1 : one->id > other->id;
}

static void move(GPtrArray *into, GPtrArray *from, const struct incident_list *incidents)
{
	while (from->len > 0) {
		struct told *t = g_ptr_array_steal_index_fast(from, from->len - 1);

		if (incidents && incident_excuses(incidents, t->id))
			told_free(t);
		else
			g_ptr_array_add(into, t);
	}
}

static uint64_t count_excused(const struct incident_list *incidents)
{
	uint64_t count = 0;

	for (size_t label = 0; label < HANGUP_LABEL_COUNT; label++) {
		for (size_t cause = 0; cause < HANGUP_CAUSE_COUNT; cause++)
			count += incidents->excused[label][cause];
	}
	return count;
}

GPtrArray *found_conclude(struct found *f, const struct incident_list *incidents, uint64_t *out_all)
{
	GPtrArray *told = g_ptr_array_new_with_free_func(free_told);

	*out_all = 0;
	for (unsigned lane = 0; lane < REPORT_LANES_MAX; lane++) {
		*out_all += f->lanes[lane].count;
		move(told, f->lanes[lane].told, NULL);
		move(told, f->lanes[lane].doubtful, incidents);
	}
	if (incidents)
		*out_all -= count_excused(incidents);
	shorten(told, f->most);
	g_ptr_array_sort(told, by_id);
	return told;
}
