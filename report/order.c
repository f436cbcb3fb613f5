/* Within a turn nothing is copied: lines are lent to those that wait, and only what still waits at the end of it is
 * kept. The lanes' buffers are small enough to stay in the cache then. */
#include "report/order.h"

#include <glib.h>

#include "report/report.h"
#include "report/waiting.h"

struct line {
	uint64_t id;
	size_t at, len; /* in the lane's text */
	bool held;
};

/* One that comes after its place was given up. */
struct late {
	uint64_t id;
	const char *bytes;
	size_t len;
};

struct lane {
	GString *text;
	size_t begun;  /* where the line being written begins */
	GArray *lines; /* of struct line, since the last turn */
	char apart[64]; /* lanes are written at the same time: none touches another's cache line */
};

struct order {
	struct output *out;
	size_t waiting_max;
	struct waiting *waiting;
	GArray *late; /* of struct late, in a turn only */
	order_tell_fn tell; /* at the end, or NULL */
	void *user;
	GString *told;
	struct lane lanes[REPORT_LANES_MAX];
};

struct order *order_new(struct output *out, size_t waiting_max)
{
	struct order *o = g_new0(struct order, 1);

	o->out = out;
	o->waiting_max = waiting_max;
	o->waiting = waiting_new();
	o->late = g_array_new(FALSE, FALSE, sizeof(struct late));
	o->told = g_string_new(NULL);
	for (unsigned lane = 0; lane < REPORT_LANES_MAX; lane++) {
		o->lanes[lane].text = g_string_new(NULL);
		o->lanes[lane].lines = g_array_new(FALSE, FALSE, sizeof(struct line));
	}
	return o;
}

void order_free(struct order *o)
{
	if (!o)
		return;
	for (unsigned lane = 0; lane < REPORT_LANES_MAX; lane++) {
		g_string_free(o->lanes[lane].text, TRUE);
		g_array_free(o->lanes[lane].lines, TRUE);
	}
	g_array_free(o->late, TRUE);
	g_string_free(o->told, TRUE);
	waiting_free(o->waiting);
	g_free(o);
}

GString *order_line(struct order *o, unsigned lane)
{
	g_assert(lane < REPORT_LANES_MAX);
	return o->lanes[lane].text;
}

static void end_line(struct lane *l, uint64_t id, bool held)
{
	struct line line = {.id = id, .at = l->begun, .len = l->text->len - l->begun, .held = held};

	g_array_append_val(l->lines, line);
	l->begun = l->text->len;
}

void order_end_line(struct order *o, unsigned lane, uint64_t id)
{
	end_line(&o->lanes[lane], id, false);
}

void order_hold_line(struct order *o, unsigned lane, uint64_t id)
{
	end_line(&o->lanes[lane], id, true);
}

/* --- a turn ---------------------------------------------------------------------------------------- */
typedef void (*line_fn)(struct order *o, const struct line *line, const char *bytes);

static void each_line(struct order *o, line_fn take)
{
	for (unsigned lane = 0; lane < REPORT_LANES_MAX; lane++) {
		const struct lane *l = &o->lanes[lane];

		for (guint i = 0; i < l->lines->len; i++) {
			const struct line *line = &g_array_index(l->lines, struct line, i);

			take(o, line, l->text->str + line->at);
		}
	}
}

static void sort_in(struct order *o, const struct line *line, const char *bytes)
{
	struct late late = {.id = line->id, .bytes = bytes, .len = line->len};

	if (line->id < waiting_due(o->waiting)) {
		g_array_append_val(o->late, late);
		return;
	}
	waiting_lend(o->waiting, line->id, bytes, line->len);
	if (line->held)
		waiting_hold(o->waiting, line->id);
}

static void keep(struct order *o, const struct line *line, const char *bytes)
{
	(void)bytes;
	if (line->id >= waiting_due(o->waiting))
		waiting_keep(o->waiting, line->id);
}

static gint compare_ids(gconstpointer a, gconstpointer b)
{
	const struct late *left = a, *right = b;

	return left->id < right->id ? -1 : left->id > right->id;
}

static void write_late(struct order *o)
{
	g_array_sort(o->late, compare_ids);
	for (guint i = 0; i < o->late->len; i++) {
		const struct late *late = &g_array_index(o->late, struct late, i);

		output_write(o->out, late->bytes, late->len);
	}
	g_array_set_size(o->late, 0);
}

static void write_line(struct order *o, uint64_t id, const char *bytes, size_t len)
{
	g_string_truncate(o->told, 0);
	if (o->tell && len > 0 && o->tell(o->told, id, bytes, len, o->user))
		output_string(o->out, o->told);
	else
		output_write(o->out, bytes, len);
}

static void write_due(struct order *o)
{
	const char *bytes;
	size_t len;

	for (uint64_t id = waiting_due(o->waiting); waiting_take(o->waiting, &bytes, &len); id++)
		write_line(o, id, bytes, len);
}

static void turn(struct order *o, size_t waiting_max)
{
	each_line(o, sort_in);
	write_late(o);
	write_due(o);
	if (waiting_bytes(o->waiting) > waiting_max) {
		waiting_hold_no_more(o->waiting);
		write_due(o);
	}
	while (waiting_bytes(o->waiting) > waiting_max) {
		waiting_give_up(o->waiting);
		write_due(o);
	}
	each_line(o, keep);
	for (unsigned lane = 0; lane < REPORT_LANES_MAX; lane++) {
		g_array_set_size(o->lanes[lane].lines, 0);
		g_string_truncate(o->lanes[lane].text, 0);
		o->lanes[lane].begun = 0;
	}
}

void order_turn(struct order *o)
{
	turn(o, o->waiting_max);
}

void order_finish(struct order *o)
{
	turn(o, 0);
}

void order_finish_telling(struct order *o, order_tell_fn tell, void *user)
{
	o->tell = tell;
	o->user = user;
	order_finish(o);
}
