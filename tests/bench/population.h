/* Who talks to whom: many clients, most of them in one /8, to a few servers, some of which everybody visits. */
#ifndef BENCH_POPULATION_H
#define BENCH_POPULATION_H

#include "tests/bench/conversation.h"

/* Sets the ends of the `index`th connection; no two connections have the same pair of them. */
void population_pair(struct conversation *c, const struct settings *s, uint32_t index);

#endif
