/* A source is one file, a merge of several, or interfaces, and a filter over what files hand out. One file takes the short way: its
 * reader fills the caller's frames. */
#include "capture/source.h"

#include <hangup/packet_number.h>

#include "capture/anonymous_interfaces.h"
#include "capture/capture_file.h"
#include "capture/filter.h"
#include "capture/live.h"
#include "capture/merge.h"

enum { LIVE_WAIT_MS = 200 }; /* the longest that a batch of a silent wire is waited for */

struct source {
	struct capture_file *file; /* or */
	struct merge *merge;       /* or */
	struct live *live;
	char *name;
	struct filter *filter; /* or NULL */
	struct anonymous_interfaces *anonymous; /* NULL: they are told as they are */
	uint64_t frames;
	bool ended;
	GError *end; /* why, when it did not end well */
};

G_DEFINE_QUARK(hangup-source-error, source_error)

struct source *source_open(const char *path, GError **error)
{
	g_return_val_if_fail(path != NULL, NULL);
	struct capture_file *file = capture_file_open(path, &input_budget_alone, error);
	if (!file)
		return NULL;
	struct source *s = g_new0(struct source, 1);
	s->file = file;
	s->name = g_strdup(path);
	return s;
}

struct source *source_open_many(const char *const *paths, size_t paths_len, GError **error)
{
	g_return_val_if_fail(paths_len > 0 && paths_len <= HANGUP_INPUTS_MAX, NULL);
	if (paths_len == 1)
		return source_open(paths[0], error);
	struct source *s = g_new0(struct source, 1);
	s->merge = merge_new();
	s->name = g_strdup_printf("%zu files", paths_len);
	for (size_t i = 0; i < paths_len; i++)
		merge_add(s->merge, paths[i]);
	return s;
}

struct source *source_open_live(const struct live_options *options, GError **error)
{
	struct live *live = live_open(options, error);
	if (!live)
		return NULL;
	struct source *s = g_new0(struct source, 1);
	s->live = live;
	s->name = g_strjoinv(", ", (char **)(gpointer)(uintptr_t)options->interfaces);
	return s;
}

bool source_is_capture(const char *path)
{
	return capture_file_is(path);
}

void source_free(struct source *s)
{
	if (!s)
		return;
	g_clear_error(&s->end);
	anonymous_interfaces_free(s->anonymous);
	filter_free(s->filter);
	capture_file_free(s->file);
	merge_free(s->merge);
	live_free(s->live);
	g_free(s->name);
	g_free(s);
}

static gboolean compile_for_all(struct source *s, struct filter *f, GError **error)
{
	if (s->merge) {
		const GArray *linktypes = merge_linktypes(s->merge);
		for (guint i = 0; i < linktypes->len; i++) {
			if (!filter_compile(f, g_array_index(linktypes, uint16_t, i), error))
				return FALSE;
		}
		return TRUE;
	}
	for (size_t i = 0; i < source_interfaces(s); i++) {
		if (!filter_compile(f, source_interface(s, i)->linktype, error))
			return FALSE;
	}
	return TRUE;
}

gboolean source_set_filter(struct source *s, const char *expression, GError **error)
{
	g_assert(!s->live); /* the kernel filters there */
	struct filter *f = filter_new(expression);
	if (!compile_for_all(s, f, error)) {
		filter_free(f);
		return FALSE;
	}
	filter_free(s->filter);
	s->filter = f;
	return TRUE;
}

/* Drops the frames that do not match; returns how many stay. A filter that does not compile for a link
 * type met late ends the input: leaving its frames out silently would be an answer to another question. */
static size_t source_filter(struct source *s, struct frame *frames, size_t n)
{
	size_t kept = 0;
	for (size_t i = 0; i < n && !s->end; i++) {
		if (filter_match(s->filter, &frames[i], &s->end))
			frames[kept++] = frames[i];
	}
	if (s->end)
		s->ended = true;
	return kept;
}

static size_t source_read(struct source *s, struct frame *out_frames, size_t max)
{
	return s->merge ? merge_next(s->merge, out_frames, max, &s->end)
	                : capture_file_next(s->file, out_frames, max, &s->end);
}

size_t source_next_batch(struct source *s, struct frame *out_frames, size_t max, GError **error)
{
	g_return_val_if_fail(max > 0, 0);
	if (s->live)
		return live_next(s->live, out_frames, max, LIVE_WAIT_MS);
	size_t kept = 0;
	while (kept == 0 && !s->ended) {
		size_t n = source_read(s, out_frames, max);
		s->frames += n;
		s->ended = n == 0;
		kept = s->filter ? source_filter(s, out_frames, n) : n;
	}
	if (kept == 0 && s->end)
		g_propagate_error(error, g_error_copy(s->end));
	return kept;
}

bool source_ended(const struct source *s)
{
	return s->ended;
}

void source_refresh(struct source *s)
{
	if (s->live)
		live_refresh(s->live);
}

struct packet_ring *source_ring(const struct source *s)
{
	return s->live ? live_ring(s->live) : NULL;
}

const GPtrArray *source_problems(const struct source *s)
{
	return s->merge ? merge_problems(s->merge) : NULL;
}

void source_rename(struct source *s, const char *name)
{
	g_free(s->name);
	s->name = g_strdup(name);
}

const char *source_name(const struct source *s)
{
	return s->name;
}

const char *source_format(const struct source *s)
{
	return s->file ? s->file->format->name : NULL;
}

/* Of what is no merge. */
static const struct interfaces *interfaces_of(const struct source *s)
{
	return s->live ? live_interfaces(s->live) : &s->file->interfaces;
}

size_t source_interfaces(const struct source *s)
{
	return s->merge ? merge_interfaces(s->merge)->len : interfaces_len(interfaces_of(s));
}

static const struct interface_record *find_interface(const struct source *s, size_t index)
{
	return s->merge ? g_ptr_array_index(merge_interfaces(s->merge), index) : interfaces_get(interfaces_of(s), index);
}

const struct interface *source_interface(const struct source *s, size_t index)
{
	g_return_val_if_fail(index < source_interfaces(s), NULL);
	const struct interface *real = &find_interface(s, index)->seen;
	return s->anonymous ? anonymous_interfaces_get(s->anonymous, index, real) : real;
}

const struct interface *source_interface_of(const struct source *s, const struct frame *f)
{
	return s->live ? live_interface_of(s->live, f) : source_interface(s, f->interface);
}

uint64_t source_frames(const struct source *s)
{
	return s->live ? live_frames(s->live) : s->frames;
}

uint64_t source_dropped(const struct source *s)
{
	return s->merge ? merge_dropped(s->merge) : interfaces_add_up(0, interfaces_of(s));
}

uint64_t source_dropped_by_cards(const struct source *s)
{
	return s->live ? live_dropped_by_cards(s->live) : UINT64_MAX;
}

uint64_t source_odd_times(const struct source *s)
{
	return s->merge ? merge_odd_times(s->merge) : s->file ? s->file->context.odd_times : 0;
}

uint64_t source_out_of_order(const struct source *s)
{
	return s->merge ? merge_out_of_order(s->merge) : 0;
}

int64_t source_until(const struct source *s)
{
	return s->file ? s->file->context.until_ns : INT64_MIN;
}

void source_progress(const struct source *s, uint64_t *out_done, uint64_t *out_total)
{
	if (s->merge) {
		merge_progress(s->merge, out_done, out_total);
		return;
	}
	if (s->live) {
		*out_done = live_bytes(s->live);
		*out_total = 0;
		return;
	}
	*out_done = s->file->input.file->taken;
	*out_total = s->file->input.file->total;
}

/* What has a size is there. */
bool source_may_wait(const struct source *s)
{
	uint64_t done, total;
	source_progress(s, &done, &total);
	return total == 0;
}

void source_on_comment(struct source *s, source_comment_fn visit, void *user)
{
	if (s->merge) {
		merge_on_comment(s->merge, visit, user);
		return;
	}
	if (s->live)
		return; /* it has none */
	s->file->context.on_comment = visit;
	s->file->context.comment_user = user;
}

uint64_t source_comments(const struct source *s)
{
	return s->merge ? merge_comments(s->merge) : s->file ? s->file->context.comments : 0;
}

void source_on_name(struct source *s, source_name_fn visit, void *user)
{
	if (s->merge) {
		merge_on_name(s->merge, visit, user);
		return;
	}
	if (s->live)
		return;
	s->file->context.on_name = visit;
	s->file->context.name_user = user;
}

void source_anonymize(struct source *s, struct anonymizer *anonymizer)
{
	source_on_comment(s, NULL, NULL);
	source_on_name(s, NULL, NULL);
	anonymous_interfaces_free(s->anonymous);
	s->anonymous = anonymous_interfaces_new(anonymizer);
}
