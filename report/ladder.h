/* The packets of one connection as a ladder: time runs down, arrows go between the client's column and the server's.
 * Collected while the capture is read; which rows are shown is chosen when the verdict is known. How they are drawn is
 * the business of others: as text (ladder_text.h), as a picture (svg/svg.h). */
#ifndef REPORT_LADDER_H
#define REPORT_LADDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "capture/segment.h"
#include "report/ladder_row.h"
#include "rules/host/case.h"

/* A pause worth a line of its own: a second. */
#define LADDER_PAUSE_NS INT64_C(1000000000)

/* Bounded: older packets are counted and dropped, but those that are evidence, and the first ones, are kept. */
struct ladder;
struct ladder *ladder_new(size_t rows_max);
void ladder_free(struct ladder *l);
/* Packets of one connection, in order. */
void ladder_add(struct ladder *l, const struct segment *segment, enum hangup_side sender);

/* The rows to show, in order (of struct ladder_row): the first packets, those that are evidence, and the last ones; about
 * as many as were asked for. Free with g_array_unref(). */
GArray *ladder_rows(const struct ladder *l, const struct hangup_case *c);
/* The last packets, some hundreds at most, without a gap: for what is drawn over time. Free with g_array_unref(). */
GArray *ladder_last(const struct ladder *l);
/* Packets of the connection in all. */
uint64_t ladder_packets(const struct ladder *l);
/* What times are counted from: the first packet's. */
int64_t ladder_start_ns(const struct ladder *l);
/* Whether the verdict rests on this packet. */
bool ladder_is_evidence(const struct hangup_case *c, uint64_t number);

#endif
