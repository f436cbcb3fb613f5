/* What evidence keeps of a verdict from one reading of the input to the next. */
#ifndef REPORT_EVIDENCE_TOLD_H
#define REPORT_EVIDENCE_TOLD_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "report/report.h"

/* A packet that the verdict, or the course of the connection, names. */
struct told_point {
	uint64_t number;
	char *why; /* owned */
};

struct told {
	uint64_t id;
	double confidence;
	struct facts_end end[2];   /* by enum hangup_side */
	int64_t begin_ns, end_ns;  /* first and last packet */
	int64_t silent_ns;         /* last packet of the server; the first of all when it sent none */
	uint64_t first, last;      /* those packets */
	char *verdict;             /* owned */
	char *title;               /* owned: the verdict in one line */
	GArray *points;            /* struct told_point */
	bool has_local;
	uint8_t local[16];         /* the capturing host's address, where packets of this connection alone do not tell it */
};

struct told *told_new(const struct hangup_case *c);
void told_free(struct told *t);

/* The most certain first, then in order of id: as text lists them. For g_ptr_array_sort(). */
gint told_compare(gconstpointer a, gconstpointer b);

#endif
