/* What a reader must know about the capture itself before believing what is said of its connections. */
#ifndef REPORT_NOTES_H
#define REPORT_NOTES_H

#include <stdbool.h>

#include <glib.h>

#include "analyzers/run_summary.h"

/* Sentences (of char *), the gravest first; free with g_ptr_array_unref(). */
GPtrArray *notes_of(const struct run_summary *summary, bool several_files);

#endif
