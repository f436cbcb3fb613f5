/* A verdict as one sentence that a manager understands: who, why, when, and how sure. */
#ifndef REPORT_SENTENCE_H
#define REPORT_SENTENCE_H

#include <stdbool.h>

#include <glib.h>

#include "rules/host/case.h"

/* Appends the sentence, usually under 150 characters, ASCII, on one line. hedged: it begins with "Likely:" or
 * the like when there is doubt; without, the doubt is told elsewhere. */
void sentence_append(GString *out, const struct hangup_case *c, bool hedged);

/* Confidence in words: "almost certain", "likely", ... */
const char *sentence_confidence(double confidence);

#endif
