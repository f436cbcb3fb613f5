/* An end of a connection in few columns. */
#ifndef REPORT_ENDPOINT_H
#define REPORT_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

#include "analyzers/facts.h"

/* Columns that any IPv4 end fits in; no end is shortened below this. */
enum { ENDPOINT_COLUMNS_MIN = 21 };

/* Appends "192.0.2.1:443" or "[2001:db8::1]:443". An IPv6 address that would take more than `columns` (at least
 * ENDPOINT_COLUMNS_MIN) loses groups in its middle: "[2001:db8:..:1a2b]:443". */
void endpoint_append(GString *out, const struct facts_end *end, size_t columns, bool ascii);

/* "client -> server", each in at most half of what `columns` leaves beside the arrow. */
void endpoint_append_pair(GString *out, const struct facts *f, size_t columns, bool ascii);

#endif
