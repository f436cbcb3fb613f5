/* Who did what in a verdict: the sides that sentences, commands and errors speak of. */
#ifndef REPORT_WHO_H
#define REPORT_WHO_H

#include <stdbool.h>

#include "rules/host/case.h"

/* Each looks at the verdict and the facts; false, and *out_side untouched, when there is no such side. */
bool who_acted(const struct hangup_case *c, enum hangup_side *out_side);
/* Whose SYN, data, FIN or probes go unanswered: what the verdict is about first, then what has waited longest. */
bool who_waits(const struct hangup_case *c, enum hangup_side *out_side);
/* In whose name the RST was that ended it (the first of them when both reset). */
bool who_reset(const struct hangup_case *c, enum hangup_side *out_side);
/* Who sent the first FIN. */
bool who_closed_first(const struct hangup_case *c, enum hangup_side *out_side);
/* Who spoke first after the idle time that ended it. */
bool who_broke_silence(const struct hangup_case *c, enum hangup_side *out_side);

/* About whose packets an ICMP error came (the client's when about both). */
bool who_was_told_by_icmp(const struct hangup_case *c, enum hangup_side *out_side);

/* Whether who waits stopped trying: it reset the connection, or the next attempt is long overdue. Else the capture
 * may just have ended in between. */
bool who_gave_up(const struct hangup_case *c);

/* Whether this side was, or at the end became, ready for data: the handshake completed as far as it can tell. */
bool who_was_connected(const struct facts *f, enum hangup_side side);

static inline enum hangup_side other_side(enum hangup_side side)
{
	return side == HANGUP_CLIENT ? HANGUP_SERVER : HANGUP_CLIENT;
}

#endif
