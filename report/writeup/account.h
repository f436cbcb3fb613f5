/* Takes down one connection for a write-up: a case is valid only while it is told, an account stays. */
#ifndef REPORT_WRITEUP_ACCOUNT_H
#define REPORT_WRITEUP_ACCOUNT_H

#include "report/ladder.h"
#include "report/writeup/writeup.h"

/* What the verdict says, with the packets that the ladder collected, and what the incident that it is part of (or NULL)
 * knows of what to do. Free with account_free(). */
struct account *account_new(const struct hangup_case *c, const struct ladder *l, const struct incident *incident);

#endif
