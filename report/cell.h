/* A value in a column: text that stays on its line and between its separators, whatever it holds. */
#ifndef REPORT_CELL_H
#define REPORT_CELL_H

#include <glib.h>

/* Makes what stands in out from start on inert: a tab is \t, line breaks \n and \r, a backslash \\, other controls and
 * invisible formatting \u{1b}, and bytes that are not UTF-8 \xff. Most text needs nothing, and is only looked at. */
void cell_escape_from(GString *out, gsize start);

#endif
