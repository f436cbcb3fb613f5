/* What became of the packets of a ladder: which were sent again, and which nobody answered. */
#ifndef REPORT_LADDER_FATE_H
#define REPORT_LADDER_FATE_H

#include <stdint.h>

#include <glib.h>

#include "report/ladder_row.h"

/* All that came back to what one end sent. Numbers are relative as in the rows. */
struct ladder_answers {
	uint32_t acked;                 /* all below was acknowledged */
	uint32_t sack_left, sack_right; /* and this, selectively: the last block */
	uint64_t place;                 /* of the last packet of the other end, 0 when there was none */
	uint64_t reset_place;           /* of its last RST */
};

/* Sets what is settled last of each of `rows` (of struct ladder_row). kept: those that are known, in any order, some
 * perhaps twice; answers: by the side that sent what was answered. */
void ladder_settle(GArray *rows, const GArray *kept, const struct ladder_answers answers[2]);

#endif
