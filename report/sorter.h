/* Puts lines back into the order of their ids, in bounded memory. Connections are judged as they end, a
 * reader wants them in the order in which they began: a line is written as soon as all before it are. When
 * the lines that wait take more than the bound they go, sorted, to a temporary file without a name (in
 * $TMPDIR), and come back merged. Beyond the bound a spilled stretch costs SORTER_RUN_BUFFER bytes. */
#ifndef REPORT_SORTER_H
#define REPORT_SORTER_H

#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "report/output.h"

enum {
	SORTER_MEMORY_MAX = 64 << 20, /* usual bound, bytes: the lines of some 30,000 connections */
	SORTER_RUN_BUFFER = 16 << 10,
};

struct sorter;

/* Writes to out, which must outlive it. memory_max in bytes. */
struct sorter *sorter_new(struct output *out, size_t memory_max);
void sorter_free(struct sorter *s);

/* Hands in the line of one id, copied. Every id from 1 comes once, in any order. */
void sorter_add(struct sorter *s, uint64_t id, const char *line, size_t len);
/* Says that this id has no line, so that those after it need not wait. */
void sorter_skip(struct sorter *s, uint64_t id);

/* Writes what still waits, gaps or not. FALSE and a G_FILE_ERROR when a temporary file failed and lines are
 * missing; failures of out are its own affair. */
gboolean sorter_finish(struct sorter *s, GError **error);

#endif
