/* Puts lines back into the order of their ids, in bounded memory. Connections are judged as they end, on several
 * threads; a reader wants them in the order in which they began. A line is written when all before it are; when the
 * lines that wait take more than the bound, those with the lowest ids are written although one before them is missing,
 * and that one is written when it comes. */
#ifndef REPORT_ORDER_H
#define REPORT_ORDER_H

#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "report/output.h"

enum { ORDER_WAITING_MAX = 64 << 20 }; /* usual bound, bytes: some 30,000 lines of NDJSON */

struct order;

/* Writes to out, which must outlive it. */
struct order *order_new(struct output *out, size_t waiting_max);
void order_free(struct order *o);

/* Where a lane appends its next line; what is there already is not to be touched. Lanes are those of report.h. */
GString *order_line(struct order *o, unsigned lane);
/* Says that what was appended is the line of this id. Nothing appended: the id has none, and those after it need not
 * wait for it. Every id from 1 comes once, in any order. */
void order_end_line(struct order *o, unsigned lane, uint64_t id);

/* Takes what the lanes have, and writes what is due. What is written depends on which lines came since the last turn,
 * not on the lanes they came by. */
void order_turn(struct order *o);
/* A last turn, and writes all that waits, gaps or not. */
void order_finish(struct order *o);

#endif
