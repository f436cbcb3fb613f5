/* Evidence and objections in words. */
#ifndef REPORT_EVIDENCE_TEXT_H
#define REPORT_EVIDENCE_TEXT_H

#include <glib.h>

#include "rules/host/case.h"

/* The rule's text; when it speaks of the reason that a RST carried, with that reason, escaped. */
void evidence_text_append(GString *out, const struct case_evidence *e, const struct facts *f);

/* All that speaks against a claim, on one line; nothing when nothing does. */
void evidence_against_append(GString *out, const struct hangup_claim *claim, const struct facts *f);

#endif
