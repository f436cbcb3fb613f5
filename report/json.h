/* Values of JSON, appended to a line. No printf, no locale, no floating point. */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include <glib.h>

/* Makes what stands in out from start on the inside of a JSON string: what is not UTF-8 becomes U+FFFD; quotes,
 * controls and invisible formatting are escaped. Most text needs nothing, and is only looked at. */
void json_escape_from(GString *out, gsize start);

/* With quotes; NULL is null. */
void json_append_string(GString *out, const char *text);

#endif
