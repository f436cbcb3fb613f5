/* Lays an ending out flat: from the tracker's records to what rules and reports read. */
#ifndef ANALYZERS_FACTS_FILL_H
#define ANALYZERS_FACTS_FILL_H

#include "analyzers/facts.h"
#include "analyzers/tracker.h"
#include "analyzers/vantage.h"

/* Fills *out anew. */
void facts_fill(const struct ending *ending, struct vantage_hints *hints, struct facts *out);

#endif
