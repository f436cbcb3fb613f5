#include "report/remarks.h"

#include <string.h>

#include <hangup/packet_number.h>

#include "report/endpoint.h"
#include "report/escape.h"
#include "report/input_name.h"
#include "report/paragraph.h"
#include "report/style.h"
#include "rules/host/text.h"

enum { INDENT = 2 };

struct comment {
	uint64_t number;
	char *text;
	size_t len;
};

struct host_name {
	uint8_t address[16];
	char *text;
	size_t len;
};

struct remarks {
	GArray *comments; /* struct comment */
	GArray *names;    /* struct host_name */
	GArray *packets;  /* uint64_t */
	struct facts_end ends[2];
	uint64_t comments_left_out;
};

/* --- collecting ---------------------------------------------------------------------------------------- */
static void comment_clear(gpointer data)
{
	g_free(((struct comment *)data)->text);
}

static void name_clear(gpointer data)
{
	g_free(((struct host_name *)data)->text);
}

struct remarks *remarks_new(void)
{
	struct remarks *r = g_new0(struct remarks, 1);

	r->comments = g_array_new(FALSE, FALSE, sizeof(struct comment));
	g_array_set_clear_func(r->comments, comment_clear);
	r->names = g_array_new(FALSE, FALSE, sizeof(struct host_name));
	g_array_set_clear_func(r->names, name_clear);
	r->packets = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	return r;
}

void remarks_free(struct remarks *r)
{
	g_array_unref(r->comments);
	g_array_unref(r->names);
	g_array_unref(r->packets);
	g_free(r);
}

void remarks_add_comment(struct remarks *r, uint64_t number, const char *text, size_t text_len)
{
	const size_t len = MIN(text_len, REMARKS_TEXT_MAX);
	const struct comment comment = {number, g_strndup(text, len), len};

	if (r->comments->len < REMARKS_COMMENTS_MAX) {
		g_array_append_val(r->comments, comment);
		return;
	}
	g_free(comment.text);
	r->comments_left_out++;
}

void remarks_add_name(struct remarks *r, const uint8_t address[16], const char *text, size_t text_len)
{
	struct host_name name = {.len = MIN(text_len, REMARKS_TEXT_MAX)};

	if (r->names->len == REMARKS_NAMES_MAX)
		return;
	memcpy(name.address, address, sizeof(name.address));
	name.text = g_strndup(text, name.len);
	g_array_append_val(r->names, name);
}

void remarks_add_packet(struct remarks *r, uint64_t number)
{
	if (r->packets->len < REMARKS_PACKETS_MAX)
		g_array_append_val(r->packets, number);
}

void remarks_set_ends(struct remarks *r, const struct facts_end ends[2])
{
	memcpy(r->ends, ends, sizeof(r->ends));
}

/* --- telling -------------------------------------------------------------------------------------------- */
static bool is_ours(const struct remarks *r, uint64_t number)
{
	if (hangup_packet_in_file(number) == 0)
		return true; /* of a whole file */
	for (guint i = 0; i < r->packets->len; i++) {
		if (g_array_index(r->packets, uint64_t, i) == number)
			return true;
	}
	return false;
}

static void append_line(GString *out, const GString *line, const struct report_options *options)
{
	g_string_append_printf(out, "%*s", INDENT, "");
	paragraph_append(out, line->str, INDENT, 2 * INDENT, MIN(options->width, REPORT_WIDTH_MAX));
}

static void append_title(GString *out, const char *title, const struct report_options *options)
{
	g_string_append_c(out, '\n');
	style_append(out, STYLE_STRONG, title, options->colour);
	g_string_append_c(out, '\n');
}

/* "#7: text", "the file: text" */
static void append_comment(GString *out, const struct comment *comment, const struct report_options *options)
{
	g_autoptr(GString) line = g_string_new(NULL);

	if (hangup_packet_in_file(comment->number)) {
		g_string_append_c(line, '#');
		input_name_append_packet(line, options, comment->number, 0);
	} else if (options->inputs) {
		input_name_append(line, options, comment->number);
	} else {
		g_string_append(line, "the file");
	}
	g_string_append(line, ": ");
	escape_append(line, comment->text, comment->len, options->ascii);
	append_line(out, line, options);
}

static void append_comments(GString *out, const struct remarks *r, const struct report_options *options)
{
	bool any = false;

	for (guint i = 0; i < r->comments->len; i++) {
		const struct comment *comment = &g_array_index(r->comments, struct comment, i);

		if (!is_ours(r, comment->number))
			continue;
		if (!any)
			append_title(out, "Comments in the capture", options);
		any = true;
		append_comment(out, comment, options);
	}
	if (r->comments_left_out)
		g_string_append_printf(out, "  (%" G_GUINT64_FORMAT " more comments were not looked at)\n", r->comments_left_out);
}

static const struct host_name *find_name(const struct remarks *r, const uint8_t address[16])
{
	for (guint i = 0; i < r->names->len; i++) {
		const struct host_name *name = &g_array_index(r->names, struct host_name, i);

		if (memcmp(name->address, address, sizeof(name->address)) == 0)
			return name;
	}
	return NULL;
}

static void append_names(GString *out, const struct remarks *r, const struct report_options *options)
{
	bool any = false;

	for (unsigned side = 0; side < 2; side++) {
		const struct host_name *name = find_name(r, r->ends[side].address);
		g_autoptr(GString) line = g_string_new(NULL);

		if (!name)
			continue;
		if (!any)
			append_title(out, "Names in the capture", options);
		any = true;
		text_append_address(line, r->ends[side].address);
		g_string_append(line, " is ");
		escape_append(line, name->text, name->len, options->ascii);
		append_line(out, line, options);
	}
}

void remarks_append(GString *out, const struct remarks *r, const struct report_options *options)
{
	append_names(out, r, options);
	append_comments(out, r, options);
}
