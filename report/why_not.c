#include "report/why_not.h"

#include "report/evidence_text.h"
#include "report/fill.h"

enum kind { KIND_ANY, KIND_END_RESET, KIND_BOX_RESET, KIND_OPEN };
enum { CAUSE_ANY = -1 };

#define HANGUP_CAUSE_ANY CAUSE_ANY
static const struct row {
	enum hangup_label label;
	int cause;
	enum kind lost;
	const char *template;
} rows[] = {
#define WHY_NOT(won_label, won_cause, what_lost, text) \
	{.label = HANGUP_LABEL_##won_label, .cause = HANGUP_CAUSE_##won_cause, .lost = KIND_##what_lost, .template = text},
#include "report/why_not.def"
#undef WHY_NOT
};
#undef HANGUP_CAUSE_ANY

static enum kind kind_of(const struct hangup_claim *claim)
{
	switch (claim->label) {
	case HANGUP_LABEL_LOCAL_ABORT:
		return KIND_END_RESET;
	case HANGUP_LABEL_RST:
		return claim->cause == HANGUP_CAUSE_REJECTED || claim->cause == HANGUP_CAUSE_INJECTED ? KIND_BOX_RESET
		                                                                                     : KIND_END_RESET;
	case HANGUP_LABEL_STILL_OPEN:
		return KIND_OPEN;
	default:
		return KIND_ANY;
	}
}

/* A RST that the verdict itself takes for an end's own cannot speak against another such reading. */
static bool fits(const struct row *row, const struct hangup_claim *claim, const struct hangup_claim *verdict)
{
	return row->label == verdict->label && (row->cause == CAUSE_ANY || row->cause == (int)verdict->cause)
	       && (row->lost == KIND_ANY || row->lost == kind_of(claim)) && kind_of(verdict) != KIND_END_RESET;
}

/* Parsed once, by row. */
static struct fill *const *fills(void)
{
	static struct fill **parsed;

	if (g_once_init_enter(&parsed)) {
		struct fill **fill = g_new(struct fill *, G_N_ELEMENTS(rows));

		for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
			fill[i] = fill_new(rows[i].template);
			g_assert(fill[i]);
		}
		g_once_init_leave(&parsed, fill);
	}
	return parsed;
}

static bool append_decisive(GString *out, const struct hangup_claim *claim, const struct hangup_case *c)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (fits(&rows[i], claim, case_verdict(c)) && fill_append(out, fills()[i], c))
			return true;
	}
	return false;
}

void why_not_append(GString *out, const struct hangup_claim *claim, const struct hangup_case *c)
{
	const struct hangup_claim *verdict = case_verdict(c);

	if (append_decisive(out, claim, c))
		return;
	if (claim->against_len)
		evidence_against_append(out, claim, c->facts);
	else if (verdict->evidence_len)
		evidence_text_append(out, &verdict->evidence[0], c->facts);
}
