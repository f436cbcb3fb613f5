#include "report/sentence.h"

#include "report/fill.h"
#include "rules/host/append.h"
#include "rules/host/vocabulary.h"

static const struct fill_row rows[] = {
#define SENTENCE(cause_id, template) {.cause = HANGUP_CAUSE_##cause_id, .text = template},
#include "report/sentence.def"
#undef SENTENCE
};

static const struct fill_list *sentences(void)
{
	static struct fill_list *list;

	if (g_once_init_enter(&list))
		g_once_init_leave(&list, fill_list_new(rows, G_N_ELEMENTS(rows)));
	return list;
}

/* How sure, in words: the first row whose bound is reached. */
static const struct {
	double from;
	const char *words;
	const char *hedge;
} scale[] = {
	{0.97, "almost certain", ""},
	{0.90, "very likely", ""},
	{0.75, "likely", "Likely: "},
	{0.50, "more likely than not", "Probably: "},
	{0.00, "a guess", "Possibly: "},
};

static size_t scale_of(double confidence)
{
	size_t i = 0;

	while (i + 1 < G_N_ELEMENTS(scale) && confidence < scale[i].from)
		i++;
	return i;
}

const char *sentence_confidence(double confidence)
{
	return scale[scale_of(confidence)].words;
}

/* These two labels claim nothing that a "likely" would make truer. */
static const char *hedge(const struct hangup_claim *claim)
{
	if (claim->label == HANGUP_LABEL_STILL_OPEN || claim->label == HANGUP_LABEL_UNDETERMINED)
		return "";
	return scale[scale_of(claim->confidence)].hedge;
}

static void append_first_that_fits(GString *out, const struct hangup_case *c)
{
	const enum hangup_cause cause = case_verdict(c)->cause;

	for (struct fill **fill = sentences()->fills[cause]; *fill; fill++) {
		if (fill_append(out, *fill, c))
			return;
	}
	append_text(out, cause_meaning(cause));
}

void sentence_append(GString *out, const struct hangup_case *c, bool hedged)
{
	const char *doubt = hedged ? hedge(case_verdict(c)) : "";
	gsize start;

	append_text(out, doubt);
	start = out->len;
	append_first_that_fits(out, c);
	if (!*doubt)
		out->str[start] = g_ascii_toupper(out->str[start]);
	append_char(out, '.');
}
