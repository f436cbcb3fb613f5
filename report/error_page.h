/* What an error means, as a page for people: on each system, which endings can produce it and which cannot, how logs
 * word it. */
#ifndef REPORT_ERROR_PAGE_H
#define REPORT_ERROR_PAGE_H

#include <glib.h>

#include "report/error_query.h"

/* Lines have at most `width` columns. */
void error_page_append(GString *out, const struct error_query *query, unsigned width);

/* All errors that are known, each with its codes, and the words of runtimes. */
void error_page_append_list(GString *out, unsigned width);

#endif
