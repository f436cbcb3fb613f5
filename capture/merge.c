#include "capture/merge.h"

#include <hangup/packet_number.h>

#include "capture/merge_file.h"
#include "capture/merge_heap.h"

struct merge {
	GPtrArray *files;       /* struct merge_file, owned */
	struct merge_heap heap; /* those that have frames left */
	struct merge_file *drained; /* its frames were all handed out, and are borrowed until the next call */
	struct merge_shared shared;
	GArray *linktypes;      /* uint16_t */
	uint64_t out_of_order;
	int64_t latest_begin_ns; /* of the files added so far */
	uint64_t total;          /* bytes of all files */
	bool total_known;
};

/* --- adding -------------------------------------------------------------------------------------------- */

static void note_linktypes(struct merge *m, const struct interfaces *interfaces)
{
	for (size_t i = 0; i < interfaces_len(interfaces); i++) {
		uint16_t linktype = interfaces_get(interfaces, i)->seen.linktype;
		bool known = false;
		for (guint k = 0; k < m->linktypes->len; k++)
			known |= g_array_index(m->linktypes, uint16_t, k) == linktype;
		if (!known)
			g_array_append_val(m->linktypes, linktype);
	}
}

static void note_begin(struct merge *m, const struct merge_file *f)
{
	if (f->next_ns < m->latest_begin_ns)
		m->out_of_order++;
	m->latest_begin_ns = MAX(m->latest_begin_ns, f->next_ns);
}

static void note_size(struct merge *m, uint64_t bytes)
{
	m->total_known = m->total_known && bytes > 0;
	m->total += bytes;
}

/* Reads one frame, and forgets it unless the file cannot be opened again. */
static void look(struct merge *m, struct merge_file *f)
{
	if (!merge_file_open(f))
		return;
	note_size(m, f->file->input.file->total);
	bool any = merge_file_read(f, 1);
	note_linktypes(m, &f->file->interfaces);
	if (!any) {
		merge_file_end(f);
		return;
	}
	note_begin(m, f);
	merge_heap_push(&m->heap, f);
	if (f->file->regular)
		merge_file_forget(f);
	else
		merge_file_adopt(f);
}

void merge_add(struct merge *m, const char *path)
{
	g_return_if_fail(m->files->len < HANGUP_INPUTS_MAX);
	struct merge_file *f = merge_file_new(&m->shared, path, (uint16_t)m->files->len);
	g_ptr_array_add(m->files, f);
	look(m, f);
}

/* --- reading ------------------------------------------------------------------------------------------- */

/* More frames of the earliest file, which has handed out all it had. */
static void refill(struct merge *m, struct merge_file *f)
{
	if (merge_file_read(f, MERGE_BATCH)) {
		merge_file_adopt(f);
		merge_heap_sift_top(&m->heap);
	} else {
		merge_heap_pop(&m->heap);
		merge_file_end(f);
	}
}

static gboolean begin_turn(struct merge *m, struct merge_file *f, GError **error)
{
	if (m->shared.open == MERGE_OPEN_MAX) {
		g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_OPEN,
		            "%s: more than %d captures overlap in time here; merge some of them first: "
		            "mergecap -w merged.pcapng FILE...", f->path, MERGE_OPEN_MAX);
		return FALSE;
	}
	if (merge_file_open(f))
		refill(m, f);
	else
		merge_heap_pop(&m->heap);
	return TRUE;
}

/* Moves frames of the earliest file to out, until its next one is later than another file's. */
static size_t take_frames(struct merge *m, struct merge_file *f, struct frame *out, size_t max)
{
	const struct merge_file *second = merge_heap_second(&m->heap);
	size_t n = 0;
	while (n < max && f->at < f->len && (!second || merge_file_is_before(f, second))) {
		out[n++] = f->frames[f->at++];
		if (f->at < f->len)
			f->next_ns = f->frames[f->at].time_ns;
	}
	if (f->at < f->len)
		merge_heap_sift_top(&m->heap);
	else
		m->drained = f;
	return n;
}

size_t merge_next(struct merge *m, struct frame *out_frames, size_t max, GError **error)
{
	struct merge_file *f;
	size_t n = 0;
	if (m->drained)
		refill(m, m->drained);
	m->drained = NULL;
	while (n < max && !m->drained && (f = merge_heap_top(&m->heap))) {
		if (f->frames)
			n += take_frames(m, f, out_frames + n, max - n);
		else if (n > 0 || !begin_turn(m, f, error))
			break; /* a failure is told when all before it was handed out */
	}
	return n;
}

/* --- what is known ------------------------------------------------------------------------------------- */

const GPtrArray *merge_problems(const struct merge *m)
{
	return m->shared.problems;
}

const GPtrArray *merge_interfaces(const struct merge *m)
{
	return m->shared.interfaces;
}

const GArray *merge_linktypes(const struct merge *m)
{
	return m->linktypes;
}

uint64_t merge_out_of_order(const struct merge *m)
{
	return m->out_of_order;
}

uint64_t merge_dropped(const struct merge *m)
{
	uint64_t sum = 0;
	for (guint i = 0; i < m->files->len; i++) {
		const struct merge_file *f = g_ptr_array_index(m->files, i);
		if (f->file)
			sum = interfaces_add_up(sum, &f->file->interfaces);
	}
	return sum;
}

/* Over all files that have been opened. */
static uint64_t add_up(const struct merge *m, uint64_t (*count)(const struct file_context *context))
{
	uint64_t sum = 0;
	for (guint i = 0; i < m->files->len; i++) {
		const struct merge_file *f = g_ptr_array_index(m->files, i);
		sum += f->file ? count(&f->file->context) : 0;
	}
	return sum;
}

static uint64_t odd_times(const struct file_context *context)
{
	return context->odd_times;
}

static uint64_t comments(const struct file_context *context)
{
	return context->comments;
}

uint64_t merge_odd_times(const struct merge *m)
{
	return add_up(m, odd_times);
}

uint64_t merge_comments(const struct merge *m)
{
	return add_up(m, comments);
}

void merge_progress(const struct merge *m, uint64_t *out_done, uint64_t *out_total)
{
	*out_total = m->total_known ? m->total : 0;
	*out_done = 0;
	for (guint i = 0; i < m->files->len; i++) {
		const struct merge_file *f = g_ptr_array_index(m->files, i);
		if (f->file)
			*out_done += f->frames ? f->file->input.file->taken : f->taken;
	}
}

static void listen_if_open(gpointer file, gpointer unused)
{
	struct merge_file *f = file;
	(void)unused;
	if (f->frames)
		merge_file_listen(f);
}

void merge_on_comment(struct merge *m, source_comment_fn visit, void *user)
{
	m->shared.on_comment = visit;
	m->shared.comment_user = user;
	g_ptr_array_foreach(m->files, listen_if_open, NULL);
}

void merge_on_name(struct merge *m, source_name_fn visit, void *user)
{
	m->shared.on_name = visit;
	m->shared.name_user = user;
	g_ptr_array_foreach(m->files, listen_if_open, NULL);
}

struct merge *merge_new(void)
{
	struct merge *m = g_new0(struct merge, 1);
	m->files = g_ptr_array_new_with_free_func((GDestroyNotify)merge_file_free);
	m->shared.problems = g_ptr_array_new_with_free_func((GDestroyNotify)g_error_free);
	m->shared.interfaces = g_ptr_array_new();
	m->linktypes = g_array_new(FALSE, FALSE, sizeof(uint16_t));
	m->latest_begin_ns = INT64_MIN;
	m->total_known = true;
	merge_heap_init(&m->heap);
	return m;
}

void merge_free(struct merge *m)
{
	if (!m)
		return;
	merge_heap_clear(&m->heap);
	g_ptr_array_unref(m->shared.interfaces);
	g_ptr_array_unref(m->files);
	g_ptr_array_unref(m->shared.problems);
	g_array_unref(m->linktypes);
	g_free(m);
}
