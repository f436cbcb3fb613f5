/* The parts of the page, in their order, and what they share. Each appends a section of its own. */
#ifndef REPORT_PAGE_PART_H
#define REPORT_PAGE_PART_H

#include <glib.h>

#include "report/writeup/writeup.h"

/* report/page/page.css and page.js, as the build embeds them. */
extern const char page_css[], page_js[];

void part_append_top(GString *out, const struct writeup *w);
void part_append_incidents(GString *out, const struct writeup *w);
void part_append_endings(GString *out, const struct writeup *w);
void part_append_accounts(GString *out, const struct writeup *w);
void part_append_account(GString *out, const struct writeup *w, const struct writeup_ending *e, bool open);
void part_append_method(GString *out, const struct writeup *w);

/* --- pictures: nothing where there is nothing to draw --------------------------------------------------------- */

struct incident;
void picture_append_timeline(GString *out, const struct writeup *w);
void picture_append_ladder(GString *out, const struct writeup *w, const struct writeup_ending *e);
void picture_append_sequence(GString *out, const struct writeup_ending *e);
void picture_append_idle(GString *out, const struct writeup *w, const struct incident *incident); /* quiet times */

/* --- pieces ------------------------------------------------------------------------------------------------- */

/* <tag class="...">text</tag>; class may be NULL. Tag and class are ours, the text is anybody's. In it and in prose a line is
 * never broken between a number and its unit. */
void piece_append(GString *out, const char *tag, const char *class, const char *text);
/* Escaped; a line is never broken within a date, which has hyphens. */
void piece_append_prose(GString *out, const char *text);
/* "34.7 s". */
void piece_append_duration(GString *out, int64_t duration_ns);
/* "2026-03-01 10:02:13.123 UTC" in a time element, which has the nanoseconds too; without the date where it is that of
 * day_ns. */
void piece_append_time(GString *out, int64_t time_ns, int64_t day_ns);
/* "rst/refused", coloured by severity. */
void piece_append_label(GString *out, enum hangup_label label, enum hangup_cause cause, enum hangup_severity severity);
/* "95%", with a bar of that length. */
void piece_append_sureness(GString *out, double confidence);
/* "Almost certain". */
void piece_append_confidence(GString *out, double confidence);
/* A command or filter to copy. */
void piece_append_command(GString *out, const char *command);

#endif
