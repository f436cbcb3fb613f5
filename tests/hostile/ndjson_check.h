/* Reads NDJSON with a parser of somebody else's, and checks what the format promises beyond its schema. */
#ifndef TESTS_HOSTILE_NDJSON_CHECK_H
#define TESTS_HOSTILE_NDJSON_CHECK_H

#include <stddef.h>
#include <stdint.h>

/* Every line is one JSON object in valid UTF-8 with no key twice; ids are 1 to `connections` in order;
 * no packet is named beyond the last one; evidence is in order. A broken promise ends the process. */
void ndjson_check(const char *text, size_t len, uint64_t connections, uint64_t last_packet);

#endif
