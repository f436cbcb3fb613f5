/* A binary heap of waiting lines, and runs: stretches of the spill file, each in order of id, each with a small
 * window of it in memory. The next line is the smallest of the heap's top and the runs' heads; it may be written
 * when its id is the next one due, or at the end. One file holds all runs, so their number costs no descriptors. */
#include "report/sorter.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

struct line {
	uint64_t id;
	char *bytes; /* NULL for an id without a line */
	size_t len;
};

/* Before each line in the spill file. */
struct run_header {
	uint64_t id;
	uint64_t len;
};

struct run {
	struct run_header head; /* the next line of this run */
	off_t next;             /* in the file: first byte not yet in the window */
	off_t end;
	char *window;
	size_t window_at, window_len;
	bool done;
};

struct sorter {
	struct output *out;
	uint64_t due; /* the id to be written next */
	size_t memory_max, memory;
	GArray *heap; /* of struct line, smallest id first */
	FILE *spill;  /* NULL until needed */
	GArray *runs; /* of struct run */
	GError *error; /* the spill failed: lines are missing */
};

enum { NO_RUN = G_MAXUINT, LINE_OVERHEAD = 64 }; /* bytes a waiting line takes beside its text */

/* --- the heap -------------------------------------------------------------------------------------- */
static struct line *heap_at(struct sorter *s, guint i)
{
	return &g_array_index(s->heap, struct line, i);
}

static void heap_swap(struct sorter *s, guint i, guint k)
{
	struct line line = *heap_at(s, i);

	*heap_at(s, i) = *heap_at(s, k);
	*heap_at(s, k) = line;
}

static void heap_push(struct sorter *s, struct line line)
{
	guint i = s->heap->len;

	g_array_append_val(s->heap, line);
	for (; i > 0 && heap_at(s, i)->id < heap_at(s, (i - 1) / 2)->id; i = (i - 1) / 2)
		heap_swap(s, i, (i - 1) / 2);
}

static struct line heap_pop(struct sorter *s)
{
	struct line top = *heap_at(s, 0);
	guint len = s->heap->len - 1;

	heap_swap(s, 0, len);
	g_array_set_size(s->heap, len);
	for (guint i = 0, child; (child = 2 * i + 1) < len; i = child) {
		if (child + 1 < len && heap_at(s, child + 1)->id < heap_at(s, child)->id)
			child++;
		if (heap_at(s, i)->id <= heap_at(s, child)->id)
			break;
		heap_swap(s, i, child);
	}
	return top;
}

/* --- runs ------------------------------------------------------------------------------------------ */
/* The file's lines are missing from now on; memory must stay bounded all the same. */
static void fail(struct sorter *s, const char *what)
{
	int saved = errno ? errno : EIO;

	if (!s->error)
		g_set_error(&s->error, G_FILE_ERROR, g_file_error_from_errno(saved),
		            "cannot keep waiting lines in %s: %s: %s", g_get_tmp_dir(), what, g_strerror(saved));
}

static bool run_refill(struct sorter *s, struct run *r)
{
	off_t left = r->end - r->next;
	size_t want = left < SORTER_RUN_BUFFER ? (size_t)left : SORTER_RUN_BUFFER;

	errno = 0;
	if (want == 0 || fseeko(s->spill, r->next, SEEK_SET) != 0 || fread(r->window, 1, want, s->spill) != want) {
		fail(s, "reading");
		return false;
	}
	r->next += (off_t)want;
	r->window_at = 0;
	r->window_len = want;
	return true;
}

/* Moves len bytes of the run to out (NULL: to the writer). */
static bool run_take(struct sorter *s, struct run *r, char *out, size_t len)
{
	while (len > 0) {
		if (r->window_at == r->window_len && !run_refill(s, r))
			return false;
		size_t step = MIN(len, r->window_len - r->window_at);
		const char *from = r->window + r->window_at;

		if (out) {
			memcpy(out, from, step);
			out += step;
		} else {
			output_write(s->out, from, step);
		}
		r->window_at += step;
		len -= step;
	}
	return true;
}

static void run_close(struct run *r)
{
	r->done = true;
	g_free(r->window);
	r->window = NULL;
}

static void run_advance(struct sorter *s, struct run *r)
{
	bool at_end = r->next == r->end && r->window_at == r->window_len;

	if (at_end || !run_take(s, r, (char *)&r->head, sizeof(r->head)))
		run_close(r);
}

static guint smallest_run(const struct sorter *s)
{
	guint best = NO_RUN;

	for (guint i = 0; i < s->runs->len; i++) {
		const struct run *r = &g_array_index(s->runs, struct run, i);

		if (!r->done && (best == NO_RUN || r->head.id < g_array_index(s->runs, struct run, best).head.id))
			best = i;
	}
	return best;
}

/* --- spilling -------------------------------------------------------------------------------------- */
static bool open_spill(struct sorter *s)
{
	g_autofree char *name = NULL;
	g_autoptr(GError) error = NULL;

	if (s->spill)
		return true;
	int fd = g_file_open_tmp("hangup-XXXXXX", &name, &error);
	if (fd < 0) {
		if (!s->error)
			s->error = g_steal_pointer(&error);
		return false;
	}
	g_unlink(name);
	s->spill = fdopen(fd, "w+b");
	if (!s->spill) {
		fail(s, "opening");
		close(fd);
	}
	return s->spill != NULL;
}

static gint compare_ids(gconstpointer a, gconstpointer b)
{
	const struct line *left = a, *right = b;

	return left->id < right->id ? -1 : left->id > right->id;
}

static bool write_line(struct sorter *s, const struct line *line)
{
	struct run_header header = {.id = line->id, .len = line->len};

	return fwrite(&header, sizeof(header), 1, s->spill) == 1
	       && (line->len == 0 || fwrite(line->bytes, line->len, 1, s->spill) == 1);
}

static bool write_run(struct sorter *s, off_t *out_start, off_t *out_end)
{
	bool good = fseeko(s->spill, 0, SEEK_END) == 0;

	*out_start = ftello(s->spill);
	for (guint i = 0; good && i < s->heap->len; i++)
		good = write_line(s, heap_at(s, i));
	*out_end = ftello(s->spill);
	return good && fflush(s->spill) == 0 && *out_start >= 0 && *out_end >= 0;
}

static void empty_heap(struct sorter *s)
{
	for (guint i = 0; i < s->heap->len; i++)
		g_free(heap_at(s, i)->bytes);
	g_array_set_size(s->heap, 0);
	s->memory = 0;
}

static void spill(struct sorter *s)
{
	struct run run = {.window = g_malloc(SORTER_RUN_BUFFER)};

	g_array_sort(s->heap, compare_ids);
	errno = 0;
	if (!open_spill(s) || !write_run(s, &run.next, &run.end)) {
		fail(s, "writing");
		g_free(run.window);
	} else {
		run_advance(s, &run);
		g_array_append_val(s->runs, run);
	}
	empty_heap(s);
}

/* --- in and out ------------------------------------------------------------------------------------ */
struct sorter *sorter_new(struct output *out, size_t memory_max)
{
	struct sorter *s = g_new0(struct sorter, 1);

	s->out = out;
	s->due = 1;
	s->memory_max = memory_max;
	s->heap = g_array_new(FALSE, FALSE, sizeof(struct line));
	s->runs = g_array_new(FALSE, FALSE, sizeof(struct run));
	return s;
}

void sorter_free(struct sorter *s)
{
	if (!s)
		return;
	empty_heap(s);
	for (guint i = 0; i < s->runs->len; i++)
		g_free(g_array_index(s->runs, struct run, i).window);
	g_array_free(s->runs, TRUE);
	g_array_free(s->heap, TRUE);
	if (s->spill)
		fclose(s->spill);
	g_clear_error(&s->error);
	g_free(s);
}

static void emit_from_heap(struct sorter *s)
{
	struct line line = heap_pop(s);

	output_write(s->out, line.bytes, line.len);
	s->memory -= line.len + LINE_OVERHEAD;
	g_free(line.bytes);
	s->due = line.id + 1;
}

static void emit_from_run(struct sorter *s, guint index)
{
	struct run *r = &g_array_index(s->runs, struct run, index);

	s->due = r->head.id + 1;
	if (run_take(s, r, NULL, (size_t)r->head.len))
		run_advance(s, r);
	else
		run_close(r);
}

/* A run that nobody reads any more gives its part of the disk back only with all others: the file is short-lived. */
static void forget_runs(struct sorter *s)
{
	g_array_set_size(s->runs, 0);
	if (s->spill && ftruncate(fileno(s->spill), 0) != 0)
		fail(s, "emptying");
}

/* Writes all that is due; at the end, everything. */
static void drain(struct sorter *s, bool at_end)
{
	for (;;) {
		guint run = smallest_run(s);

		if (run == NO_RUN && s->runs->len > 0)
			forget_runs(s);
		bool from_run = run != NO_RUN
		                && (s->heap->len == 0
		                    || g_array_index(s->runs, struct run, run).head.id < heap_at(s, 0)->id);

		if (!from_run && s->heap->len == 0)
			return;
		uint64_t id = from_run ? g_array_index(s->runs, struct run, run).head.id : heap_at(s, 0)->id;
		if (id != s->due && !at_end)
			return;
		if (from_run)
			emit_from_run(s, run);
		else
			emit_from_heap(s);
	}
}

static void keep(struct sorter *s, struct line line)
{
	heap_push(s, line);
	s->memory += line.len + LINE_OVERHEAD;
	if (s->memory > s->memory_max)
		spill(s);
}

void sorter_add(struct sorter *s, uint64_t id, const char *line, size_t len)
{
	if (id == s->due) {
		output_write(s->out, line, len);
		s->due++;
		drain(s, false);
		return;
	}
	struct line waiting = {.id = id, .bytes = g_malloc(len), .len = len};
	if (len > 0)
		memcpy(waiting.bytes, line, len);
	keep(s, waiting);
}

void sorter_skip(struct sorter *s, uint64_t id)
{
	if (id == s->due) {
		s->due++;
		drain(s, false);
	} else {
		keep(s, (struct line){.id = id});
	}
}

gboolean sorter_finish(struct sorter *s, GError **error)
{
	drain(s, true);
	if (!s->error)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&s->error));
	return FALSE;
}
