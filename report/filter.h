/* The connection as a Wireshark display filter. */
#ifndef REPORT_FILTER_H
#define REPORT_FILTER_H

#include <glib.h>

#include "analyzers/facts.h"

void filter_append(GString *out, const struct facts *f);

#endif
