/* Zeek's conn_state, for joining with conn.log. */
#ifndef REPORT_CONN_STATE_H
#define REPORT_CONN_STATE_H

#include "analyzers/facts.h"

/* "SF", "S0", "RSTO", ...: a string constant. */
const char *conn_state(const struct facts *f);

#endif
