/* What a reader is told who reads no further. */
#ifndef REPORT_WRITEUP_HEADLINE_H
#define REPORT_WRITEUP_HEADLINE_H

#include "report/writeup/writeup.h"

/* Writes headline and standing, and a title where there is none, from the rest of the write-up. */
void headline_write(struct writeup *w);

#endif
