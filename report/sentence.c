#include "report/sentence.h"

#include "report/fill.h"
#include "rules/host/vocabulary.h"

static const struct {
	enum hangup_cause cause;
	const char *template;
} sentences[] = {
#define SENTENCE(cause_id, text) {.cause = HANGUP_CAUSE_##cause_id, .template = text},
#include "report/sentence.def"
#undef SENTENCE
};

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

	for (size_t i = 0; i < G_N_ELEMENTS(sentences); i++) {
		if (sentences[i].cause == cause && fill_template(out, sentences[i].template, c))
			return;
	}
	g_string_append(out, cause_meaning(cause));
}

void sentence_append(GString *out, const struct hangup_case *c, bool hedged)
{
	const char *doubt = hedged ? hedge(case_verdict(c)) : "";
	gsize start;

	g_string_append(out, doubt);
	start = out->len;
	append_first_that_fits(out, c);
	if (!*doubt)
		out->str[start] = g_ascii_toupper(out->str[start]);
	g_string_append_c(out, '.');
}
