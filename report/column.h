/* Fields as columns: which there are, by name. */
#ifndef REPORT_COLUMN_H
#define REPORT_COLUMN_H

#include <glib.h>

#include "report/field.h"

/* Reads "label,cause,client.ip" into columns in that order, NULL-terminated; free with g_free. NULL and a
 * G_OPTION_ERROR, with the names near it, when one is unknown. */
const struct field **column_parse(const char *names, GError **error);

/* All columns, NULL-terminated, those about an error that is asked for only with `asked`; free with g_free. */
const struct field **column_all(bool asked);

/* Appends all names, one a line, each with what it means; lines have at most `width` columns. */
void column_append_all(GString *out, unsigned width);

#endif
