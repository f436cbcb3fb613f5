/* The most telling endings: a bounded number of them, whatever the number of connections. */
#ifndef REPORT_TELLING_H
#define REPORT_TELLING_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "rules/host/case.h"

/* What makes one ending more telling than another. */
struct rank {
	enum hangup_severity severity;
	double confidence;
	uint64_t id;
};
struct rank rank_of(const struct hangup_case *c);

struct telling;

struct telling *telling_new(guint max);
void telling_free(struct telling *t);

/* Whether there is room for an ending of this rank, or it tells more than one that is there. */
bool telling_wants(const struct telling *t, const struct rank *rank);
/* Takes an ending that is wanted, with its text (to be freed with g_free), for the least telling one when full. */
void telling_take(struct telling *t, const struct rank *rank, char *text);
/* Frees those of which that is so. */
void telling_leave_out(struct telling *t, bool (*leaves)(uint64_t id, const void *user), const void *user);
/* Empties `from` into t. */
void telling_move(struct telling *t, struct telling *from);

/* The most telling one first, until the next change. */
void telling_sort(struct telling *t);
guint telling_len(const struct telling *t);
const char *telling_text(const struct telling *t, guint i);
uint64_t telling_id(const struct telling *t, guint i);

#endif
