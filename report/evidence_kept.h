/* The packets that evidence keeps, each with why: a packet may matter to several connections. */
#ifndef REPORT_EVIDENCE_KEPT_H
#define REPORT_EVIDENCE_KEPT_H

#include <stdint.h>

#include <glib.h>

struct kept;

struct kept *kept_new(void);
void kept_free(struct kept *k);

/* Keeps a packet, for one more reason unless it has that one already. why is copied. */
void kept_add(struct kept *k, uint64_t number, const char *why);
/* The reasons, char *; NULL for a packet that is not kept. */
const GPtrArray *kept_reasons(const struct kept *k, uint64_t number);

#endif
