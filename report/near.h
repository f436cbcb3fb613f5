/* What may have been meant by a word that is not in a list. */
#ifndef REPORT_NEAR_H
#define REPORT_NEAR_H

#include <stdbool.h>

enum { NEAR_LENGTH_MAX = 64, /* bytes of a word that is compared with others */ NEAR_MAX = 5 /* worth telling */ };

/* Whether the word is a part of the name, or differs by slips of the pen in at most a third of it. Never when one is
 * longer than NEAR_LENGTH_MAX. */
bool near_to(const char *word, const char *name);

#endif
