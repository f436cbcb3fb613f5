#include "report/evidence_text.h"

#include <string.h>

#include "report/escape.h"
#include "rules/host/append.h"
#include "rules/host/text.h"

void evidence_text_append(GString *out, const struct case_evidence *e, const struct facts *f)
{
	const char *reason = f->rst_text[e->side];

	text_expand(out, &e->text, f);
	if (e->fact != HANGUP_FACT_RST_TEXT || !*reason)
		return;
	append_literal(out, ": \"");
	escape_append(out, reason, strlen(reason), false);
	append_char(out, '"');
}

void evidence_against_append(GString *out, const struct hangup_claim *claim, const struct facts *f)
{
	for (size_t i = 0; i < claim->against_len; i++) {
		append_text(out, i ? "; " : "");
		text_expand(out, &claim->against[i], f);
	}
}
