/* What the capture cannot tell, and what may mislead in it: one paragraph a subject, also where all is well, so that a
 * reader sees that it was looked at. */
#ifndef REPORT_WRITEUP_LIMITS_H
#define REPORT_WRITEUP_LIMITS_H

#include "report/writeup/writeup.h"

/* Writes w->limits from the rest of the write-up. */
void limits_write(struct writeup *w);

#endif
