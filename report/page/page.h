/* A write-up as one HTML file that needs nothing else: no script has to run, nothing is fetched. */
#ifndef REPORT_PAGE_PAGE_H
#define REPORT_PAGE_PAGE_H

#include <glib.h>

#include "report/writeup/writeup.h"

void page_append(GString *out, const struct writeup *w);

#endif
