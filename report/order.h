/* Puts lines back into the order of their ids, in bounded memory, and lets them wait for what is known last.
 *
 * Connections are judged as they end, on several threads; a reader wants them in the order in which they began. A line is
 * written when all before it are; when the lines that wait take more than the bound, those with the lowest ids are written
 * although one before them is missing, and that one is written when it comes. A line that is held lets those behind it wait too; what waits to the end can be
 * told another way then. Once the bound has been met no line is held any more: to copy every line of a large output, so
 * that the last of them can be told another way, is not worth its price. */
#ifndef REPORT_ORDER_H
#define REPORT_ORDER_H

#include <stdbool.h>
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

/* The same of a line that may be another one at the end. */
void order_hold_line(struct order *o, unsigned lane, uint64_t id);

/* Takes what the lanes have, and writes what is due. What is written depends on which lines came since the last turn,
 * not on the lanes they came by. */
void order_turn(struct order *o);
/* A last turn, and writes all that waits, gaps or not. */
void order_finish(struct order *o);
/* The same; for each of those that waited `tell` may append to out what is to be written instead, or return false. */
typedef bool (*order_tell_fn)(GString *out, uint64_t id, const char *line, size_t len, void *user);
void order_finish_telling(struct order *o, order_tell_fn tell, void *user);

#endif
