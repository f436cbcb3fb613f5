/* Endings as they happen, each in the words of the other text; a correction says so. */
#include "report/report.h"

#include "report/paragraph.h"
#include "report/sink.h"
#include "report/style.h"
#include "report/text_entry.h"
#include "report/text_summary.h"
#include "rules/host/vocabulary.h"

struct live_text {
	struct report_sink base;
	GString *entry;
};

static void append_correction(GString *out, const struct hangup_case *c, const struct report_options *options)
{
	g_autoptr(GString) words = g_string_new(NULL);
	const bool open = case_verdict(c)->label == HANGUP_LABEL_STILL_OPEN;

	g_string_append_printf(words, "#%" G_GUINT64_FORMAT " is not what it was said to be: %s", c->facts->id,
	                       open ? "it goes on" : "now it looks like this");
	style_append(out, STYLE_ODD, words->str, options->colour);
	g_string_append_c(out, '\n');
}

/* Whole, however long: it is to be copied. In front of the empty line. */
static void append_saved(GString *out, const char *name)
{
	g_string_truncate(out, out->len - 1);
	g_string_append_printf(out, "      saved as %s\n\n", name);
}

static void tell(struct report_sink *sink, const struct hangup_case *c, const struct report_told *told)
{
	struct live_text *t = (struct live_text *)sink;

	if (told->update == 0 && !text_summary_lists(&sink->options, case_verdict(c)))
		return;
	g_string_truncate(t->entry, 0);
	if (told->update > 0)
		append_correction(t->entry, c, &sink->options);
	text_entry_append(t->entry, c, &sink->options, sink->options.first_ns);
	if (told->saved)
		append_saved(t->entry, told->saved);
	output_string(&sink->out, t->entry);
}

static void nothing(struct report_sink *sink)
{
	(void)sink;
}

static void no_summary(struct report_sink *sink, const struct run_summary *summary)
{
	(void)sink;
	(void)summary;
}

static void sink_free(struct report_sink *sink)
{
	struct live_text *t = (struct live_text *)sink;

	g_string_free(t->entry, TRUE);
	g_free(t);
}

struct report_sink *report_live_text_new(FILE *out, const struct report_options *options)
{
	static const struct report_sink_class class = {
		.tell = tell, .turn = nothing, .finish = no_summary, .free = sink_free};
	struct live_text *t = g_new0(struct live_text, 1);

	report_sink_init(&t->base, &class, out, options);
	t->entry = g_string_new(NULL);
	return &t->base;
}
