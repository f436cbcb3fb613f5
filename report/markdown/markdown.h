/* A write-up in Markdown, for GitHub, GitLab, and to paste into Jira and Confluence: the skeleton of a blameless
 * post-mortem, with what packets tell filled in and the rest left as marked prompts. CommonMark with GFM's tables, no
 * HTML; packets as a Mermaid sequence diagram, which is readable as text where it is not drawn. */
#ifndef REPORT_MARKDOWN_MARKDOWN_H
#define REPORT_MARKDOWN_MARKDOWN_H

#include <glib.h>

#include "report/writeup/writeup.h"

/* Bytes, and so at most that many characters: GitHub takes no more in an issue or a comment. What there is no room for is
 * said. */
enum { MARKDOWN_MAX = 65536 };

void markdown_append(GString *out, const struct writeup *w);

#endif
