#include "capture/merge_file.h"

#include <hangup/packet_number.h>

#include "capture/interfaces.h"

struct merge_file *merge_file_new(struct merge_shared *shared, const char *path, uint16_t index)
{
	struct merge_file *f = g_new0(struct merge_file, 1);
	f->shared = shared;
	f->path = g_strdup(path);
	f->index = index;
	f->interfaces = g_array_new(FALSE, FALSE, sizeof(uint16_t));
	return f;
}

void merge_file_free(struct merge_file *f)
{
	capture_file_free(f->file);
	g_free(f->frames);
	g_array_unref(f->interfaces);
	g_free(f->path);
	g_free(f);
}

static void add_problem(struct merge_shared *shared, GError *error)
{
	if (error)
		g_ptr_array_add(shared->problems, error);
}

static void on_comment(uint64_t number, const char *text, size_t text_len, void *user)
{
	const struct merge_file *f = user;
	f->shared->on_comment(hangup_packet_pack(f->index, number), text, text_len, f->shared->comment_user);
}

void merge_file_listen(struct merge_file *f)
{
	struct file_context *context = &f->file->context;
	context->on_comment = f->shared->on_comment ? on_comment : NULL;
	context->comment_user = f;
	context->on_name = f->shared->on_name;
	context->name_user = f->shared->name_user;
}

bool merge_file_open(struct merge_file *f)
{
	GError *error = NULL;
	f->file = capture_file_open(f->path, &input_budget_of_many, &error);
	if (error && (error->code == SOURCE_ERROR_TRUNCATED || error->code == SOURCE_ERROR_CORRUPT))
		error->code = SOURCE_ERROR_FORMAT; /* nothing before the damage that could be judged */
	add_problem(f->shared, error);
	if (!f->file)
		return false;
	f->shared->open++;
	f->frames = g_new(struct frame, MERGE_BATCH);
	merge_file_listen(f);
	return true;
}

bool merge_file_read(struct merge_file *f, size_t max)
{
	GError *error = NULL;
	f->at = 0;
	f->len = capture_file_next(f->file, f->frames, max, &error);
	add_problem(f->shared, error);
	if (f->len > 0)
		f->next_ns = f->frames[0].time_ns;
	return f->len > 0;
}

/* Interfaces turn up while a file is read, and stay known when it has been. Beyond what a frame's number of one can
 * tell apart, they share the last. */
static void learn_interfaces(struct merge_file *f)
{
	GPtrArray *all = f->shared->interfaces;
	for (size_t len = interfaces_len(&f->file->interfaces); f->interfaces->len < len;) {
		if (all->len <= UINT16_MAX)
			g_ptr_array_add(all, interfaces_get(&f->file->interfaces, f->interfaces->len));
		uint16_t last = (uint16_t)(all->len - 1);
		g_array_append_val(f->interfaces, last);
	}
}

void merge_file_adopt(struct merge_file *f)
{
	learn_interfaces(f);
	for (size_t i = 0; i < f->len; i++) {
		f->frames[i].number = hangup_packet_pack(f->index, f->frames[i].number);
		f->frames[i].interface = g_array_index(f->interfaces, uint16_t, f->frames[i].interface);
	}
}

static void close_file(struct merge_file *f)
{
	f->taken = f->file->input.file->taken;
	f->shared->open--;
	capture_file_release(f->file);
	g_clear_pointer(&f->frames, g_free);
}

void merge_file_end(struct merge_file *f)
{
	learn_interfaces(f);
	close_file(f);
}

void merge_file_forget(struct merge_file *f)
{
	close_file(f);
	g_clear_pointer(&f->file, capture_file_free);
}
