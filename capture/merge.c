#include "capture/merge.h"

#include <hangup/packet_number.h>

#include "capture/capture_file.h"
#include "capture/merge_heap.h"

enum { BATCH = 64 /* frames of a file at a time */ };

struct merge {
	GPtrArray *files;       /* struct merge_file, owned */
	struct merge_heap heap; /* those that have frames left */
	struct merge_file *drained; /* its frames were all handed out, and are borrowed until the next call */
	size_t open;            /* files */
	GPtrArray *problems;    /* GError, owned */
	GPtrArray *interfaces;  /* struct interface_record, of the files */
	GArray *linktypes;      /* uint16_t */
	uint64_t out_of_order;
	int64_t latest_begin_ns; /* of the files added so far */
	uint64_t total;          /* bytes of all files */
	bool total_known;
	source_comment_fn on_comment;
	void *comment_user;
	source_name_fn on_name;
	void *name_user;
};

/* --- one file ------------------------------------------------------------------------------------------ */

static void merge_file_free(gpointer data)
{
	struct merge_file *f = data;
	capture_file_free(f->file);
	g_free(f->frames);
	g_array_unref(f->interfaces);
	g_free(f->path);
	g_free(f);
}

static void add_problem(struct merge *m, GError *error)
{
	if (error)
		g_ptr_array_add(m->problems, error);
}

static void on_comment(uint64_t number, const char *text, size_t text_len, void *user)
{
	const struct merge_file *f = user;
	f->merge->on_comment(hangup_packet_pack(f->index, number), text, text_len, f->merge->comment_user);
}

static void pass_remarks_on(struct merge_file *f)
{
	f->file->context.on_name = f->merge->on_name;
	f->file->context.name_user = f->merge->name_user;
	f->file->context.on_comment = f->merge->on_comment ? on_comment : NULL;
	f->file->context.comment_user = f;
}

static bool open_file(struct merge_file *f)
{
	GError *error = NULL;
	f->file = capture_file_open(f->path, &input_budget_of_many, &error);
	if (error && (error->code == SOURCE_ERROR_TRUNCATED || error->code == SOURCE_ERROR_CORRUPT))
		error->code = SOURCE_ERROR_FORMAT; /* nothing before the damage that could be judged */
	add_problem(f->merge, error);
	if (!f->file)
		return false;
	f->merge->open++;
	f->frames = g_new(struct frame, BATCH);
	pass_remarks_on(f);
	return true;
}

static void close_file(struct merge_file *f)
{
	f->taken = f->file->input.file->taken;
	f->merge->open--;
	capture_file_release(f->file);
	g_clear_pointer(&f->frames, g_free);
}

/* Its next frames, up to max. False at its end, which may be a problem. */
static bool read_frames(struct merge_file *f, size_t max)
{
	GError *error = NULL;
	f->at = 0;
	f->len = capture_file_next(f->file, f->frames, max, &error);
	add_problem(f->merge, error);
	if (f->len > 0)
		f->next_ns = f->frames[0].time_ns;
	return f->len > 0;
}

/* Interfaces turn up while a file is read, and stay known when it has been. Beyond what a frame's number of one can
 * tell apart, they share the last. */
static void learn_interfaces(struct merge_file *f)
{
	GPtrArray *all = f->merge->interfaces;
	for (size_t len = interfaces_len(&f->file->interfaces); f->interfaces->len < len;) {
		if (all->len <= UINT16_MAX)
			g_ptr_array_add(all, interfaces_get(&f->file->interfaces, f->interfaces->len));
		uint16_t last = (uint16_t)(all->len - 1);
		g_array_append_val(f->interfaces, last);
	}
}

/* What a frame says of itself holds in its own file; from here on it is one of the merge. */
static void adopt_frames(struct merge_file *f)
{
	learn_interfaces(f);
	for (size_t i = 0; i < f->len; i++) {
		f->frames[i].number = hangup_packet_pack(f->index, f->frames[i].number);
		f->frames[i].interface = g_array_index(f->interfaces, uint16_t, f->frames[i].interface);
	}
}

static void end_file(struct merge_file *f)
{
	learn_interfaces(f);
	close_file(f);
}

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
static void look(struct merge_file *f)
{
	struct merge *m = f->merge;
	if (!open_file(f))
		return;
	note_size(m, f->file->input.file->total);
	bool any = read_frames(f, 1);
	note_linktypes(m, &f->file->interfaces);
	if (!any) {
		end_file(f);
		return;
	}
	note_begin(m, f);
	merge_heap_push(&m->heap, f);
	if (f->file->regular) {
		close_file(f);
		g_clear_pointer(&f->file, capture_file_free);
	} else {
		adopt_frames(f);
	}
}

void merge_add(struct merge *m, const char *path)
{
	g_return_if_fail(m->files->len < HANGUP_INPUTS_MAX);
	struct merge_file *f = g_new0(struct merge_file, 1);
	f->merge = m;
	f->path = g_strdup(path);
	f->index = (uint16_t)m->files->len;
	f->interfaces = g_array_new(FALSE, FALSE, sizeof(uint16_t));
	g_ptr_array_add(m->files, f);
	look(f);
}

/* --- reading ------------------------------------------------------------------------------------------- */

/* More frames of the earliest file, which has handed out all it had. */
static void refill(struct merge_file *f)
{
	struct merge *m = f->merge;
	if (read_frames(f, BATCH)) {
		adopt_frames(f);
		merge_heap_sift_top(&m->heap);
	} else {
		merge_heap_pop(&m->heap);
		end_file(f);
	}
}

static gboolean begin_turn(struct merge_file *f, GError **error)
{
	if (f->merge->open == MERGE_OPEN_MAX) {
		g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_OPEN,
		            "%s: more than %d captures overlap in time here; merge some of them first: "
		            "mergecap -w merged.pcapng FILE...", f->path, MERGE_OPEN_MAX);
		return FALSE;
	}
	if (open_file(f))
		refill(f);
	else
		merge_heap_pop(&f->merge->heap);
	return TRUE;
}

/* Moves frames of the earliest file to out, until its next one is later than another file's. */
static size_t take_frames(struct merge_file *f, struct frame *out, size_t max)
{
	struct merge *m = f->merge;
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
		refill(m->drained);
	m->drained = NULL;
	while (n < max && !m->drained && (f = merge_heap_top(&m->heap))) {
		if (f->frames)
			n += take_frames(f, out_frames + n, max - n);
		else if (n > 0 || !begin_turn(f, error))
			break; /* a failure is told when all before it was handed out */
	}
	return n;
}

/* --- what is known ------------------------------------------------------------------------------------- */

const GPtrArray *merge_problems(const struct merge *m)
{
	return m->problems;
}

const GPtrArray *merge_interfaces(const struct merge *m)
{
	return m->interfaces;
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

uint64_t merge_odd_times(const struct merge *m)
{
	uint64_t sum = 0;
	for (guint i = 0; i < m->files->len; i++) {
		const struct merge_file *f = g_ptr_array_index(m->files, i);
		sum += f->file ? f->file->context.odd_times : 0;
	}
	return sum;
}

uint64_t merge_comments(const struct merge *m)
{
	uint64_t sum = 0;
	for (guint i = 0; i < m->files->len; i++) {
		const struct merge_file *f = g_ptr_array_index(m->files, i);
		sum += f->file ? f->file->context.comments : 0;
	}
	return sum;
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

static void pass_on_if_open(gpointer file, gpointer unused)
{
	struct merge_file *f = file;
	(void)unused;
	if (f->frames)
		pass_remarks_on(f);
}

void merge_on_comment(struct merge *m, source_comment_fn visit, void *user)
{
	m->on_comment = visit;
	m->comment_user = user;
	g_ptr_array_foreach(m->files, pass_on_if_open, NULL);
}

void merge_on_name(struct merge *m, source_name_fn visit, void *user)
{
	m->on_name = visit;
	m->name_user = user;
	g_ptr_array_foreach(m->files, pass_on_if_open, NULL);
}

struct merge *merge_new(void)
{
	struct merge *m = g_new0(struct merge, 1);
	m->files = g_ptr_array_new_with_free_func(merge_file_free);
	m->problems = g_ptr_array_new_with_free_func((GDestroyNotify)g_error_free);
	m->interfaces = g_ptr_array_new();
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
	g_ptr_array_unref(m->interfaces);
	g_ptr_array_unref(m->files);
	g_ptr_array_unref(m->problems);
	g_array_unref(m->linktypes);
	g_free(m);
}
