/* Reads NDJSON with a parser of somebody else's, and checks what the format promises beyond its schema. */
#ifndef TESTS_HOSTILE_NDJSON_CHECK_H
#define TESTS_HOSTILE_NDJSON_CHECK_H

#include <stddef.h>

#include "analyzers/run_summary.h"

/* Every line is one JSON object in valid UTF-8 with no key twice; ids are 1..n in order, one for each connection of the
 * summary; every packet that is named exists; evidence is in order. A broken promise ends the process. */
void ndjson_check(const char *text, size_t len, const struct run_summary *summary);

#endif
