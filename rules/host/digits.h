/* Numbers as decimal digits, two at a time. */
#ifndef RULES_HOST_DIGITS_H
#define RULES_HOST_DIGITS_H

#include <stdint.h>

enum { DIGITS_MAX = 20 }; /* of 64 bits */

/* How many digits the value has; 0 has one. */
unsigned digits_count(uint64_t value);

/* Writes exactly `count` digits, with zeros in front; what does not fit is lost in front. */
void digits_fixed(char *out, uint64_t value, unsigned count);

#endif
