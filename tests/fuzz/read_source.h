/* Reads a source to its end: what it promises of its frames holds, whatever the files say. A broken promise ends the
 * process. */
#ifndef TESTS_FUZZ_READ_SOURCE_H
#define TESTS_FUZZ_READ_SOURCE_H

#include "capture/source.h"

void read_source(struct source *source);

#endif
