/* A source is an input, the reader of whatever format the input turned out to have, and a filter over what
 * that reader hands out. Formats are tried in order by the first bytes, as file(1) would. */
#include "capture/source.h"

#include <string.h>

#include "capture/file_format.h"
#include "capture/filter.h"
#include "capture/foreign_format.h"

static const struct file_format *const formats[] = { &pcap_file_format, &pcapng_file_format, &snoop_file_format };

struct source {
	struct input input;
	struct interfaces interfaces;
	struct file_context context; /* the reader's view of this source */
	const struct file_format *format;
	void *reader;
	struct filter *filter; /* or NULL */
	uint64_t frames;
	bool ended;
	GError *end; /* why, when it did not end well */
};

G_DEFINE_QUARK(hangup-source-error, source_error)

static const struct file_format *find_format(const struct input *in)
{
	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
		if (formats[i]->matches(input_bytes(in), input_len(in)))
			return formats[i];
	}
	return NULL;
}

/* Only a file that is no known capture is read this far ahead: a pipe that has sent the few bytes of a
 * capture's head must not wait for more. */
static void set_foreign(struct input *in, GError **error)
{
	GError *read_error = NULL;
	if (!input_fill(in, FOREIGN_FORMAT_BYTES, &read_error) && read_error) {
		g_propagate_error(error, read_error);
		return;
	}
	g_autofree char *text = foreign_format_describe(in->name, input_bytes(in), input_len(in));
	g_set_error_literal(error, SOURCE_ERROR, SOURCE_ERROR_FORMAT, text);
}

static gboolean source_open_format(struct source *s, GError **error)
{
	enum { ENOUGH_TO_TELL = 12 };
	if (!input_open_packed(&s->input, ENOUGH_TO_TELL, error))
		return FALSE;
	if (input_len(&s->input) == 0) {
		g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_EMPTY, "%s: is empty (0 bytes)", s->input.name);
		return FALSE;
	}
	s->format = find_format(&s->input);
	if (!s->format) {
		set_foreign(&s->input, error);
		return FALSE;
	}
	s->reader = s->format->open(&s->context, error);
	return s->reader != NULL;
}

struct source *source_open(const char *path, GError **error)
{
	g_return_val_if_fail(path != NULL, NULL);
	struct source *s = g_new0(struct source, 1);
	interfaces_init(&s->interfaces);
	s->context = (struct file_context){ .input = &s->input, .interfaces = &s->interfaces };
	if (!input_init(&s->input, path, &input_budget_alone, error) || !source_open_format(s, error)) {
		source_free(s);
		return NULL;
	}
	return s;
}

void source_free(struct source *s)
{
	if (!s)
		return;
	g_clear_error(&s->end);
	filter_free(s->filter);
	if (s->reader)
		s->format->free(s->reader);
	interfaces_clear(&s->interfaces);
	input_clear(&s->input);
	g_free(s);
}

gboolean source_set_filter(struct source *s, const char *expression, GError **error)
{
	struct filter *f = filter_new(expression);
	for (size_t i = 0; i < interfaces_len(&s->interfaces); i++) {
		if (!filter_compile(f, interfaces_get(&s->interfaces, i)->seen.linktype, error)) {
			filter_free(f);
			return FALSE;
		}
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

size_t source_next_batch(struct source *s, struct frame *out_frames, size_t max, GError **error)
{
	g_return_val_if_fail(max > 0, 0);
	size_t kept = 0;
	while (kept == 0 && !s->ended) {
		size_t n = s->format->next(s->reader, out_frames, max, &s->end);
		s->frames += n;
		s->ended = n == 0;
		kept = s->filter ? source_filter(s, out_frames, n) : n;
	}
	if (kept == 0 && s->end)
		g_propagate_error(error, g_error_copy(s->end));
	return kept;
}

const char *source_name(const struct source *s)
{
	return s->input.name;
}

const char *source_format(const struct source *s)
{
	return s->format->name;
}

size_t source_interfaces(const struct source *s)
{
	return interfaces_len(&s->interfaces);
}

const struct interface *source_interface(const struct source *s, size_t index)
{
	g_return_val_if_fail(index < interfaces_len(&s->interfaces), NULL);
	return &interfaces_get(&s->interfaces, index)->seen;
}

uint64_t source_frames(const struct source *s)
{
	return s->frames;
}

uint64_t source_dropped(const struct source *s)
{
	return interfaces_dropped(&s->interfaces);
}

uint64_t source_odd_times(const struct source *s)
{
	return s->context.odd_times;
}

void source_progress(const struct source *s, uint64_t *out_done, uint64_t *out_total)
{
	*out_done = s->input.file->taken;
	*out_total = s->input.file->total;
}

void source_on_comment(struct source *s, source_comment_fn visit, void *user)
{
	s->context.on_comment = visit;
	s->context.comment_user = user;
}
