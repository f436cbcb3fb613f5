/* Numbers as decimal digits, two at a time. */
#ifndef RULES_HOST_DIGITS_H
#define RULES_HOST_DIGITS_H

#include <stdint.h>

enum { DIGITS_MAX = 20 }; /* of 64 bits */

/* Writes value so that it ends before `end`; returns where it begins. */
char *digits_before(char *end, uint64_t value);

/* Writes exactly `count` digits, with zeros in front; what does not fit is lost in front. */
void digits_fixed(char *out, uint64_t value, unsigned count);

#endif
