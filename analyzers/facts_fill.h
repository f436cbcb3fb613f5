/* Lays an ending out flat: from the tracker's records to what rules and reports read. */
#ifndef ANALYZERS_FACTS_FILL_H
#define ANALYZERS_FACTS_FILL_H

#include "analyzers/facts.h"
#include "analyzers/tracker.h"

/* Fills *out anew. */
void facts_fill(const struct ending *ending, struct facts *out);

#endif
