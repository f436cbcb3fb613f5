/* Formats are tried in order by the first bytes, as file(1) would. */
#include "capture/capture_file.h"

#include "capture/foreign_format.h"
#include "capture/source.h"

static const struct file_format *const formats[] = { &pcap_file_format, &pcapng_file_format, &snoop_file_format };

enum { ENOUGH_TO_TELL = 12 /* bytes */ };

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

static gboolean open_format(struct capture_file *f, GError **error)
{
	if (!input_open_packed(&f->input, ENOUGH_TO_TELL, error))
		return FALSE;
	if (input_len(&f->input) == 0) {
		g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_EMPTY, "%s: is empty (0 bytes)", f->input.name);
		return FALSE;
	}
	f->format = find_format(&f->input);
	if (!f->format) {
		set_foreign(&f->input, error);
		return FALSE;
	}
	f->reader = f->format->open(&f->context, error);
	return f->reader != NULL;
}

struct capture_file *capture_file_open(const char *path, const struct input_budget *budget, GError **error)
{
	struct capture_file *f = g_new0(struct capture_file, 1);
	interfaces_init(&f->interfaces);
	f->context = (struct file_context){ .input = &f->input, .interfaces = &f->interfaces, .until_ns = INT64_MIN };
	if (!input_init(&f->input, path, budget, error) || !open_format(f, error)) {
		capture_file_free(f);
		return NULL;
	}
	f->regular = f->input.file->regular;
	return f;
}

void capture_file_release(struct capture_file *f)
{
	if (f->reader)
		f->format->free(f->reader);
	f->reader = NULL;
	input_clear(&f->input);
}

void capture_file_free(struct capture_file *f)
{
	if (!f)
		return;
	capture_file_release(f);
	interfaces_clear(&f->interfaces);
	g_free(f);
}

bool capture_file_is(const char *path)
{
	struct input in;
	bool is = input_init(&in, path, &input_budget_of_many, NULL) && input_open_packed(&in, ENOUGH_TO_TELL, NULL) &&
	          find_format(&in);
	input_clear(&in);
	return is;
}
