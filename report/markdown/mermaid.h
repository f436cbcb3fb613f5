/* The packets of a connection as a Mermaid sequence diagram. */
#ifndef REPORT_MARKDOWN_MERMAID_H
#define REPORT_MARKDOWN_MERMAID_H

#include <glib.h>

#include "report/writeup/writeup.h"

/* Appends the diagram without its fence; nothing when no packets were kept. Only our own words, numbers and addresses are
 * in it. */
void mermaid_append(GString *out, const struct writeup *w, const struct writeup_ending *e);

#endif
