/* The other way round: not what the programs of one connection lived through, but which endings can make a program live
 * through something. From the same tables as experience_of(). */
#ifndef REPORT_REACH_H
#define REPORT_REACH_H

#include <stdbool.h>
#include <stdint.h>

#include "report/experience.h"

/* A set of 1u << EXPERIENCE_...: what the side that the table finds first (`one`), or the other, can live through. */
uint32_t reach_of(enum hangup_cause cause, bool one);

/* The same of a verdict of this cause, for either side. */
uint32_t reach_of_both(enum hangup_cause cause);

/* Who that side is: "the end that waits for an answer", "the other end", "the client". */
const char *reach_side(enum hangup_cause cause, bool one);

#endif
