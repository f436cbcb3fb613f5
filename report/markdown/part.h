/* The parts of the document, in their order. */
#ifndef REPORT_MARKDOWN_PART_H
#define REPORT_MARKDOWN_PART_H

#include <stdbool.h>

#include <glib.h>

#include "report/writeup/writeup.h"

/* What the capture can fill in: summary, impact, causes, detection, timeline. Bounded by itself. */
void markdown_append_top(GString *out, const struct writeup *w);
/* What people must fill in, with what can be suggested; method and limits. Bounded by itself. */
void markdown_append_bottom(GString *out, const struct writeup *w);

/* What ended together; bounded by itself. */
void markdown_append_incidents(GString *out, const struct writeup *w);
/* The table of endings, in at most room bytes; says what it leaves out. */
void markdown_append_endings(GString *out, const struct writeup *w, size_t room);
/* One connection told whole. */
void markdown_append_account(GString *out, const struct writeup *w, const struct writeup_ending *e);

/* --- pieces ------------------------------------------------------------------------------------------------------- */

/* "*To fill in: who noticed?*", a paragraph. */
void markdown_append_prompt(GString *out, const char *question);
/* "2026-03-01 10:02:13.123 UTC". */
void markdown_append_time(GString *out, int64_t time_ns);
/* "rst/refused", a code span. */
void markdown_append_verdict(GString *out, enum hangup_label label, enum hangup_cause cause);
/* "192.0.2.1:443", a code span. */
void markdown_append_end(GString *out, const struct facts_end *end);

#endif
